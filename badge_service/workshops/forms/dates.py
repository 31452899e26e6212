"""The further days of a workshop in a form: rows of three boxes, as many as are needed, kept as they were typed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from itertools import zip_longest
from typing import Any

from flask_babel import gettext as _
from wtforms import Field

from badge_service.workshops.rules import Meeting
from badge_service.workshops.rules.dates import MOST_DATES

PARTS = ("day", "begins", "ends")


@dataclass(frozen=True)
class TypedDay:
    """One row as it was typed: a date as 2026-12-31, hours as 14:30."""

    day: str = ""
    begins: str = ""
    ends: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed."""
        return not (self.day or self.begins or self.ends)


class DaysField(Field):  # type: ignore[misc]
    """`data` are the meetings that could be read, `rows` what was typed; an empty row counts for nothing."""

    rows: tuple[TypedDay, ...] = ()
    data: tuple[Meeting, ...] = ()

    def process(self, formdata: Any, *_more: Any, **_options: Any) -> None:
        """Read the rows that were sent, and write down what cannot be read."""
        self.process_errors, self.data, self.rows = [], (), ()
        if not formdata:
            return
        columns = [formdata.getlist(f"{self.name}_{part}")[: MOST_DATES + 1] for part in PARTS]
        typed = (
            TypedDay(*(text[:40].strip() for text in row)) for row in zip_longest(*columns, fillvalue="")
        )
        self.rows = tuple(row for row in typed if not row.is_empty)
        read = [_read(row) for row in self.rows]
        self.data = tuple(meeting for meeting in read if meeting is not None)
        if None in read:
            self.process_errors.append(_("Write the date and the hours as your browser offers them."))

    def show(self, meetings: Sequence[Meeting]) -> None:
        """Fill the rows with what stands there now."""
        self.rows = tuple(
            TypedDay(one.day.isoformat(), _clock(one.begins), _clock(one.ends)) for one in meetings
        )

    def rows_to_show(self, *, spare: bool = False) -> tuple[TypedDay, ...]:
        """What the form shows: what was typed, and an empty row where one more is wanted."""
        return (*self.rows, TypedDay()) if spare and len(self.rows) < MOST_DATES - 1 else self.rows


def _read(row: TypedDay) -> Meeting | None:
    if not row.day.isascii() or len(row.day) != len("2026-12-31"):
        return None
    try:
        return Meeting(date.fromisoformat(row.day), _hour(row.begins), _hour(row.ends))
    except ValueError:
        return None


def _hour(typed: str) -> time | None:
    """14:30 or, as some browsers send it, 14:30:00; raises ValueError for anything else."""
    if not typed:
        return None
    if not typed.isascii() or len(typed) not in (len("14:30"), len("14:30:00")):
        raise ValueError(typed)
    return time.fromisoformat(typed).replace(tzinfo=None)


def _clock(hour: time | None) -> str:
    return f"{hour:%H:%M}" if hour else ""
