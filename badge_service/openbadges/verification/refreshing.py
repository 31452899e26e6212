"""The newer edition that an issuer may keep at an address which the badge names: asked for once, after a good signature.

Follows: Open Badges 3.0, section 9 (Verification), step 3, and "Credential equality": the same issuer and id, a later date.
"""

from badge_service.errors import InvalidError, NotFoundError, UnavailableError
from badge_service.openbadges.verdict import Check, CheckOutcome, Refreshed
from badge_service.openbadges.verification.case import (
    Case,
    issuer_id_of,
    not_checked,
    objects,
    passed,
    types_of,
    unknown,
)
from badge_service.openbadges.verification.opening import opened
from badge_service.openbadges.verification.validity import period_of

REFRESH_TYPE = "1EdTechCredentialRefresh"


def refresh(case: Case) -> Check:
    """Step 9: judge the newer edition in place of this one; when it cannot be had, this one is judged further."""
    services = [
        entry for entry in objects(case.document.get("refreshService")) if REFRESH_TYPE in types_of(entry)
    ]
    if not services:
        return not_checked("refresh", "refresh_none")
    address = services[0].get("id")
    if not isinstance(address, str):
        return unknown("refresh", "refresh_failed", detail="refreshService.id is missing")
    try:
        newer = case.inside(case.fetch(address).body, case.kind, case.about)
        return _compared(case, newer, address)
    except (InvalidError, NotFoundError, UnavailableError) as error:
        return unknown("refresh", "refresh_failed", detail=error.message)


def _compared(case: Case, newer: Case, address: str) -> Check:
    bad = [
        check for check in opened(newer) if check.outcome is not CheckOutcome.PASSED and check.id != "trust"
    ]
    if bad:
        return unknown(
            "refresh", "refresh_failed", detail=f"{bad[0].id}: {bad[0].code} {bad[0].detail}".strip()
        )
    if _identity(newer) != _identity(case):
        return unknown("refresh", "refresh_other", detail="another issuer or id")
    before, now = period_of(case).begins, period_of(newer).begins
    if before is None or now is None or now < before:
        return unknown("refresh", "refresh_failed", detail="What stands there is older than this.")
    if now == before:
        return passed("refresh", "refresh_same")
    case.refreshed = Refreshed(address, now.isoformat(), before.isoformat())
    _go_on_with(case, newer)
    return passed("refresh", "refreshed", {"date": now.date().isoformat()})


def _identity(case: Case) -> tuple[str, str]:
    """Issuer and id, letter by letter: the standard unescapes them first, but then another issuer's DID is the same."""
    return issuer_id_of(case.document), str(case.document.get("id"))


def _go_on_with(case: Case, newer: Case) -> None:
    judged = (
        "text",
        "parsed",
        "document",
        "jws",
        "jws_key",
        "examined",
        "proofs",
        "sorted_proofs",
        "registered",
    )
    for name in judged:
        setattr(case, name, getattr(newer, name))
