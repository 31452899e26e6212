"""The definitions' table as a CSV file: written from contents, and read row by row with every fault of every row."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _

from badge_service.curriculum.rules.content import Content
from badge_service.curriculum.rules.formats.cells import guarded, unguarded
from badge_service.curriculum.rules.formats.definition_table.column import CellError, Column
from badge_service.curriculum.rules.formats.definition_table.columns import COLUMNS, FURTHER, NOTHING, ORDER
from badge_service.curriculum.rules.formats.incoming import Incoming, completed
from badge_service.curriculum.rules.kinds import achievement_type
from badge_service.errors import Fault
from badge_service.web.csv_files import CsvTable, read_csv, write_csv

MOST_BYTES = 1_000_000
MOST_ROWS = 200


def table_of(definitions: Iterable[tuple[Content, str]]) -> str:
    """The CSV text of contents with their further texts; cells are harmless in a spreadsheet."""
    rows = [
        [guarded(column.write({**content, FURTHER: further})) for column in COLUMNS]
        for content, further in definitions
    ]
    return write_csv([column.name for column in COLUMNS], rows, safe=False)


def read_table(data: bytes) -> tuple[list[Incoming], list[Fault]]:
    """Every row as one definition, each with all its faults; and what is wrong with the file as a whole."""
    table = read_csv(data, most_bytes=MOST_BYTES, most_rows=MOST_ROWS)
    if not table.records:
        faults = [fault.as_fault() for fault in table.faults]
        words = _("There is no table in this file: no commas, semicolons or tabs separate its columns.")
        return [], faults or [Fault("file", words, "no_columns")]
    columns, faults = _headings(table)
    faults += [fault.as_fault() for fault in table.faults]
    if any(fault.code == "column" for fault in faults):
        return [], faults
    rows = [_row(number, columns, cells) for number, cells in table.records[1:]]
    return _doubles_named(rows), faults


def _headings(table: CsvTable) -> tuple[list[Column], list[Fault]]:
    number, cells = table.records[0]
    known = {column.name: column for column in COLUMNS}
    names = [re.sub(r"[\s_-]+", "_", unguarded(cell).strip().casefold()) for cell in cells]
    faults = []
    for name, count in Counter(name for name in names if name).items():
        where = _("row %(row)s", row=number)
        if name not in known:
            words = _("There is no column “%(name)s”. Correct its name or take it out.", name=name[:60])
            faults.append(Fault(where, words, "column"))
        elif count > 1:
            words = _("The column “%(name)s” stands here twice. Keep one.", name=name)
            faults.append(Fault(where, words, "column"))
    for name in ("code", "title"):
        if name not in names:
            words = _("The column “%(name)s” is missing. Add it.", name=name)
            faults.append(Fault(_("row %(row)s", row=number), words, "column"))
    return [known.get(name, NOTHING) for name in names], faults


def _row(number: int, columns: Sequence[Column], cells: Sequence[str]) -> Incoming:
    content: dict[str, Any] = completed({})
    # A table says everything itself: what it has no line for is not there, and no rows are made up.
    content |= {"learning_outcomes": [], "rubric": {**content["rubric"], "criteria": []}, FURTHER: ""}
    faults = []
    if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
        faults.append(Fault("row", _("This row has more cells than the table has columns."), "cells"))
    read = sorted(zip(columns, cells, strict=False), key=lambda pair: ORDER.get(pair[0].name, 0))
    for column, cell in read:
        try:
            column.read(content, unguarded(cell))
        except CellError as error:
            faults.append(Fault(column.name, str(error), "cell"))
    further = content.pop(FURTHER)
    content["achievement_type"] = achievement_type(content).value
    return Incoming(content, row=number, further_text=further, faults=tuple(faults))


def _doubles_named(rows: Sequence[Incoming]) -> list[Incoming]:
    first: dict[str, int] = {}
    found = []
    for one in rows:
        code = str(one.content["code"])
        if code and code in first:
            words = _(
                "The code %(code)s stands in row %(row)s too. Keep one.", code=code[:60], row=first[code]
            )
            one = Incoming(
                one.content,
                row=one.row,
                further_text=one.further_text,
                faults=(*one.faults, Fault("code", words, "code.double")),
            )
        first.setdefault(code, one.row)
        found.append(one)
    return found
