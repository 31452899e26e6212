r"""The form of a cell of the definitions' table: a row per line, parts separated by |, and nothing that a spreadsheet runs.

Inside a part stand `\|` for |, `\n` for a line break, `\\` for a backslash, `\s` for a space at its beginning or end.
"""

import re
from collections.abc import Iterable, Sequence

_ESCAPES = {"\\": "\\\\", "|": "\\|", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_MEANT = {"\\": "\\", "|": "|", "n": "\n", "r": "\r", "t": "\t", "s": " ", "e": ""}
_FORMULA = r"'*[=+\-@\t\r\n\0＝＋－＠]"
_EMPTY = "\\e"


def guarded(cell: str) -> str:
    """The cell with an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{cell}" if re.match(_FORMULA, cell) else cell


def unguarded(cell: str) -> str:
    """The cell as it was before `guarded`; an apostrophe before anything else belongs to the text."""
    return cell[1:] if cell.startswith("'") and re.match(_FORMULA, cell) else cell


def lines_of(rows: Iterable[Sequence[str]]) -> str:
    """Rows of parts as one cell; a row of one empty part is written `\\e`."""
    return "\n".join(" | ".join(_escaped(part) for part in row) or _EMPTY for row in rows)


def rows_of(cell: str) -> list[list[str]]:
    """The rows of a cell with their parts; blank lines are no rows."""
    lines = cell.replace("\r\n", "\n").split("\n")
    return [_parts(line) for line in lines if line.strip(" ")]


def _parts(line: str) -> list[str]:
    parts = [""]
    for found in re.finditer(r"\\.|[^\\|]+|\||\\", line):
        if found[0] == "|":
            parts.append("")
        else:
            parts[-1] += found[0]
    return [_meant(part.strip(" ")) for part in parts]


def _escaped(part: str) -> str:
    text = "".join(_ESCAPES.get(character, character) for character in part)
    inner = text.strip(" ")
    before = len(text) - len(text.lstrip(" "))
    return "\\s" * before + inner + "\\s" * (len(text) - len(inner) - before) if inner else "\\s" * len(text)


def _meant(part: str) -> str:
    return re.sub(r"\\(.)", lambda found: _MEANT.get(found[1], found[0]), part)
