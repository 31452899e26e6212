"""What differs between two contents, field by field: rows matched by what names them, moved rows told from changed ones."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from badge_service.curriculum.rules.versions import Step

Content = Mapping[str, Any]
_MISSING = object()


class Kind(StrEnum):
    """What happened to a place."""

    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"


@dataclass(frozen=True)
class Change:
    """One difference at `where`, such as `rubric.criteria[0].name` (numbered as in the newer content unless removed).

    Before and after are values of the contents; of a moved row they are its places, counted from 1.
    """

    where: str
    kind: Kind
    before: Any
    after: Any

    @property
    def field(self) -> str:
        """The field of the content in which it lies, which a change note names."""
        return re.split(r"[.\[]", self.where, maxsplit=1)[0]


# What names a row of these lists; other lists of rows are matched by what they say.
_ROW_NAMES = {
    "learning_outcomes": ("id",),
    "levels": ("id",),
    "criteria": ("id",),
    "alignments": ("targetUrl",),
    "evidence_required": ("genre", "description"),
    "units": ("id",),
    "topics": ("id",),
    "definitions": ("slug",),
}
_NOT_COMPARED = {"code", "version"}


def difference(before: Content, after: Content) -> tuple[Change, ...]:
    """All differences from `before` to `after`; code and version are names of the whole and left out."""
    return tuple(
        change
        for name in dict.fromkeys([*after, *before])
        if name not in _NOT_COMPARED
        for change in _compared(name, before.get(name, _MISSING), after.get(name, _MISSING))
    )


def changed_fields(changes: Sequence[Change]) -> tuple[str, ...]:
    """The fields in which something differs, each once, in the order of the changes."""
    return tuple(dict.fromkeys(change.field for change in changes))


def advised(changes: Sequence[Change]) -> Step:
    """The step of the version number that these changes call for.

    What is learnt or how it is judged: major. Nothing but wording, typing and order: patch. Everything else: minor.
    """
    return max((_weight(change) for change in changes), default=Step.PATCH)


def _compared(where: str, before: Any, after: Any) -> Iterator[Change]:
    if _same(before, after):
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in dict.fromkeys([*after, *before]):
            yield from _compared(f"{where}.{name}", before.get(name, _MISSING), after.get(name, _MISSING))
    elif isinstance(before, list) and isinstance(after, list):
        yield from _rows(where, before, after)
    elif _is_empty(before):
        yield Change(where, Kind.ADDED, None, after)
    elif _is_empty(after):
        yield Change(where, Kind.REMOVED, before, None)
    else:
        yield Change(where, Kind.CHANGED, before, after)


def _same(before: Any, after: Any) -> bool:
    if isinstance(before, bool) is not isinstance(after, bool):
        return False  # true is not 1
    return bool(before == after) or (_is_empty(before) and _is_empty(after))


def _is_empty(value: Any) -> bool:
    return value is _MISSING or value is None or value in ("", [], {})


def _rows(where: str, before: list[Any], after: list[Any]) -> Iterator[Change]:
    old, new = _named(where, before), _named(where, after)
    places = {name: place for place, name in enumerate(old)}
    still = _in_order([places[name] for name in new if name in old])
    for place, name in enumerate(new):
        at = f"{where}[{place}]"
        if name not in old:
            yield Change(at, Kind.ADDED, None, new[name])
            continue
        if places[name] not in still and places[name] != place:
            yield Change(at, Kind.MOVED, places[name] + 1, place + 1)
        yield from _compared(at, old[name], new[name])
    for name, place in places.items():
        if name not in new:
            yield Change(f"{where}[{place}]", Kind.REMOVED, old[name], None)


def _named(where: str, rows: list[Any]) -> dict[tuple[Any, ...], Any]:
    """The rows under their names; a second row of one name (a draft may have it) is told by its number."""
    members = _ROW_NAMES.get(re.split(r"[.\]]", where)[-1], ())
    seen: Counter[str] = Counter()
    named = {}
    for row in rows:
        name = repr([row.get(one) for one in members] if isinstance(row, Mapping) and members else row)
        seen[name] += 1
        named[name, seen[name]] = row
    return named


def _in_order(places: list[int]) -> set[int]:
    """The most places that stand in rising order; the rest have been moved."""
    best: list[list[int]] = []  # best[k]: a rising run of k + 1 places with the smallest end
    for place in places:
        length = sum(1 for run in best if run[-1] < place)
        run = [*(best[length - 1] if length else []), place]
        best[length : length + 1] = [run]
    return set(best[-1]) if best else set()


_MAJOR = re.compile(
    r"learning_outcomes(\[\d+\](\.(id|kind|text))?)?|rubric\..*|assessment_types.*|supervision|identity_verified"
    r"|eqf_level|level_not_applicable|evidence_required.*|achievement_type|ects_awarded|language"
    r"|units\[\d+\]\.definitions(\[\d+\])?"
)
# Their values are chosen, not written: one letter makes another value of them.
_CHOSEN = re.compile(
    r".*\b(id|kind|type|genre|url|targetUrl|targetCode|targetType|slug|version|starts|ends|picture"
    r"|pass_level)|language|category|alliance_topic|achievement_type|participation|learning_mode|supervision|isced_f"
    r"|(assessment_types|activity_types|stackability\.pathways|rubric\.criteria\[\d+\]\.outcomes).*|look.*"
)


def _weight(change: Change) -> Step:
    if change.kind is Kind.MOVED or _is_only_wording(change):
        return Step.PATCH
    if _MAJOR.fullmatch(change.where) or _brings_definitions(change):
        return Step.MAJOR
    return Step.MINOR


def _brings_definitions(change: Change) -> bool:
    """Whether a whole unit of a curriculum came or went together with what it leads to."""
    row = change.after or change.before
    return bool(
        re.fullmatch(r"units\[\d+\]", change.where) and isinstance(row, Mapping) and row.get("definitions")
    )


def _is_only_wording(change: Change) -> bool:
    texts = change.before, change.after
    if change.kind is not Kind.CHANGED or not all(isinstance(text, str) for text in texts):
        return False
    return not _CHOSEN.fullmatch(change.where) and _differ_in_typing(*texts)


def _differ_in_typing(before: str, after: str) -> bool:
    """Whether only capitals, spaces and stops differ, or single letters of longer words."""
    old, new = (re.findall(r"\w+", text.casefold()) for text in (before, after))
    return len(old) == len(new) and all(
        one == other or (min(len(one), len(other)) > 4 and one.isalpha() and _one_slip(one, other))
        for one, other in zip(old, new, strict=True)
    )


def _one_slip(one: str, other: str) -> bool:
    """One letter more, less or different inside a word, or two letters swapped; its first letter is kept."""
    if one[0] != other[0] or not other.isalpha():
        return False
    start = next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    rests = one[start:], other[start:]
    swapped = rests[0][:2] == rests[1][:2][::-1] and rests[0][2:] == rests[1][2:]
    return swapped or any(rests[0][gone:] == rests[1][come:] for gone, come in ((1, 1), (1, 0), (0, 1)))
