"""Turns a table whose first row holds headings into learners."""

from flask_babel import gettext as _

from badge_service.web.csv_files import Record, clean, wrong_width
from badge_service.workshops.rules.headings import Columns, columns_of
from badge_service.workshops.rules.learners import Collection, LearnerList, whole_list_fault


def read_table(records: list[Record]) -> LearnerList:
    """Read numbered rows of cells, the headings first; every other row is a learner or a fault."""
    headings = records[0][1]
    columns = columns_of(headings)
    if not columns.name:
        message = _(
            "No column holds names. Give one the heading “name” (or “first name” and “last name”); found: %(columns)s"
        )
        shown = ", ".join(clean(cell) for cell in headings)[:200]
        return whole_list_fault(message % {"columns": shown}, "no_name_column", shown)
    collection = Collection()
    for row, cells in records[1:]:
        _add_record(collection, row, cells, columns, len(headings))
    return collection.finish(columns.ignored)


def _add_record(collection: Collection, row: int, cells: list[str], columns: Columns, width: int) -> None:
    extra = [cell for cell in cells[width:] if cell.strip()]
    if extra or len(cells) <= min(columns.name):
        collection.faults.append(wrong_width(row, len(cells), width, extra))
        return
    name = " ".join(filter(None, (clean(_cell(cells, position)) for position in columns.name)))
    collection.add(row, name, _cell(cells, columns.email), _cell(cells, columns.number))


def _cell(cells: list[str], position: int | None) -> str:
    return cells[position] if position is not None and position < len(cells) else ""
