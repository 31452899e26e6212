"""Reads a class list as people type or paste it: one learner a line, with or without number and e-mail address."""

import re

from flask_babel import gettext as _

from badge_service.web.csv_files import RowFault, clean
from badge_service.workshops.rules.headings import is_heading
from badge_service.workshops.rules.learners import (
    MOST_BYTES,
    MOST_ROWS,
    Collection,
    LearnerList,
    lacks_its_at,
    looks_like_email,
    whole_list_fault,
)
from badge_service.workshops.rules.records import read_table

_LIST_NUMBER = re.compile(r"\s*(\d{1,4})[.)]\s+(?=\S)")
_ANGLED = re.compile(r"(?P<name>[^<>]*)<(?P<email>[^<>]*)>\s*[,;]?\s*")
_SEPARATORS = ("\t", ";", ",")


def parse_learners(text: str) -> LearnerList:
    """Read "Name", "Name <email>", "Name; email", comma or tab between; every line that is not blank is a row or a fault.

    A first line of headings (a pasted table) is understood too. At most 1,000 lines and 1 MB.
    """
    if len(text) > MOST_BYTES:
        return whole_list_fault(_("This list is larger than 1 MB. Send it in parts."), "too_large")
    lines = re.split(r"\r\n|\n|\r", text)
    filled = [(position, line) for position, line in enumerate(lines, 1) if clean(line)]
    if len(filled) > MOST_ROWS:
        message = _("There are %(rows)s lines; %(most)s is the most at once. Send them in parts.")
        return whole_list_fault(message % {"rows": len(filled), "most": MOST_ROWS}, "too_many_rows")
    if filled and _is_table(filled[0][1]):
        separator = _separator(filled[0][1]) or ";"
        return read_table([(position, _cells(line, separator)) for position, line in filled])
    collection = Collection()
    for position, line in filled:
        add_line(collection, position, line)
    return collection.finish()


def add_line(collection: Collection, row: int, line: str) -> None:
    """Take one line as a learner or as a fault."""
    number, line = _list_number(clean(line))
    angled = _ANGLED.fullmatch(line)
    if angled:
        collection.add(row, angled["name"].strip('" ,;'), angled["email"], number)
        return
    separator = _separator(line)
    parts = _cells(line, separator) if separator else [line]
    add_parts(collection, row, parts, number, last_name_first=separator == ",")


def add_parts(
    collection: Collection, row: int, parts: list[str], number: str = "", *, last_name_first: bool = False
) -> None:
    """Take the cells of a row without headings: [number] [name [name]] [e-mail], the address first or last."""
    cells = [cell for part in parts for cell in _split_address(clean(part)) if cell]
    if not number and cells and cells[0].isdecimal() and len(cells[0]) <= 4:
        number = cells.pop(0)
    emails = [cell for cell in cells if looks_like_email(cell) or (len(cells) > 1 and lacks_its_at(cell))]
    names = [cell for cell in cells if cell not in emails]
    between = bool(emails) and cells[0] not in emails and cells[-1] not in emails
    if len(emails) > 1 or len(names) > 2 or between:
        collection.faults.append(_unclear(row, "; ".join(cells)))
        return
    if last_name_first:
        names.reverse()
    collection.add(row, " ".join(names), emails[0] if emails else "", number)


def _unclear(row: int, value: str) -> RowFault:
    message = _("It is unclear which part is the name and which the address. Write it as: name; e-mail")
    return RowFault(row, _("line"), value[:60], message, "row_columns")


def _is_table(line: str) -> bool:
    separator = _separator(line)
    return is_heading(_cells(line, separator) if separator else [line])


def _list_number(line: str) -> tuple[str, str]:
    match = _LIST_NUMBER.match(line)
    return (match[1], line[match.end() :]) if match else ("", line)


def _separator(line: str) -> str | None:
    return next((separator for separator in _SEPARATORS if separator in line.strip()), None)


def _cells(line: str, separator: str) -> list[str]:
    return [cell.strip().strip('"').strip() for cell in line.split(separator)]


def _split_address(cell: str) -> list[str]:
    """`Maria Petrova maria@example.org` without a separator is a name and an address."""
    name, _blank, last = cell.rpartition(" ")
    if name and looks_like_email(last) and not looks_like_email(name):
        return [name, last.strip("<>")]
    return [cell]
