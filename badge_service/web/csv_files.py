"""Reads an uploaded CSV file of unknown encoding and separator into numbered records, and says what it guessed."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from badge_service.errors import Fault

Record = tuple[int, list[str]]
"""A row's number as a spreadsheet shows it, from 1, and its cells."""

_SEPARATORS = ";\t,"
_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_NOT_TEXT = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf")
_ENCODINGS = {
    "utf-8-sig": "UTF-8",
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1251": "Windows-1251",
    "cp1252": "Windows-1252",
}
_CODECS = {"UTF-8": "utf-8-sig", "UTF-16": "utf-16", "Windows-1250": "cp1250"} | {
    name: codec for codec, name in _ENCODINGS.items() if codec.startswith("cp")
}
ENCODINGS = tuple(_CODECS)
"""What a person may choose instead of our guess, by the names that spreadsheets use."""
SEPARATORS = (",", ";", "\t", "|")
_SHOWN_VALUE = 60
_INVISIBLE: dict[int, str | None] = {
    **dict.fromkeys(map(ord, "\ufeff\u200b\u2060\u200e\u200f\u00ad"), None),
    **dict.fromkeys(map(ord, "\u00a0\u1680\u202f\u205f\u3000"), " "),
    **dict.fromkeys(range(0x2000, 0x200B), " "),
}
_FORMULA_STARTS = frozenset("=+-@\t\r\0＝＋－＠")


@dataclass(frozen=True)
class RowFault:
    """What is wrong with one cell: its row (0 for the whole file), column and value, and a message that says the fix."""

    row: int
    column: str
    value: str
    message: str
    code: str

    def as_fault(self) -> Fault:
        """The same as the fault every error of ours carries."""
        places = ([_("row %(row)s", row=self.row)] if self.row else []) + (
            [self.column] if self.column else []
        )
        return Fault(", ".join(places), self.message, self.code)


@dataclass(frozen=True)
class CsvTable:
    """The records of a file that are not blank, what was guessed of it, and what could not be read.

    Without a separator (`separator` empty) the file is one column and `records` is empty: `text` holds it.
    """

    records: tuple[Record, ...] = ()
    faults: tuple[RowFault, ...] = ()
    encoding: str = ""
    separator: str = ""
    text: str = ""


def read_csv(
    data: bytes, *, most_bytes: int, most_rows: int, encoding: str = "", separator: str = ""
) -> CsvTable:
    """Read UTF-8, UTF-16, Windows-1251 or -1252, with comma, semicolon or tab; never raises.

    `encoding` and `separator` (of `ENCODINGS` and `SEPARATORS`) are followed where given, else guessed. Rows are counted as a spreadsheet does, headings and blank rows too. What makes the whole file unusable is one fault
    with row 0 (codes `too_large`, `type_mismatch`, `encoding`, `empty`, `too_many_rows`); where reading has to stop, one
    fault names that row (`csv_malformed`, `too_long`). `most_rows` does not count the headings.
    """
    if len(data) > most_bytes:
        message = _("This file is larger than %(most)s MB. Send it in parts.", most=most_bytes // 1_000_000)
        return _unusable(message, "too_large")
    if data.startswith(_NOT_TEXT):
        message = _(
            "This is no CSV file. In your spreadsheet choose “Save as”, then “CSV UTF-8”, and send that file."
        )
        return _unusable(message, "type_mismatch")
    decoded = _decode_as(data, encoding) if encoding in _CODECS else decode(data)
    if decoded is None:
        message = _("We cannot read the letters of this file. Save it again as “CSV UTF-8”.")
        return _unusable(message, "encoding")
    text, found = decoded
    if not clean(text).strip():
        return _unusable(_("This file is empty."), "empty")
    return _read_text(text, found, most_rows, separator if separator in SEPARATORS else "")


def wrong_width(row: int, found: int, wanted: int, extra: Sequence[str]) -> RowFault:
    """That a row has more or fewer cells than the file has columns; `extra` are those too much."""
    message = _(
        "This row has %(found)s cells, the file has %(wanted)s columns. Add what is missing or take out the "
        "separator too much (a name with a comma needs quotes around it).",
        found=found,
        wanted=wanted,
    )
    return RowFault(row, _("row"), shown(", ".join(extra)), message, "row_columns")


def decode(data: bytes) -> tuple[str, str] | None:
    """The text of a file and the name of its encoding: by its byte order mark, else UTF-16 by its zero bytes, UTF-8,
    Cyrillic or Western Windows."""
    encodings = [name for mark, name in _BYTE_ORDER_MARKS if data.startswith(mark)]
    encodings = encodings or [_utf16_without_mark(data) or "utf-8", _windows_page(data)]
    for encoding in encodings:
        try:
            return data.decode(encoding), _ENCODINGS[encoding]
        except UnicodeDecodeError:
            continue
    return None


def _decode_as(data: bytes, encoding: str) -> tuple[str, str] | None:
    codec = _CODECS[encoding]
    if encoding == "UTF-16" and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        codec = _utf16_without_mark(data) or "utf-16-le"
    try:
        return data.decode(codec), encoding
    except UnicodeDecodeError:
        return None


def clean(text: str) -> str:
    """The text composed (NFC), without invisible characters and needless blanks; control characters stay to be named."""
    visible = unicodedata.normalize("NFC", text).translate(_INVISIBLE)
    return re.sub(r" {2,}", " ", visible).strip(" \t")


def shown(value: str) -> str:
    """A value short and harmless enough to stand in a message."""
    visible = "".join(
        character if character.isprintable() else "\ufffd" for character in value[:_SHOWN_VALUE]
    )
    return visible + ("…" if len(value) > _SHOWN_VALUE else "")


def write_csv(headings: Sequence[str], rows: Iterable[Sequence[str]], *, safe: bool = True) -> str:
    """The rows as CSV text; a cell that a spreadsheet would take for a formula gets an apostrophe, unless not `safe`."""
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet, quoting=csv.QUOTE_ALL)
    writer.writerow(headings)
    writer.writerows([_harmless(cell) if safe else cell for cell in row] for row in rows)
    return sheet.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell[:1] in _FORMULA_STARTS else cell


def _unusable(message: str, code: str) -> CsvTable:
    return CsvTable(faults=(RowFault(0, "", "", message, code),))


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


def _read_text(text: str, encoding: str, most_rows: int, asked: str) -> CsvTable:
    if "\n" not in text:  # what old Macs and “CSV (Macintosh)” write
        text = text.replace("\r", "\n")
    guessed, text = _separator_of(text)
    separator = asked or guessed
    if separator is None:
        return CsvTable(encoding=encoding, text=text)
    records, broken = _records(text, separator, most_rows)
    if len(records) > most_rows + 1:
        message = _("There are more than %(most)s rows. Send them in parts.", most=most_rows)
        return _unusable(message, "too_many_rows")
    return CsvTable(tuple(records), tuple(broken), encoding, separator, text)


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


def _records(text: str, separator: str, most_rows: int) -> tuple[list[Record], list[RowFault]]:
    """The records that are not blank, and the fault of the one after which nothing can be read."""
    # newline="\n" keeps a lone carriage return inside the line, so that the csv module names it.
    reader = csv.reader(io.StringIO(text, newline="\n"), delimiter=separator)
    records: list[Record] = []
    row = 0
    try:
        for row, cells in enumerate(reader, 1):
            if any(clean(cell) for cell in cells):
                records.append((row, cells))
            if len(records) > most_rows + 1:
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
