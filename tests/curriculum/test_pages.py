"""The pages: what the public sees, and a LET lead's desk; the editor has its own tests."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from badge_service.curriculum import actions, fragments
from badge_service.register.actions import read_published
from badge_service.web.viewer import current_viewer

from .desk import Fields, begin

# --- everybody


@pytest.mark.parametrize(
    "path",
    [
        "/catalogue",
        "/catalogue?topic=traditional_crafts&level=3&region=friesland&language=en&text=willow",
        "/catalogue?level=abc&page=-4",
        "/catalogue?level=99999999999999999999999&page=99999999999999999999999",
        f"/catalogue?level={'9' * 5000}&page={'9' * 5000}",
        "/achievements/willow-basket",
        "/achievements/willow-basket/1.0.0",
        "/achievements/willow-basket/1.0.0/criteria",
        "/pathways/student-in-the-lead",
        "/pathways/future-craft-maker/picture.svg",
        "/lets/friesland",
        "/lets/valencia",
    ],
)
def test_the_public_pages_open_for_strangers(visitor: Any, path: str) -> None:
    assert visitor.get(path).status_code == 200


@pytest.mark.parametrize(
    "path", ["/achievements/nothing/1.0.0", "/achievements/willow-basket/9.9.9", "/pathways/x", "/lets/x"]
)
def test_what_does_not_exist_is_said_so(visitor: Any, path: str) -> None:
    assert visitor.get(path).status_code == 404


def test_the_machine_address_gives_the_published_bytes_and_the_human_one_a_page(
    visitor: Any, database: Any
) -> None:
    for path in ("/achievements/willow-basket/1.0.0.json", "/achievements/willow-basket/1.0.0/eu-facts.json"):
        with database.reading() as session:
            published = read_published(session, path)
        answer = visitor.get(path)
        assert published
        assert answer.data == published.body
        assert answer.content_type == "application/json"
    assert visitor.get("/achievements/willow-basket/1.0.0").content_type.startswith("text/html")


def test_the_catalogue_shows_what_fits_and_helps_when_nothing_does(visitor: Any) -> None:
    crafts = visitor.get("/catalogue?topic=traditional_crafts").text
    assert "Willow Basket" in crafts
    assert "Guest Speaker Host" not in crafts
    assert "/images/willow-basket-1.0.0.svg" in crafts
    assert "Show all" in visitor.get("/catalogue?text=nothing+like+this").text


def test_the_page_of_a_definition_has_outcomes_rubric_and_sixteen_eu_lines(visitor: Any) -> None:
    page = visitor.get("/achievements/willow-basket/1.0.0").text
    assert "Weaves base, sides and border" in page
    assert "carries 3 kg" in page
    box = page[page.index("eu-title") :]
    assert box.count("<dt>") == 16
    assert "/pathways/future-craft-maker" in page


# --- a LET lead


def test_a_stranger_signs_in_first_and_another_lead_finds_nothing(
    visitor: Any, other_lead: Any, lead: Any
) -> None:
    edit = begin(lead)
    for path in (
        f"{edit}/what",
        edit.replace("edit", "preview"),
        edit.replace("edit", "publish"),
        edit.replace("edit", "picture.svg"),
    ):
        assert visitor.get(path).status_code == 302
        assert other_lead.get(path).status_code == 404
        assert lead.get(path).status_code == 200
    assert other_lead.post(f"{edit}/what", data={"title": "Mine now"}).status_code == 404


def test_beginning_names_everything_wrong_at_once_and_keeps_what_was_typed(lead: Any) -> None:
    page = lead.get("/definitions/new").text
    form = Fields(page).form(title="", code="not a code")
    form.setdefault("copy_of", "empty")
    form.setdefault("place", re.search(r'value="(\d+:\d+)"', page)[1])  # type: ignore[index]
    answer = lead.post("/definitions/new", data=form)
    assert answer.status_code == 422
    assert "Give it a title." in answer.text
    assert "Write a short code" in answer.text
    assert 'value="not a code"' in answer.text


def test_publishing_asks_first_and_refuses_what_is_not_complete(lead: Any, visitor: Any) -> None:
    edit = begin(lead)
    publish = edit.replace("edit", "publish")
    assert "Not complete yet" in lead.get(publish).text
    assert lead.post(publish).status_code == 422
    assert visitor.get("/achievements/oak-spoon/1.0.0").status_code == 404


def test_from_a_copy_to_a_published_definition(lead: Any, visitor: Any) -> None:
    edit = begin(lead, copy_of="Willow Basket")
    publish = edit.replace("edit", "publish")
    assert visitor.get("/achievements/oak-spoon/1.0.0").status_code == 404
    assert "can never be changed again" in lead.get(publish).text
    answer = lead.post(publish)
    assert answer.location == "/achievements/oak-spoon/1.0.0"
    assert "Oak Spoon" in visitor.get("/catalogue").text
    assert visitor.get("/images/oak-spoon-1.0.0.png").data.startswith(b"\x89PNG")
    assert lead.get(edit).status_code == 409


def test_many_definitions_make_several_pages(lead: Any, visitor: Any, database: Any, imported: Any) -> None:
    with database.writing() as session:
        source = actions.newest_version(session, "willow-basket")
        for number in range(24):
            draft = actions.create_draft(
                session,
                imported.lead,
                organisation_id=imported.organisation.id,
                let_id=imported.let.id,
                code=f"CRF-NUM-{number}",
                title=f"Basket {number}",
                copy_of=source,
            )
            draft.picture_svg = source.picture_svg
            actions.publish(session, imported.lead, draft.id, public_url="https://badges.example.org")
    first = visitor.get("/catalogue?topic=traditional_crafts&page=1").text
    assert first.count('class="card badge-card"') == 24
    everything = visitor.get("/catalogue").text
    assert everything.count('class="card badge-card"') == 24 + 2  # and two pathways
    assert "page=2" in everything
    assert visitor.get("/catalogue?page=2&level=3").text.count('class="card badge-card"') == 2


def drafts_at_home(app: Flask, person: str) -> str | None:
    with app.test_request_context(headers={"X-Person": person}):
        return fragments.drafts(current_viewer(), None)


def test_home_lists_a_leads_open_drafts_and_nobody_elses(app: Flask, lead: FlaskClient) -> None:
    shown = drafts_at_home(app, "lead")
    assert shown is not None and "You have no open draft" in shown and 'href="/definitions/new"' in shown
    begun = lead.post("/definitions/willow-basket/1.0.0/new-version", data={"kind": "minor"})
    shown = drafts_at_home(app, "lead")
    assert shown is not None and f'href="{begun.location}"' in shown and "You have no open draft" not in shown
    others = drafts_at_home(app, "other")
    assert others is not None and "You have no open draft" in others
    assert drafts_at_home(app, "teacher") is None


def test_the_pass_rule_is_in_the_readers_language_around_the_names_of_levels(visitor: FlaskClient) -> None:
    address = "/achievements/willow-basket/1.0.0"
    page = visitor.get(f"{address}?lang=nl").text
    assert 'elk criterium op <span lang="en">Proficient</span> of hoger' in page
    assert "every criterion at" not in page
    assert "every criterion at Proficient or above" in visitor.get(f"{address}.json").text
