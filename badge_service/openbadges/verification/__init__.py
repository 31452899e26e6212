"""Judging any badge of any issuer: the steps in their order, and the one verdict that follows from them.

Follows: Open Badges 3.0, section 9 (Verification). Stricter than it in three things: every understood proof must
hold, the key must be in the issuer's own document, and what could not be checked is never good.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from badge_service.openbadges import did
from badge_service.openbadges.did import Fetch, Fetched
from badge_service.openbadges.verdict import Check, CheckOutcome, Holder, Outcome, Remark, Verdict
from badge_service.openbadges.verification import extras, reading, signatures, validity
from badge_service.openbadges.verification.case import (
    Case,
    CountedFetch,
    ExplainRevocation,
    Explanation,
    KnownIssuer,
    Registry,
    listed,
    not_checked,
    objects,
)

__all__ = [
    "CHECKS",
    "ExplainRevocation",
    "Explanation",
    "Fetch",
    "Fetched",
    "KnownIssuer",
    "Registry",
    "verify",
]

_STEPS: Sequence[tuple[str, Callable[[Case], Check]]] = (
    ("carrier", reading.carried),
    ("json", reading.json),
    ("shape", reading.shape),
    ("contexts", reading.contexts),
    ("terms", reading.terms),
    ("trust", signatures.trust),
    ("key", signatures.key),
    ("proof", signatures.proof),
    ("dates", validity.period),
    ("status", validity.status),
    ("recipient", extras.recipient),
    ("fact_sheet", extras.fact_sheet),
    ("endorsements", extras.endorsements),
    ("schema", extras.exact_shape),
)
CHECKS = tuple(id for id, _ in _STEPS)
"""The names of all checks, in the order in which they are made and listed."""

_STOPPING = frozenset({"carrier", "json", "shape", "contexts", "terms", "key", "proof"})
"""After one of these did not end well, nothing later is looked at, as nothing later could be believed."""
_DECIDING = _STOPPING | {"dates", "status"}


def verify(
    data: bytes | str | dict[str, Any],
    *,
    now: datetime,
    fetch: Fetch,
    registries: Sequence[Registry] = (),
    explain_revocation: ExplainRevocation | None = None,
) -> Verdict:
    """The verdict on a badge: a file's bytes, a text, or a parsed document. Never raises for what is in `data`.

    `now` has a time zone. `fetch` raises NotFoundError or UnavailableError and is called at most eight times (four
    for issuers in none of the `registries`). `explain_revocation` tells why one of our own badges was revoked.
    """
    case = Case(data, now, CountedFetch(fetch), registries, explain_revocation)
    checks: list[Check] = []
    stopped = False
    for id, step in _STEPS:
        check = not_checked(id, "not_reached") if stopped else step(case)
        checks.append(check)
        stopped |= id in _STOPPING and check.outcome in (CheckOutcome.FAILED, CheckOutcome.UNKNOWN)
    return _verdict(case, tuple(checks))


def _verdict(case: Case, checks: tuple[Check, ...]) -> Verdict:
    outcome, reason = _outcome(checks)
    signed = any(check.id == "proof" and check.outcome is CheckOutcome.PASSED for check in checks)
    domain = did.domain(case.issuer_id) or case.issuer_id[:100]
    issuer = case.document.get("issuer")
    name = issuer.get("name") if isinstance(issuer, dict) else None
    params = {**reason.params, "domain": domain, "registry": case.registry or ""}
    return Verdict(
        outcome=outcome,
        reason_code=reason.code
        if outcome in (Outcome.NOT_VALID, Outcome.NOT_FULLY_CHECKED)
        else outcome.value,
        params=params,
        checks=checks,
        holder=_holder(case) if signed else Holder("holder_not_known"),
        issuer_id=case.issuer_id,
        issuer_domain=domain,
        issuer_name=name if isinstance(name, str) else None,
        registry=case.registry if signed else None,
        registered_name=case.known.name if case.known and signed else None,
        name_confirmed=case.known.confirmed if case.known and signed else None,
        remarks=_remarks(case, checks),
        status_as_of=case.status_as_of,
        replaced_on=case.replaced_on,
        credential=case.document or None,
    )


def _outcome(checks: Sequence[Check]) -> tuple[Outcome, Check]:
    """The outcome and the check that decided it; a withdrawn badge is called so even when it has expired too."""
    deciding = sorted(
        (check for check in checks if check.id in _DECIDING), key=lambda check: check.id != "status"
    )
    for wanted, outcome in (
        (CheckOutcome.FAILED, Outcome.NOT_VALID),
        (CheckOutcome.UNKNOWN, Outcome.NOT_FULLY_CHECKED),
        (CheckOutcome.NOT_CHECKED, Outcome.NOT_FULLY_CHECKED),
    ):
        for check in deciding:
            if check.outcome is wanted:
                return outcome, check
    trust = next(check for check in checks if check.id == "trust")
    known = trust.outcome is CheckOutcome.PASSED
    return (Outcome.GENUINE if known else Outcome.SIGNED_ISSUER_UNKNOWN), trust


def _holder(case: Case) -> Holder:
    """The name that the badge itself carries in clear text, in any spelling that the signature covers as well."""
    for subject in objects(case.document.get("credentialSubject")):
        for identity in objects(subject.get("identifier")):
            names = [name for name in listed(identity.get("identityHash")) if isinstance(name, str)]
            plain = listed(identity.get("hashed")) in ([False], ["false"])
            if names and plain and listed(identity.get("identityType")) == ["name"]:
                return Holder("holder_named", names[0])
    return Holder("holder_not_named")


def _remarks(case: Case, checks: Sequence[Check]) -> tuple[Remark, ...]:
    remarks = [
        Remark(check.code, check.params)
        for check in checks
        if check.id not in _DECIDING
        and check.id != "trust"
        and check.outcome in (CheckOutcome.FAILED, CheckOutcome.UNKNOWN)
    ]
    if any(check.id == "proof" and check.outcome is CheckOutcome.PASSED for check in checks):
        remarks += [Remark("cryptosuite_unsupported_beside", {"suite": name}) for name in case.unknown_suites]
    if any(check.code == "status_none" for check in checks):
        remarks.append(Remark("status_none"))
    return tuple(remarks)
