"""The later steps: has it begun, has it ended, was it withdrawn? What we could not find out is never good.

Follows: Open Badges 3.0, section 9 (Verification), step 4; Bitstring Status List 1.0, section 3.2 (Validate Algorithm).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from badge_service.errors import InvalidError, NotFoundError, UnavailableError
from badge_service.openbadges import bitstring_status_list, canonical, dates, did, strict_json
from badge_service.openbadges.verdict import Check, CheckOutcome
from badge_service.openbadges.verification.case import (
    Case,
    Explanation,
    failed,
    issuer_id_of,
    listed,
    passed,
    unknown,
)
from badge_service.openbadges.verification.signatures import CLOCK_TOLERANCE, keyed_proofs, proofs_hold

MAX_STATUS_ENTRIES = 4
_PURPOSES = {"revocation": "revoked", "suspension": "suspended"}


def period(case: Case) -> Check:
    """Step 9: the dates."""
    try:
        begins = dates.read(case.document.get("validFrom"))
        ends = dates.read(case.document["validUntil"]) if "validUntil" in case.document else None
    except InvalidError as error:
        return failed("dates", "dates_unreadable", detail=error.message)
    if begins > case.now + CLOCK_TOLERANCE:
        return failed("dates", "not_yet_valid", {"date": begins.date().isoformat()})
    if ends is not None and ends <= case.now:
        return failed("dates", "expired", {"date": ends.date().isoformat()})
    if ends is not None:
        return passed("dates", "dates_good_until", {"date": ends.date().isoformat()})
    return passed("dates", "dates_good")


def status(case: Case) -> Check:
    """Step 10: the status, by the issuer's own signed list."""
    entries = listed(case.document.get("credentialStatus"))
    if not entries:
        return passed("status", "status_none")
    if len(entries) > MAX_STATUS_ENTRIES:
        return failed("status", "status_too_many")
    checks = [_entry_status(case, entry) for entry in entries]
    for wanted in (CheckOutcome.FAILED, CheckOutcome.UNKNOWN):
        for check in checks:
            if check.outcome is wanted:
                return check
    return checks[0]


def _entry_status(case: Case, entry: object) -> Check:
    """The status by one entry of `credentialStatus`."""
    if not isinstance(entry, Mapping) or "BitstringStatusListEntry" not in listed(entry.get("type")):
        return unknown("status", "status_kind_unknown")
    purpose, address = entry.get("statusPurpose"), entry.get("statusListCredential")
    if not isinstance(purpose, str) or purpose not in _PURPOSES or entry.get("statusSize", 1) != 1:
        return unknown("status", "status_purpose_unknown")
    try:
        index = bitstring_status_list.index_of(entry)
    except InvalidError as error:
        return failed("status", error.code, detail=error.message)
    if not isinstance(address, str):
        return failed("status", "status_index", detail="statusListCredential is missing")
    try:
        is_set, as_of = _read(case, address, purpose, index)
    except (InvalidError, NotFoundError, UnavailableError) as error:
        domain = did.domain(case.issuer_id)
        code = error.code if isinstance(error, InvalidError) else "status_unreachable"
        return unknown("status", code, {"domain": domain}, error.message)
    case.status_as_of = as_of
    if not is_set:
        return passed("status", "status_good", {"as_of": as_of})
    return _set_bit(case, purpose)


def _read(case: Case, address: str, purpose: str, index: int) -> tuple[bool, str]:
    """The bit and the date of the list; raises InvalidError with a `status_…` code for any doubt about the list."""
    body = case.fetch(address).body
    if body[:1] != b"{":
        raise InvalidError("The status list is of a kind that we cannot read.", code="status_list_format")
    try:
        document = strict_json.loads(body, max_bytes=2 * bitstring_status_list.MAX_BYTES)
    except InvalidError as error:
        raise InvalidError(error.message, code="status_list_format") from error
    _check_list(case, document, address, purpose)
    subject = document["credentialSubject"]
    return bitstring_status_list.read_bit(subject["encodedList"], index), str(document["validFrom"])


def _check_list(case: Case, document: dict[str, Any], address: str, purpose: str) -> None:
    """The list must be the issuer's, for this purpose, in force today, and signed as a badge is."""
    subject = document.get("credentialSubject")
    if "BitstringStatusListCredential" not in listed(document.get("type")) or not isinstance(
        subject, Mapping
    ):
        raise InvalidError("This is not a status list.", code="status_list_format")
    if issuer_id_of(document) != case.issuer_id:
        raise InvalidError("The status list is somebody else's.", code="status_issuer")
    if document.get("id", address) != address:
        raise InvalidError("This is another status list.", code="status_id_mismatch")
    if purpose not in listed(subject.get("statusPurpose")):
        raise InvalidError("The status list has another purpose.", code="status_purpose")
    if not isinstance(subject.get("encodedList"), str):
        raise InvalidError("The status list holds no list.", code="status_encoding")
    _check_period(document, case.now)
    _check_signature(case, document)


def _check_period(document: Mapping[str, Any], now: datetime) -> None:
    try:
        begins = dates.read(document.get("validFrom"))
        ends = dates.read(document["validUntil"]) if "validUntil" in document else None
    except InvalidError as error:
        raise InvalidError("The status list has no readable dates.", code="status_list_format") from error
    if begins > now + CLOCK_TOLERANCE:
        raise InvalidError("The status list is not in force yet.", code="status_not_yet_valid")
    if ends is not None and ends <= now:
        raise InvalidError("The status list is out of date.", code="status_stale")


def _check_signature(case: Case, document: dict[str, Any]) -> None:
    examined = canonical.examine({name: value for name, value in document.items() if name != "proof"})
    if examined.faults:
        raise InvalidError(examined.faults[0].message, code="status_verification")
    check, keyed = keyed_proofs(document, case.fetch)
    if check.outcome is CheckOutcome.PASSED:
        check = proofs_hold(document, examined.nquads, keyed, case.now)
    if check.outcome is not CheckOutcome.PASSED or not keyed:
        raise InvalidError(
            f"The status list's signature does not hold ({check.code}).", code="status_verification"
        )


def _set_bit(case: Case, purpose: str) -> Check:
    """A set bit, with the issuer's published explanation when it is our own badge."""
    explained = case.explain(case.document) if case.explain and purpose == "revocation" else None
    if explained is None:
        return failed("status", _PURPOSES[purpose])
    return _explained(case, explained)


def _explained(case: Case, explained: Explanation) -> Check:
    params = {"date": explained.on, "reason": explained.reason}
    if explained.kind == "replaced":
        case.replaced_on = explained.on
        return failed("status", "replaced", params)
    return failed("status", "withdrawn_with_reason" if explained.reason else "withdrawn", params)
