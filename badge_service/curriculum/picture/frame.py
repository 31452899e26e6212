"""What all badges share: rim with the outline of its category, stitched edge, level marks, and the paper that carries the title."""

import math

from badge_service.curriculum.picture.drawing import CENTRE, Palette, arc, around, circle, line_through, path
from badge_service.web.lettering import Face, Space, centred_line, drawable, fit

INNER = 246.0
HIGHEST_LEVEL = 8
MOST_LETTERING = (
    18_000  # bytes of path; a title of many intricate signs is cut, so that a badge stays below 40 kB
)
TITLE_FACE = Face(weight=680, width=90)
LEVEL_FACE = Face(weight=700, width=100)


def _reach(outline: str, angle: float) -> float:
    """How far the rim goes from the centre in this direction, 1 being the largest."""
    turn = math.radians(angle + 90)
    if outline in ("hexagon", "octagon"):
        sides = 6 if outline == "hexagon" else 8
        step = 360 / sides
        flat = math.cos(math.pi / sides) / math.cos(math.radians((angle + 90) % step - step / 2))
        return 0.5 * flat + 0.5 if outline == "hexagon" else 0.85 * flat + 0.15
    if outline == "pillow":
        return min(1.0, 0.935 / math.pow(math.cos(turn) ** 4 + math.sin(turn) ** 4, 0.25))
    ripples = {
        "rope": (48, 0.012),
        "scallop": (24, 0.03),
        "wave": (9, 0.022),
        "sun": (16, 0.032),
        "petal": (12, 0.028),
    }
    count, depth = ripples.get(outline, (1, 0.0))
    swing = (
        abs(math.sin(count / 2 * turn))
        if outline in ("scallop", "petal")
        else (1 + math.cos(count * turn)) / 2
    )
    return 1 - depth * 2 * (1 - swing)


def rim_shape(outline: str, radius: float) -> str:
    """Path data of the outline, at most `radius` from the centre."""
    return line_through(
        (around(CENTRE, radius * _reach(outline, a / 2), a / 2) for a in range(0, 720, 3)), close=True
    )


def rim(outline: str, colours: Palette) -> list[str]:
    """The edge of the badge: a pale border that shows on dark pages, the dark rim, and the line around the picture."""
    return [
        path(
            rim_shape(outline, 294),
            fill=colours.rim,
            stroke=colours.paper,
            stroke_width=7,
            stroke_linejoin="round",
        ),
        circle(CENTRE, INNER + 4, fill=colours.paper),
    ]


def stitches(colours: Palette, level: int | None) -> list[str]:
    """Running stitch around the rim, leaving the foot free for the level marks when there are any."""
    start, end = (90 + 47, 360 + 90 - 47) if level else (90, 449.9)
    return [
        path(
            arc(CENTRE, 262, start, end),
            stroke=colours.thread,
            stroke_width=3.4,
            stroke_dasharray="12 7.6",
            stroke_linecap="round",
            opacity=0.95,
        )
    ]


def level_marks(level: int | None, colours: Palette) -> list[str]:
    """Eight marks along the foot of the rim, as many filled as the level (European Qualifications Framework 1–8)."""
    if not level:
        return []
    marks = []
    for step in range(HIGHEST_LEVEL):
        at = around(CENTRE, 262.5, 90 + 38.5 - step * 11)
        reached = step < level
        marks.append(
            circle(
                at,
                7.6 if reached else 5.4,
                fill=colours.thread if reached else "none",
                stroke=colours.thread,
                stroke_width=2.4,
                stroke_opacity=1 if reached else 0.6,
            )
        )
    return marks


def paper(colours: Palette) -> list[str]:
    """The lower part of the disc, where the title stands."""
    edge = "M30 372Q300 336 570 372"
    return [
        path(f"{edge}V580H30Z", fill=colours.paper),
        path(edge, stroke=colours.rim, stroke_width=7),
        path("M30 384Q300 348 570 384", stroke=colours.rim, stroke_width=2, opacity=0.55),
    ]


def _room(above: float, below: float) -> float:
    """The width of the paper between two heights, with a margin."""
    furthest = max(abs(above - CENTRE[1]), abs(below - CENTRE[1]))
    return 2 * math.sqrt(max(0.0, INNER**2 - furthest**2)) - 44


def lettering(title: str, code: str, level: int | None, colours: Palette) -> list[str]:
    """The title, or the code where nothing of the title can be drawn, and the level below it."""
    space = Space(CENTRE[0], 378, 497 if level else 518, _room)
    drawn = []
    for text in (title, title[:60] + "…", title[:30] + "…", code):
        lettered = (
            fit(text, space, largest=46, smallest=17, face=TITLE_FACE) if drawable(text).strip(" …") else None
        )
        if lettered and len(lettered.path) <= MOST_LETTERING:
            drawn.append(path(lettered.path, fill=colours.rim))
            break
    if level:
        label = centred_line(f"EQF {level}", CENTRE[0], 531, 21, LEVEL_FACE)
        drawn.append(path(label.path, fill=colours.rim, opacity=0.85))
    return drawn
