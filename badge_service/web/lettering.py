"""Letters as outlines: turns a text into SVG path data from a packaged font, wrapped and shrunk into a given shape, so that drawings need no font where they are shown."""

import threading
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import fontpkg_noto_sans  # type: ignore[import-untyped]
from fontTools.pens.basePen import BasePen  # type: ignore[import-untyped]
from fontTools.pens.transformPen import TransformPen  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

FONT_FOLDER = Path(fontpkg_noto_sans.ROOT) / "files"
FONT_FILE = FONT_FOLDER / "NotoSans[wdth,wght].ttf"
EM = 1000.0
CAP_HEIGHT = 0.714  # of the size, in this font
LINE_HEIGHT = 1.18
MOST_CHARACTERS = 400
LONG_WORD = 16
JOINT = "\u2060"  # marks a part of a word that takes no space after it
MOST_WORDS = 16  # a longer text is shortened at once: trying all its splits would take seconds


@dataclass(frozen=True)
class Line:
    """One lettered line: what it says, where its baseline starts and its SVG path data (absolute coordinates)."""

    text: str
    x: float
    y: float
    width: float
    path: str


@dataclass(frozen=True)
class Lettering:
    """A text set in at most a few lines of one size, as one path to fill."""

    size: float
    lines: tuple[Line, ...]

    @property
    def path(self) -> str:
        """All lines as one SVG path."""
        return "".join(line.path for line in self.lines)


@dataclass(frozen=True)
class Face:
    """One cut of the font: `weight` 100–900, `width` 62.5–100 (per cent of the normal width)."""

    weight: int = 600
    width: float = 100.0


@dataclass(frozen=True)
class Space:
    """Where a text has to fit: centred on `centre_x`, between `top` and `bottom`; `room(y_above, y_below)` is the width free there."""

    centre_x: float
    top: float
    bottom: float
    room: Callable[[float, float], float]


_ONE_READER = threading.RLock()  # a font's tables are read from one open file when they are first needed


@lru_cache(maxsize=1)
def _font() -> tuple[Any, dict[int, str]]:
    font = TTFont(FONT_FILE, lazy=True)
    return font, font.getBestCmap()


@lru_cache(maxsize=8)
def _glyphs(face: Face) -> Any:
    return _font()[0].getGlyphSet(location={"wght": face.weight, "wdth": face.width})


def drawable(text: str) -> str:
    """`text` (its first 400 characters) in composed form, one space between words, without what the font has no outline for."""
    with _ONE_READER:
        known = _font()[1]
    composed = " ".join(unicodedata.normalize("NFC", text[:MOST_CHARACTERS]).split())
    return " ".join("".join(char for char in composed if ord(char) in known).split())


@lru_cache(maxsize=2048)
def _em_width(text: str, face: Face) -> float:
    with _ONE_READER:
        known, glyphs = _font()[1], _glyphs(face)
        return float(sum(glyphs[known[ord(char)]].width for char in text if ord(char) in known))


def text_width(text: str, size: float, face: Face) -> float:
    """How wide `text` becomes in `size`, in the same unit as `size`."""
    return _em_width(text, face) * size / EM


class _TenthsPen(BasePen):  # type: ignore[misc]
    """Writes relative SVG path data in whole tenths: half as long as absolute coordinates, without drift."""

    def __init__(self, glyphs: Any) -> None:
        super().__init__(glyphs)
        self.written: list[str] = []
        self._at = (0, 0)

    def _write(self, command: str, *points: tuple[float, float]) -> None:
        rounded = [(round(x * 10), round(y * 10)) for x, y in points]
        flat = [value - start for point in rounded for value, start in zip(point, self._at, strict=True)]
        self._at = rounded[-1]
        self.written.append(command + " ".join(_tenths(value) for value in flat).replace(" -", "-"))

    def _moveTo(self, point: tuple[float, float]) -> None:  # noqa: N802 - the pen's own names
        self._at = (0, 0)
        self._write("M", point)

    def _lineTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self._write("l", point)

    def _curveToOne(self, *points: tuple[float, float]) -> None:  # noqa: N802
        self._write("c", *points)

    def _qCurveToOne(self, *points: tuple[float, float]) -> None:  # noqa: N802
        self._write("q", *points)

    def _closePath(self) -> None:  # noqa: N802
        self.written.append("z")


def _tenths(value: int) -> str:
    whole, part = divmod(abs(value), 10)
    return ("-" if value < 0 else "") + (f"{whole or ''}.{part}" if part else str(whole))


def outline(text: str, x: float, y: float, size: float, face: Face) -> str:
    """SVG path data of `text` with its baseline starting at (x, y); filled with the rule `nonzero`."""
    with _ONE_READER:
        known, glyphs, scale = _font()[1], _glyphs(face), size / EM
        pen = _TenthsPen(glyphs)
        for char in text:
            if name := known.get(ord(char)):
                glyphs[name].draw(TransformPen(pen, (scale, 0, 0, -scale, x, y)))
                x += glyphs[name].width * scale
        return "".join(pen.written)


def centred_line(text: str, centre_x: float, y: float, size: float, face: Face) -> Line:
    """`text` on one line, its middle at `centre_x`, its baseline at `y`."""
    text = drawable(text)
    width = text_width(text, size, face)
    x = centre_x - width / 2
    return Line(text, x, y, width, outline(text, x, y, size, face))


def _splits(words: list[str], most_lines: int) -> Iterator[list[str]]:
    for lines in range(1, min(most_lines, len(words)) + 1):
        for cuts in combinations(range(1, len(words)), lines - 1):
            edges = (0, *cuts, len(words))
            yield [
                " ".join(words[a:b]).replace(f"{JOINT} ", "").replace(JOINT, "") for a, b in pairwise(edges)
            ]


def _baselines(count: int, size: float, space: Space) -> list[float]:
    step = size * LINE_HEIGHT
    tall = step * (count - 1) + size * CAP_HEIGHT
    first = (space.top + space.bottom - tall) / 2 + size * CAP_HEIGHT
    return [first + step * row for row in range(count)]


def _fill(lines: Sequence[str], size: float, space: Space, face: Face) -> float | None:
    """How much of its room the emptiest line fills (0–1) when all lines fit, else None."""
    rows = _baselines(len(lines), size, space)
    if rows[0] - size * CAP_HEIGHT < space.top or rows[-1] > space.bottom:
        return None
    rooms = [space.room(y - size * CAP_HEIGHT, y + size * 0.18) for y in rows]
    widths = [text_width(line, size, face) for line in lines]
    if any(width > room for width, room in zip(widths, rooms, strict=True)):
        return None
    return min(width / room for width, room in zip(widths, rooms, strict=True))


def _set(lines: Sequence[str], size: float, space: Space, face: Face) -> Lettering:
    rows = _baselines(len(lines), size, space)
    return Lettering(
        size,
        tuple(centred_line(line, space.centre_x, y, size, face) for line, y in zip(lines, rows, strict=True)),
    )


def _best(
    words: list[str], sizes: tuple[float, float], space: Space, face: Face, most_lines: int
) -> Lettering | None:
    """The split that is large and leaves no line nearly empty."""
    best: tuple[float, float, list[str]] = (0.0, 0.0, [])
    for lines in _splits(words, most_lines):
        for step in range(int(sizes[0] - sizes[1]) + 1):
            fill = _fill(lines, sizes[0] - step, space, face)
            if fill is not None:
                best = max(best, ((sizes[0] - step) * (0.75 + 0.25 * fill), sizes[0] - step, lines))
                break
    return _set(best[2], best[1], space, face) if best[2] else None


def fit(
    text: str, space: Space, *, largest: float, smallest: float, face: Face, most_lines: int = 3
) -> Lettering | None:
    """`text` in the largest size that fits `space` in at most `most_lines` lines, shortened with an ellipsis when even the smallest does not; None when nothing of it can be drawn."""
    words = _breakable(drawable(text).split())
    if len(words) <= MOST_WORDS and (found := _best(words, (largest, smallest), space, face, most_lines)):
        return found
    for kept in range(min(len(words) - 1, MOST_WORDS), 0, -1):
        shortened = [*words[: kept - 1], words[kept - 1].replace(JOINT, "") + "…"]
        if found := _best(shortened, (smallest, smallest), space, face, most_lines):
            return found
    return _cut_word(words[0].replace(JOINT, ""), space, smallest, face) if words else None


def _breakable(words: Sequence[str]) -> list[str]:
    """The words, long ones with hyphens parted after each hyphen."""
    parted = (word.replace("-", f"-{JOINT} ").split() if len(word) > LONG_WORD else [word] for word in words)
    return [part for parts in parted for part in parts]


def _cut_word(word: str, space: Space, size: float, face: Face) -> Lettering | None:
    """The beginning of a single word that is wider than the space."""
    for length in range(len(word) - 1, 0, -1):
        if _fill([word[:length] + "…"], size, space, face) is not None:
            return _set([word[:length] + "…"], size, space, face)
    return None
