"""The next steps: is it a badge (or what was expected), and do we know every word in it?

Follows: Open Badges 3.0, section 9 (Verification), step 1; Data Integrity 1.0, section 2.4.1 (Validating Contexts);
Verifiable Credentials 1.1 and 2.0, section 4.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from badge_service.errors import Fault
from badge_service.openbadges import walls
from badge_service.openbadges.contexts import VC1, VC2
from badge_service.openbadges.verdict import Check
from badge_service.openbadges.verification import moving
from badge_service.openbadges.verification.case import (
    Case,
    failed,
    issuer_id_of,
    listed,
    passed,
    types_of,
    unknown,
)

BADGE_TYPES = frozenset({"OpenBadgeCredential", "AchievementCredential"})
ENDORSEMENT_TYPE = "EndorsementCredential"
PRESENTATION_TYPE = "VerifiablePresentation"
MOST_MEMBERS = 20
"""Badges in one presentation; with more of them none is judged, as one left out could be false."""
_CREDENTIAL_TYPES = BADGE_TYPES | {"VerifiableCredential", ENDORSEMENT_TYPE}
_WRAPPER = frozenset({"@context", "id", "type", "holder", "verifiableCredential"})
"""What a presentation that nobody signed may hold; only the badges in it are ever given as proven."""
_OTHER_KINDS = {
    PRESENTATION_TYPE: "presentation_unsupported",
    "EnvelopedVerifiableCredential": "envelope_unsupported",
    ENDORSEMENT_TYPE: "endorsement_unsupported",
    "ClrCredential": "other_credential",
}
_CANNOT_TELL = frozenset({"unknown_context", "examination_stopped"})
_TOO_MUCH = frozenset({"too_many_nodes", "canonicalization_budget"})
"""Wrong with a single badge, which is never so large; not with a presentation of many honest ones."""


_MOVED = Fault("id", "A part of the badge was moved to where it is not read.", "forbidden_keyword")


def shape(case: Case) -> Check:
    """Step 3: is this what was expected, with the members that judging needs?"""
    types = types_of(case.document)
    if _is_open_badges_2(case.document, types):
        return unknown("shape", "open_badges_2")
    if PRESENTATION_TYPE in types and types & _CREDENTIAL_TYPES:
        return failed("shape", "two_kinds")
    if case.kind == "badge" and not case.is_inside and PRESENTATION_TYPE in types:
        case.kind = "presentation"
        return _presentation_shape(case.document)
    wanted = BADGE_TYPES if case.kind == "badge" else {ENDORSEMENT_TYPE}
    if "VerifiableCredential" not in types or not types & wanted:
        return _another_kind(types, case.kind)
    missing = _missing(case)
    if missing:
        return failed("shape", "shape", {"missing": ", ".join(missing)})
    if case.about and (not case.about.id or case.document["credentialSubject"].get("id") != case.about.id):
        return failed("shape", "endorsement_of_other")
    return passed("shape", f"shape_{case.kind}")


def _another_kind(types: set[str], kind: str) -> Check:
    if kind == "endorsement":
        return failed("shape", "not_an_endorsement")
    for type_, code in _OTHER_KINDS.items():
        if type_ in types:
            return unknown("shape", code)
    known_kind = "VerifiableCredential" in types
    return unknown("shape", "other_credential") if known_kind else failed("shape", "not_a_badge")


def _presentation_shape(document: Mapping[str, Any]) -> Check:
    members = listed(document.get("verifiableCredential"))
    if not members:
        return failed("shape", "shape", {"missing": "verifiableCredential"})
    if len(members) > MOST_MEMBERS:
        return unknown("shape", "presentation_too_many", {"most": str(MOST_MEMBERS)})
    return passed("shape", "shape_presentation")


def _missing(case: Case) -> list[str]:
    document = case.document
    subject = document.get("credentialSubject")
    members: Mapping[str, Any] = subject if isinstance(subject, dict) else {}
    wanted = {
        "id": isinstance(document.get("id"), str),
        "issuer": bool(issuer_id_of(document)),
        "credentialSubject": isinstance(subject, dict),
    }
    if case.kind == "badge":
        wanted["achievement"] = isinstance(members.get("achievement"), dict)
        wanted["credentialSubject.id / identifier"] = bool(members.get("id") or members.get("identifier"))
    return [name for name, there in wanted.items() if not there]


def _is_open_badges_2(document: Mapping[str, Any], types: set[str]) -> bool:
    named = [context for context in listed(document.get("@context")) if isinstance(context, str)]
    return bool(types & {"Assertion", "BadgeClass"}) or any("w3id.org/openbadges/v" in name for name in named)


def contexts(case: Case) -> Check:
    """Step 4: only vocabularies that we carry, in the order that the standard demands."""
    check = _judged("contexts", walls.context_faults(case.document), "contexts_good")
    if check.code == "contexts_good" and listed(case.document.get("@context"))[0] not in (VC2, VC1):
        return failed("contexts", "context_order")
    return check


def terms(case: Case) -> Check:
    """Step 5: every word is defined, so that the signature covers all of it; also canonicalizes, once."""
    if case.is_bare:
        return _wrapper(case)
    unsigned = {name: value for name, value in case.document.items() if name != "proof"}
    case.examined = case.enquiry.examine(unsigned)
    if case.examined.faults:
        untold = _TOO_MUCH if case.kind == "presentation" else frozenset()
        return _judged("terms", case.examined.faults, "terms_good", untold)
    if case.kind == "badge" and moving.has_moved_members(unsigned, "" if case.jws else case.text):
        return _judged("terms", [_MOVED], "terms_good")
    return passed("terms", "terms_good")


def _wrapper(case: Case) -> Check:
    """Around badges that are judged each for itself, nobody signed anything, so there may be nothing more to read."""
    more = sorted(map(str, case.document.keys() - _WRAPPER))
    if not isinstance(case.document.get("holder", ""), str):
        more.append("holder")
    if more:
        return failed("terms", "unsigned_member", {"where": more[0][:100]})
    own = {name: value for name, value in case.document.items() if name != "verifiableCredential"}
    return _judged("terms", case.enquiry.examine(own).faults, "terms_good")


def _judged(id: str, faults: Sequence[Fault], good: str, untold: frozenset[str] = frozenset()) -> Check:
    wrong = [fault for fault in faults if fault.code not in _CANNOT_TELL | untold]
    decisive = (wrong or list(faults))[:1]
    if not decisive:
        return passed(id, good)
    fault = decisive[0]
    detail = "; ".join(f"{fault.where}: {fault.message}" for fault in list(faults)[:10])
    ended = failed if wrong else unknown
    return ended(id, fault.code, {"where": fault.where[:100]}, detail)
