"""Judging any badge of any issuer: the steps in their order, and the one verdict that follows from them.

Follows: Open Badges 3.0, section 9 (Verification). Stricter than it in three things: every understood proof must
hold, the key must be in the issuer's own document, and what could not be checked is never good.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from badge_service.openbadges import canonical
from badge_service.openbadges.did import Fetch, Fetched
from badge_service.openbadges.proofs.secured import Examine
from badge_service.openbadges.verdict import Check, CheckOutcome, Verdict
from badge_service.openbadges.verification import (
    contents,
    extras,
    opening,
    recipients,
    refreshing,
    status,
    validity,
)
from badge_service.openbadges.verification.case import (
    Case,
    Enquiry,
    ExplainRevocation,
    Explanation,
    Kind,
    KnownIssuer,
    Recipient,
    Registry,
)
from badge_service.openbadges.verification.conclusion import is_signed, verdict_on
from badge_service.openbadges.verification.counted_fetch import CountedFetch
from badge_service.openbadges.verification.opening import Step
from badge_service.openbadges.verification.remembered import Remembered

__all__ = [
    "CHECKS",
    "ExplainRevocation",
    "Explanation",
    "Fetch",
    "Fetched",
    "KnownIssuer",
    "Recipient",
    "Registry",
    "Remembered",
    "verify",
    "verify_endorsement",
]


def _endorsements(case: Case) -> Check:
    return contents.endorsements(case, _judge)


_LATER_STEPS: Sequence[Step] = (
    ("refresh", refreshing.refresh),
    ("dates", validity.period),
    ("status", status.status),
    ("recipient", recipients.recipient),
    ("fact_sheet", extras.fact_sheet),
    ("endorsements", _endorsements),
    ("schema", extras.exact_shape),
)
CHECKS = tuple(id for id, _ in (*opening.STEPS, *_LATER_STEPS))
"""The names of all checks, in the order in which they are made and listed."""


def verify(
    data: bytes | str | dict[str, Any],
    *,
    now: datetime,
    fetch: Fetch,
    registries: Sequence[Registry] = (),
    explain_revocation: ExplainRevocation | None = None,
    examine: Examine = canonical.examine,
    recipient: Recipient | None = None,
    challenge: str | None = None,
    domain: str | None = None,
    remembered: Remembered | None = None,
) -> Verdict:
    """The verdict on a badge or on a presentation of badges: a file's bytes, a text, or a parsed document.

    Never raises for what is in `data`. `now` has a time zone. `fetch` raises NotFoundError or UnavailableError and is
    called at most eight times (four for issuers in none of the `registries`, sixteen for a presentation).
    `explain_revocation` tells why one of our own badges was revoked. `examine` canonicalizes, here or in another
    process. `recipient` is the person whose badge it should be; `challenge` and `domain` are what a presentation
    must have been made for. `remembered` keeps keys and status lists between calls.
    """
    counted = CountedFetch(fetch)
    enquiry = Enquiry(
        now, counted, counted, registries, explain_revocation, examine, recipient, challenge, domain,
        Remembered() if remembered is None else remembered,
    )  # fmt: skip
    return _judge(Case(enquiry, data))


def verify_endorsement(
    data: bytes | str | dict[str, Any],
    *,
    now: datetime,
    fetch: Fetch,
    registries: Sequence[Registry] = (),
    examine: Examine = canonical.examine,
    remembered: Remembered | None = None,
) -> Verdict:
    """As `verify`, for an endorsement that stands alone."""
    kind: Kind = "endorsement"
    counted = CountedFetch(fetch)
    enquiry = Enquiry(
        now, counted, counted, registries, examine=examine, remembered=remembered or Remembered()
    )
    return _judge(Case(enquiry, data, kind))


def _judge(case: Case) -> Verdict:
    checks: list[Check] = []
    opening.run(case, opening.STEPS, checks)
    if case.kind == "presentation":
        _look_inside(case, checks)
    opening.run(case, _LATER_STEPS, checks)
    return verdict_on(case, checks)


def _look_inside(case: Case, checks: Sequence[Check]) -> None:
    """The badges of a presentation, also when its own signature does not hold: each is judged for itself."""
    if any(check.id == "shape" and check.outcome is not CheckOutcome.PASSED for check in checks):
        return
    case.holder_confirmed = is_signed(checks) and case.enquiry.challenge is not None
    contents.members(case, _judge)
