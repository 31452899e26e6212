"""Where the lines of a pathway's picture stand: a tree of what it asks for, one line each, for a drawing 320 units wide."""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from badge_service.curriculum.rules.pathways import Progress

WIDTH, LINE, LEFT, STEP, ROW = 320, 34, 16, 22, 17
_LETTER = 6.9


@dataclass(frozen=True)
class Line:
    """One line: `kind` and `need` say what is asked for, `x`, `y` where its mark stands, `parent_y` where it hangs.

    `texts` are the rows of a badge's title, `ROW` under each other, the first beside the mark.
    """

    kind: str
    code: str | None
    texts: tuple[str, ...]
    need: int
    have: int
    done: bool
    x: int
    y: int
    parent_y: int | None
    letters: int


@dataclass(frozen=True)
class Diagram:
    """The lines from top to bottom, and how high the whole is."""

    lines: tuple[Line, ...]
    height: int
    width: int = WIDTH
    row: int = ROW


def diagram(found: Progress, titles: Mapping[str, str]) -> Diagram:
    """The tree under the pathway's own badge; `titles` by code, as far as known."""
    lines: list[Line] = []
    _add(lines, found, titles, depth=0, parent_y=None)
    return Diagram(tuple(lines), _below(lines) + LEFT)


def _add(
    lines: list[Line], found: Progress, titles: Mapping[str, str], *, depth: int, parent_y: int | None
) -> None:
    x, y = LEFT + STEP * min(depth, 6), LINE // 2 + _below(lines)
    text = titles.get(found.code, found.code) if found.code else ""
    letters = int((WIDTH - x - 22) / _LETTER)
    shown = tuple(textwrap.wrap(text, letters))
    lines.append(
        Line(found.kind, found.code, shown, found.need, found.have, found.done, x, y, parent_y, letters)
    )
    for part in found.parts:
        _add(lines, part, titles, depth=depth + 1, parent_y=y)


def _below(lines: Sequence[Line]) -> int:
    """Where the next line begins."""
    return sum(LINE + ROW * max(0, len(line.texts) - 1) for line in lines)
