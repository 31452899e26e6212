"""Motifs of things made by hand: willow weave, plant dye, coiled clay, growth rings."""

import math

from badge_service.curriculum.picture.drawing import (
    FOCUS,
    Chance,
    Palette,
    Point,
    around,
    circle,
    line_through,
    number,
    path,
    ring_through,
    tag,
)


def willow(colours: Palette, chance: Chance) -> list[str]:
    """A round basket base from above: rods going over one stake and under the next."""
    stakes, turn, band = 20, chance.between(0, 18), chance.pick([3, 4, 5])
    radii = [46 + 27 * ring for ring in range(10)]
    drawn = [path(_spokes(stakes, turn, 12, 330), stroke=colours.third, stroke_width=9)]
    for ring, radius in enumerate(radii):
        wave = [
            around(FOCUS, radius + (7 if (step + ring) % 2 else -7), turn + (step + 0.5) * 360 / stakes)
            for step in range(stakes)
        ]
        rod = colours.third if ring in (band, band + 2) else (colours.first, colours.second)[ring % 2]
        drawn.append(path(ring_through(wave), stroke=colours.rim, stroke_width=21))
        drawn.append(path(ring_through(wave), stroke=rod, stroke_width=16.5))
    over = "".join(
        line_through([around(FOCUS, radius - 12, angle), around(FOCUS, radius + 12, angle)])
        for ring, radius in enumerate(radii)
        for angle in (turn + (step + ring % 2) * 360 / stakes for step in range(0, stakes, 2))
    )
    drawn.append(path(over, stroke=colours.rim, stroke_width=14))
    drawn.append(path(over, stroke=colours.second, stroke_width=9.5, stroke_linecap="round"))
    drawn.append(circle(FOCUS, 25, fill=colours.third, stroke=colours.rim, stroke_width=3))
    drawn.append(
        path("M286 206h28M300 192v28", stroke=colours.second, stroke_width=6, stroke_linecap="round")
    )
    return drawn


def _spokes(count: int, turn: float, inner: float, outer: float) -> str:
    angles = [turn + step * 360 / count for step in range(count)]
    return "".join(line_through([around(FOCUS, inner, a), around(FOCUS, outer, a)]) for a in angles)


def dye(colours: Palette, chance: Chance) -> list[str]:
    """Three colours running into each other on linen, a sprig left white."""
    linen = "".join(f"M40 {y}h520" for y in range(44, 400, 9)) + "".join(
        f"M{x} 40v350" for x in range(44, 560, 9)
    )
    drawn = [path(linen, stroke=colours.rim, stroke_width=1, opacity=0.16)]
    turn = chance.between(-25, 25)
    for angle, colour in zip((200, 320, 80), (colours.first, colours.second, colours.third), strict=True):
        at = around(FOCUS, 78, angle + turn)
        for scale, opacity in ((1.12, 0.3), (1.0, 0.72), (0.6, 0.3)):
            drawn.append(path(_blot(at, 118 * scale, chance), fill=colour, opacity=opacity))
    return [*drawn, *_sprig(colours, chance.pick([-1, 1]))]


def _blot(at: Point, radius: float, chance: Chance) -> str:
    waves = [(n, chance.between(0, 360), chance.between(0.02, 0.05)) for n in (3, 5, 8)]
    return ring_through(
        [
            around(
                at, radius * (1 + sum(a * math.sin(math.radians(n * t + shift)) for n, shift, a in waves)), t
            )
            for t in range(0, 360, 12)
        ]
    )


def _sprig(colours: Palette, side: int) -> list[str]:
    leaves = ""
    for step in range(6):
        x, y, size = 300 + side * (14 - step * step * 0.9), 318 - step * 38, 60 - step * 6
        for hand in (-1, 1):
            tip = (x + hand * size * 0.95, y - size * 0.62)
            leaves += (
                f"M{number(x)} {number(y)}Q{number(x + hand * size * 0.3)} {number(y - size * 0.75)} {number(tip[0])} {number(tip[1])}"
                f"Q{number(x + hand * size * 0.75)} {number(y + size * 0.05)} {number(x)} {number(y)}Z"
            )
    stem = f"M{300 + side * 8} 372Q{300 + side * 22} 250 {300 - side * 8} 84"
    return [
        path(leaves, fill=colours.paper, stroke=colours.paper, stroke_width=3, stroke_linejoin="round"),
        path(stem, stroke=colours.paper, stroke_width=6, stroke_linecap="round"),
    ]


def clay(colours: Palette, chance: Chance) -> list[str]:
    """A pot built of coils on the wheel, with the rings of the throw behind it."""
    rings = [
        circle(FOCUS, r, fill="none", stroke=colours.paper, stroke_width=7, opacity=0.13)
        for r in range(30, 330, 24)
    ]
    wheel = [
        tag("ellipse", cx=300, cy=348, rx=rx, ry=rx * 0.17, fill=fill)
        for rx, fill in ((190, colours.rim), (172, colours.third), (132, colours.rim), (118, colours.third))
    ]
    belly, neck, rows = chance.between(0.32, 0.5), chance.between(46, 60), 13
    coils = []
    for row in range(rows):
        up = row / (rows - 1)
        half = 62 + 74 * math.sin(math.pi * min(1, up ** (0.5 + belly))) - (62 - neck) * up
        half += 22 * max(0, up - 0.86) / 0.14
        y = 334 - row * 17.5
        fill = colours.paper if row in (7, 9) else (colours.first, colours.second)[row % 2]
        coils.append(
            tag(
                "rect",
                x=300 - half,
                y=y - 19,
                width=2 * half,
                height=19,
                rx=9.5,
                fill=fill,
                stroke=colours.rim,
                stroke_width=2.5,
            )
        )
        shine = f"M{number(300 - half * 0.72)} {number(y - 12.5)}h{number(half * 0.5)}"
        coils.append(
            path(shine, stroke=colours.paper, stroke_width=3.5, stroke_linecap="round", opacity=0.45)
        )
    return rings + wheel + coils


def growth_rings(colours: Palette, chance: Chance) -> list[str]:
    """The end of a trunk: rings of good and thin years around a heart out of the middle."""
    heart = (300 + chance.between(-45, 45), 206 + chance.between(-25, 25))
    radius, fills = 330.0, (colours.first, colours.second)
    drawn: list[str] = []
    while radius > 8:
        drawn.append(
            path(
                _blot(heart, radius, Chance(f"{heart}")),
                fill=fills[len(drawn) % 2],
                stroke=colours.third,
                stroke_width=2,
            )
        )
        radius -= chance.between(9, 25)
    crack = [around(heart, r, 28 + (5 if r % 60 else -3)) for r in range(10, 250, 30)]
    return [
        *drawn,
        path(line_through(crack), stroke=colours.rim, stroke_width=5, stroke_linecap="round"),
        circle(heart, 7, fill=colours.rim),
    ]
