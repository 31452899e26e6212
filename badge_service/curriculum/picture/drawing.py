"""The few strokes all badge drawings are made of: SVG tags written as attributes only, points on circles, and chance that is the same for the same code."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from typing import TypeVar

Point = tuple[float, float]
Choice = TypeVar("Choice")

CENTRE: Point = (300.0, 300.0)
FOCUS: Point = (300.0, 206.0)  # the middle of the part of the disc that the title leaves free


@dataclass(frozen=True)
class Palette:
    """The colours of one badge, as `#rrggbb`: rim, ground of the motif, three colours of the motif, paper and thread."""

    rim: str
    ground: str
    first: str
    second: str
    third: str
    paper: str = "#fbf6ea"
    thread: str = "#f2c14e"


class Chance:
    """Numbers that look random and depend on a seed text alone, so that a badge is drawn the same everywhere and for ever."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._count = 0

    def unit(self) -> float:
        """The next number, at least 0 and less than 1."""
        self._count += 1
        digest = sha256(f"{self._seed}/{self._count}".encode()).digest()
        return int.from_bytes(digest[:4], "big") / 2**32

    def between(self, low: float, high: float) -> float:
        """The next number between `low` and `high`."""
        return low + (high - low) * self.unit()

    def pick(self, choices: Sequence[Choice]) -> Choice:
        """One of `choices`."""
        return choices[int(self.unit() * len(choices))]


def number(value: float) -> str:
    """`value` with at most one decimal, as short as it gets."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def tag(name: str, *inside: str, **attributes: str | float | None) -> str:
    """One SVG element; `_` in attribute names becomes `-`, numbers are shortened, `None` is left out."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value) if isinstance(value, str) else _attribute(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{written}>{''.join(inside)}</{name}>" if inside else f"<{name}{written}/>"


def _attribute(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def path(data: str, **attributes: str | float | None) -> str:
    """A `<path>`, not filled unless `fill` is given."""
    return tag("path", d=data, **{"fill": "none", **attributes})


def circle(at: Point, radius: float, **attributes: str | float | None) -> str:
    """A `<circle>` around `at`."""
    return tag("circle", cx=at[0], cy=at[1], r=radius, **attributes)


def line_through(points: Iterable[Point], *, close: bool = False) -> str:
    """Path data of straight lines through `points`."""
    pairs = [f"{number(x)} {number(y)}" for x, y in points]
    return "M" + "L".join(pairs) + ("Z" if close else "")


def ring_through(points: Sequence[Point]) -> str:
    """Path data of a smooth closed curve along `points` (each a control point, the curve touches the middles between them), in whole units."""
    middles = [((x + points[i - 1][0]) / 2, (y + points[i - 1][1]) / 2) for i, (x, y) in enumerate(points)]
    x, y = round(middles[0][0]), round(middles[0][1])
    data = f"M{x} {y}"
    for control, end in zip(points, [*middles[1:], middles[0]], strict=True):
        goal = round(end[0]), round(end[1])
        data += f"q{round(control[0]) - x} {round(control[1]) - y} {goal[0] - x} {goal[1] - y}".replace(
            " -", "-"
        )
        x, y = goal
    return data + "Z"


def around(at: Point, radius: float, angle: float) -> Point:
    """The point at `radius` from `at` in the direction `angle` (degrees, clockwise from the right)."""
    turn = math.radians(angle)
    return at[0] + radius * math.cos(turn), at[1] + radius * math.sin(turn)


def arc(at: Point, radius: float, start: float, end: float) -> str:
    """Path data of a clockwise arc of less than a full circle, angles in degrees."""
    (x1, y1), (x2, y2) = around(at, radius, start), around(at, radius, end)
    far = 1 if (end - start) % 360 > 180 else 0
    r = number(radius)
    return f"M{number(x1)} {number(y1)}A{r} {r} 0 {far} 1 {number(x2)} {number(y2)}"
