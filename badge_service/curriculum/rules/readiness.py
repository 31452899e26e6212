"""The pass rule: whether a learner's judged levels are enough for the badge, and if not, why not."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from badge_service.curriculum.rules.content import Content, Criterion, Rubric, rubric_of


class NotReady(StrEnum):
    """Why somebody is not ready yet; words for it are in `curriculum/words.py`."""

    NOT_JUDGED = "not_judged"
    TOO_LOW = "too_low"
    SEVERAL_BELOW = "several_below"
    TOTAL_TOO_LOW = "total_too_low"
    REASON_MISSING = "reason_missing"


@dataclass(frozen=True)
class Readiness:
    """Whether to award; `total` is the weighted sum of points so far, `missing` and `below` name criteria ids.

    `with_reason` says that it passes only by the rule for one criterion a level below, so the reason belongs to it.
    """

    ready: bool
    total: int
    why: tuple[NotReady, ...] = ()
    missing: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    with_reason: bool = False


def readiness(content: Content, levels: Mapping[str, str], reason: str | None = None) -> Readiness:
    """Apply the pass rule to `levels` (criterion id → level id); unknown criteria and levels count as not judged.

    Passed when every criterion reaches the pass level; or when exactly one is one level below, the weighted total is
    at least the pass points times the (weighted) number of criteria, and the assessor wrote why.
    """
    rubric = rubric_of(content)
    points = _points(rubric, levels)
    missing = tuple(c.id for c in rubric.criteria if c.id not in points)
    total = sum(points[c.id] * c.weight for c in rubric.criteria if c.id in points)
    low = [
        c for c in rubric.criteria if points.get(c.id, rubric.pass_level.points) < rubric.pass_level.points
    ]
    why = [NotReady.NOT_JUDGED] if missing else []
    why += _why_not_below(rubric, low, points, total, reason) if low else []
    if missing and NotReady.TOTAL_TOO_LOW in why:
        why.remove(NotReady.TOTAL_TOO_LOW)  # the total is not known yet
    return Readiness(not why, total, tuple(why), missing, tuple(c.id for c in low), bool(low) and not why)


def _points(rubric: Rubric, levels: Mapping[str, str]) -> dict[str, int]:
    known = {level.id: level.points for level in rubric.levels}
    return {c.id: known[levels[c.id]] for c in rubric.criteria if levels.get(c.id) in known}


def _why_not_below(
    rubric: Rubric, low: list[Criterion], points: Mapping[str, int], total: int, reason: str | None
) -> list[NotReady]:
    below = rubric.level_below_pass
    if any(below is None or points[c.id] < below.points for c in low):
        return [NotReady.TOO_LOW]
    if len(low) > 1:
        return [NotReady.SEVERAL_BELOW]
    why = []
    if total < needed_total(rubric):
        why.append(NotReady.TOTAL_TOO_LOW)
    if not (reason or "").strip():
        why.append(NotReady.REASON_MISSING)
    return why


def needed_total(rubric: Rubric) -> int:
    """The total that makes up for one criterion a level below."""
    return rubric.pass_level.points * sum(c.weight for c in rubric.criteria)
