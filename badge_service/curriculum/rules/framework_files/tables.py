"""Reads a framework from a CSV table whose first row holds headings, also as ESCO's portal gives it to download."""

import re

from flask_babel import gettext as _

from badge_service.curriculum.rules.framework_files.esco import ESCO_GUESS, esco_kind, esco_target_type
from badge_service.curriculum.rules.framework_files.found import (
    FileFormat,
    FrameworkFile,
    Guess,
    RawItem,
    unusable,
)
from badge_service.curriculum.rules.framework_files.gathering import gather
from badge_service.curriculum.rules.framework_files.headings import Columns, columns_of, is_esco, language_of
from badge_service.web.csv_files import CsvTable, Record, clean, read_csv, shown, wrong_width

_BETWEEN_NAMES = re.compile(r"\r?\n|\\n|\|")


def read_table(data: bytes, *, most_bytes: int, most_rows: int) -> FrameworkFile:
    """Read a CSV file of unknown encoding and separator; every row that is not blank is an item or a named fault."""
    table = read_csv(data, most_bytes=most_bytes, most_rows=most_rows)
    if not table.records and not table.text:
        return FrameworkFile(FileFormat.UNKNOWN, faults=table.faults)
    records = table.records or _one_column(table.text)
    columns = columns_of([clean(cell) for cell in records[0][1]])
    if "label" not in columns.place:
        headings = shown(", ".join(clean(cell) for cell in records[0][1]))
        message = _(
            "No column holds names. The first row must hold headings: name, code and, if you have them, uri, parent, "
            "description, language. Found: %(headings)s",
            headings=headings,
        )
        return unusable(message, "no_name_column", FileFormat.CSV)
    return _read_records(table, records, columns)


def _one_column(text: str) -> tuple[Record, ...]:
    lines = enumerate(re.split(r"\r\n|\n|\r", text), 1)
    return tuple((row, [line.strip('"')]) for row, line in lines if clean(line))


def _read_records(table: CsvTable, records: tuple[Record, ...], columns: Columns) -> FrameworkFile:
    from_esco = is_esco(records[0][1])
    width = len(records[0][1])
    found, broken = [], list(table.faults)
    for row, cells in records[1:]:
        if any(cell.strip() for cell in cells[width:]) or len(cells) <= columns.place["label"]:
            broken.append(wrong_width(row, len(cells), width, cells[width:]))
        else:
            found.append(_raw(row, cells, columns, from_esco=from_esco))
    gathered = gather(found, columns.headings, is_selection=from_esco)
    faults = sorted([*broken, *gathered.faults], key=lambda fault: fault.row)
    if not gathered.items and not faults:
        return unusable(_("There are headings and nothing below them."), "empty", FileFormat.CSV)
    return FrameworkFile(
        format=FileFormat.ESCO_CSV if from_esco else FileFormat.CSV,
        items=gathered.items,
        faults=tuple(faults),
        guess=ESCO_GUESS if from_esco else Guess(language=language_of(records[0][1])),
        encoding=table.encoding,
        separator=table.separator,
        ignored_columns=columns.ignored,
        loose=gathered.loose,
    )


def _raw(row: int, cells: list[str], columns: Columns, *, from_esco: bool) -> RawItem:
    def cell(field: str) -> str:
        place = columns.place.get(field)
        return cells[place] if place is not None and place < len(cells) else ""

    uri = cell("uri")
    others = [name.strip() for name in _BETWEEN_NAMES.split(cell("alternatives")) if name.strip()]
    return RawItem(
        row=row,
        code="" if from_esco else cell("code"),  # an ISCO number is shared by several occupations
        label=cell("label"),
        uri=uri,
        kind=esco_kind(cell("kind"), uri) if from_esco else cell("kind"),
        parent=cell("parent"),
        language=cell("language"),
        summary=cell("summary"),
        alternatives="; ".join(others),
        target_type=esco_target_type(uri) if from_esco else "",
        page_url=cell("page_url"),
    )
