"""How a file from elsewhere is read, as it was guessed or as a person said: encoding, separator, headings, days, columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

from badge_service.awards.rules.imports.columns import (
    MOST_COLUMNS,
    are_headings,
    guess_by_cells,
    guess_by_headings,
)
from badge_service.awards.rules.imports.days import month_is_first
from badge_service.curriculum.rules import Rubric
from badge_service.web.csv_files import CsvTable, clean, read_csv, shown

MOST_BYTES = 10_000_000
MOST_ROWS = 50_000
_ONE_COLUMN = "\t"
_SAMPLED = 10
_SAMPLES = 2


@dataclass(frozen=True)
class Reading:
    """The choices; `columns` says what each column holds, `headings` how the file calls it and `samples` what stands in it.

    `emails` corrects addresses, by row.
    """

    encoding: str = ""
    separator: str = ""
    has_headings: bool = True
    month_first: bool = False
    columns: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    samples: tuple[str, ...] = ()
    emails: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """As it is stored."""
        return {
            "encoding": self.encoding,
            "separator": self.separator,
            "has_headings": self.has_headings,
            "month_first": self.month_first,
            "columns": list(self.columns),
            "headings": list(self.headings),
            "samples": list(self.samples),
            "emails": dict(self.emails),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """As it was stored."""
        lists = {name: tuple(stored[name]) for name in ("columns", "headings", "samples")}
        return cls(**{**stored, **lists})


def open_table(data: bytes, encoding: str = "", separator: str = "") -> CsvTable:
    """The records of a file; one without any separator is a table of one column."""
    limits = {"most_bytes": MOST_BYTES, "most_rows": MOST_ROWS}
    table = read_csv(data, encoding=encoding, separator=separator, **limits)
    if table.text and not table.separator:
        table = read_csv(data, encoding=encoding, separator=_ONE_COLUMN, **limits)
    return table


def guess_reading(table: CsvTable, rubric: Rubric, has_headings: bool | None = None) -> Reading:
    """What a file looks like; `has_headings` where somebody has said so."""
    rows = [[clean(cell) for cell in cells[:MOST_COLUMNS]] for _row, cells in table.records] or [[]]
    first = rows[0]
    headed = are_headings(rows, rubric) if has_headings is None else has_headings
    body = rows[1:] if headed else rows
    columns = guess_by_headings(rows, rubric) if headed else guess_by_cells(body)
    reading = Reading(table.encoding, table.separator, headed, columns=tuple(columns))
    width = len(columns)
    headings = tuple(_heading(first, at) if headed else "" for at in range(width))
    samples = tuple(_sample(body, at) for at in range(width))
    days = [cells[at] for at in _places(columns, "date") for cells in body if at < len(cells)]
    return replace(reading, headings=headings, samples=samples, month_first=month_is_first(days))


def _places(columns: Sequence[str], kind: str) -> list[int]:
    return [at for at, one in enumerate(columns) if one == kind]


def _sample(body: Sequence[Sequence[str]], at: int) -> str:
    """What stands in the first cells of a column."""
    filled = (shown(cells[at]) for cells in body[:_SAMPLED] if at < len(cells) and cells[at])
    return ", ".join(list(filled)[:_SAMPLES])


def _heading(first: Sequence[str], at: int) -> str:
    return shown(first[at]) if at < len(first) else ""
