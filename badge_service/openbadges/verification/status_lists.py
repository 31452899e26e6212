"""Bitstring status lists of issuers: fetched, judged as a signed document of the same issuer, and unpacked.

Follows: Bitstring Status List 1.0, sections 2.2 and 3.2; as JSON with an embedded proof or as a token (VC-JOSE-COSE).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from badge_service.errors import InvalidError
from badge_service.openbadges import bitstring_status_list, carrier, strict_json
from badge_service.openbadges.did import Fetch
from badge_service.openbadges.verdict import CheckOutcome
from badge_service.openbadges.verification import form, parts, reading, signatures
from badge_service.openbadges.verification.case import Case, issuer_id_of, listed, types_of
from badge_service.openbadges.verification.validity import Period, period_of

LIST_TYPE = "BitstringStatusListCredential"
MOST_TOLERATED_AGE = timedelta(hours=1)
"""A copy may be as much older than one that we saw as the list's own `ttl` allows, but never more than this."""


@dataclass(frozen=True)
class JudgedList:
    """A list of the issuer whose signature holds, not yet compared with a certain moment and badge.

    `made` is the date of the list as its issuer writes it, empty when there is none; `is_lasting` as in `Case`.
    """

    id: str
    purposes: tuple[str, ...]
    bits: bytes
    period: Period
    ttl: timedelta
    proofs: tuple[Mapping[str, Any], ...]
    made: str
    is_lasting: bool


def read(case: Case, address: str, purpose: str) -> JudgedList:
    """The list at `address`, good for the case's issuer, for `purpose` and at this moment.

    Raises InvalidError with a `status_…` code for any doubt about the list, and whatever the fetch raises.
    """
    found = case.enquiry.remembered.recall(
        ("status list", address, case.issuer_id),
        case.fetch,
        partial(_judged, case, address),
        lambda judged: len(judged.bits) if judged.is_lasting else None,
    )
    if found.id != address:
        raise InvalidError("This is another status list.", code="status_id_mismatch")
    if purpose not in found.purposes:
        raise InvalidError("The status list has another purpose.", code="status_purpose")
    _check_moment(case, address, found)
    return found


def _check_moment(case: Case, address: str, found: JudgedList) -> None:
    if not found.period.has_begun(case.now):
        raise InvalidError("The status list is not in force yet.", code="status_not_yet_valid")
    if found.period.has_ended(case.now):
        raise InvalidError("The status list is out of date.", code="status_stale")
    if signatures.times_fault(list(found.proofs), case.now):
        raise InvalidError("The status list's signature is not in force.", code="status_verification")
    made = found.period.begins
    if made and case.enquiry.remembered.is_rolled_back(
        address, made, min(max(found.ttl, signatures.CLOCK_TOLERANCE), MOST_TOLERATED_AGE)
    ):
        raise InvalidError("We have seen a newer status list than this.", code="status_rollback")


def _judged(case: Case, address: str, read: Fetch) -> JudgedList:
    """What `read` gives for `address`, judged; depends on the issuer and nothing else, so that it can be remembered."""
    body = read(address).body
    found = Case(replace(case.enquiry, fetch=read), body, "status list", is_inside=True)
    _open(found, body)
    subject = found.document.get("credentialSubject")
    if LIST_TYPE not in types_of(found.document) or not isinstance(subject, Mapping):
        raise InvalidError("This is not a status list.", code="status_list_format")
    if "credentialStatus" in found.document:
        raise InvalidError("A status list with a status of its own is not followed.", code="status_recursion")
    if issuer_id_of(found.document) != case.issuer_id:
        raise InvalidError("The status list is somebody else's.", code="status_issuer")
    if not isinstance(subject.get("encodedList"), str):
        raise InvalidError("The status list holds no list.", code="status_encoding")
    _check_signature(found)
    return _as_judged(found, subject, address)


def _open(found: Case, body: bytes) -> None:
    try:
        text = body.decode("utf-8").strip()
        if carrier.is_jws(text):
            reading.open_token(found, text)
            return
        document = strict_json.loads(text, max_bytes=2 * bitstring_status_list.MAX_BYTES)
        if not isinstance(document, dict):
            raise InvalidError("This is not a status list.", code="status_list_format")
        found.document = document
    except (InvalidError, UnicodeDecodeError) as error:
        raise InvalidError("The status list cannot be read.", code="status_list_format") from error


def _check_signature(found: Case) -> None:
    for step in (form.terms, signatures.key, signatures.signatures_hold):
        check = step(found)
        if check.outcome is not CheckOutcome.PASSED:
            raise InvalidError(
                f"The status list's signature does not hold ({check.code}). {check.detail}".strip(),
                code="status_verification",
            )
    if parts.is_in_parts(found):
        raise InvalidError(
            "The status list is shown in parts, and its end left out.", code="status_verification"
        )


def _as_judged(found: Case, subject: Mapping[str, Any], address: str) -> JudgedList:
    try:
        period = period_of(found)
    except InvalidError as error:
        raise InvalidError("The status list has no readable dates.", code="status_list_format") from error
    bits = bitstring_status_list.unpacked(subject["encodedList"])
    purposes = tuple(text for text in listed(subject.get("statusPurpose")) if isinstance(text, str))
    return JudgedList(
        id=str(found.document.get("id", address)),
        purposes=purposes,
        bits=bits,
        period=period,
        ttl=_time_to_live(subject.get("ttl")),
        proofs=tuple(entry.proof for entry in found.proofs),
        made=_made(found.document, period.begins),
        is_lasting=found.is_lasting,
    )


def _time_to_live(milliseconds: object) -> timedelta:
    if not isinstance(milliseconds, int) or not 0 <= milliseconds < 10**10:
        milliseconds = bitstring_status_list.TTL_MILLISECONDS
    return timedelta(milliseconds=milliseconds)


def _made(document: Mapping[str, Any], begins: datetime | None) -> str:
    return str(document.get("validFrom") or document.get("issuanceDate") or "") if begins else ""
