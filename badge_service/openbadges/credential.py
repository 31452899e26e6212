"""A badge before it is signed: composed from its parts, and let through the one gate in front of every signature.

Follows: Open Badges 3.0, sections 6.2 (OpenBadgeCredential) and 8 (proofs); Verifiable Credentials 2.0, section 4.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from badge_service.errors import Fault, InvalidError
from badge_service.openbadges import canonical, dates, schema, walls
from badge_service.openbadges.achievement import Part, without_empty
from badge_service.openbadges.contexts import OB3, OB_EXTENSIONS, VC2
from badge_service.openbadges.results import link_faults
from badge_service.openbadges.shapes import Canonical, Likeness

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
_JSON: Final = json.JSONEncoder(ensure_ascii=False)
_MOST_SHAPES: Final = 32
"""Documents of more shapes than this in one call are prepared one by one."""
_FEW: Final = 8
"""So few documents, or fewer, are prepared one by one."""


class Prepared:
    """A document that passed `prepare`: all of it will be covered by a signature, and it cannot change any more.

    `text` is the unsigned document, `digest` the SHA-256 digest of its canonical form, `context` the addresses of its
    vocabularies.
    """

    __slots__ = ("_canonical", "context", "text")

    def __init__(self, gate: object, text: str, canonical: Canonical, context: tuple[str, ...]) -> None:
        if gate is not _GATE:
            raise TypeError("a Prepared document comes from prepare() alone")
        object.__setattr__(self, "text", text)
        object.__setattr__(self, "_canonical", canonical)
        object.__setattr__(self, "context", context)

    text: str
    context: tuple[str, ...]
    _canonical: Canonical

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a Prepared document does not change")

    @property
    def nquads(self) -> str:
        """The canonical form."""
        return self._canonical.nquads.decode("utf-8")

    @property
    def digest(self) -> bytes:
        """The SHA-256 digest of the canonical form in UTF-8."""
        return self._canonical.digest

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
    faults = _faults(document)
    written = None if faults else canonical.written(document)
    if written is not None and not _may_be_empty(written[0]):
        return Prepared(_GATE, *written, _context(document))
    examined = canonical.examine(document, ours=True)
    text = "" if examined.faults else _JSON.encode(document)
    if examined.faults or _may_be_empty(text):
        faults += walls.empty_members(document)
    faults += examined.faults
    if faults:
        raise InvalidError("This cannot be signed as it is.", code="unsignable", faults=faults)
    return Prepared(_GATE, text, Canonical.of(examined.nquads.encode("utf-8")), _context(document))


def prepare_many(documents: Sequence[Mapping[str, Any]]) -> list[Prepared | InvalidError]:
    """`prepare` for each of `documents`, in their order; a faulty one gives its error and holds up no other.

    Documents that differ in a few texts, as those of one award to many do, are taken together: what they share is
    looked at, written and canonicalized once.
    """
    done: dict[int, Prepared | InvalidError] = {}
    rest = list(range(len(documents)))
    for _ in range(_MOST_SHAPES):
        if len(rest) <= _FEW:
            break
        first, *others = rest
        done[first] = _prepared_or_error(documents[first])
        if isinstance(done[first], Prepared):
            done |= _prepare_alike(documents, first, others)
        rest = [place for place in others if place not in done]
    done |= {place: _prepared_or_error(documents[place]) for place in rest}
    return [done[place] for place in range(len(documents))]


def _prepared_or_error(document: Mapping[str, Any]) -> Prepared | InvalidError:
    try:
        return prepare(document)
    except InvalidError as error:
        return error


def _prepare_alike(
    documents: Sequence[Mapping[str, Any]], first: int, others: Sequence[int]
) -> dict[int, Prepared | InvalidError]:
    """Those of the others that differ from the first, which is prepared, in texts alone.

    Empty members and names of contexts belong to the shape: the first has no such fault, so the others have none.
    What hangs on values is checked on each. Where they differ is looked for in a few, then in all that are left.
    None at all when one of them shows that compiled shapes are not to be trusted.
    """
    known, context = canonical.likeness(documents[first]), _context(documents[first])
    if known is None:
        return {}
    done: dict[int, Prepared | InvalidError] = {}
    for sample in (others[:: len(others) // 3 + 1], others):
        known = _widened(known, [documents[place] for place in sample if place not in done])
        for place in others:
            texts = None if place in done else known.read(documents[place])
            if texts is not None:
                done[place] = _prepared_like(documents[place], known, texts, context)
    canonical.keep(known)
    return done if canonical.shapes_are_used() else {}


def _widened(known: Likeness, documents: Iterable[Mapping[str, Any]]) -> Likeness:
    """`known`, so that it recognizes these documents too, as far as they differ in texts alone."""
    slots: set[int] = set()
    for document in documents:
        outlined = canonical.outlined(document)
        slots.update((known.differing(outlined) if outlined else None) or ())
    return known if slots.issubset(known.varying) else known.opened(slots)


def _prepared_like(
    document: Mapping[str, Any], known: Likeness, texts: Sequence[bytes], context: tuple[str, ...]
) -> Prepared | InvalidError:
    faulty = not schema.is_valid(document) or link_faults(document)
    written = None if faulty else canonical.rewritten(document, known, texts)
    return _prepared_or_error(document) if written is None else Prepared(_GATE, *written, context)


def _may_be_empty(text: str) -> bool:
    """Whether the JSON `text` may hold members that say nothing; a look that spares most documents a walk."""
    return "null" in text or "[]" in text or "{}" in text


def _faults(document: Mapping[str, Any]) -> list[Fault]:
    """What hangs on values: the JSON Schema and the links; and a proof that is there already."""
    faults = [Fault("proof", "This document is signed already.", "signed")] if "proof" in document else []
    return [*faults, *schema.faults(document), *link_faults(document)]


def _context(document: Mapping[str, Any]) -> tuple[str, ...]:
    named = document["@context"]
    return tuple(named) if isinstance(named, list) else (named,)
