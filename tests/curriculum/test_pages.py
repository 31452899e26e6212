"""The pages: what the public sees, and a LET lead's way from an empty form to a published definition, without JavaScript."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from badge_service.curriculum import actions, fragments
from badge_service.curriculum.tables import Definition, DefinitionVersion
from badge_service.register.actions import read_published
from badge_service.web.viewer import current_viewer


class Fields(HTMLParser):
    """What a browser would send from the last form of a page, and the value of each button."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sent: list[tuple[str, str]] = []
        self.buttons: list[str] = []
        self._select = self._textarea = None
        self._text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        found = dict(attrs)
        if tag == "input" and found.get("name"):
            if found.get("type") not in {"checkbox", "radio"} or "checked" in found:
                self.sent.append((found["name"], found.get("value") or ""))
        elif tag == "select":
            self._select = found["name"]
        elif tag == "option" and self._select and "selected" in found:
            self.sent.append((self._select, found.get("value") or ""))
        elif tag == "textarea":
            self._textarea, self._text = found["name"], ""
        elif tag == "button" and found.get("name") == "do":
            self.buttons.append(found["value"])

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = None
        elif tag == "textarea" and self._textarea:
            self.sent.append((self._textarea, self._text.removeprefix("\n")))
            self._textarea = None

    def form(self, **changes: str) -> MultiDict[str, str]:
        form = MultiDict(self.sent)
        for name, value in changes.items():
            form[name] = value
        return form


def begin(lead: Any, *, copy_of: str = "", title: str = "Oak Spoon", code: str = "CRF-OAK-1") -> str:
    page = lead.get("/definitions/new").text
    place = re.search(r'name="place".*?value="([^"]+)"', page, re.DOTALL)
    source = re.search(rf'<option value="(\d+)">{copy_of}', page) if copy_of else None
    chosen = source[1] if source else "empty"
    data = {"title": title, "code": code, "place": place[1] if place else "", "copy_of": chosen}
    answer = lead.post("/definitions/new", data=data)
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def saved_content(database: Any, slug: str = "oak-spoon", version: str = "1.0.0") -> dict[str, Any]:
    with database.reading() as session:
        found = session.scalars(
            select(DefinitionVersion)
            .join(DefinitionVersion.definition)
            .where(Definition.slug == slug, DefinitionVersion.version == version)
        ).one()
        return dict(found.content)


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


def test_further_text_cannot_smuggle_in_html(lead: Any) -> None:
    edit = begin(lead, copy_of="Willow Basket")
    form = Fields(lead.get(edit).text).form(further_text="<script>alert(1)</script> **bold**", do="preview")
    page = lead.get(lead.post(edit, data=form).location).text
    assert "<script>alert" not in page
    assert "<strong>bold</strong>" in page


# --- a LET lead


def test_a_stranger_signs_in_first_and_another_lead_finds_nothing(
    visitor: Any, other_lead: Any, lead: Any
) -> None:
    edit = begin(lead)
    for path in (
        edit,
        edit.replace("edit", "preview"),
        edit.replace("edit", "publish"),
        edit.replace("edit", "picture.svg"),
    ):
        assert visitor.get(path).status_code == 302
        assert other_lead.get(path).status_code == 404
        assert lead.get(path).status_code == 200
    assert other_lead.post(edit, data={"title": "Mine now"}).status_code == 404


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


def test_saving_an_untouched_form_changes_nothing(lead: Any, database: Any, definition: Any) -> None:
    edit = begin(lead, copy_of="Willow Basket")
    before = saved_content(database)
    answer = lead.post(edit, data=Fields(lead.get(edit).text).form(do="save"))
    assert answer.status_code == 302
    assert saved_content(database) == before
    assert before["rubric"] == definition("willow-basket")["rubric"]


def test_a_first_look_at_an_empty_form_does_not_scold(lead: Any) -> None:
    edit = begin(lead)
    assert 'class="field-errors"' not in lead.get(edit).text


def test_every_error_stands_beside_its_field_and_in_the_summary(lead: Any) -> None:
    edit = begin(lead)
    saved = lead.post(
        edit, data=Fields(lead.get(edit).text).form(**{"workload_hours.total": "many", "do": "save"})
    )
    page = lead.get(saved.location).text
    assert "“many” is not a number." in page
    assert 'value="many"' in page
    for place in ("f-description", "f-eqf-level", "f-rubric-criteria-0-name", "f-workload-hours-total"):
        assert f'href="#{place}"' in page
        assert f'id="{place}-errors"' in page
    ids = set(re.findall(r' id="([^"]+)"', page))
    assert set(re.findall(r'href="#(f-[^"]+)"', page)) <= ids


def test_rows_are_added_and_removed_without_losing_what_was_typed(lead: Any, database: Any) -> None:
    edit = begin(lead)
    first = Fields(lead.get(edit).text).form(description="Carves a spoon.", do="add:learning_outcomes")
    page = lead.post(edit, data=first)
    assert page.status_code == 200
    fields = Fields(page.text)
    assert dict(fields.sent)["description"] == "Carves a spoon."
    assert dict(fields.sent)["learning_outcomes[1].id"] == "LO2"
    typed = fields.form(
        **{"learning_outcomes[1].text": "Sharpens a knife.", "do": "add:learning_outcomes[1].alignments"}
    )
    fields = Fields(lead.post(edit, data=typed).text)
    assert "learning_outcomes[1].alignments[0].targetUrl" in dict(fields.sent)
    fields = Fields(lead.post(edit, data=fields.form(do="remove:learning_outcomes:0")).text)
    assert dict(fields.sent)["learning_outcomes[0].text"] == "Sharpens a knife."
    lead.post(edit, data=fields.form(do="save"))
    content = saved_content(database)
    assert [one["id"] for one in content["learning_outcomes"]] == ["LO2"]
    assert content["rubric"]["criteria"][0]["outcomes"] == []
    assert content["description"] == "Carves a spoon."


def test_every_row_button_of_the_form_works(lead: Any) -> None:
    edit = begin(lead, copy_of="Willow Basket")
    fields = Fields(lead.get(edit).text)
    assert {button.split(":")[0] for button in fields.buttons} == {"save", "preview", "add", "remove"}
    for button in set(fields.buttons) - {"save", "preview"}:
        assert lead.post(edit, data=fields.form(do=button)).status_code == 200, button


@pytest.mark.parametrize(
    "deed",
    [
        f"remove:learning_outcomes:{'9' * 5000}",
        f"add:learning_outcomes[{'9' * 5000}].alignments",
        "add:code",
        "remove:rubric",
        "add:learning_outcomes[99].alignments",
        "remove:alignments:999",
        "x",
        "add:",
    ],
)
def test_a_made_up_deed_does_no_harm(lead: Any, deed: str) -> None:
    edit = begin(lead)
    assert lead.post(edit, data=Fields(lead.get(edit).text).form(do=deed)).status_code in {200, 302}


def test_a_nearly_empty_or_strange_post_is_answered(lead: Any) -> None:
    edit = begin(lead)
    revision = dict(Fields(lead.get(edit).text).sent)["revision"]
    strange = {
        "revision": revision,
        "learning_outcomes[7].text": "x",
        "rubric.levels[2].points": "∞",
        "eqf_level": "three",
    }
    assert lead.post(edit, data=strange).status_code == 302
    assert lead.get(edit + "?check=1").status_code == 200
    assert lead.get(edit.replace("edit", "preview")).status_code == 200
    assert lead.get(edit.replace("edit", "picture.svg")).status_code == 200
    assert lead.get("/definitions").status_code == 200
    assert lead.post(edit, data={}).status_code == 409


def test_two_people_see_both_texts_and_choose_field_by_field(lead: Any, database: Any) -> None:
    edit = begin(lead, copy_of="Willow Basket")
    mine = Fields(lead.get(edit).text)
    lead.post(edit, data=mine.form(description="Theirs.", target_group="Adults", do="save"))
    answer = lead.post(edit, data=mine.form(description="Mine.", tags="one\ntwo", do="save"))
    assert answer.status_code == 409
    assert "Mine." in answer.text
    assert "Theirs." in answer.text
    choice = Fields(answer.text).form(
        **{"keep:description": "theirs", "keep:target_group": "yours", "do": "merge"}
    )
    assert lead.post(edit, data=choice).status_code == 302
    content = saved_content(database)
    assert content["description"] == "Theirs."
    assert content["target_group"] == "VET students from 15, adult learners"
    assert content["tags"] == ["one", "two"]


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


def test_a_published_definition_goes_on_in_a_new_version_and_the_old_page_points_to_it(
    lead: Any, visitor: Any
) -> None:
    answer = lead.post("/definitions/willow-basket/1.0.0/new-version")
    assert answer.location == "/definitions/willow-basket/1.1.0/edit"
    lead.post("/definitions/willow-basket/1.1.0/publish")
    assert "There is a newer version" in visitor.get("/achievements/willow-basket/1.0.0").text


def test_a_withdrawn_definition_says_so(lead: Any, visitor: Any) -> None:
    assert lead.get("/definitions/willow-basket/1.0.0/withdraw").status_code == 200
    assert lead.post("/definitions/willow-basket/1.0.0/withdraw").status_code == 302
    assert "Withdrawn on" in visitor.get("/achievements/willow-basket/1.0.0").text
    assert "Willow Basket" not in visitor.get("/catalogue").text


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
