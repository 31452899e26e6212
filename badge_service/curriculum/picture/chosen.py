"""What a writer may choose for a drawn badge beside its motif: colours made from one colour, and a ribbon."""

from dataclasses import replace

from badge_service.curriculum.picture.drawing import CENTRE, Palette, around, line_through, path
from badge_service.curriculum.rules.look import contrast

_TAILS = {"tails", "band_tails"}
_BANDS = {"band", "band_tails"}
_ALIKE = 2.2
"""Below this contrast ground and rim of a palette are shades of one colour, and stay so in another one."""


def in_colour(colours: Palette, colour: str) -> Palette:
    """The palette with `colour` in place of its rim, and the ground in its shade where it was one of the rim's."""
    if colours.ground == colours.rim:
        ground = colour
    elif contrast(colours.ground, colours.rim) < _ALIKE:
        ground = _darker(colour)
    else:
        ground = colours.ground
    motif = (colour if one == colours.rim else one for one in (colours.first, colours.second, colours.third))
    return replace(
        colours, **dict(zip(("first", "second", "third"), motif, strict=True)), rim=colour, ground=ground
    )


def _darker(colour: str) -> str:
    return "#" + "".join(f"{int(colour[at : at + 2], 16) * 7 // 10:02x}" for at in (1, 3, 5))


def ribbon_behind(ribbon: str, colours: Palette) -> list[str]:
    """Two tails of a ribbon that come out below the badge, drawn before it."""
    if ribbon not in _TAILS:
        return []
    return [line for side in (-1, 1) for line in _tail(90 - side * 42, colours)]


def _tail(angle: float, colours: Palette) -> list[str]:
    def corner(far: float, across: float) -> tuple[float, float]:
        return around(around(CENTRE, far, angle), across, angle + 90)

    shape = [corner(180, -52), corner(352, -42), corner(320, 0), corner(352, 42), corner(180, 52)]
    stitch = {"stroke_dasharray": "11 7", "stroke_linecap": "round"}
    seams = "".join(line_through([corner(180, side * 40), corner(334, side * 31)]) for side in (-1, 1))
    return [
        path(line_through(shape, close=True), fill=colours.thread, stroke=colours.rim, stroke_width=5),
        path(seams, stroke=colours.rim, stroke_width=2.6, **stitch),
    ]


def ribbon_across(ribbon: str, colours: Palette) -> list[str]:
    """A band between motif and title, drawn inside the disc."""
    if ribbon not in _BANDS:
        return []
    band = "M30 338Q300 302 570 338V374Q300 338 30 374Z"
    return [
        path(band, fill=colours.thread, stroke=colours.rim, stroke_width=5),
        path(
            "M30 347Q300 311 570 347M30 365Q300 329 570 365",
            stroke=colours.rim,
            stroke_width=2.4,
            stroke_dasharray="11 7",
            stroke_linecap="round",
        ),
    ]
