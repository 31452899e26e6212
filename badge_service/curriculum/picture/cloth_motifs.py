"""Motifs of thread and cloth: pattern pieces, twill, stitched circles, cross-stitch that is half a code."""

from badge_service.curriculum.picture.drawing import Chance, Palette, Point, around, circle, number, path, tag

PIECES = (  # front, back, sleeve, collar: outlines in a cloth of 400 × 280, cut edge on cut edge so that nothing is left over
    ("M0 0H64Q84 46 124 40L150 62Q128 110 150 158V280H0Z", (72, 168)),
    ("M64 0H236Q216 46 176 40L150 62Q104 58 64 0Z", (150, 26)),
    ("M236 0H400V96Q330 104 300 166L264 280H150V158Q172 110 150 62L176 40Q216 46 236 0Z", (240, 130)),
    ("M400 96V280H264L300 166Q330 104 400 96Z", (348, 208)),
)


def pattern_pieces(colours: Palette, chance: Chance) -> list[str]:
    """Garment pieces laid edge on edge on one cloth: no waste."""
    fills = [colours.first, colours.second, colours.third, colours.paper]
    shift, lean = chance.pick([0, 1, 2, 3]), chance.between(-9, -4)
    drawn = []
    for index, (outline, centre) in enumerate(PIECES):
        drawn += _piece(outline, centre, fills[(index + shift) % 4], colours)
    grain = "M72 100v104M64 112l8-14 8 14M64 192l8 14 8-14M348 170v70M340 182l8-14 8 14"
    drawn.append(path(grain, stroke=colours.rim, stroke_width=4))
    drawn += [circle(at, 7, fill=colours.rim) for at in ((150, 62), (150, 158), (300, 166))]
    drawn += _tape(colours)
    return [tag("g", *drawn, transform=f"rotate({number(lean)} 300 206) translate(124 84) scale(.88)")]


def _piece(outline: str, centre: Point, fill: str, colours: Palette) -> list[str]:
    x, y = centre
    thread = colours.rim if fill in (colours.paper, colours.second) else colours.paper
    inset = f"translate({x} {y}) scale(.86) translate({-x} {-y})"
    stitch = {"stroke_dasharray": "11 7", "stroke_linecap": "round"}
    return [
        path(outline, fill=fill, stroke=colours.rim, stroke_width=5, stroke_linejoin="round"),
        path(outline, stroke=thread, stroke_width=3.5, transform=inset, **stitch),
    ]


def _tape(colours: Palette) -> list[str]:
    marks = "".join(f"M{x} 296v{14 if x % 50 == 0 else 8}" for x in range(0, 401, 10))
    return [
        tag(
            "rect",
            x=-6,
            y=294,
            width=412,
            height=24,
            rx=3,
            fill=colours.thread,
            stroke=colours.rim,
            stroke_width=3,
        ),
        path(marks, stroke=colours.rim, stroke_width=2),
    ]


def twill(colours: Palette, chance: Chance) -> list[str]:
    """Cloth in the making: weft passing over two threads and under two, moving on by one each row."""
    size, lean, band = 19, chance.pick([-1, 1]), chance.pick([4, 5, 6])
    drawn = [
        path(
            "".join(f"M{x} 40V400" for x in range(40, 570, size)), stroke=colours.first, stroke_width=size - 4
        )
    ]
    floats = {colours.second: "", colours.third: ""}
    for row in range(18):
        y = 46 + row * size
        starts = [c for c in range(-3, 29) if (c + lean * row) % 4 == 0]
        data = "".join(f"M{40 + c * size - 6} {y}h{size + 12}" for c in starts)
        floats[colours.third if row % band in (2, 3) else colours.second] += data
    for colour, data in floats.items():
        drawn.append(path(data, stroke=colours.rim, stroke_width=size - 1, stroke_linecap="round"))
        drawn.append(path(data, stroke=colour, stroke_width=size - 5, stroke_linecap="round"))
    return drawn


def stitched_circles(colours: Palette, chance: Chance) -> list[str]:
    """Interlocking circles in running stitch, one petal in ten filled with colour."""
    radius = chance.pick([52, 58, 64])
    drawn: list[str] = []
    centres = [
        (300 + i * radius, 206 + j * radius) for i in range(-6, 7) for j in range(-5, 5) if (i + j) % 2 == 0
    ]
    for x, y in centres:
        if chance.unit() < 0.45:
            petal = f"M{number(x)} {number(y - radius)}A{radius} {radius} 0 0 1 {number(x + radius)} {number(y)}A{radius} {radius} 0 0 1 {number(x)} {number(y - radius)}Z"
            drawn.append(path(petal, fill=chance.pick([colours.first, colours.second, colours.third])))
    for at in centres:
        drawn.append(
            circle(
                at,
                radius,
                fill="none",
                stroke=colours.paper,
                stroke_width=4.5,
                stroke_dasharray="13 7",
                stroke_linecap="round",
            )
        )
    return drawn


def cross_stitch(colours: Palette, chance: Chance) -> list[str]:
    """A square that is embroidery and a code at once: mirrored cross-stitches between three corner marks."""
    cell, half, stitches = 15, 8, {colours.first: "", colours.third: ""}
    for row in range(-half, half + 1):
        for column in range(half + 1):
            in_corner = column > half - 5 and abs(row) > half - 5
            if in_corner or chance.unit() > (0.82 if (row + column) % 2 else 0.58):
                continue
            colour = colours.first if (abs(row) + column) % 3 else colours.third
            for side in {column, -column}:
                stitches[colour] += _stitch(300 + side * cell, 206 + row * cell, 5)
    drawn = [
        path(data, stroke=colour, stroke_width=4.6, stroke_linecap="round")
        for colour, data in stitches.items()
    ]
    for across, down in ((-1, -1), (1, -1), (-1, 1), (1, 1)):
        at = (300 + across * 6 * cell, 206 + down * 6 * cell)
        drawn += _corner(at, colours) if (across, down) != (1, 1) else _flower(at, colours)
    return [*drawn, *_borders(colours)]


def _stitch(x: float, y: float, reach: float) -> str:
    _r, d = number(reach), number(2 * reach)
    return f"M{number(x - reach)} {number(y - reach)}l{d} {d}m0-{d}l-{d} {d}"


def _corner(at: tuple[float, float], colours: Palette) -> list[str]:
    x, y = at
    return [
        tag(
            "rect", x=x - 27, y=y - 27, width=54, height=54, fill="none", stroke=colours.rim, stroke_width=10
        ),
        tag(
            "rect",
            x=x - 11,
            y=y - 11,
            width=22,
            height=22,
            fill=colours.first,
            transform=f"rotate(45 {number(x)} {number(y)})",
        ),
    ]


def _flower(at: tuple[float, float], colours: Palette) -> list[str]:
    petals = "".join(
        _stitch(*around(at, 14 * ring, angle), 5) for ring in (1.3, 2.4) for angle in range(45, 405, 90)
    )
    rays = "".join(
        _stitch(*around(at, 15 * ring, angle), 5) for ring in (0, 1, 2) for angle in range(0, 360, 90)
    )
    return [
        path(petals, stroke=colours.third, stroke_width=4.6),
        path(rays, stroke=colours.first, stroke_width=4.6),
    ]


def _borders(colours: Palette) -> list[str]:
    drawn = []
    for x in (75, 105, 135, 465, 495, 525):
        crosses = "".join(_stitch(x + (7 if (y // 15) % 2 else -7), y, 5) for y in range(56, 380, 15))
        drawn.append(
            path(
                crosses,
                stroke=colours.third if x in (105, 495) else colours.first,
                stroke_width=4.6,
                stroke_linecap="round",
            )
        )
    return drawn
