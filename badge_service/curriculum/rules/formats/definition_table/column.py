"""A column of the definitions' table: a field of the content, written into a cell and read back out of one."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from badge_service.curriculum.rules.content import Content
from badge_service.curriculum.rules.formats.cells import lines_of, rows_of

ABSENT = object()


class CellError(ValueError):
    """A cell that cannot be read; its text says why and how to write it."""


@dataclass(frozen=True)
class Column:
    """One column: what it holds in words, how it is written from a content and read back into one.

    `read` puts the value into the content; the other columns of the row were not read yet.
    """

    name: str
    holds: str
    write: Callable[[Content], str]
    read: Callable[[dict[str, Any], str], None]


def text(name: str, holds: str, *path: str, empty: Any = "") -> Column:
    """A column of one text, `empty` where the cell is; ABSENT leaves what was there. `path` leads to it, else its name."""
    *before, last = path or (name,)

    def write(content: Content) -> str:
        value: Any = content
        for step in (*before, last):
            value = value.get(step) if isinstance(value, Mapping) else None
        return "" if value is None else str(value)

    def read(content: dict[str, Any], cell: str) -> None:
        holder = content
        for step in before:
            holder = holder[step]
        if cell or empty is not ABSENT:
            holder[last] = cell or empty

    return Column(name, holds, write, read)


def number(name: str, holds: str, *path: str, empty: Any = None) -> Column:
    """A column of one number, `empty` where the cell is."""
    plain = text(name, holds, *path)
    *before, last = path or (name,)

    def read(content: dict[str, Any], cell: str) -> None:
        holder = content
        for step in before:
            holder = holder[step]
        holder[last] = number_in(cell) if cell.strip() else empty

    return Column(name, holds, plain.write, read)


def lines(name: str, holds: str, *path: str) -> Column:
    """A column of several texts, one a line."""
    *before, last = path or (name,)

    def write(content: Content) -> str:
        value: Any = content
        for step in (*before, last):
            value = value.get(step) or {}
        return lines_of([[str(one)] for one in value or []])

    def read(content: dict[str, Any], cell: str) -> None:
        holder = content
        for step in before:
            holder = holder[step]
        holder[last] = [" | ".join(row) for row in rows_of(cell)]

    return Column(name, holds, write, read)


def yes_or_no(name: str, holds: str) -> Column:
    """A column that says yes or no; an empty cell says no."""

    def read(content: dict[str, Any], cell: str) -> None:
        content[name] = choice(cell, {"yes": True, "no": False, "": False})

    return Column(name, holds, lambda content: "yes" if content.get(name) else "no", read)


def number_in(cell: str) -> float | str:
    """The number in a cell, with a point or a comma; raises `CellError`.

    One far too large stays as it is written: the check of the content says what its limit is.
    """
    if re.fullmatch(r"\s*\d{7,}([.,]\d+)?\s*", cell):
        return cell.strip()
    found = re.fullmatch(r"\s*(-?\d{1,6})([.,]\d{1,17})?\s*", cell)
    if found is None:
        raise CellError(_("“%(value)s” is not a number, such as 12 or 1.5.", value=cell[:60]))
    return float(f"{found[1]}{found[2].replace(',', '.')}") if found[2] else int(found[1])


def choice(cell: str, words: Mapping[str, Any]) -> Any:
    """What the word in a cell stands for; raises `CellError` with the words that are possible."""
    said = cell.strip().casefold()
    if said not in words:
        listed = ", ".join(word for word in words if word)
        raise CellError(
            _("“%(value)s” is not possible here. Write one of: %(words)s.", value=cell[:60], words=listed)
        )
    return words[said]


def rows_in(cell: str, least: int, form: str, most: int | None = None) -> list[list[str]]:
    """The rows of a cell, each filled up to `most` parts; `form` shows how a line is written."""
    most = most or least
    found = []
    for number, parts in enumerate(rows_of(cell), 1):
        if not least <= len(parts) <= most:
            raise CellError(_("Line %(line)s is not written as “%(form)s”.", line=number, form=form))
        found.append(parts + [""] * (most - len(parts)))
    return found
