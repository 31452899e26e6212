"""Reads a file from elsewhere as its person says, before anything of it is written: a big one takes seconds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from badge_service.awards.rules.imports import (
    Reading,
    RowRead,
    column_faults,
    guess_reading,
    open_table,
    read_rows,
)
from badge_service.curriculum.rules import rubric_of
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.errors import Fault


@dataclass(frozen=True)
class FileRead:
    """What a file says: how it was read, its rows, and what is wrong with the whole.

    `before` is how it was read until then: once that has changed, this is out of date.
    """

    reading: Reading
    rows: Sequence[RowRead]
    faults: Sequence[Fault]
    is_table: bool
    before: Reading | None = None


def read_file(
    version: DefinitionVersion,
    data: bytes,
    today: date,
    wanted: Reading | None = None,
    before: Reading | None = None,
) -> FileRead:
    """Read it as it looks, or as a person wants it; columns are guessed anew when they no longer fit the file.

    `before` is how it was read until now: what stays the same keeps its corrected addresses.
    """
    rubric = rubric_of(version.content)
    table = open_table(data, wanted.encoding, wanted.separator) if wanted else open_table(data)
    faults = [fault.as_fault() for fault in table.faults if not fault.row]
    if not table.records:
        return FileRead(wanted or Reading(), (), faults, is_table=False, before=before)
    reading = guess_reading(table, rubric, wanted.has_headings if wanted else None)
    if wanted and before:
        reading = _as_said(reading, wanted, before)
    faults += column_faults(reading.columns, rubric)
    rows = read_rows(table, reading, version.content, today)
    return FileRead(reading, rows, faults, is_table=True, before=before)


def _as_said(looks: Reading, wanted: Reading, before: Reading) -> Reading:
    as_before = (wanted.encoding, wanted.separator) == (before.encoding, before.separator)
    said = wanted.columns != before.columns or wanted.has_headings == before.has_headings
    if as_before and said and len(looks.columns) == len(wanted.columns):
        looks = replace(looks, columns=wanted.columns, month_first=wanted.month_first, emails=before.emails)
    return replace(looks, encoding=wanted.encoding or looks.encoding)
