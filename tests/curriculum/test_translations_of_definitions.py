"""Several languages of one definition: structure follows the original, only texts are typed, what is missing is marked."""

import copy
import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, select

from badge_service.curriculum import actions
from badge_service.curriculum.actions import StaleDraftError
from badge_service.curriculum.checking import definition_faults
from badge_service.curriculum.rules.translating import following, missing_texts, texts_by_place, texts_of
from badge_service.curriculum.tables import DefinitionTranslation, DefinitionVersion
from badge_service.errors import ConflictError, InvalidError, NotFoundError
from badge_service.register.actions import read_published

from .conftest import CREDENTIALS, PUBLIC_URL, School

WILLOW = json.loads((CREDENTIALS / "willow-basket" / "definition.json").read_text("utf-8"))
DUTCH = {"language": "nl", "code": "CRF-WIL-1-NL", "version": "1.0.0"}


def dutch_texts(content: dict[str, Any]) -> dict[str, str]:
    return {place.where: f"nl {place.text}"[:40] for place in texts_of(content)}


def test_only_texts_are_translated_and_everything_else_is_the_originals() -> None:
    made = following(WILLOW, dutch_texts(WILLOW), DUTCH)
    assert definition_faults(made) == []
    assert missing_texts(WILLOW, made) == []
    assert (made["language"], made["code"], made["prerequisites"]) == ("nl", "CRF-WIL-1-NL", "None")
    for name in ("eqf_level", "isced_f", "workload_hours", "alignments", "assessment_types", "stackability"):
        assert made[name] == WILLOW[name]
    assert [one["alignments"] for one in made["learning_outcomes"]] == [
        one["alignments"] for one in WILLOW["learning_outcomes"]
    ]
    assert [one["points"] for one in made["rubric"]["levels"]] == [1, 2, 3, 4]
    assert made["learning_outcomes"][0]["text"].startswith("nl ")
    assert made["rubric"]["criteria"][0]["descriptors"]["proficient"].startswith("nl ")


@given(st.sets(st.sampled_from([place.where for place in texts_of(WILLOW)])))
def test_exactly_what_has_no_text_is_missing(left_out: set[str]) -> None:
    texts = {where: text for where, text in dutch_texts(WILLOW).items() if where not in left_out}
    made = following(WILLOW, texts, DUTCH)
    assert set(missing_texts(WILLOW, made)) == left_out
    assert {where: text for where, text in texts_by_place(made).items() if where in texts} == texts
    assert following(WILLOW, texts_by_place(made), made) == made


def test_texts_keep_their_rows_when_the_original_moves_them() -> None:
    moved: dict[str, Any] = copy.deepcopy(WILLOW)
    moved["learning_outcomes"].reverse()
    moved["rubric"]["criteria"].reverse()
    first = following(WILLOW, dutch_texts(WILLOW), DUTCH)
    again = following(moved, texts_by_place(first), first)
    by_id = {one["id"]: one["text"] for one in again["learning_outcomes"]}
    assert by_id == {one["id"]: one["text"] for one in first["learning_outcomes"]}
    assert [one["id"] for one in again["learning_outcomes"]] == ["LO3", "LO2", "LO1"]


def begun(
    session: Any, school: School, language: str = "nl", code: str = "CRF-WIL-1-NL"
) -> DefinitionVersion:
    source = actions.newest_version(session, "willow-basket")
    return actions.begin_translation(session, school.lead, source.id, language, code)


def test_a_translation_is_a_definition_of_its_own_linked_to_its_original(
    database: Any, imported: School
) -> None:
    with database.writing() as session:
        draft = begun(session, imported)
        original = actions.newest_version(session, "willow-basket")
        row = session.get_one(DefinitionTranslation, draft.definition_id)
        assert row.original_id == original.definition_id
        assert (draft.state, draft.language, draft.title) == ("draft", "nl", "")
        assert draft.definition.organisation_id == original.definition.organisation_id
        sides = actions.side_by_side(session, imported.lead, draft.id)
        assert set(sides.missing) == {*(place.where for place in texts_of(WILLOW)), "further_text"}
        assert not sides.has_moved
        with pytest.raises(InvalidError):
            actions.publish(session, imported.lead, draft.id, public_url=PUBLIC_URL)


def test_a_badge_of_a_translation_counts_as_one_of_the_original_in_one_question(
    database: Any, imported: School
) -> None:
    with database.writing() as session:
        begun(session, imported)
        begun(session, imported, "bg", "CRF-WIL-1-BG")
        session.flush()
        asked: list[str] = []
        event.listen(database.engine, "before_cursor_execute", lambda *found: asked.append(found[2]))
        codes = ["CRF-WIL-1-NL", "CRF-WIL-1-BG", "CRF-WIL-1", "ALL-GST-1", "NOBODY-1"]
        assert actions.code_of_original(session, codes) == {
            "CRF-WIL-1-NL": "CRF-WIL-1",
            "CRF-WIL-1-BG": "CRF-WIL-1",
            "CRF-WIL-1": "CRF-WIL-1",
            "ALL-GST-1": "ALL-GST-1",
            "NOBODY-1": "NOBODY-1",
        }
        assert len(asked) == 1
        assert actions.code_of_original(session, []) == {}


def test_a_translation_of_a_translation_is_one_of_the_original(database: Any, imported: School) -> None:
    with database.writing() as session:
        dutch = begun(session, imported)
        spanish = actions.begin_translation(session, imported.lead, dutch.id, "es", "CRF-WIL-1-ES")
        originals = session.scalars(select(DefinitionTranslation.original_id)).all()
        assert len(set(originals)) == 1 and dutch.definition_id not in originals
        assert spanish.language == "es"


@pytest.mark.parametrize(
    ("language", "code", "place"),
    [
        ("en", "CRF-NEW-1", "language"),
        ("xx", "CRF-NEW-1", "language"),
        ("nl", "CRF-WIL-1", "code"),
        ("nl", "nonsense", "code"),
        ("nl", "PATH-MAKER", "code"),
    ],
)
def test_a_wrong_start_is_named_by_its_field(
    database: Any, imported: School, language: str, code: str, place: str
) -> None:
    with database.writing() as session, pytest.raises(InvalidError) as caught:
        begun(session, imported, language, code)
    assert [fault.where for fault in caught.value.faults] == [place]


def test_there_is_one_translation_in_each_language(database: Any, imported: School) -> None:
    with database.writing() as session:
        begun(session, imported)
        with pytest.raises(InvalidError) as caught:
            begun(session, imported, "nl", "CRF-WIL-2-NL")
        assert [fault.code for fault in caught.value.faults] == ["language.double"]


def test_a_published_translation_and_its_original_name_each_other(database: Any, imported: School) -> None:
    with database.writing() as session:
        draft = begun(session, imported)
        texts = dutch_texts(WILLOW) | {"further_text": "Meer"}
        actions.save_translation(session, imported.lead, draft.id, texts, draft.revision)
        assert actions.side_by_side(session, imported.lead, draft.id).missing == []
        actions.publish(session, imported.lead, draft.id, public_url=PUBLIC_URL)
        slug = draft.definition.slug
    with database.reading() as session:
        published = read_published(session, f"/achievements/{slug}/1.0.0.json")
    assert published
    document = json.loads(published.body)
    assert document["inLanguage"] == "nl"
    assert {(one["id"], one["inLanguage"]) for one in document["related"]} == {
        (f"{PUBLIC_URL}/achievements/willow-basket/1.0.0", "en")
    }
    assert "Wat de lerende kan" in document["criteria"]["narrative"]


def test_a_new_version_of_the_original_moves_the_translation_when_it_is_saved(
    database: Any, imported: School
) -> None:
    with database.writing() as session:
        draft = begun(session, imported)
        actions.save_translation(session, imported.lead, draft.id, dutch_texts(WILLOW), draft.revision)
        kept = texts_by_place(draft.content)
        source = actions.newest_version(session, "willow-basket")
        changed: dict[str, Any] = copy.deepcopy(source.content)
        changed["workload_hours"] = {
            "total": 31,
            "guided": 13,
            "practice": 14,
            "self_study": 2,
            "assessment": 2,
        }
        changed["learning_outcomes"].append(
            {"id": "LO4", "kind": "skill", "text": "Sells it.", "alignments": []}
        )
        follower = actions.new_version_from(session, imported.lead, source.id)
        actions.save_draft(session, imported.lead, follower.id, changed, follower.revision)
        assert not actions.side_by_side(session, imported.lead, draft.id).has_moved
        follower.state = "published"
        session.flush()
        sides = actions.side_by_side(session, imported.lead, draft.id)
        assert sides.has_moved
        assert "learning_outcomes.LO4.text" in sides.missing
        actions.save_translation(session, imported.lead, draft.id, {}, draft.revision)
        assert draft.content["workload_hours"]["total"] == 31
        assert kept.items() <= texts_by_place(draft.content).items()


def test_two_who_translate_at_once_lose_nothing(database: Any, imported: School) -> None:
    with database.writing() as session:
        draft = begun(session, imported)
        opened = draft.revision
        actions.save_translation(session, imported.lead, draft.id, {"title": "Mand"}, opened)
        with pytest.raises(StaleDraftError):
            actions.save_translation(session, imported.lead, draft.id, {"title": "Korf"}, opened)
        assert draft.content["title"] == "Mand"


def test_what_is_no_translation_or_somebody_elses_has_no_sides(
    database: Any, imported: School, other_school: School
) -> None:
    with database.writing() as session:
        draft = begun(session, imported)
        original = actions.newest_version(session, "willow-basket")
        with pytest.raises(ConflictError):
            actions.side_by_side(session, imported.lead, original.id)
        for act in (
            lambda: actions.side_by_side(session, other_school.lead, draft.id),
            lambda: actions.save_translation(session, other_school.lead, draft.id, {}, 1),
            lambda: actions.begin_translation(session, other_school.lead, original.id, "bg", "CRF-WIL-1-BG"),
        ):
            with pytest.raises(NotFoundError):
                act()


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("eqf_level", lambda content: content.update(eqf_level=4)),
        ("workload_hours", lambda content: content["workload_hours"].update(total=31, practice=11)),
        ("assessment_types", lambda content: content.update(assessment_types=["artefact assessment"])),
        ("learning_outcomes", lambda content: content["learning_outcomes"][0].update(kind="skill")),
        ("rubric", lambda content: content["rubric"].update(pass_level="developing")),
        ("rubric", lambda content: content["rubric"]["criteria"][0].update(weight=5)),
        ("rubric", lambda content: content["rubric"]["levels"][3].update(points=9)),
        ("evidence_required", lambda content: content["evidence_required"][0].update(min_count=1)),
    ],
)
def test_a_translation_that_differs_from_its_original_is_not_published(
    database: Any, imported: School, field: str, change: Any
) -> None:
    with database.writing() as session:
        draft = begun(session, imported)
        actions.save_translation(session, imported.lead, draft.id, dutch_texts(WILLOW), draft.revision)
        content = copy.deepcopy(draft.content)
        change(content)
        actions.save_draft(session, imported.lead, draft.id, content, draft.revision)
        with pytest.raises(InvalidError) as refused:
            actions.publish(session, imported.lead, draft.id, public_url=PUBLIC_URL)
        assert (field, "translation.structure") in {(one.where, one.code) for one in refused.value.faults}
        actions.save_translation(session, imported.lead, draft.id, {}, draft.revision)
        actions.publish(session, imported.lead, draft.id, public_url=PUBLIC_URL)


# --- pages


def started(lead: FlaskClient) -> str:
    asked = lead.get("/definitions/willow-basket/1.0.0/translations/new")
    assert 'value="CRF-WIL-1-NL"' in asked.get_data(as_text=True)
    done = lead.post(
        "/definitions/willow-basket/1.0.0/translations/new", data={"language": "nl", "code": "CRF-WIL-1-NL"}
    )
    assert done.status_code == 302
    return str(done.headers["Location"])


def test_original_and_translation_stand_side_by_side_with_what_is_missing(lead: FlaskClient) -> None:
    address = started(lead)
    page = lead.get(address).get_data(as_text=True)
    assert WILLOW["learning_outcomes"][0]["text"] in page
    count = len(texts_of(WILLOW)) + 1
    assert f"{count} texts are missing." in page
    assert page.count('class="translation-row translation-missing"') == count
    assert 'lang="nl"' in page and 'lang="en"' in page
    saved = lead.post(
        address,
        data={"revision": "1", "text:title": "Mand", "text:further_text": "Meer\r\nerover"},
        follow_redirects=True,
    )
    again = saved.get_data(as_text=True)
    assert 'value="Mand"' in again and "Meer\nerover" in again
    assert f"{count - 2} texts are missing." in again


def test_a_stale_page_keeps_what_was_typed_and_shows_what_stands(lead: FlaskClient) -> None:
    address = started(lead)
    lead.post(address, data={"revision": "1", "text:title": "Mand"})
    stale = lead.post(address, data={"revision": "1", "text:title": "Korf"})
    page = stale.get_data(as_text=True)
    assert stale.status_code == 409
    assert 'value="Korf"' in page and "Saved meanwhile: “Mand”" in page
    assert 'name="revision" value="2"' in page


@pytest.mark.parametrize(
    "typed",
    [
        {"text:title": "with \x01 one"},
        {"text:title": "turned \u202e"},
        {"text:learning_outcomes.LO1.text": "x\x07"},
    ],
)
def test_unseen_characters_are_named_and_nothing_typed_is_lost(
    lead: FlaskClient, typed: dict[str, str]
) -> None:
    address = started(lead)
    answer = lead.post(address, data={"revision": "1", "text:awarded_by": "Een docent", **typed})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "invisible control character" in page and 'value="Een docent"' in page


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"revision": "9" * 50},
        {"revision": "1", "text:": "x", "text:nowhere.7.text": "x", "text:rubric.levels": "x"},
        {"revision": "1", "text:title": "<script>alert(1)</script>" * 1000},
    ],
)
def test_strange_posts_are_answered(lead: FlaskClient, typed: dict[str, str]) -> None:
    address = started(lead)
    answer = lead.post(address, data=typed, follow_redirects=True)
    assert answer.status_code in (200, 409, 422)
    assert "<script>alert(1)" not in answer.get_data(as_text=True)


def test_the_desk_leads_to_translations_and_files(lead: FlaskClient) -> None:
    page = lead.get("/definitions").get_data(as_text=True)
    assert "/definitions/willow-basket/1.0.0/translations/new" in page
    assert "/definitions/willow-basket/1.0.0/export" in page and "/definitions/import" in page
    address = started(lead)
    assert address in lead.get("/definitions").get_data(as_text=True)
    wrong = lead.post(
        "/definitions/willow-basket/1.0.0/translations/new", data={"language": "nl", "code": "CRF-WIL-1"}
    )
    assert wrong.status_code == 422
