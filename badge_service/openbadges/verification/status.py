"""Was the badge withdrawn or suspended? What we could not find out is never good.

Follows: Open Badges 3.0, section 9 (Verification), step 4; Bitstring Status List 1.0, section 3.2 (Validate Algorithm).
"""

from collections.abc import Mapping
from typing import Any

from badge_service.errors import InvalidError, NotFoundError, UnavailableError
from badge_service.openbadges import bitstring_status_list
from badge_service.openbadges.verdict import Check, CheckOutcome, Remark
from badge_service.openbadges.verification import parts, revocation_list, status_lists
from badge_service.openbadges.verification.case import Case, Explanation, failed, listed, passed, unknown
from badge_service.openbadges.verification.signatures import named

MAX_STATUS_ENTRIES = 4
BITSTRING, LEGACY = "BitstringStatusListEntry", "1EdTechRevocationList"
_DECIDING = {"revocation": "revoked", "suspension": "suspended"}
_TELLING = frozenset({"refresh"})
"""Purposes that say something about a badge but cannot end it; a `message` may, so one that is not read is not good."""


def status(case: Case) -> Check:
    """Step 11: the status, by the issuer's own signed lists; entries that only tell something are remarked."""
    entries = listed(case.document.get("credentialStatus"))
    if len(entries) > MAX_STATUS_ENTRIES:
        return failed("status", "status_too_many")
    checks = [check for entry in entries if (check := _entry_status(case, entry)) is not None]
    if parts.may_hide_status(case):
        checks.append(unknown("status", "status_hidden_possible"))
    for wanted in (CheckOutcome.FAILED, CheckOutcome.UNKNOWN):
        for check in checks:
            if check.outcome is wanted:
                return check
    return checks[0] if checks else passed("status", "status_none")


def _entry_status(case: Case, entry: object) -> Check | None:
    """The status by one entry of `credentialStatus`; None for one that decides nothing."""
    types = listed(entry.get("type")) if isinstance(entry, dict) else []
    if not isinstance(entry, dict) or not {BITSTRING, LEGACY} & {t for t in types if isinstance(t, str)}:
        return unknown("status", "status_kind_unknown")
    try:
        if LEGACY in types:
            return _legacy(case, entry)
        return _bitstring(case, entry)
    except (InvalidError, NotFoundError, UnavailableError) as error:
        code = error.code if isinstance(error, InvalidError) else "status_unreachable"
        return unknown("status", code, {"domain": named(case.issuer_id)}, error.message)


def _bitstring(case: Case, entry: Mapping[str, Any]) -> Check | None:
    purpose, address = entry.get("statusPurpose"), entry.get("statusListCredential")
    if isinstance(purpose, str) and purpose in _TELLING:
        case.remarks.append(Remark("status_other_purpose", {"purpose": purpose}))
        return None
    if not isinstance(purpose, str) or purpose not in _DECIDING or entry.get("statusSize", 1) != 1:
        return unknown("status", "status_purpose_unknown")
    try:
        index = bitstring_status_list.index_of(entry)
    except InvalidError as error:
        return failed("status", error.code, detail=error.message)
    if not isinstance(address, str):
        return failed("status", "status_index", detail="statusListCredential is missing")
    found = status_lists.read(case, address, purpose)
    is_set = bitstring_status_list.bit(found.bits, index)
    case.status_as_of = found.made or case.now.date().isoformat()
    return _withdrawn(case, purpose, entry) if is_set else _standing(case.status_as_of)


def _legacy(case: Case, entry: Mapping[str, Any]) -> Check:
    found = revocation_list.read(case, str(entry.get("id")))
    if found.names(str(case.document.get("id"))):
        return _withdrawn(case, "revocation", entry)
    if not found.is_issuers:
        return unknown("status", "status_issuer")
    case.status_as_of = case.now.date().isoformat()
    return _standing(case.status_as_of)


def _standing(as_of: str) -> Check:
    return passed("status", "status_good", {"as_of": as_of})


def _withdrawn(case: Case, purpose: str, entry: Mapping[str, Any]) -> Check:
    """A badge that `entry` withdraws, with the issuer's published explanation when it is our own."""
    explain = case.enquiry.explain
    explained = explain(case.document, entry) if explain and purpose == "revocation" else None
    if explained is None:
        return failed("status", _DECIDING[purpose])
    return _explained(case, explained)


def _explained(case: Case, explained: Explanation) -> Check:
    params = {"date": explained.on, "reason": explained.reason}
    if explained.kind == "replaced":
        case.replaced_on = explained.on
        return failed("status", "replaced", params)
    return failed("status", "withdrawn_with_reason" if explained.reason else "withdrawn", params)
