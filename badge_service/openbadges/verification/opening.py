"""The steps that every signed document goes through, up to "this is what its issuer signed": carrier to proof, in their order."""

from collections.abc import Callable, Sequence

from badge_service.openbadges.verdict import Check, CheckOutcome
from badge_service.openbadges.verification import form, reading, signatures
from badge_service.openbadges.verification.case import Case, failed, not_checked

Step = tuple[str, Callable[[Case], Check]]

STEPS: Sequence[Step] = (
    ("carrier", reading.carried),
    ("json", reading.json),
    ("shape", form.shape),
    ("contexts", form.contexts),
    ("terms", form.terms),
    ("trust", signatures.trust),
    ("key", signatures.key),
    ("proof", signatures.proof),
)
STOPPING = frozenset({"carrier", "json", "shape", "contexts", "terms", "key", "proof"})
"""After one of these did not end well, nothing later is looked at, as nothing later could be believed."""

_ABOUT_SIGNATURES = frozenset({"key", "proof"})


def opened(case: Case) -> list[Check]:
    """The checks from the carrier to the proof."""
    checks: list[Check] = []
    run(case, STEPS, checks)
    return checks


def run(case: Case, steps: Sequence[Step], checks: list[Check]) -> None:
    """Make the checks of `steps`, one after the other, and add them to those made already."""
    for id, step in steps:
        check = not_checked(id, "not_reached") if case.is_stopped else _made(case, id, step)
        checks.append(check)
        case.is_stopped = case.is_stopped or _stops(check)


def _made(case: Case, id: str, step: Callable[[Case], Check]) -> Check:
    if case.kind == "presentation":
        if id == "proof" and case.is_bare and case.is_unanswered:
            return failed("proof", "presentation_unanswered")
        if id in _ABOUT_SIGNATURES and case.is_bare:
            return not_checked(id, "presentation_bare")
        if id not in STOPPING:
            return not_checked(id, "presentation_contents")
    return step(case)


def _stops(check: Check) -> bool:
    ended_well = check.outcome is CheckOutcome.PASSED or check.outcome is CheckOutcome.NOT_CHECKED
    return not ended_well and check.id in STOPPING
