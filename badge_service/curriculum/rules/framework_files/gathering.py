"""Turns the raw items of a file into checked ones: doubles and wrong fields named, parents found, circles refused."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from badge_service.curriculum.rules.framework_files.checking import faults_of, item_facts, tidy
from badge_service.curriculum.rules.framework_files.found import RawItem
from badge_service.curriculum.rules.frameworks import ItemFacts
from badge_service.web.csv_files import RowFault, shown

MOST_FAULTS = 500
"""More than that nobody reads; a file with more is told so in one more sentence."""


@dataclass(frozen=True)
class Gathered:
    """The good items in order, the faults by row, and how many good items have a parent that the file does not have."""

    items: tuple[ItemFacts, ...]
    faults: tuple[RowFault, ...]
    loose: int


def gather(found: Sequence[RawItem], columns: Mapping[str, str], *, is_selection: bool = False) -> Gathered:
    """Check all items of a file at once; with `is_selection` a parent outside the file is no fault (ESCO, CASE exports)."""
    tidied = [tidy(raw) for raw in found]
    faults = [fault for raw in tidied for fault in faults_of(raw, columns)]
    faults += _doubles(tidied, columns, "code", _("Row %(row)s has the same code. Give each its own."))
    faults += _doubles(tidied, columns, "uri", _("Row %(row)s has the same address. Give each its own."))
    tree = _Tree(tidied, {fault.row for fault in faults}, columns, is_selection)
    tree.settle()
    items = [replace(item_facts(raw), parent_code=tree.parents[raw.row]) for raw in tree.good()]
    return Gathered(tuple(items), tuple(_told(faults + tree.faults)), tree.loose)


def _told(faults: list[RowFault]) -> list[RowFault]:
    ordered = sorted(faults, key=lambda fault: fault.row)
    if len(ordered) <= MOST_FAULTS:
        return ordered
    message = _(
        "There are %(count)s faults; the first %(most)s are named. Correct them, then send the file again.",
        count=len(ordered),
        most=MOST_FAULTS,
    )
    return [RowFault(0, "", "", message, "too_many_faults"), *ordered[:MOST_FAULTS]]


def _doubles(
    found: Sequence[RawItem], columns: Mapping[str, str], field: str, message: str
) -> Iterator[RowFault]:
    first: dict[str, int] = {}
    for raw in found:
        value = getattr(raw, field)
        if value and first.setdefault(value, raw.row) != raw.row:
            words = message % {"row": first[value]}
            yield RowFault(raw.row, columns.get(field, field), shown(value), words, f"{field}_twice")


class _Tree:
    """Finds each item's parent by code, address or identifier, or from its own code (1.2 stands under 1)."""

    def __init__(
        self, found: Sequence[RawItem], bad: set[int], columns: Mapping[str, str], is_selection: bool
    ) -> None:
        self._found = found
        self._bad = set(bad)
        self._column = columns.get("parent", "parent")
        self._is_selection = is_selection
        self._by_name = _names(found)
        self._by_code = {raw.code: raw for raw in reversed(found) if raw.code}
        self.parents: dict[int, str] = {}
        self.faults: list[RowFault] = []
        self.loose = 0

    def good(self) -> list[RawItem]:
        """The items without a fault, in the order of the file."""
        return [raw for raw in self._found if raw.row not in self._bad]

    def settle(self) -> None:
        """Find all parents; name those that are missing, left out themselves, or lead in a circle."""
        self._find_parents()
        self._refuse_circles()
        if self._is_selection:
            self._lift_orphans()
        else:
            self._refuse_orphans()

    def _find_parents(self) -> None:
        from_codes = not any(raw.parent for raw in self._found)
        for raw in self._found:
            parent = self._above(raw.code) if from_codes else self._by_name.get(raw.parent)
            self.parents[raw.row] = parent.code if parent is not None else ""
            if raw.parent and parent is None:
                self._miss(raw)

    def _above(self, code: str) -> RawItem | None:
        """The item whose code is the longest beginning of this one before a dot or hyphen."""
        for cut in reversed([match.start() for match in re.finditer(r"[.-]", code)]):
            if code[:cut] in self._by_code:
                return self._by_code[code[:cut]]
        return None

    def _miss(self, raw: RawItem) -> None:
        if self._is_selection:
            self.loose += 1
            return
        message = _("No row has this code or address. Correct it, add that row, or leave the cell empty.")
        self._refuse(raw, message, "parent_unknown")

    def _refuse(self, raw: RawItem, message: str, code: str) -> None:
        self._bad.add(raw.row)
        self.faults.append(RowFault(raw.row, self._column, shown(raw.parent), message, code))

    def _refuse_circles(self) -> None:
        """Walk up from every item once; whoever is met again on the same way stands in a circle."""
        checked: set[str] = set()
        for raw in self._found:
            way: dict[str, RawItem] = {}
            step: RawItem | None = raw
            while step is not None and step.code not in way and step.code not in checked:
                way[step.code] = step
                step = self._by_code.get(self.parents.get(step.row, ""))
            if step is not None and step.code in way:
                self._name_circle(list(way.values())[list(way).index(step.code) :])
            checked |= set(way)

    def _name_circle(self, circle: list[RawItem]) -> None:
        codes = " → ".join(shown(raw.code) for raw in (*circle[:6], circle[0]))
        message = _("Its parents lead back to itself: %(codes)s. Correct one of them.", codes=codes)
        for raw in circle:
            self._refuse(raw, message, "parent_circle")

    def _refuse_orphans(self) -> None:
        """Whoever stands below an item with a fault cannot be stored without it."""
        below: dict[str, list[RawItem]] = {}
        for raw in self._found:
            below.setdefault(self.parents[raw.row], []).append(raw)
        waiting = [raw for raw in self._found if raw.row in self._bad and raw is self._by_code.get(raw.code)]
        while waiting:
            parent = waiting.pop()
            for raw in below.get(parent.code, []):
                if raw.row not in self._bad:
                    message = _(
                        "The row of its parent, %(row)s, has a fault. Correct that one.", row=parent.row
                    )
                    self._refuse(raw, message, "parent_left_out")
                    waiting.append(raw)

    def _lift_orphans(self) -> None:
        kept = {raw.code for raw in self.good()}
        for raw in self.good():
            if self.parents[raw.row] and self.parents[raw.row] not in kept:
                self.parents[raw.row] = ""
                self.loose += 1


def _names(found: Sequence[RawItem]) -> dict[str, RawItem]:
    names: dict[str, RawItem] = {}
    for raw in found:
        for name in (raw.code, raw.uri, *raw.identifiers):
            if name:
                names.setdefault(name, raw)
    return names
