"""Letters become outlines that fit the space given."""

import re
from concurrent.futures import ThreadPoolExecutor

from badge_service.web import lettering
from badge_service.web.lettering import Face, Space, centred_line, drawable, fit, outline, text_width

FACE = Face(weight=600)


def box(width: float, height: float) -> Space:
    return Space(0.0, 0.0, height, lambda above, below: width)


def absolute_x(path: str) -> list[float]:
    """The x of every point of relative path data as this pen writes it."""
    xs, x = [], 0.0
    for command, numbers in re.findall(r"([Mlqcz])([^Mlqcz]*)", path):
        values = [float(n) for n in re.findall(r"-?(?:\d+\.\d|\.\d|\d+)", numbers)]
        pairs = list(zip(values[::2], values[1::2], strict=True))
        if command == "M":
            x = pairs[0][0]
            xs.append(x)
        elif pairs:
            xs += [x + dx for dx, _ in pairs]
            x += pairs[-1][0]
    return xs


def test_latin_and_cyrillic_letters_have_outlines() -> None:
    for text in ("Wicker", "Кошница", "Ñandú", "Één", "Ъгъл"):
        assert drawable(text) == text
        assert outline(text, 0, 0, 100, FACE).count("M") >= len(text)


def test_the_outline_is_as_wide_as_the_text_is_said_to_be() -> None:
    line = centred_line("HамбургH", 300, 100, 80, FACE)
    xs = absolute_x(line.path)
    assert abs((min(xs) + max(xs)) / 2 - 300) < 3
    assert abs((max(xs) - min(xs)) - line.width) < 16  # side bearings


def test_relative_coordinates_do_not_drift() -> None:
    far = outline("o" * 60, 0, 0, 40, FACE)
    one = outline("o", 59 * text_width("o", 40, FACE), 0, 40, FACE)
    assert abs(max(absolute_x(far)) - max(absolute_x(one))) <= 0.1


def test_decomposed_letters_are_composed_and_unknown_ones_left_out() -> None:
    assert drawable("Cafe\u0301  \u6f22\U0001f642 bar") == "Café bar"
    assert fit("\u6f22\u5b57", box(300, 100), largest=40, smallest=10, face=FACE) is None


def test_a_short_title_stays_on_one_line_in_the_largest_size() -> None:
    lettered = fit("Dye", box(400, 120), largest=46, smallest=17, face=FACE)
    assert lettered is not None
    assert (lettered.size, [line.text for line in lettered.lines]) == (46, ["Dye"])


def test_a_long_title_wraps_to_at_most_three_lines_that_fit() -> None:
    title = "Circular Business Model for a Craft Maker in the Region"
    lettered = fit(title, box(300, 120), largest=46, smallest=12, face=FACE)
    assert lettered is not None
    assert 2 <= len(lettered.lines) <= 3
    assert " ".join(line.text for line in lettered.lines) == title
    assert all(line.width <= 300 for line in lettered.lines)
    assert all(0 <= line.y <= 120 for line in lettered.lines)


def test_what_cannot_fit_is_shortened_with_an_ellipsis() -> None:
    for text in ("word " * 60, "W" * 5000):
        lettered = fit(text, box(200, 70), largest=40, smallest=16, face=FACE)
        assert lettered is not None
        assert lettered.lines[-1].text.endswith("…")
        assert all(line.width <= 200 for line in lettered.lines)


def test_a_long_hyphenated_word_is_parted_after_a_hyphen() -> None:
    lettered = fit("Agro-forestry-entrepreneurship", box(220, 120), largest=40, smallest=10, face=FACE)
    assert lettered is not None
    assert "".join(line.text for line in lettered.lines) == "Agro-forestry-entrepreneurship"
    assert all(line.text.endswith("-") for line in lettered.lines[:-1])


def test_many_requests_at_once_read_one_font() -> None:
    lettering._font.cache_clear()
    lettering._glyphs.cache_clear()
    faces = [Face(weight=100 * weight) for weight in range(1, 9)]
    with ThreadPoolExecutor(8) as many:
        drawn = list(many.map(lambda face: outline("Willow Ǻ ж", 0, 0, 10, face), faces * 4))
    assert drawn[:8] == drawn[8:16] == [outline("Willow Ǻ ж", 0, 0, 10, face) for face in faces]
