"""The seven steps in which a definition is written, and which fields belong to which."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from badge_service.curriculum.rules.content import blank_content
from badge_service.errors import Fault

STEPS: dict[str, tuple[str, ...]] = {
    "what": ("title", "description", "alliance_topic", "category", "language", "target_group", "tags"),
    "outcomes": ("learning_outcomes", "alignments"),
    "assessment": (
        "rubric",
        "assessment_types",
        "supervision",
        "identity_verified",
        "evidence_required",
    ),
    "workload": (
        "eqf_level",
        "level_not_applicable",
        "isced_f",
        "workload_hours",
        "ects_awarded",
        "participation",
        "learning_mode",
        "activity_types",
    ),
    "quality": ("quality_assurance", "awarded_by", "endorsers", "validity_months"),
    "stacking": ("prerequisites", "stackability"),
    "look": ("look", "further_text"),
}
"""Each step with its fields in the order of the page; a fault belongs to the step of the field it begins with."""

FIRST_STEP, LAST_STEP = next(iter(STEPS)), next(reversed(STEPS))
_STEP_OF = {field: step for step, fields in STEPS.items() for field in fields}
_ELSEWHERE = {"outcome.unjudged": "assessment"}
"""Faults that stand at one field and are put right in another step."""


def step_of(where: str, code: str = "") -> str:
    """The step in which a place such as `rubric.criteria[0].name` is written; the first one for what has no field."""
    return _ELSEWHERE.get(code) or _STEP_OF.get(re.split(r"[.\[]", where)[0], FIRST_STEP)


def next_step(step: str) -> str | None:
    """The step after this one; None after the last."""
    names = list(STEPS)
    following = names.index(step) + 1
    return names[following] if following < len(names) else None


def is_as_begun(content: Mapping[str, Any], step: str) -> bool:
    """Whether every field of a step stands as in a new draft, so that nobody seems to have looked at it yet."""
    blank = blank_content()
    return all((content.get(name) or None) == (blank.get(name) or None) for name in STEPS[step])


def by_step(faults: Iterable[Fault]) -> Mapping[str, list[Fault]]:
    """The faults of each step, in the order of its fields; every step has a list."""
    found: dict[str, list[Fault]] = {step: [] for step in STEPS}
    for fault in faults:
        found[step_of(fault.where, fault.code)].append(fault)
    return {step: sorted(some, key=lambda fault: _place(step, fault)) for step, some in found.items()}


def _place(step: str, fault: Fault) -> int:
    field = re.split(r"[.\[]", fault.where)[0]
    return STEPS[step].index(field) if field in STEPS[step] else len(STEPS[step])
