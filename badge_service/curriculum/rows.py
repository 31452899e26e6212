"""Adds and removes rows of a definition that is being written: outcomes, criteria, levels, evidence, alignments."""

import copy
import re
from collections.abc import Iterable
from typing import Any

from badge_service.curriculum.rules.content import Content

_DEED = re.compile(r"(add|remove):([a-z_.]+?)(?:\[(\d{1,3})\]\.(alignments))?(?::(\d{1,3}))?")
_LISTS = {"learning_outcomes", "rubric.criteria", "rubric.levels", "evidence_required", "alignments"}


def with_deed(content: Content, deed: str) -> dict[str, Any] | None:
    """A copy of `content` after `add:alignments` or `remove:learning_outcomes[0].alignments:2`; None for no such deed."""
    found = _DEED.fullmatch(deed)
    if found is None or found[2] not in _LISTS or (found[4] and found[2] != "learning_outcomes"):
        return None
    changed = copy.deepcopy(dict(content))
    rows = _rows(changed, found[2], found[3], found[4])
    if rows is None:
        return None
    if found[1] == "add":
        rows.append(_new_row(changed, found[4] or found[2]))
    elif found[5] is not None and int(found[5]) < len(rows):
        _remove(changed, found[4] or found[2], rows, int(found[5]))
    return changed


def _rows(content: dict[str, Any], name: str, outer: str | None, inner: str | None) -> list[Any] | None:
    holder: Any = content
    for step in name.split("."):
        holder = holder[step]
    if outer is not None:
        holder = holder[int(outer)][inner] if int(outer) < len(holder) else None
    return holder if isinstance(holder, list) else None


def _new_row(content: dict[str, Any], name: str) -> dict[str, Any]:
    rubric = content["rubric"]
    if name == "learning_outcomes":
        number = _free(one["id"] for one in content["learning_outcomes"])
        return {"id": f"LO{number}", "kind": "skill", "text": "", "alignments": []}
    if name == "rubric.criteria":
        number = _free(one["id"] for one in rubric["criteria"])
        return {"id": f"C{number}", "name": "", "outcomes": [], "weight": 1, "descriptors": {}}
    if name == "rubric.levels":
        number = _free(one["id"] for one in rubric["levels"])
        known = [one["points"] for one in rubric["levels"] if isinstance(one["points"], int)]
        return {"id": f"level-{number}", "name": "", "points": max(known, default=0) + 1}
    if name == "evidence_required":
        return {"genre": "", "description": "", "min_count": 1, "in_credential": False}
    return {"targetName": "", "targetUrl": ""}


def _remove(content: dict[str, Any], name: str, rows: list[Any], index: int) -> None:
    gone = rows.pop(index)
    for criterion in content["rubric"]["criteria"]:
        if name == "learning_outcomes":
            criterion["outcomes"] = [one for one in criterion["outcomes"] if one != gone["id"]]
        if name == "rubric.levels":
            criterion["descriptors"].pop(gone["id"], None)


def _free(ids: Iterable[str]) -> int:
    numbers = {int(found[0]) for one in ids if (found := re.search(r"(?<!\d)\d{1,3}$", one))}
    return next(number for number in range(1, 1000) if number not in numbers)
