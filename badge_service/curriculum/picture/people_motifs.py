"""Motifs of working together: a network, a voice, a round table, a path walked ahead."""

import math
from itertools import combinations

from badge_service.curriculum.picture.drawing import (
    FOCUS,
    Chance,
    Palette,
    around,
    circle,
    line_through,
    number,
    path,
    ring_through,
    tag,
)

NODES = (
    (300, 190),
    (150, 130),
    (215, 255),
    (130, 300),
    (400, 270),
    (455, 165),
    (360, 90),
    (235, 88),
    (478, 312),
    (318, 318),
    (92, 214),
    (514, 238),
)

TIES = (
    (0, 1),
    (0, 2),
    (0, 4),
    (0, 5),
    (0, 6),
    (0, 7),
    (2, 3),
    (2, 9),
    (4, 9),
    (4, 8),
    (5, 6),
    (1, 7),
    (1, 3),
    (1, 10),
    (3, 10),
    (5, 11),
    (8, 11),
    (4, 5),
    (1, 2),
)


def network(colours: Palette, chance: Chance) -> list[str]:
    """People on a map tied together by threads, one of them in the lead."""
    hill = (chance.between(180, 420), chance.between(130, 280))
    drawn = [
        path(
            ring_through(
                [
                    around(hill, r * (1 + 0.16 * math.sin(math.radians(3 * t + r))), t)
                    for t in range(0, 360, 20)
                ]
            ),
            stroke=colours.paper,
            stroke_width=2,
            opacity=0.22,
        )
        for r in range(30, 420, 28)
    ]
    at = [(x + chance.between(-10, 10), y + chance.between(-10, 10)) for x, y in NODES]
    ties = "".join(line_through([at[a], at[b]]) for a, b in TIES)
    drawn += [
        path(ties, stroke=colours.rim, stroke_width=10),
        path(ties, stroke=colours.paper, stroke_width=4, stroke_dasharray="12 5"),
    ]
    for index, place in enumerate(at[1:]):
        radius = (21, 27, 17)[index % 3]
        drawn.append(
            circle(
                place,
                radius,
                fill=(colours.first, colours.second, colours.third)[index % 3],
                stroke=colours.rim,
                stroke_width=5,
            )
        )
        drawn.append(circle(place, radius * 0.42, fill=colours.paper))
    drawn.append(circle(at[0], 47, fill=colours.thread, stroke=colours.rim, stroke_width=6))
    star = [around(at[0], 34 if k % 2 == 0 else 15, k * 36 - 90) for k in range(10)]
    return [*drawn, path(line_through(star, close=True), fill=colours.rim)]


def speech(colours: Palette, chance: Chance) -> list[str]:
    """A voice that carries: two speech bubbles, stitched lines in one, sound rings in the other."""
    side = chance.pick([-1, 1])
    mouth = (300 + side * 118, 262)
    waves = [
        circle(mouth, r, fill="none", stroke=colours.paper, stroke_width=6, opacity=0.2)
        for r in range(110, 480, 30)
    ]
    big = "M168 104H430Q460 104 460 134V246Q460 276 430 276H236L166 330L182 276H168Q138 276 138 246V134Q138 104 168 104Z"
    lines = "M172 140H424M172 174H400M172 208H330M172 242H300"
    words = [
        path(big, fill=colours.paper, stroke=colours.rim, stroke_width=6, stroke_linejoin="round"),
        path(lines, stroke=colours.first, stroke_width=9, stroke_dasharray="24 13", stroke_linecap="round"),
    ]
    small = "M380 204H488Q514 204 514 230V292Q514 318 488 318H470L474 352L430 318H380Q354 318 354 292V230Q354 204 380 204Z"
    answer = [path(small, fill=colours.second, stroke=colours.rim, stroke_width=6, stroke_linejoin="round")]
    answer += [
        circle((434, 261), r, fill="none", stroke=s, stroke_width=7)
        for r, s in ((44, colours.third), (28, colours.paper))
    ]
    answer.append(circle((434, 261), 12, fill=colours.rim))
    flip = "translate(600 0) scale(-1 1)" if side < 0 else None
    return [*waves, tag("g", *words, *answer, transform=flip)]


def round_table(colours: Palette, chance: Chance) -> list[str]:
    """A round table seen from above: everyone is tied to everyone by a thread."""
    seats, turn = chance.pick([9, 10, 11, 12]), chance.between(0, 36)
    places = [around(FOCUS, 86, turn + k * 360 / seats) for k in range(seats)]
    drawn = [
        circle(FOCUS, r, fill="none", stroke=colours.paper, stroke_width=12, opacity=0.08)
        for r in range(160, 340, 26)
    ]
    drawn.append(circle(FOCUS, 100, fill=colours.paper, stroke=colours.rim, stroke_width=6))
    for k, (a, b) in enumerate(combinations(places, 2)):
        drawn.append(
            path(line_through([a, b]), stroke=(colours.first, colours.third)[k % 2], stroke_width=1.7)
        )
    drawn += [circle(place, 5, fill=colours.rim) for place in places]
    for k in range(seats):
        fill = (colours.first, colours.second, colours.third, colours.thread)[k % 4]
        spot = around(FOCUS, 122, turn + k * 360 / seats)
        drawn.append(circle(spot, 18, fill=fill, stroke=colours.rim, stroke_width=5))
    return drawn


def path_to_sun(colours: Palette, chance: Chance) -> list[str]:
    """A path over the hills into the morning, walked ahead of the one who shows it."""
    sun = (300 + chance.between(-70, 70), 168)
    beams = "".join(
        line_through([around(sun, 76, a), around(sun, 420, a - 3.5), around(sun, 420, a + 3.5)], close=True)
        for a in range(0, 360, 15)
    )
    drawn = [
        path(beams, fill=colours.paper, opacity=0.28),
        circle(sun, 60, fill=colours.thread, stroke=colours.paper, stroke_width=7),
    ]
    hills = (
        ("M20 236Q130 150 262 222T600 190V420H0Z", colours.first),
        ("M20 276Q190 204 330 268T600 246V420H0Z", colours.second),
        ("M0 336Q170 258 330 322T620 300V420H0Z", colours.third),
    )
    drawn += [path(data, fill=fill, stroke=colours.rim, stroke_width=4) for data, fill in hills]
    way = "M286 380C440 350 380 322 300 306C220 290 250 268 318 258C362 251 352 238 318 232"
    drawn += [
        path(way, stroke=colours.paper, stroke_width=15, stroke_linecap="round"),
        path(way, stroke=colours.rim, stroke_width=2.5, stroke_dasharray="9 8"),
    ]
    for x, y, size, fill in ((322, 224, 1.0, colours.rim), (398, 338, 1.7, colours.paper)):
        body = f"M{number(x - 9 * size)} {y}Q{x} {number(y - 44 * size)} {number(x + 9 * size)} {y}Z"
        drawn += [path(body, fill=fill), circle((x, y - 36 * size), 8 * size, fill=fill)]
    return drawn
