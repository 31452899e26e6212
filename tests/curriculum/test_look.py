"""The badge designer: every choice is drawn, colours must be readable, and what nobody chose is drawn as before."""

import json
import re
from itertools import combinations
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from badge_service.curriculum import actions, words
from badge_service.curriculum.catalogue_files import drawn_picture
from badge_service.curriculum.checking import definition_faults
from badge_service.curriculum.picture import badge_svg
from badge_service.curriculum.picture.themes import CATEGORIES, THEMES
from badge_service.curriculum.rules.look import (
    CHOICES,
    LEAST_ON_PAPER,
    LEAST_UNDER_THREAD,
    MOTIFS,
    PAPER,
    RIBBONS,
    SHAPES,
    THREAD,
    Look,
    colour_faults,
    contrast,
    is_readable,
    look_from,
    look_of,
    nearest_readable,
)
from badge_service.settings import data_path

SVG = "{http://www.w3.org/2000/svg}"
CREDENTIALS = Path(__file__).resolve().parents[2] / "credentials"
colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def drawn(**look: str) -> str:
    return badge_svg("Natural Dyeing with Onion Skins", "craft_technique", "CRF-DYE-9", 3, look=Look(**look))


def test_rules_words_schema_and_drawing_know_the_same_choices() -> None:
    schema = json.loads((data_path("schemas") / "definition.schema.json").read_text("utf-8"))
    described = schema["properties"]["look"]["properties"]
    for name, values in CHOICES.items():
        assert tuple(described[name]["enum"]) == values == tuple(words.LOOKS[name])
    assert set(MOTIFS) == set(THEMES)
    assert set(SHAPES) == {outline for outline, _theme in CATEGORIES.values()} | {"round"}
    assert "look" not in schema["required"]


def test_every_choice_gives_another_picture_within_forty_kilobytes_of_outlines() -> None:
    pictures = [drawn(**{name: value}) for name in ("shape", "motif") for value in CHOICES[name]]
    pictures += [drawn(ribbon=ribbon) for ribbon in RIBBONS] + [
        drawn(colour=colour) for colour in words.COLOURS
    ]
    pictures += [drawn(level_mark="none")]
    bodies = {re.sub(r"b[0-9a-f]{10}", "", one) for one in pictures}
    assert (
        len(bodies) >= len(pictures) - 3
    )  # the chosen outline, motif and “no ribbon” are what it would get anyway
    for one in pictures:
        assert len(one.encode()) <= 40_000
        names = {element.tag.removeprefix(SVG) for element in ElementTree.fromstring(one).iter()}
        assert names <= {"svg", "title", "defs", "clipPath", "g", "path", "circle", "ellipse", "rect"}


def test_all_motifs_with_all_ribbons_stay_small_and_are_always_the_same() -> None:
    for motif in MOTIFS:
        one = drawn(motif=motif, ribbon="band_tails", colour="#7a1f4f", shape="rope")
        assert one == drawn(motif=motif, ribbon="band_tails", colour="#7a1f4f", shape="rope")
        assert len(one.encode()) <= 40_000
        assert "#7a1f4f" in one


def test_pictures_with_another_look_share_no_id() -> None:
    found = [set(re.findall(r' id="([^"]+)"', drawn(ribbon=ribbon))) for ribbon in RIBBONS]
    assert all(not (one & other) for one, other in combinations(found, 2))


def test_without_a_look_every_picture_of_the_catalogue_is_drawn_as_before() -> None:
    for path in CREDENTIALS.glob("*/picture.svg"):
        content = json.loads(next(path.parent.glob("*.json")).read_text("utf-8"))
        assert "look" not in content
        assert drawn_picture(content) == path.read_text("utf-8")
        assert drawn_picture({**content, "look": {}}) == path.read_text("utf-8")


def test_the_level_mark_can_be_left_out() -> None:
    assert 'r="5.4"' in drawn()
    assert 'r="5.4"' not in drawn(level_mark="none")


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48), ("#0000ff", "#ffffff", 8.59)],
)
def test_contrast_is_what_the_guidelines_say(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == contrast(other, one) == pytest.approx(ratio, abs=0.01)


@given(colours)
def test_the_nearest_colour_can_be_read_and_a_readable_one_is_kept(colour: str) -> None:
    nearest = nearest_readable(colour)
    assert contrast(nearest, PAPER) >= LEAST_ON_PAPER
    assert contrast(nearest, THREAD) >= LEAST_UNDER_THREAD
    assert (nearest == colour) is is_readable(colour)
    assert all(int(nearest[at : at + 2], 16) <= int(colour[at : at + 2], 16) for at in (1, 3, 5))


def test_the_ready_colours_can_be_read() -> None:
    assert all(is_readable(colour) for colour in words.COLOURS)


def test_a_colour_too_light_is_refused_with_the_nearest_that_can_be_read(definition: Any) -> None:
    content = definition("willow-basket") | {"look": {"colour": "#e8c98b"}}
    [fault] = definition_faults(content)
    assert (fault.where, fault.code) == ("look.colour", "colour.contrast")
    assert nearest_readable("#e8c98b") in fault.message
    assert drawn_picture(content) == drawn_picture(definition("willow-basket"))


@pytest.mark.parametrize(
    "colour", ["red", "", "#12345", "#1234567", "#12345g", "#１２３４５６", "url(#x)", '"/><script>']
)
def test_what_is_no_colour_is_said_to_be_none_and_never_drawn(colour: str) -> None:
    assert [fault.code for fault in colour_faults(colour)] == ["colour.form"]
    assert look_of({"look": {"colour": colour}}) == Look()


@pytest.mark.parametrize(
    "look",
    [
        None,
        [],
        "round",
        {"shape": ["round"]},
        {"motif": {}},
        {"shape": 5},
        {"ribbon": "<svg>"},
        {"colour": 7},
    ],
)
def test_a_draft_with_a_broken_look_is_drawn_as_if_it_had_none(definition: Any, look: Any) -> None:
    content = definition("willow-basket") | {"look": look}
    assert drawn_picture(content) == drawn_picture(definition("willow-basket"))
    assert definition_faults(content)


def test_a_form_gives_only_what_was_chosen() -> None:
    typed = {
        "look.shape": "sun",
        "look.ribbon": "",
        "look.colour": "own",
        "look.own_colour": " #7A1F4F ",
        "title": "x",
    }
    assert look_from(typed) == {"shape": "sun", "colour": "#7a1f4f"}
    assert look_from({"look.colour": "", "look.own_colour": "#7a1f4f"}) == {}
    assert look_from({"look.colour": "#123a6b", "look.own_colour": "#7a1f4f"}) == {"colour": "#123a6b"}


@pytest.fixture
def draft(database: Any, imported: Any) -> str:
    """The address of a complete draft."""
    with database.writing() as session:
        source = actions.newest_version(session, "willow-basket")
        version = actions.new_version_from(session, imported.lead, source.id)
        return f"/definitions/willow-basket/{version.version}"


def test_the_look_step_shows_every_choice_with_its_picture_and_saves_it(
    app: Flask, database: Any, draft: str, lead: FlaskClient
) -> None:
    page = lead.get(f"{draft}/edit/look").text
    for name, options in words.LOOKS.items():
        for value in options:
            assert f'name="look.{name}" value="{value}"' in page
            assert f"/look/{name}/{value.removeprefix('#')}.svg" in page
    opened = re.search(r'name="opened"[^>]* value="([^"]*)"', page)
    sent = {"opened": opened[1].replace("&#34;", '"') if opened else "", "do": "stay"}
    sent |= {"look.shape": "sun", "look.motif": "clay", "look.colour": "own", "look.own_colour": "#FFFF00"}
    assert lead.post(f"{draft}/edit/look", data=sent).status_code == 303
    page = lead.get(f"{draft}/edit/look?check=1").text
    assert 'value="clay" checked' in page
    assert 'value="#ffff00"' in page
    assert nearest_readable("#ffff00") in page
    with database.reading() as session:
        slug, version = draft.split("/")[2:]
        saved = session.scalar(
            actions.reading._of_slug(slug).where(actions.reading.DefinitionVersion.version == version)
        )
        assert saved.content["look"] == {"shape": "sun", "motif": "clay", "colour": "#ffff00"}


def test_the_picture_of_a_draft_follows_the_address_and_saves_nothing(draft: str, lead: FlaskClient) -> None:
    before = lead.get(f"{draft}/picture.svg").data
    shown = lead.get(f"{draft}/picture.svg?look.motif=clay&look.colour=own&look.own_colour=%237a1f4f").data
    assert shown != before
    assert b"#7a1f4f" in shown
    assert lead.get(f"{draft}/picture.svg").data == before


@pytest.mark.parametrize(
    "query",
    [
        "look.motif=%3Cscript%3E",
        "look.colour=own&look.own_colour=%22%3E",
        "look.shape=x&look.shape=y",
        "look.",
    ],
)
def test_an_address_with_no_such_choice_gives_the_badge_as_it_would_be_drawn(
    draft: str, lead: FlaskClient, query: str
) -> None:
    answer = lead.get(f"{draft}/picture.svg?{query}")
    assert answer.status_code == 200
    assert "<script" not in answer.text
    ElementTree.fromstring(answer.text)


def test_pictures_of_choices_are_for_everybody_and_of_nothing_else(visitor: FlaskClient) -> None:
    answer = visitor.get("/look/motif/willow.svg")
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    for address in (
        "/look/motif/x.svg",
        "/look/x/willow.svg",
        "/look/colour/123456.svg",
        "/look/colour/%23123a6b.svg",
    ):
        assert visitor.get(address).status_code == 404


def test_the_picture_of_a_draft_is_not_for_others(
    draft: str, visitor: FlaskClient, other_lead: FlaskClient
) -> None:
    assert visitor.get(f"{draft}/picture.svg").status_code in (302, 303, 401, 403)
    assert other_lead.get(f"{draft}/picture.svg").status_code == 404


def test_a_published_look_is_what_was_chosen(database: Any, imported: Any, definition: Any) -> None:
    content = definition("willow-basket") | {
        "look": {"motif": "clay", "ribbon": "tails", "colour": "#123a6b"}
    }
    with database.writing() as session:
        place = {"organisation_id": imported.organisation.id, "let_id": imported.let.id}
        version = actions.create_draft(session, imported.lead, code="LOOK-1", title="Look", **place)
        actions.save_draft(session, imported.lead, version.id, {**content, "title": "Look"}, version.revision)
        actions.publish(session, imported.lead, version.id, public_url="https://badges.example.org")
        assert version.picture_svg == drawn_picture(version.content)
        assert "#123a6b" in version.picture_svg
