"""Turns the rows of a file from elsewhere into checked learners, or names everything wrong with each, with its fix."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from flask_babel import gettext as _

from badge_service.awards.rules.evidence import EvidenceKind, evidence_faults
from badge_service.awards.rules.imports.columns import LEVEL, NAME_PARTS
from badge_service.awards.rules.imports.days import day_faults, read_day
from badge_service.awards.rules.imports.mailboxes import suggest_domains
from badge_service.awards.rules.imports.reading import Reading
from badge_service.curriculum.rules import Content, Rubric, readiness, rubric_of
from badge_service.web.csv_files import CsvTable, Record, RowFault, clean, shown, wrong_width
from badge_service.web.texts import hidden_character
from badge_service.workshops.rules.learners import email_faults, folded, name_faults, shared_address

LONGEST_CELL = 1_000


@dataclass(frozen=True)
class RowRead:
    """One row: a learner with the award from elsewhere, or (with `faults`) what is wrong; `repeats` is an earlier row.

    `suggestion` is the address that was probably meant. Without `awarded_on` it is awarded on the day of the import.
    """

    row: int
    name: str = ""
    email: str | None = None
    awarded_on: date | None = None
    evidence_url: str | None = None
    levels: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[RowFault, ...] = ()
    suggestion: str | None = None
    repeats: int | None = None


def read_rows(table: CsvTable, reading: Reading, content: Content, today: date) -> list[RowRead]:
    """Every row that is not blank; never raises. Rows in which reading had to stop are among them, as faults."""
    records = table.records[1:] if reading.has_headings else table.records
    reader = _Reader(reading, content, today)
    rows = [reader.read(record) for record in records]
    rows += [RowRead(fault.row, faults=(fault,)) for fault in table.faults if fault.row]
    return list(_with_suggestions(alone(rows)))


class _Reader:
    """Reads rows by one mapping of columns; rows with the same levels are judged once."""

    def __init__(self, reading: Reading, content: Content, today: date) -> None:
        self._reading, self._content, self._today = reading, content, today
        self._rubric: Rubric = rubric_of(content)
        self._place = {kind: at for at, kind in enumerate(reading.columns) if kind}
        self._names = [at for at, kind in enumerate(reading.columns) if kind in NAME_PARTS]
        self._judged: dict[tuple[str, ...], tuple[Mapping[str, str], tuple[tuple[str, str, str], ...]]] = {}

    def read(self, record: Record) -> RowRead:
        row, cells = record
        extra = [cell for cell in cells[len(self._reading.columns) :] if clean(cell)]
        if extra or (self._names and len(cells) <= min(self._names)):
            return RowRead(row, faults=(wrong_width(row, len(cells), len(self._reading.columns), extra),))
        if hidden := list(self._unreadable(row, cells)):
            return RowRead(row, shown(self._name(cells)), faults=tuple(hidden))
        name, email = self._name(cells), self._email(row, cells)
        day, link = self._cell(cells, "date"), self._cell(cells, "evidence")
        levels, level_faults = self._levels(row, cells)
        faults = [
            *self._name_faults(row, name, cells),
            *(email_faults(row, email) if email else ()),
            *(day_faults(row, day, self._today, month_first=self._reading.month_first) if day else ()),
            *(_link_faults(row, link, name) if link else ()),
            *level_faults,
        ]
        if faults:
            return RowRead(row, shown(name), shown(email) or None, faults=tuple(faults))
        awarded_on = read_day(day, month_first=self._reading.month_first) if day else None
        return RowRead(row, name, email.lower() or None, awarded_on, link or None, levels)

    def _cell(self, cells: Sequence[str], kind: str) -> str:
        at = self._place.get(kind)
        return clean(cells[at]) if at is not None and at < len(cells) else ""

    def _name(self, cells: Sequence[str]) -> str:
        return " ".join(filter(None, (clean(cells[at]) for at in self._names if at < len(cells))))

    def _email(self, row: int, cells: Sequence[str]) -> str:
        return self._reading.emails.get(str(row)) or self._cell(cells, "email")

    def _unreadable(self, row: int, cells: Sequence[str]) -> Iterator[RowFault]:
        """Cells with hidden characters, or far too long: nothing else is said about such a row."""
        for at, kind in enumerate(self._reading.columns):
            cell = clean(cells[at]) if kind and at < len(cells) else ""
            column = self._reading.headings[at] or _("column %(number)s", number=at + 1)
            if len(cell) > LONGEST_CELL:
                message = _("This is longer than %(most)s characters. Shorten it.", most=LONGEST_CELL)
                yield RowFault(row, column, shown(cell), message, "too_long")
            elif _hides_something(cell.replace("\n", "") if kind in NAME_PARTS else cell):
                message = _("There is an invisible control character in it. Type this cell anew.")
                yield RowFault(row, column, shown(cell), message, "control_character")

    def _name_faults(self, row: int, name: str, cells: Sequence[str]) -> list[RowFault]:
        parts = [clean(cells[at]) for at in self._names if at < len(cells)] if len(self._names) > 1 else []
        return name_faults(row, name, parts) if self._names else []

    def _levels(self, row: int, cells: Sequence[str]) -> tuple[Mapping[str, str], list[RowFault]]:
        typed = tuple(self._cell(cells, f"{LEVEL}{one.id}") for one in self._rubric.criteria)
        if not any(typed):
            return {}, []
        if typed not in self._judged:
            self._judged[typed] = self._judge(typed)
        levels, found = self._judged[typed]
        return levels, [
            RowFault(row, column, shown(typed[0]), message, code) for column, message, code in found
        ]

    def _judge(self, typed: tuple[str, ...]) -> tuple[Mapping[str, str], tuple[tuple[str, str, str], ...]]:
        """The levels of these cells, and what is wrong with them: (column, message, code)."""
        names = {
            word: one.id
            for one in self._rubric.levels
            for word in (folded(one.id), folded(one.name), str(one.points))
        }
        levels, found = {}, []
        for criterion, cell in zip(self._rubric.criteria, typed, strict=True):
            level = names.get(folded(cell))
            if level is None:
                choices = ", ".join(one.name for one in self._rubric.levels)
                message = _(
                    "“%(cell)s” is no level. Write one of: %(levels)s", cell=shown(cell), levels=choices
                )
                found.append((criterion.name, message, "level"))
            else:
                levels[criterion.id] = level
        if not found and not readiness(self._content, levels).ready:
            message = _(
                "These levels do not reach the pass mark of the definition. Check them, or take the row out."
            )
            found.append((_("levels"), message, "level_too_low"))
        return levels, tuple(found)


def _hides_something(cell: str) -> bool:
    return not cell.isprintable() and hidden_character(cell)


def _link_faults(row: int, link: str, name: str) -> list[RowFault]:
    found = evidence_faults(
        EvidenceKind.LINK,
        title="-",
        text="",
        url=link,
        genre="website",
        in_credential=True,
        learner_names=[name],
    )
    return [RowFault(row, _("evidence"), shown(link), fault.message, fault.code) for fault in found]


def alone(rows: Sequence[RowRead]) -> Iterator[RowRead]:
    """Repeated rows point to the first; one address for two names is a fault of the second (`SHARED_ADDRESS`)."""
    owners: dict[str, RowRead] = {}
    seen: dict[tuple[str, str | None], int] = {}
    for one in rows:
        if one.faults:
            yield one
            continue
        key = (folded(one.name), one.email)
        owner = owners.setdefault(one.email, one) if one.email else one
        if key in seen:
            yield replace(one, repeats=seen[key])
        elif folded(owner.name) != key[0]:
            shared = shared_address(one.row, one.email or "", owner.row, owner.name)
            yield replace(one, faults=(shared,))
        else:
            seen[key] = one.row
            yield one


def _with_suggestions(rows: Iterator[RowRead]) -> Iterator[RowRead]:
    kept = list(rows)
    meant = suggest_domains(one.email for one in kept if one.email and not one.faults)
    for one in kept:
        mailbox, _at, domain = (one.email or "").rpartition("@")
        yield replace(one, suggestion=f"{mailbox}@{meant[domain]}") if domain in meant else one
