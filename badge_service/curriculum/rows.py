"""Adds, removes and moves rows of a definition that is being written: outcomes, criteria, levels, evidence, alignments."""

import copy
import re
from collections.abc import Iterable, Mapping
from typing import Any

_DEED = re.compile(r"(add|remove|up|down):([a-z_.]+?)(?:\[(\d{1,3})\]\.(alignments))?(?::(\d{1,3}))?")
_LISTS = {"learning_outcomes", "rubric.criteria", "rubric.levels", "evidence_required", "alignments"}

Fields = Mapping[str, Any]


def with_deed(typed: Fields, deed: str, saved: Fields) -> tuple[dict[str, Any], str] | None:
    """A copy of the typed fields after `add:alignments` or `up:learning_outcomes[0].alignments:2`, and the place to look at.

    New rows get an id that neither they nor the saved content use, so that two people never mean two rows by one name.
    None for no such deed.
    """
    found = _DEED.fullmatch(deed)
    if found is None or found[2] not in _LISTS or (found[4] and found[2] != "learning_outcomes"):
        return None
    changed = copy.deepcopy(dict(typed))
    rows = _rows(changed, found[2], found[3], found[4])
    if rows is None:
        return None
    place = f"{found[2]}[{found[3]}].{found[4]}" if found[4] else found[2]
    index = int(found[5]) if found[5] is not None else None
    if found[1] == "add":
        rows.append(_new_row(found[4] or found[2], rows, _rows(saved, found[2], None, None) or []))
        return changed, f"{place}[{len(rows) - 1}]"
    if index is None or index >= len(rows):
        return None
    return changed, _moved(changed, found[1], found[4] or found[2], rows, index, place)


def _moved(changed: dict[str, Any], verb: str, name: str, rows: list[Any], index: int, place: str) -> str:
    row = rows.pop(index)
    if verb == "remove":
        if name == "rubric.levels":
            for criterion in changed["rubric"]["criteria"]:
                criterion["descriptors"].pop(row["id"], None)
        return place
    target = min(max(0, index + (-1 if verb == "up" else 1)), len(rows))
    rows.insert(target, row)
    return f"{place}[{target}]"


def _rows(content: Fields, name: str, outer: str | None, inner: str | None) -> list[Any] | None:
    holder: Any = content
    for step in name.split("."):
        holder = holder.get(step) if isinstance(holder, Mapping) else None
    if outer is not None and isinstance(holder, list):
        holder = holder[int(outer)].get(inner) if int(outer) < len(holder) else None
    return holder if isinstance(holder, list) else None


def _new_row(name: str, rows: list[Any], saved: list[Any]) -> dict[str, Any]:
    number = free_number(str(one.get("id")) for one in [*rows, *saved])
    if name == "learning_outcomes":
        return {"id": f"LO{number}", "kind": "skill", "text": "", "alignments": []}
    if name == "rubric.criteria":
        return {"id": f"C{number}", "name": "", "outcomes": [], "weight": 1, "descriptors": {}}
    if name == "rubric.levels":
        known = [one["points"] for one in rows if isinstance(one["points"], int)]
        return {"id": f"level-{number}", "name": "", "points": max(known, default=0) + 1}
    if name == "evidence_required":
        return {"genre": "", "description": "", "min_count": 1, "in_credential": False}
    return {"targetName": "", "targetUrl": ""}


def free_number(ids: Iterable[str]) -> int:
    """The smallest number from 1 that no id ends with."""
    numbers = {int(found[0]) for one in ids if (found := re.search(r"(?<!\d)\d{1,3}$", one))}
    return next(number for number in range(1, 1000) if number not in numbers)
