"""From the checks to the one verdict: which outcome, by which reason, and whose badge it is.

The rules are those of `docs/verification.md`: what failed is red, what is unknown is grey, and green needs a register.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from badge_service.openbadges.one_spelling import in_one_spelling
from badge_service.openbadges.verdict import Check, CheckOutcome, Contained, Holder, Outcome, Remark, Verdict
from badge_service.openbadges.verification import parts
from badge_service.openbadges.verification.case import Case
from badge_service.openbadges.verification.opening import STOPPING
from badge_service.openbadges.verification.recipients import plain_identities
from badge_service.openbadges.verification.signatures import named

_DECIDING = STOPPING | {"dates", "status", "recipient"}
_SAID_FIRST = {"status": 0, "recipient": 2}
"""A withdrawn badge is called so even when it has expired too, and somebody else's only when nothing else is wrong."""

_ENDS = (CheckOutcome.FAILED, CheckOutcome.UNKNOWN, CheckOutcome.NOT_CHECKED)
_WORST_FIRST = (
    Outcome.NOT_VALID,
    Outcome.NOT_FULLY_CHECKED,
    Outcome.SIGNED_ISSUER_UNKNOWN,
    Outcome.GENUINE,
)


def verdict_on(case: Case, checks: Sequence[Check]) -> Verdict:
    """The verdict that follows from `checks` and from what the steps found.

    Of a presentation that nobody signed, nothing is given but the verdicts on the badges inside.
    """
    outcome, code, params = _presented(case, checks) if case.kind == "presentation" else _judged(case, checks)
    if case.kind == "endorsement" and code == outcome.value:
        code = f"endorsement_{outcome.value}"
    signed = is_signed(checks)
    name = _issuer_name(case.document) if case.kind != "presentation" else None
    issuer_id = "" if case.is_bare else case.issuer_id
    domain = named(issuer_id)
    return Verdict(
        outcome=outcome,
        reason_code=code,
        params={**params, "domain": domain, "registry": _registries(case), **_about(case)},
        checks=tuple(checks),
        holder=_holder(case) if signed else Holder("holder_not_known"),
        kind=case.kind,
        issuer_id=issuer_id,
        issuer_domain=domain,
        issuer_name=name,
        registered=case.registered if signed else (),
        remarks=_remarks(case, checks),
        status_as_of=case.status_as_of,
        replaced_on=case.replaced_on,
        refreshed=case.refreshed,
        contained=tuple(case.contained),
        related=tuple(case.related),
        credential=None if case.is_bare else case.document or None,
    )


def _issuer_name(document: Mapping[str, Any]) -> str | None:
    """The name that the badge gives its issuer, where it stands mostly, or wherever else the signature covers it as well."""
    issuer = document.get("issuer")
    name = issuer.get("name") if isinstance(issuer, dict) else None
    if not isinstance(name, str) and isinstance(issuer, dict | str):
        spelt = in_one_spelling(document)["issuer"]
        name = spelt.get("name") if isinstance(spelt, dict) else None
    return name if isinstance(name, str) else None


def is_signed(checks: Sequence[Check]) -> bool:
    """Whether the document is what its issuer signed."""
    return any(check.id == "proof" and check.outcome is CheckOutcome.PASSED for check in checks)


def _judged(case: Case, checks: Sequence[Check]) -> tuple[Outcome, str, dict[str, str]]:
    """The outcome of a badge or an endorsement, by the check that decides it."""
    bad = _worst(checks)
    if bad is not None:
        outcome, check = bad
        return outcome, check.code, dict(check.params)
    outcome = Outcome.GENUINE if case.registered else Outcome.SIGNED_ISSUER_UNKNOWN
    return outcome, outcome.value, {}


def _worst(checks: Sequence[Check]) -> tuple[Outcome, Check] | None:
    """The first deciding check that did not end well, what failed before what is unknown; None when all is well."""
    bad = [
        check
        for check in checks
        if check.outcome is not CheckOutcome.PASSED
        and check.id in _DECIDING
        and check.code != "recipient_not_asked"
    ]
    if not bad:
        return None
    bad.sort(key=lambda check: (_ENDS.index(check.outcome), _SAID_FIRST.get(check.id, 1)))
    is_failed = bad[0].outcome is CheckOutcome.FAILED
    return (Outcome.NOT_VALID if is_failed else Outcome.NOT_FULLY_CHECKED), bad[0]


def _presented(case: Case, checks: Sequence[Check]) -> tuple[Outcome, str, dict[str, str]]:
    """The outcome of a presentation: the worst of its own signature, when it has one, and of the badges inside."""
    own = [check for check in checks if check.code not in ("presentation_bare", "presentation_contents")]
    bad = _worst(own)
    if bad is not None:
        outcome, check = bad
        return outcome, _PRESENTATION_REASONS.get(check.code, check.code), dict(check.params)
    found: Sequence[Contained] = case.contained
    outcome = next(o for o in _WORST_FIRST if any(entry.verdict.outcome is o for entry in found))
    count = sum(entry.verdict.outcome is outcome for entry in found)
    return outcome, f"presentation_{outcome.value}", {"count": str(count), "all": str(len(found))}


_PRESENTATION_REASONS = {"signature": "presentation_signature"}


def _about(case: Case) -> dict[str, str]:
    """What an endorsement inside a badge stands beside; a profile in a badge is not the badge."""
    return {"about": case.about.id, "about_name": case.about.name} if case.about else {}


def _registries(case: Case) -> str:
    return ", ".join(dict.fromkeys(entry.registry for entry in case.registered))


def _holder(case: Case) -> Holder:
    """The name that the badge itself carries in clear text; or that its holder has just proved to be here."""
    subject = case.document.get("credentialSubject")
    name = next(plain_identities(case.document, "name"), None)
    if case.is_presented_by and isinstance(subject, dict) and subject.get("id") == case.is_presented_by:
        return Holder("holder_confirmed", name)
    return Holder("holder_named", name) if name is not None else Holder("holder_not_named")


def _remarks(case: Case, checks: Sequence[Check]) -> tuple[Remark, ...]:
    remarks = [
        Remark(check.code, check.params)
        for check in checks
        if check.id not in _DECIDING
        and check.id != "trust"
        and check.outcome in (CheckOutcome.FAILED, CheckOutcome.UNKNOWN)
    ]
    if is_signed(checks):
        remarks += [
            Remark("cryptosuite_unsupported_beside", {"suite": name}) for name in case.sorted_proofs.unknown
        ]
        if parts.is_in_parts(case):
            remarks.append(Remark("shown_in_parts"))
    if case.is_bare:
        remarks.append(Remark("presentation_bare"))
    quiet = {"status_none", "schema_other", "refreshed"}
    remarks += [Remark(check.code, check.params) for check in checks if check.code in quiet]
    return (*remarks, *case.remarks)
