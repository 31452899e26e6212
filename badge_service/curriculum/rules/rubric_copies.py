"""Takes the criteria of one rubric over into another, level by level from the lowest up."""

import copy
import re
from collections.abc import Mapping
from typing import Any

Rubric = Mapping[str, Any]


def with_rubric(own: Rubric, source: Rubric, saved: Rubric, *, replace: bool) -> dict[str, Any]:
    """`own` with the criteria of `source` after its own, or in their place together with its levels.

    The copies judge no outcome yet. Their ids are used neither in `own` nor in `saved`. Added criteria keep the levels
    of `own`: the lowest sentence goes to its lowest level and so on; levels that `source` has more of are left out.
    """
    levels = copy.deepcopy(list(source["levels"] if replace else own["levels"]))
    kept = [] if replace else _written(copy.deepcopy(list(own["criteria"])))
    taken = {str(one.get("id")) for rubric in (own, saved) for one in rubric["criteria"]}
    names = dict(zip(_in_order(source["levels"]), _in_order(levels), strict=False))
    for criterion in source["criteria"]:
        descriptors = criterion["descriptors"].items()
        number = next(n for n in range(1, 1000) if f"C{n}" not in taken)
        taken.add(f"C{number}")
        kept.append(
            {
                **copy.deepcopy(dict(criterion)),
                "id": f"C{number}",
                "outcomes": [],
                "descriptors": {names[level]: text for level, text in descriptors if level in names},
            }
        )
    return {
        "levels": levels,
        "pass_level": source["pass_level"] if replace else own["pass_level"],
        "criteria": kept,
    }


def _written(criteria: list[Any]) -> list[Any]:
    """Without the rows in which nothing has been written: an empty first criterion is only an invitation."""
    return [one for one in criteria if one["name"] or one["descriptors"]]


def _in_order(levels: Any) -> list[str]:
    def points(level: Mapping[str, Any]) -> tuple[bool, float]:
        known = re.fullmatch(r"-?\d+(\.\d+)?", str(level.get("points")))
        return known is None, float(known[0]) if known else 0.0

    return [str(level["id"]) for level in sorted(levels, key=points)]
