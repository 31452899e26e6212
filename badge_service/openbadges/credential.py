"""A badge before it is signed: composed from its parts, and let through the one gate in front of every signature.

Follows: Open Badges 3.0, sections 6.2 (OpenBadgeCredential) and 8 (proofs); Verifiable Credentials 2.0, section 4.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from badge_service.errors import Fault, InvalidError
from badge_service.openbadges import canonical, dates, schema
from badge_service.openbadges.achievement import Part, without_empty
from badge_service.openbadges.contexts import OB3, OB_EXTENSIONS, VC2
from badge_service.openbadges.results import link_faults

CREDENTIAL_SCHEMA = (
    "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
)
CREDENTIAL_SCHEMA_TYPE = "1EdTechJsonSchemaValidator2019"


def named_holder(name: str) -> Part:
    """An IdentityObject that says in clear text whose badge it is."""
    return {"type": "IdentityObject", "hashed": False, "identityHash": name, "identityType": "name"}


def result(
    result_description: str,
    *,
    achieved_level: str | None = None,
    status: str | None = None,
    value: str | None = None,
) -> Part:
    """A Result; the two addresses are those of a ResultDescription and of one of its rubric levels."""
    return without_empty(
        {
            "type": ["Result"],
            "resultDescription": result_description,
            "achievedLevel": achieved_level,
            "status": status,
            "value": value,
        }
    )


def evidence(
    *, id: str | None = None, name: str | None = None, narrative: str | None = None, genre: str | None = None
) -> Part:
    """An Evidence; the narrative comes from templates and counts, never from free comments."""
    return without_empty(
        {"id": id, "type": ["Evidence"], "name": name, "genre": genre, "narrative": narrative}
    )


def status_entry(list_url: str, index: int, purpose: str = "revocation") -> Part:
    """A BitstringStatusListEntry: bit `index` of the list at `list_url`."""
    return {
        "id": f"{list_url}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose,
        "statusListIndex": str(index),
        "statusListCredential": list_url,
    }


def related_resource(id: str, digest_sri: str, media_type: str = "application/json") -> Part:
    """A relatedResource, for example the EU fact sheet; `digest_sri` is `sha256-` and base64 (see `digest`)."""
    return {"id": id, "mediaType": media_type, "digestSRI": digest_sri}


def subject(
    id: str,
    achievement: Part,
    *,
    identifiers: Sequence[Part] = (),
    results: Sequence[Part] = (),
    activity_start: datetime | None = None,
    activity_end: datetime | None = None,
    role: str | None = None,
    narrative: str | None = None,
    credits_earned: float | None = None,
) -> Part:
    """An AchievementSubject; `id` is a random `urn:uuid:…` or the learner's own DID."""
    return without_empty(
        {
            "id": id,
            "type": ["AchievementSubject"],
            "identifier": list(identifiers),
            "activityStartDate": dates.write(activity_start) if activity_start else None,
            "activityEndDate": dates.write(activity_end) if activity_end else None,
            "role": role,
            "narrative": narrative,
            "creditsEarned": credits_earned,
            "achievement": achievement,
            "result": list(results),
        }
    )


def compose(
    *,
    id: str,
    issuer: Part,
    subject: Part,
    valid_from: datetime,
    awarded_date: datetime | None = None,
    valid_until: datetime | None = None,
    name: str | None = None,
    description: str | None = None,
    evidence: Sequence[Part] = (),
    status: Part | None = None,
    related_resources: Sequence[Part] = (),
) -> Part:
    """An unsigned OpenBadgeCredential; `issuer` comes from `achievement.profile`, `subject` from `subject`.

    Dates need a time zone and are written in whole seconds; nothing is checked here, `prepare` does that.
    """
    return without_empty(
        {
            "@context": [VC2, OB3, OB_EXTENSIONS],
            "id": id,
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "name": name,
            "issuer": issuer,
            "validFrom": dates.write(valid_from),
            "validUntil": dates.write(valid_until) if valid_until else None,
            "awardedDate": dates.write(awarded_date) if awarded_date else None,
            "credentialSubject": subject,
            "evidence": list(evidence),
            "credentialStatus": status,
            "credentialSchema": [{"id": CREDENTIAL_SCHEMA, "type": CREDENTIAL_SCHEMA_TYPE}],
            "relatedResource": list(related_resources),
            "description": description,
        }
    )


_GATE: Final = object()


class Prepared:
    """A document that passed `prepare`: all of it will be covered by a signature, and it cannot change any more."""

    __slots__ = ("nquads", "text")

    def __init__(self, gate: object, text: str, nquads: str) -> None:
        if gate is not _GATE:
            raise TypeError("a Prepared document comes from prepare() alone")
        object.__setattr__(self, "text", text)
        object.__setattr__(self, "nquads", nquads)

    text: str
    nquads: str

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a Prepared document does not change")

    @property
    def document(self) -> dict[str, Any]:
        """A fresh copy of the unsigned document."""
        document: dict[str, Any] = json.loads(self.text)
        return document


def prepare(document: Mapping[str, Any]) -> Prepared:
    """The gate in front of every signature; takes an unsigned badge or an unsigned status list.

    Raises InvalidError with all faults at once: our own JSON Schema (chosen by the document's type), known
    contexts, no word or type that a signature would not cover, results that point into the achievement.
    """
    faults = [Fault("proof", "This document is signed already.", "signed")] if "proof" in document else []
    faults += [*schema.faults(document), *link_faults(document), *canonical.empty_members(document)]
    examined = canonical.examine(document)
    faults += examined.faults
    if faults:
        raise InvalidError("This cannot be signed as it is.", code="unsignable", faults=faults)
    return Prepared(_GATE, json.dumps(document, ensure_ascii=False), examined.nquads)
