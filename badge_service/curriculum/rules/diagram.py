"""Where the lines of a pathway's picture stand: a tree of what it asks for, one line each, for a drawing 320 units wide."""

from collections.abc import Mapping
from dataclasses import dataclass

from badge_service.curriculum.rules.pathways import Progress

WIDTH, LINE, LEFT, STEP = 320, 34, 16, 22
_LETTER = 6.9


@dataclass(frozen=True)
class Line:
    """One line: `kind` and `need` say what is asked for, `x`, `y` where its mark stands, `parent_y` where it hangs."""

    kind: str
    code: str | None
    text: str
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


def diagram(found: Progress, titles: Mapping[str, str]) -> Diagram:
    """The tree under the pathway's own badge; `titles` by code, as far as known."""
    lines: list[Line] = []
    _add(lines, found, titles, depth=0, parent_y=None)
    return Diagram(tuple(lines), LINE * len(lines) + LEFT)


def _add(
    lines: list[Line], found: Progress, titles: Mapping[str, str], *, depth: int, parent_y: int | None
) -> None:
    x, y = LEFT + STEP * min(depth, 6), LINE // 2 + LINE * len(lines)
    text = titles.get(found.code, found.code) if found.code else ""
    letters = int((WIDTH - x - 22) / _LETTER)
    shown = text if len(text) <= letters else text[: letters - 1].rstrip() + "…"
    lines.append(
        Line(found.kind, found.code, shown, found.need, found.have, found.done, x, y, parent_y, letters)
    )
    for part in found.parts:
        _add(lines, part, titles, depth=depth + 1, parent_y=y)
