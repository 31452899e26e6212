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
from badge_service.openbadges.awards_of_one import Awards
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
_JSON: Final = json.JSONEncoder(ensure_ascii=False)
_MOST_SHAPES: Final = 32
"""Documents of more shapes than this in one call are prepared one by one."""


class Prepared:
    """A document that passed `prepare`: all of it will be covered by a signature, and it cannot change any more.

    `text` is the unsigned document, `nquads` its canonical form, `context` the addresses of its vocabularies.
    """

    __slots__ = ("context", "nquads", "text")

    def __init__(self, gate: object, text: str, nquads: str, context: tuple[str, ...]) -> None:
        if gate is not _GATE:
            raise TypeError("a Prepared document comes from prepare() alone")
        object.__setattr__(self, "text", text)
        object.__setattr__(self, "nquads", nquads)
        object.__setattr__(self, "context", context)

    text: str
    nquads: str
    context: tuple[str, ...]

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
    faults = _faults(document)
    written = None if faults else _AWARDS.write(document)
    if written is not None:
        return Prepared(_GATE, *written, _context(document))
    examined = canonical.examine(document, ours=True)
    text = "" if examined.faults else _JSON.encode(document)
    if examined.faults or "null" in text or "[]" in text or "{}" in text:
        faults += canonical.empty_members(document)
    faults += examined.faults
    if faults:
        raise InvalidError("This cannot be signed as it is.", code="unsignable", faults=faults)
    _AWARDS.remember(document, text)
    return Prepared(_GATE, text, examined.nquads, _context(document))


def prepare_many(documents: Sequence[Mapping[str, Any]]) -> list[Prepared | InvalidError]:
    """`prepare` for each of `documents`, in their order; a faulty one gives its error and holds up no other.

    Documents that differ in a few values, as those of one award to many do, are taken together: what they share is
    looked at, written and canonicalized once. It is fastest when they share objects (one achievement in all of them).
    """
    done: dict[int, Prepared | InvalidError] = {}
    rest = list(range(len(documents)))
    for _ in range(_MOST_SHAPES):
        if not rest:
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
    """Those of the others that have the shape of the first, which is prepared; none when shapes are not to be trusted.

    Empty members and names of contexts belong to the shape: the first has no such fault, so the others have none.
    What hangs on values is checked on each.
    """
    batch = canonical.batch(documents[first])
    changes = {place: batch.changes(documents[place]) for place in others} if batch else {}
    alike = {place: changed for place, changed in changes.items() if changed is not None}
    if batch is None or not alike:
        return {}
    bound, context = batch.bind(frozenset().union(*alike.values())), _context(documents[first])
    prepared: dict[int, Prepared | InvalidError] = {}
    for place, changed in alike.items():
        faulty = not schema.is_valid(documents[place]) or (
            any(batch.concerns(changed, "credentialSubject", name) for name in ("result", "achievement"))
            and link_faults(documents[place])
        )
        written = None if faulty else bound.write(changed)
        if written is None:
            prepared[place] = _prepared_or_error(documents[place])
        elif canonical.agrees(documents[place], written[1]):
            prepared[place] = Prepared(_GATE, *written, context)
        else:
            return {}
    return prepared


def _faults(document: Mapping[str, Any]) -> list[Fault]:
    """What hangs on values: the JSON Schema and the links; and a proof that is there already."""
    faults = [Fault("proof", "This document is signed already.", "signed")] if "proof" in document else []
    return [*faults, *schema.faults(document), *link_faults(document)]


_AWARDS: Final = Awards()


def _context(document: Mapping[str, Any]) -> tuple[str, ...]:
    named = document["@context"]
    return tuple(named) if isinstance(named, list) else (named,)
