"""Draws the badge of a definition that brought no picture: a motif of its craft or topic, its title in outlines, its level as marks; the same for ever for the same definition."""

import re
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from html import escape

from resvg_py import svg_to_bytes

from badge_service.curriculum.picture.chosen import in_colour, ribbon_across, ribbon_behind
from badge_service.curriculum.picture.drawing import CENTRE, Chance, Palette, circle, tag
from badge_service.curriculum.picture.frame import INNER, lettering, level_marks, paper, rim, stitches
from badge_service.curriculum.picture.themes import THEMES, choose
from badge_service.curriculum.rules.look import Look
from badge_service.errors import Fault, InvalidError, UnavailableError

__all__ = ["badge_png", "badge_svg"]

COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
UNCHOSEN = Look()


def badge_svg(
    title: str,
    category: str,
    code: str,
    level: int | None = None,
    *,
    tags: Sequence[str] = (),
    accent: str | None = None,
    look: Look = UNCHOSEN,
) -> str:
    """An SVG picture of 600 × 600 units, at most 40 kB, without text elements, scripts, styles or outside references.

    `level` is the EQF level 1–8, shown as filled marks; `accent` (`#rrggbb`) replaces the colour of the stitches and marks;
    `look` replaces what would be chosen by category, craft and level. The same arguments give the same bytes.
    Raises InvalidError for a level or accent that is neither.
    """
    _refuse_wrong(level, accent)
    chance = Chance(code)
    outline, theme = choose(title, category, tags)
    theme = THEMES.get(look.motif, theme)
    colours = chance.pick(theme.palettes)
    colours = in_colour(colours, look.colour) if look.colour else colours
    colours = replace(colours, thread=accent) if accent else colours
    chosen = "" if look == UNCHOSEN else f"/{look}"
    mark = "b" + sha256(f"{code}/{title}/{category}/{level}{chosen}".encode()).hexdigest()[:10]
    motif = [*theme.motif(colours, chance), *ribbon_across(look.ribbon, colours), *paper(colours)]
    drawn = [
        *ribbon_behind(look.ribbon, colours),
        *rim(look.shape or outline, colours),
        circle(CENTRE, INNER, fill=colours.ground),
        tag("g", *motif, clip_path=f"url(#{mark}c)"),
        *_edge(title, code, None if look.level_mark == "none" else level, colours),
    ]
    return _sheet(mark, title or code, drawn)


def _edge(title: str, code: str, level: int | None, colours: Palette) -> list[str]:
    ring = circle(CENTRE, INNER, fill="none", stroke=colours.rim, stroke_width=4)
    return [
        ring,
        *stitches(colours, level),
        *level_marks(level, colours),
        *lettering(title, code, level, colours),
    ]


def _sheet(mark: str, title: str, drawn: list[str]) -> str:
    spoken = escape("".join(char for char in title if char.isprintable()))
    clip = tag("defs", tag("clipPath", circle(CENTRE, INNER), id=f"{mark}c"))
    return tag(
        "svg",
        tag("title", spoken, id=f"{mark}t"),
        clip,
        *drawn,
        xmlns="http://www.w3.org/2000/svg",
        viewBox="0 0 600 600",
        width="600",
        height="600",
        role="img",
        aria_labelledby=f"{mark}t",
    )


def _refuse_wrong(level: int | None, accent: str | None) -> None:
    faults = []
    if level is not None and not 1 <= level <= 8:
        faults.append(Fault("level", "The EQF level is a number from 1 to 8.", "level_range"))
    if accent is not None and not COLOUR.fullmatch(accent):
        faults.append(
            Fault("accent", "A colour is written as # and six digits, like #c0394b.", "colour_form")
        )
    if faults:
        raise InvalidError("This badge cannot be drawn.", faults=faults)


def badge_png(svg: str, size: int = 600) -> bytes:
    """`svg` (one of ours: a stranger's could name files) as a PNG of `size` × `size` pixels with a clear background.

    Raises UnavailableError when the drawing program fails.
    """
    try:
        return svg_to_bytes(svg_string=svg, width=size, height=size, skip_system_fonts=True)
    except ValueError as error:
        raise UnavailableError("The picture cannot be drawn now.", code="drawing_failed") from error
