"""Two people wrote the same draft: whose change stands, field by field, and row by row where rows have a name.

Each page carries a fingerprint of every field as it was opened. A field that only one of the two changed since is
theirs without asking; one that both changed differently is asked. No revision alone could tell the two apart.
"""

import copy
import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from badge_service.curriculum.rules.content import Content

GROUPS = ("workload_hours", "quality_assurance", "stackability", "rubric", "look")
"""Fields whose members are compared one by one."""
ROW_NAMES = {
    "learning_outcomes": "id",
    "rubric.levels": "id",
    "rubric.criteria": "id",
    "alignments": "targetUrl",
}
"""Lists that are compared row by row, and what names a row."""

Fingerprints = Mapping[str, str]


@dataclass(frozen=True)
class Clash:
    """A place that two people changed differently; `None` stands for a row that was removed.

    `place` is a field (`title`), a member (`workload_hours.total`), a row (`learning_outcomes#LO1`) or the order of
    rows (`learning_outcomes#`, with the rows' names as values).
    """

    place: str
    mine: Any
    theirs: Any


@dataclass(frozen=True)
class Merged:
    """The content with the changes of both; where they clash, with `mine`."""

    content: dict[str, Any]
    clashes: tuple[Clash, ...]


def fingerprints(content: Content, fields: Iterable[str]) -> dict[str, str]:
    """Short digests of these fields of a content, their members and their rows, and the order of the rows."""
    found = {}
    for place in _places(fields, content):
        value = _at(content, place)
        found[place] = _digest(value)
        rows = _rows(place, value)
        if rows is not None:
            found[f"{place}#"] = json.dumps(list(rows))
            found |= {f"{place}#{name}": _digest(row) for name, row in rows.items()}
    return found


def merged(
    saved: Content,
    typed: Content,
    opened: Fingerprints,
    fields: Collection[str],
    theirs: Collection[str] = frozenset(),
) -> Merged:
    """`saved` with what was changed in `typed` since `opened`, within `fields`; `theirs` are places given up already."""
    content, clashes = copy.deepcopy(dict(saved)), []
    for place in _places(fields, saved, typed):
        value, some = _merged_place(place, _at(saved, place), _at(typed, place), opened, theirs)
        clashes += some
        _put(content, place, value)
    return Merged(content, tuple(clashes))


def opened_anew(opened: Fingerprints, clashes: Iterable[Clash]) -> dict[str, str]:
    """The fingerprints after somebody has seen both sides of these clashes: what is saved now is where they start."""
    found = dict(opened)
    for clash in clashes:
        _place, by_row, name = clash.place.partition("#")
        if by_row and not name:
            found[clash.place] = json.dumps(clash.theirs)
        elif clash.theirs is None and by_row:
            found.pop(clash.place, None)
        else:
            found[clash.place] = _digest(clash.theirs)
    return found


def _merged_place(
    place: str, saved: Any, typed: Any, opened: Fingerprints, theirs: Collection[str]
) -> tuple[Any, list[Clash]]:
    ours, others = _rows(place, typed), _rows(place, saved)
    if ours is None or others is None or place not in opened or place in theirs:
        return _chosen(Clash(place, typed, saved), _base(opened, place), theirs)
    return _merged_rows(place, others, ours, opened, theirs)


def _base(opened: Fingerprints, place: str) -> str | None:
    """The fingerprint at the opening; a member that its group did not have then was empty."""
    group = place.partition(".")[0]
    is_known = group in GROUPS and any(one == group or one.startswith(f"{group}.") for one in opened)
    return opened.get(place, _digest(None) if is_known else None)


def _merged_rows(
    place: str,
    saved: dict[str, Any],
    typed: dict[str, Any],
    opened: Fingerprints,
    theirs: Collection[str],
) -> tuple[list[Any], list[Clash]]:
    rows, clashes = {}, []
    for name in dict.fromkeys([*saved, *typed]):
        whole = f"{place}#{name}"
        clash = Clash(whole, typed.get(name), saved.get(name))
        row, some = _chosen(clash, opened.get(whole, _digest(None)), theirs)
        clashes += some
        if row is not None:
            rows[name] = row
    order, some = _merged_order(place, _order(opened, place), list(saved), list(typed), theirs)
    return [rows[name] for name in order if name in rows], [*clashes, *some]


def _merged_order(
    place: str, base: list[str], saved: list[str], typed: list[str], theirs: Collection[str]
) -> tuple[list[str], list[Clash]]:
    given_up = f"{place}#" in theirs
    i_moved, they_moved = _moved(base, saved, typed), _moved(base, typed, saved)
    differ = [name for name in saved if name in typed] != [name for name in typed if name in saved]
    clashes = [Clash(f"{place}#", typed, saved)] if i_moved and they_moved and differ and not given_up else []
    mine_leads = (i_moved or saved == base) and not given_up
    leading, following = (typed, saved) if mine_leads else (saved, typed)
    return list(dict.fromkeys([*leading, *following])), clashes


def _order(opened: Fingerprints, place: str) -> list[str]:
    try:
        names = json.loads(opened.get(f"{place}#", "[]"))
    except (ValueError, RecursionError):
        return []
    return [str(name) for name in names] if isinstance(names, list) else []


def _moved(base: list[str], others: list[str], ours: list[str]) -> bool:
    """Whether `ours` puts rows that everybody has into another order than `base` did."""
    common = [name for name in base if name in others and name in ours]
    return [name for name in ours if name in common] != common


def _chosen(clash: Clash, base: str | None, theirs: Collection[str]) -> tuple[Any, list[Clash]]:
    mine, other = _digest(clash.mine), _digest(clash.theirs)
    if clash.place in theirs or mine in (other, base):
        return clash.theirs, []
    return clash.mine, [] if other == base else [clash]


def _places(fields: Iterable[str], *contents: Content) -> Iterator[str]:
    for field in fields:
        groups = [one[field] for one in contents if isinstance(one.get(field), Mapping)]
        members = dict.fromkeys(name for group in groups for name in group) if field in GROUPS else {}
        yield from [f"{field}.{name}" for name in members] or [field]


def _at(content: Content, place: str) -> Any:
    value: Any = content
    for name in place.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _put(content: dict[str, Any], place: str, value: Any) -> None:
    *outer, name = place.split(".")
    for one in outer:
        if not isinstance(content.get(one), dict):
            content[one] = {}
        content = content[one]
    if value is None and name not in content:
        return
    content[name] = copy.deepcopy(value)


def _rows(place: str, value: Any) -> dict[str, Any] | None:
    """The rows of a list by name; None where rows have no name, or two share one."""
    name = ROW_NAMES.get(place)
    if name is None or not isinstance(value, list):
        return None
    rows = {str(row[name]): row for row in value if isinstance(row, Mapping) and row.get(name)}
    return rows if len(rows) == len(value) else None


def _digest(value: Any) -> str:
    written = json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()[:20]
