"""Where each EU element of a micro-credential goes in the European Learning Model, and what stands there in a document."""

from collections.abc import Iterable, Mapping
from typing import Any

OF_ISSUER = "left to whoever issues it"
_CLAIM = "credentialSubject.hasClaim"
_SPEC = f"{_CLAIM}.specifiedBy"
CROSSWALK: dict[str, str] = {
    "M1": OF_ISSUER,
    "M2": f"{_CLAIM}.title",
    "M3": "issuer.location.address.countryCode",
    "M4": f"{_CLAIM}.awardedBy.awardingBody",
    "M5": OF_ISSUER,
    "M6": f"{_SPEC}.learningOutcome",
    "M7": f"{_SPEC}.volumeOfLearning",
    "M8": f"{_SPEC}.eqfLevel",
    "M9": f"{_CLAIM}.provenBy.specifiedBy.dcType",
    "M10": f"{_CLAIM}.influencedBy.specifiedBy.mode",
    "M11": f"{_SPEC}.additionalNote",
    "O1": f"{_SPEC}.entryRequirement",
    "O2": f"{_CLAIM}.provenBy.idVerification",
    "O3": OF_ISSUER,
    "O4": f"{_SPEC}.isPartOf",
    "O5": f"{_SPEC}.supplementaryDocument",
}
"""Where each EU element of a micro-credential goes. What does not apply, and what the Commission's lists have no member
for (M11 by internal review, most kinds of supervision), becomes an `additionalNote`; M11 by an outside body becomes
an `accreditation`."""


def at(document: Any, path: str) -> list[Any]:
    """Everything that stands at a path of the crosswalk; lists on the way are walked through."""
    found: list[Any] = [document]
    for name in path.split("."):
        found = [one[name] for one in _flat(found) if isinstance(one, Mapping) and name in one]
    return list(_flat(found))


def _flat(values: Iterable[Any]) -> Iterable[Any]:
    for value in values:
        yield from value if isinstance(value, list) else [value]
