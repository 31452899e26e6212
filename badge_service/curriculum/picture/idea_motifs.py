"""Motifs of ideas: loops of a circular economy, printed layers, the double diamond, a rosette for all else."""

import math

from badge_service.curriculum.picture.drawing import (
    FOCUS,
    Chance,
    Palette,
    Point,
    arc,
    around,
    circle,
    line_through,
    number,
    path,
    ring_through,
)

LOOP_RADIUS, LOOP_SPREAD = 82.0, 56.0


def loops(colours: Palette, chance: Chance) -> list[str]:
    """Three rings passing over and under each other, each going round for ever."""
    turn, middle = chance.pick([30, 150, 270]), (FOCUS[0], FOCUS[1] + 14)
    centres = [around(middle, LOOP_SPREAD, turn + k * 120) for k in range(3)]
    shades = (colours.first, colours.second, colours.third)
    drawn = [_dotted(radius, colours) for radius in range(172, 330, 22)]
    for at, colour in zip(centres, shades, strict=True):
        drawn += [
            circle(at, LOOP_RADIUS, fill="none", stroke=colours.rim, stroke_width=39),
            circle(at, LOOP_RADIUS, fill="none", stroke=colour, stroke_width=30),
        ]
    drawn += _lifted(centres[0], turn - 150, colours)
    return drawn + [
        _chevron(at, turn + k * 120 + shift, colours)
        for k, at in enumerate(centres)
        for shift in (-44, 4, 52)
    ]


def _dotted(radius: float, colours: Palette) -> str:
    thread = {"stroke_dasharray": "2 12", "stroke_linecap": "round"}
    return circle(FOCUS, radius, fill="none", stroke=colours.paper, stroke_width=2, opacity=0.6, **thread)


def _lifted(at: Point, towards: float, colours: Palette) -> list[str]:
    """The first ring once more where the last crosses it: so every ring is over one and under the other."""
    apart = math.degrees(math.acos(LOOP_SPREAD * math.sqrt(3) / 2 / LOOP_RADIUS))
    return [
        path(arc(at, LOOP_RADIUS, crossing - reach, crossing + reach), stroke=colour, stroke_width=width)
        for crossing in (towards - apart, towards + apart)
        for colour, width, reach in ((colours.rim, 39, 20), (colours.first, 30, 21))
    ]


def _chevron(at: Point, angle: float, colours: Palette) -> str:
    wings = [around(at, LOOP_RADIUS + side, angle - 7) for side in (-8, 8)]
    data = line_through([wings[0], around(at, LOOP_RADIUS, angle + 7), wings[1]])
    rounded = {"stroke_linecap": "round", "stroke_linejoin": "round"}
    return path(data, stroke=colours.paper, stroke_width=5, **rounded)


def printed_layers(colours: Palette, chance: Chance) -> list[str]:
    """A twisted vase growing layer by layer under the nozzle of a 3D printer."""
    sides, twist, waist = chance.pick([5, 6, 7]), chance.pick([-5, 5]), chance.between(0.8, 1.3)
    floor = (
        "".join(f"M{300 + k * 40} 340L{300 + k * 95} 400" for k in range(-8, 9)) + "M30 352H570M20 370H580"
    )
    drawn = [path(floor, stroke=colours.second, stroke_width=2, opacity=0.5)]
    drawn += [
        path(f"M30 {y}H570", stroke=colours.paper, stroke_width=1.2, opacity=0.12) for y in range(60, 340, 10)
    ]
    for layer in range(26):
        half = 74 + 42 * math.sin(waist * math.pi * layer / 25 * 1.5 + 0.2)
        y = number(340 - layer * 7.6)
        turn = layer * twist
        for side in range(sides):
            a, b = (math.radians(turn + (side + e) * 360 / sides) for e in (0, 1))
            if math.sin((a + b) / 2) > 0:
                face = math.cos((a + b) / 2)
                colour = colours.first if face < -0.3 else colours.second if face < 0.45 else colours.third
                ends = sorted((300 + half * math.cos(a), 300 + half * math.cos(b)))
                drawn.append(
                    path(
                        f"M{number(ends[0])} {y}H{number(ends[1])}",
                        stroke=colour,
                        stroke_width=6.4,
                        stroke_linecap="round",
                    )
                )
    nozzle = "M266 40H334V88L316 108L308 126H292L284 108L266 88Z"
    drawn.append(
        path(nozzle, fill=colours.paper, stroke=colours.rim, stroke_width=5, stroke_linejoin="round")
    )
    drawn.append(path("M268 68H332M268 80H332", stroke=colours.rim, stroke_width=4))
    drawn.append(path("M300 130V144", stroke=colours.thread, stroke_width=8, stroke_linecap="round"))
    return drawn


def diamonds(colours: Palette, chance: Chance) -> list[str]:
    """Two diamonds of threads: open up, choose, open up, choose."""
    tall, drawn = 112, []
    for left, fill, thread in ((92, colours.first, colours.paper), (300, colours.second, colours.rim)):
        middle, right = left + 104, left + 208
        shape = f"M{left} 206L{middle} {206 - tall}L{right} 206L{middle} {206 + tall}Z"
        drawn.append(path(shape, fill=fill, stroke=colours.rim, stroke_width=5, stroke_linejoin="round"))
        for step in range(-7, 8):
            y = 206 + step * tall / 8
            drawn.append(
                path(
                    f"M{left} 206L{middle} {number(y)}L{right} 206",
                    stroke=thread,
                    stroke_width=1.8,
                    opacity=0.75,
                )
            )
        chosen = int(chance.between(-4, 5))
        for step in range(-7, 8):
            at = (middle, 206 + step * tall / 8)
            drawn.append(
                circle(
                    at,
                    12 if step == chosen else 5,
                    fill=colours.thread if step == chosen else thread,
                    stroke=colours.rim,
                    stroke_width=3 if step == chosen else 0,
                )
            )
    for x, radius in ((92, 13), (300, 19), (508, 13)):
        drawn.append(circle((x, 206), radius, fill=colours.paper, stroke=colours.rim, stroke_width=5))
        drawn.append(circle((x, 206), radius * 0.42, fill=colours.third))
    return drawn


def rosette(colours: Palette, chance: Chance) -> list[str]:
    """A rosette of fine turning lines whose petals depend on the code: never the same twice."""
    petals, drawn = chance.pick([7, 8, 9, 11, 12]), []
    swing, shades = chance.between(0.18, 0.34), (colours.first, colours.second, colours.paper, colours.third)
    for layer in range(12):
        reach, turn = 300 - layer * 24, layer * chance.pick([4.0, 5.0])
        ring = [
            around(FOCUS, reach * (1 + swing * math.cos(math.radians(petals * (t + turn)))) / (1 + swing), t)
            for t in range(0, 360, 5)
        ]
        drawn.append(path(ring_through(ring), fill=shades[layer % 4], stroke=colours.rim, stroke_width=2.5))
    drawn.append(circle(FOCUS, 15, fill=colours.thread, stroke=colours.rim, stroke_width=3))
    return drawn
