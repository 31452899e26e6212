"""The first steps: out of the file, through the JSON gate, is it a badge, and do we know every word in it?

Follows: Open Badges 3.0, section 9 (Verification), step 1; Data Integrity 1.0, section 2.4.1 (Validating Contexts).
"""

from collections.abc import Mapping
from typing import Any

from badge_service.errors import Fault, InvalidError
from badge_service.openbadges import canonical, carrier, strict_json
from badge_service.openbadges.contexts import VC1, VC2
from badge_service.openbadges.verdict import Check
from badge_service.openbadges.verification.case import Case, failed, issuer_id_of, listed, passed, unknown

_BADGE_TYPES = frozenset({"OpenBadgeCredential", "AchievementCredential"})
_RECOGNISED_TYPES = {
    "VerifiablePresentation": "presentation_unsupported",
    "EnvelopedVerifiableCredential": "jwt_unsupported",
    "EndorsementCredential": "endorsement_unsupported",
    "ClrCredential": "other_credential",
}
_DECIDING_MEMBERS = {"validFrom", "validUntil", "credentialStatus", "credentialSubject", "issuer"}
_CANNOT_TELL = frozenset({"unknown_context"})


def carried(case: Case) -> Check:
    """Step 1: the carrier."""
    if isinstance(case.data, dict):
        case.parsed = case.data
        return passed("carrier", "carrier_json")
    data = case.data.encode("utf-8", "surrogatepass") if isinstance(case.data, str) else case.data
    try:
        found = carrier.read(data)
    except InvalidError as error:
        return failed("carrier", error.code, detail=error.message)
    if found.kind == "ob2":
        return unknown("carrier", "open_badges_2")
    if found.is_jws:
        return unknown("carrier", "jwt_unsupported")
    case.text = found.text
    return passed("carrier", f"carrier_{found.kind}")


def json(case: Case) -> Check:
    """Step 2: strict JSON."""
    if case.parsed is None:
        try:
            case.parsed = strict_json.loads(case.text)
        except InvalidError as error:
            return failed("json", error.code, detail=error.message)
    if not isinstance(case.parsed, dict):
        return failed("json", "not_an_object")
    case.document = case.parsed
    return passed("json", "json_good")


def shape(case: Case) -> Check:
    """Step 3: is this an Open Badge 3.0 at all, with the members that judging needs?"""
    document = case.document
    types = {type_ for type_ in listed(document.get("type")) if isinstance(type_, str)}
    if _is_open_badges_2(document, types):
        return unknown("shape", "open_badges_2")
    if "VerifiableCredential" not in types or not types & _BADGE_TYPES:
        for type_, code in _RECOGNISED_TYPES.items():
            if type_ in types:
                return unknown("shape", code)
        known_kind = "VerifiableCredential" in types
        return unknown("shape", "other_credential") if known_kind else failed("shape", "not_a_badge")
    missing = _missing(document)
    if missing:
        return failed("shape", "shape", {"missing": ", ".join(missing)})
    return passed("shape", "shape_good")


def _missing(document: Mapping[str, Any]) -> list[str]:
    subject = document.get("credentialSubject")
    wanted = {
        "id": isinstance(document.get("id"), str),
        "issuer": bool(issuer_id_of(document)),
        "credentialSubject": isinstance(subject, Mapping),
        "achievement": isinstance(subject, Mapping) and isinstance(subject.get("achievement"), Mapping),
    }
    return [name for name, there in wanted.items() if not there]


def _is_open_badges_2(document: Mapping[str, Any], types: set[str]) -> bool:
    named = [context for context in listed(document.get("@context")) if isinstance(context, str)]
    return bool(types & {"Assertion", "BadgeClass"}) or any("w3id.org/openbadges/v" in name for name in named)


def contexts(case: Case) -> Check:
    """Step 4: only vocabularies that we carry, in the order that the standard demands."""
    named = listed(case.document.get("@context"))
    if VC1 in named:
        return unknown("contexts", "vc_1_unsupported")
    check = _judged("contexts", canonical.context_faults(case.document), "contexts_good")
    if check.code == "contexts_good" and named[:1] != [VC2]:
        return failed("contexts", "context_order")
    return check


def terms(case: Case) -> Check:
    """Step 5: every word is defined, so that the signature covers all of it; also canonicalizes, once."""
    unsigned = {name: value for name, value in case.document.items() if name != "proof"}
    case.examined = canonical.examine(unsigned)
    faults = [*case.examined.faults, *_moved_members(unsigned)]
    return _judged("terms", faults, "terms_good")


def _moved_members(document: Mapping[str, Any]) -> list[Fault]:
    """Deciding members found elsewhere under the same id: to a signature that is the same, to us they are hidden."""
    subject_id = document["credentialSubject"].get("id")
    pending = [value for name, value in document.items() if name != "credentialSubject"]
    pending += document["credentialSubject"].values()
    while pending:
        value = pending.pop()
        pending.extend(
            value if isinstance(value, list) else value.values() if isinstance(value, dict) else ()
        )
        if not isinstance(value, dict) or not isinstance(value.get("id"), str):
            continue
        moved = _DECIDING_MEMBERS & value.keys() if value["id"] == document["id"] else set()
        if moved or (value["id"] == subject_id and "identifier" in value):
            return [
                Fault("id", "A part of the badge was moved to where it is not read.", "forbidden_keyword")
            ]
    return []


def _judged(id: str, faults: tuple[Fault, ...] | list[Fault], good: str) -> Check:
    wrong = [fault for fault in faults if fault.code not in _CANNOT_TELL]
    decisive = (wrong or list(faults))[:1]
    if not decisive:
        return passed(id, good)
    fault = decisive[0]
    detail = "; ".join(f"{fault.where}: {fault.message}" for fault in list(faults)[:10])
    ended = failed if wrong else unknown
    return ended(id, fault.code, {"where": fault.where[:100]}, detail)
