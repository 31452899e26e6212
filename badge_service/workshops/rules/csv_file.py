"""Reads an uploaded CSV class list of unknown encoding and separator, and names every bad row at once."""

import csv
import io
import re
from collections.abc import Iterable

from flask_babel import gettext as _

from badge_service.workshops.rules.headings import is_heading
from badge_service.workshops.rules.learners import (
    MOST_BYTES,
    MOST_ROWS,
    Collection,
    LearnerList,
    LearnerRow,
    RowFault,
    clean,
    whole_list_fault,
)
from badge_service.workshops.rules.lines import add_parts, parse_learners
from badge_service.workshops.rules.records import Record, read_table

_SEPARATORS = ";\t,"
_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_NOT_TEXT = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf")


def parse_csv(data: bytes) -> LearnerList:
    """Read a CSV file: UTF-8, UTF-16, Windows-1251 or -1252; comma, semicolon or tab; with or without headings.

    Every record that is not blank becomes a row or at least one fault; rows are counted as a spreadsheet does, from 1.
    What makes the whole file unusable is one fault with row 0. At most 1,000 rows and 1 MB.
    """
    if len(data) > MOST_BYTES:
        return whole_list_fault(_("This file is larger than 1 MB. Send it in parts."), "too_large")
    if data.startswith(_NOT_TEXT):
        message = _(
            "This is no CSV file. In your spreadsheet choose “Save as”, then “CSV UTF-8”, and send that file."
        )
        return whole_list_fault(message, "type_mismatch")
    text = decode(data)
    if text is None:
        message = _("We cannot read the letters of this file. Save it again as “CSV UTF-8”.")
        return whole_list_fault(message, "encoding")
    if not clean(text).strip():
        return whole_list_fault(_("This file is empty."), "empty")
    return _read_text(text)


def decode(data: bytes) -> str | None:
    """The text of a file: by its byte order mark, else UTF-16 by its zero bytes, UTF-8, Cyrillic or Western Windows."""
    encodings = [name for mark, name in _BYTE_ORDER_MARKS if data.startswith(mark)]
    encodings = encodings or [_utf16_without_mark(data) or "utf-8", _windows_page(data)]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _utf16_without_mark(data: bytes) -> str | None:
    sample = data[:400]
    half = max(len(sample) // 2, 1)
    if len(data) % 2 == 0 and sample[1::2].count(0) / half > 0.4:
        return "utf-16-le"
    if len(data) % 2 == 0 and sample[0::2].count(0) / half > 0.4:
        return "utf-16-be"
    return None


def _windows_page(data: bytes) -> str:
    """Cyrillic words are runs of high bytes; Western ones have single accents between ASCII letters."""
    in_runs = sum(len(run) for run in re.findall(rb"[\xa8\xb8\xc0-\xff]{3,}", data))
    return "cp1251" if 2 * in_runs > len(re.findall(rb"[\x80-\xff]", data)) else "cp1252"


def _read_text(text: str) -> LearnerList:
    if "\n" not in text:  # what old Macs and “CSV (Macintosh)” write
        text = text.replace("\r", "\n")
    separator, text = _separator_of(text)
    if separator is None:
        return parse_learners(text)
    records, broken = _records(text, separator)
    if len(records) > MOST_ROWS + 1:
        message = _("There are more than %(most)s rows. Send them in parts.", most=MOST_ROWS)
        return whole_list_fault(message, "too_many_rows")
    found = _read_records(records)
    return LearnerList(found.rows, found.faults + tuple(broken), found.ignored_columns)


def _separator_of(text: str) -> tuple[str | None, str]:
    """The separator, and the text without the line `sep=;` by which Excel announces it."""
    announced = re.match(r"\s*sep=(.)\r?\n", text)
    if announced and announced[1] in _SEPARATORS:
        # An empty line in its place keeps the count of rows as the spreadsheet shows it.
        return announced[1], "\n" + text[announced.end() :]
    first = next((line for line in text.splitlines() if line.strip()), "")
    outside_quotes = re.sub(r'"[^"]*"', "", first)
    counts = {separator: outside_quotes.count(separator) for separator in _SEPARATORS}
    best = max(counts, key=lambda separator: counts[separator])
    return (best if counts[best] else None), text


def _records(text: str, separator: str) -> tuple[list[Record], list[RowFault]]:
    """The records that are not blank, and the fault of the one after which nothing can be read."""
    # newline="\n" keeps a lone carriage return inside the line, so that the csv module names it.
    reader = csv.reader(io.StringIO(text, newline="\n"), delimiter=separator)
    records: list[Record] = []
    row = 0
    try:
        for row, cells in enumerate(reader, 1):
            if any(clean(cell) for cell in cells):
                records.append((row, cells))
            if len(records) > MOST_ROWS + 1:
                break
    except csv.Error as error:
        return records, [_broken(row + 1, str(error))]
    return records, []


def _broken(row: int, reason: str) -> RowFault:
    if "field larger" in reason:
        message = _(
            "A cell of this row is far too long: perhaps a quotation mark is missing. Nothing after it was read."
        )
        return RowFault(row, _("row"), "", message, "too_long")
    message = _("From this row on the file cannot be read. Save it again as “CSV UTF-8” in your spreadsheet.")
    return RowFault(row, _("row"), "", message, "csv_malformed")


def _read_records(records: list[Record]) -> LearnerList:
    if records and is_heading(records[0][1]):
        return read_table(records)
    collection = Collection()
    for row, cells in records:
        add_parts(collection, row, cells)
    return collection.finish()


def as_csv(rows: Iterable[LearnerRow]) -> str:
    """The rows as CSV text that `parse_csv` reads back as the same learners."""
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet, quoting=csv.QUOTE_ALL)
    writer.writerow(("number", "name", "email"))
    writer.writerows((row.number or "", row.name, row.email or "") for row in rows)
    return sheet.getvalue()
