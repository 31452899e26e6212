"""Drawn badges: each its own, always the same, and safe to put on any page."""

import io
import json
import re
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image, ImageChops

from badge_service.curriculum.picture import badge_png, badge_svg
from badge_service.curriculum.picture.themes import CATEGORIES, THEMES, choose
from badge_service.errors import InvalidError

SVG = "{http://www.w3.org/2000/svg}"
HARD_TITLES = (
    "Върбова кошница: дъно, стени и ръб",
    "Wwww Mmmm " * 12,
    "&&@@ %%§§ " * 12,
    "W" * 3000,
    '<script>alert(1)</script> & "quotes" \' ]]>',
    "\u6f22\u5b57 \U0001f642",
    "bell \x07 and null \x00",
    "",
)


def every_theme() -> list[tuple[str, str]]:
    titles = [
        (theme.words[0] if theme.words else "something", "craft_technique") for theme in THEMES.values()
    ]
    return titles + [("something", category) for category in (*CATEGORIES, "unheard of")]


@pytest.mark.parametrize(("title", "category"), every_theme())
def test_every_theme_draws_outlines_with_attributes_only(title: str, category: str) -> None:
    root = ElementTree.fromstring(badge_svg(title, category, "ANY-1", 4))
    names = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert names <= {"svg", "title", "defs", "clipPath", "g", "path", "circle", "ellipse", "rect"}
    attributes = {name for element in root.iter() for name in element.attrib}
    assert not {name for name in attributes if name in ("style", "class", "href") or name.startswith("on")}


@pytest.mark.full
@pytest.mark.parametrize("title", HARD_TITLES)
def test_any_title_is_well_formed_below_forty_kilobytes_and_speaks_its_title(title: str) -> None:
    for category in CATEGORIES:
        svg = badge_svg(title, category, "CODE-1", 3, tags=["willow"])
        root = ElementTree.fromstring(svg)
        assert len(svg.encode()) <= 40_000
        spoken = root.findtext(f"{SVG}title") or ""
        assert spoken == ("".join(c for c in title if c.isprintable()) or "CODE-1")
        assert root.get("aria-labelledby") == root.find(f"{SVG}title").get("id")  # type: ignore[union-attr]


def test_the_same_definition_is_drawn_the_same_and_another_code_differently() -> None:
    one = badge_svg("Leather Care", "craft_technique", "A-1", 3)
    assert one == badge_svg("Leather Care", "craft_technique", "A-1", 3)
    assert one != badge_svg("Leather Care", "craft_technique", "A-2", 3)


def test_ids_differ_between_badges_so_that_several_stand_on_one_page() -> None:
    ids = [
        set(re.findall(r' id="([^"]+)"', badge_svg("Leather", "craft_technique", code, 3))) for code in "ABC"
    ]
    assert all(not (a & b) for a, b in combinations(ids, 2))


def test_as_many_marks_are_filled_as_the_level_says() -> None:
    for level in range(1, 9):
        svg = badge_svg("Plain", "unheard of", "L-1", level, accent="#123456")
        marks = re.findall(r'<circle [^>]*r="(?:7.6|5.4)"[^>]*>', svg)
        assert len(marks) == 8
        assert sum('fill="#123456"' in mark for mark in marks) == level
    assert 'r="5.4"' not in badge_svg("Plain", "unheard of", "L-1")


def test_a_wrong_level_and_a_wrong_colour_are_named_at_once() -> None:
    with pytest.raises(InvalidError) as caught:
        badge_svg("Plain", "craft_technique", "L-1", 9, accent="red")
    assert [fault.code for fault in caught.value.faults] == ["level_range", "colour_form"]


@pytest.mark.parametrize(
    ("title", "theme"),
    [
        ("Willow Basket", "willow"),
        ("Върбова кошница", "willow"),
        ("Плетене на кошници", "willow"),
        ("Керамика от местна глина", "clay"),
        ("Cestería de mimbre", "willow"),
        ("Keramiek", "clay"),
        ("Zero-Waste Pattern", "pattern"),
        ("3D-Printed Parts", "printing"),
        ("Leather Care", "stitches"),
        ("Бизнес модел", "loops"),
        ("Модулно обучение", "stitches"),
        ("Устойчива мода", "pattern"),
    ],
)
def test_the_words_of_a_title_choose_the_craft(title: str, theme: str) -> None:
    assert choose(title, "craft_technique", ())[1] is THEMES[theme]


def test_the_png_has_the_size_asked_for_and_a_clear_ground() -> None:
    image = Image.open(io.BytesIO(badge_png(badge_svg("Willow", "craft_technique", "W-1", 3), 200)))
    assert (image.format, image.size, image.mode) == ("PNG", (200, 200), "RGBA")
    assert image.getpixel((0, 0))[3] == 0  # type: ignore[index]
    assert image.getpixel((100, 60))[3] == 255  # type: ignore[index]


def test_the_title_is_really_drawn() -> None:
    with_title = Image.open(io.BytesIO(badge_png(badge_svg("Дърворезба", "x", "W-1"), 200)))
    other = Image.open(io.BytesIO(badge_png(badge_svg("Дърво", "x", "W-1"), 200)))
    changed = ImageChops.difference(with_title.convert("RGB"), other.convert("RGB")).getbbox()
    assert changed is not None


def test_the_demo_definitions_all_look_different(shared: Path) -> None:
    definitions = json.loads((shared / "data" / "demo_credentials.json").read_text("utf-8"))["credentials"]
    pictures = []
    for item in definitions:
        svg = badge_svg(item["title"], item["category"], item["code"], item["eqf_level"], tags=item["tags"])
        picture = Image.open(io.BytesIO(badge_png(svg, 120))).convert("RGB")
        pictures.append(picture.crop((20, 15, 100, 65)))  # the motif, without title and rim
    for one, other in combinations(pictures, 2):
        histogram = ImageChops.difference(one, other).convert("L").histogram()
        assert sum(histogram[24:]) > 0.4 * 80 * 50
