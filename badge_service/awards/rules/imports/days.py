"""Reads the day on which a badge was awarded elsewhere, in the forms that spreadsheets write, and says what is wrong with it."""

import re
from collections.abc import Iterable
from datetime import date

from flask_babel import gettext as _

from badge_service.web.csv_files import RowFault, shown

EARLIEST = date(1980, 1, 1)
_TIME = r"(?:[T ]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:Z|[+-]\d{2}:?\d{2})?)?"
_YEAR_FIRST = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})" + _TIME, re.ASCII)
_YEAR_LAST = re.compile(r"(\d{1,2})[-./](\d{1,2})[-./](\d{4})\.?(?:\s*(?:г|г\.))?" + _TIME, re.ASCII)


def looks_like_day(cell: str) -> bool:
    """Whether somebody meant this as a day."""
    return bool(_YEAR_FIRST.fullmatch(cell) or _YEAR_LAST.fullmatch(cell))


def month_is_first(cells: Iterable[str]) -> bool:
    """Whether days of these cells only make sense with the month before the day (3/25/2026)."""
    pairs = [(int(m[1]), int(m[2])) for cell in cells if (m := _YEAR_LAST.fullmatch(cell))]
    return any(second > 12 for _first, second in pairs) and not any(first > 12 for first, _second in pairs)


def read_day(cell: str, *, month_first: bool) -> date | None:
    """The day of a cell, or None; a time behind it is left out."""
    if match := _YEAR_FIRST.fullmatch(cell):
        year, month, day = match[1], match[2], match[3]
    elif match := _YEAR_LAST.fullmatch(cell):
        year, month, day = match[3], match[1 if month_first else 2], match[2 if month_first else 1]
    else:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def day_faults(row: int, cell: str, today: date, *, month_first: bool) -> list[RowFault]:
    """Everything wrong with the day of one row."""
    found = read_day(cell, month_first=month_first)
    if found is None:
        message = _("We cannot read this as a day. Write it as year-month-day, for example 2026-03-25.")
        return [_fault(row, cell, message, "date")]
    if found > today:
        message = _("This day is still to come. Write the day on which it was awarded.")
        return [_fault(row, cell, message, "date_future")]
    if found < EARLIEST:
        message = _("This is before %(year)s. Check the year.", year=EARLIEST.year)
        return [_fault(row, cell, message, "date_early")]
    return []


def _fault(row: int, cell: str, message: str, code: str) -> RowFault:
    return RowFault(row, _("awarded on"), shown(cell), message, code)
