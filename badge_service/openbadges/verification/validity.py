"""The dates: has it begun, and has it not ended?

Follows: Open Badges 3.0, section 9 (Verification), step 4, and section 8.2.4 (`nbf`, `exp`); Verifiable Credentials 1.1,
section 4.6 (`issuanceDate`, `expirationDate`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from badge_service.errors import InvalidError
from badge_service.openbadges import dates
from badge_service.openbadges.proofs import jose
from badge_service.openbadges.proofs.jose import Jws
from badge_service.openbadges.verdict import Check
from badge_service.openbadges.verification import parts
from badge_service.openbadges.verification.case import Case, failed, passed, unknown
from badge_service.openbadges.verification.signatures import CLOCK_TOLERANCE


@dataclass(frozen=True)
class Period:
    """From when and until when a document is good; None where it does not say."""

    begins: datetime | None
    ends: datetime | None

    def has_begun(self, now: datetime) -> bool:
        """Whether it is good already at `now`, with some tolerance for clocks."""
        return self.begins is None or self.begins <= now + CLOCK_TOLERANCE

    def has_ended(self, now: datetime) -> bool:
        """Whether it is good no more at `now`."""
        return self.ends is not None and self.ends <= now


def period_of(case: Case) -> Period:
    """The dates of the case's document, by both data models and by its token; raises InvalidError `date`.

    Of several beginnings the latest counts, of several ends the earliest.
    """
    document = case.document
    begins = [_read(document, name) for name in ("validFrom", "issuanceDate") if name in document]
    ends = [_read(document, name) for name in ("validUntil", "expirationDate") if name in document]
    claimed = _claimed_end(case.jws) if case.jws is not None else None
    ends += [claimed] if claimed else []
    is_told = ("issuanceDate" if case.is_1_1 else "validFrom") in document
    return Period(max(begins) if is_told else None, min(ends, default=None))


def _claimed_end(jws: Jws) -> datetime | None:
    """The `exp` of a token, which may end before the document inside does."""
    end = jose.claims_in(jws).get("exp")
    if not isinstance(end, int | float) or isinstance(end, bool):
        return None
    try:
        return datetime.fromtimestamp(end, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise InvalidError("There is no such date.", code="date") from error


def _read(document: Mapping[str, Any], name: str) -> datetime:
    return dates.read(document[name])


def _endless(case: Case) -> Check:
    """No end date is shown, which says something only where nothing can have been left out."""
    if parts.is_in_parts(case):
        return unknown("dates", "dates_hidden_possible")
    return passed("dates", "dates_good")


def period(case: Case) -> Check:
    """Step 10: the dates."""
    try:
        found = period_of(case)
    except InvalidError as error:
        return failed("dates", "dates_unreadable", detail=error.message)
    if found.begins is None:
        return failed("dates", "dates_unreadable", detail="The badge does not say when it begins.")
    if not found.has_begun(case.now):
        return failed("dates", "not_yet_valid", {"date": found.begins.date().isoformat()})
    if found.ends is None:
        return _endless(case)
    params = {"date": found.ends.date().isoformat()}
    return (
        failed("dates", "expired", params)
        if found.has_ended(case.now)
        else passed("dates", "dates_good_until", params)
    )
