"""Reads an uploaded CSV class list of unknown encoding and separator, and names every bad row at once."""

from collections.abc import Iterable

from badge_service.web.csv_files import CsvTable, read_csv, write_csv
from badge_service.workshops.rules.headings import is_heading
from badge_service.workshops.rules.learners import MOST_BYTES, MOST_ROWS, Collection, LearnerList, LearnerRow
from badge_service.workshops.rules.lines import add_parts, parse_learners
from badge_service.workshops.rules.records import read_table


def parse_csv(data: bytes) -> LearnerList:
    """Read a CSV file: UTF-8, UTF-16, Windows-1251 or -1252; comma, semicolon or tab; with or without headings.

    Every record that is not blank becomes a row or at least one fault; rows are counted as a spreadsheet does, from 1.
    What makes the whole file unusable is one fault with row 0. At most 1,000 rows and 1 MB.
    """
    table = read_csv(data, most_bytes=MOST_BYTES, most_rows=MOST_ROWS)
    if table.text and not table.separator:
        return parse_learners(table.text)
    if not table.records:
        return LearnerList(faults=table.faults)
    found = _read_records(table)
    return LearnerList(found.rows, found.faults + table.faults, found.ignored_columns)


def _read_records(table: CsvTable) -> LearnerList:
    records = list(table.records)
    if is_heading(records[0][1]):
        return read_table(records)
    collection = Collection()
    for row, cells in records:
        add_parts(collection, row, cells)
    return collection.finish()


def as_csv(rows: Iterable[LearnerRow]) -> str:
    """The rows as CSV text that `parse_csv` reads back as the same learners."""
    return write_csv(
        ("number", "name", "email"),
        ((str(row.number or ""), row.name, row.email or "") for row in rows),
        safe=False,
    )
