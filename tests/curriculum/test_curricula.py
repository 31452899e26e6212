"""Curricula: written in units, checked for approaches and impacts, published in frozen versions that name their reasons."""

import copy
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from badge_service.curriculum import actions
from badge_service.curriculum.actions import StaleCurriculumError
from badge_service.curriculum.curriculum_form import clashes, merged, with_deed
from badge_service.curriculum.rules.curricula import (
    Approach,
    Impact,
    blank_curriculum,
    coverage,
    curriculum_faults,
    impact_of,
)
from badge_service.curriculum.rules.findings import Note
from badge_service.curriculum.tables import CurriculumDefinition, CurriculumVersion
from badge_service.errors import ConflictError, InvalidError, NotFoundError

from .conftest import PUBLIC_URL, School


def unit(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "id": f"U{number}",
        "title": f"Unit {number}",
        "description": "",
        "hours": 8,
        "approaches": ["design_thinking"],
        "impacts": [],
        "definitions": [],
        **changes,
    }


def whole(**changes: Any) -> dict[str, Any]:
    willow = {"slug": "willow-basket", "version": ""}
    every = {"approaches": [str(one) for one in Approach], "impacts": [str(one) for one in Impact]}
    content = blank_curriculum("Craft with waste", "en") | {"description": "From plant to product."}
    topics = [
        {"id": "T1", "iteration": 1, "title": "3D printing", "starts": "2025-03-01", "ends": "2025-04-30"}
    ]
    return {**content, "units": [unit(1, **every, definitions=[willow])], "topics": topics, **changes}


def draft(session: Session, school: School, **changes: Any) -> CurriculumVersion:
    version = actions.create_curriculum(
        session, school.lead, organisation_id=school.organisation.id, let_id=school.let.id,
        title="Craft with waste", language="en",
    )  # fmt: skip
    return actions.save_curriculum(session, school.lead, version.id, whole(**changes), version.revision)


def published(session: Session, school: School) -> CurriculumVersion:
    return actions.publish_curriculum(session, school.lead, draft(session, school).id)


# --- the checker


def test_the_checker_says_which_approach_and_which_impact_is_missing(definition: Any) -> None:
    content = whole(units=[unit(1, approaches=["problem_solving"], impacts=["cultural"],
                                definitions=[{"slug": "willow-basket", "version": ""}]), unit(2)])  # fmt: skip
    found = coverage(content, {"willow-basket": definition("willow-basket")})
    assert {one.tag for one in found if one.is_missing} == {"collaborative_work", "environmental", "social"}
    cultural = next(one for one in found if one.tag == "cultural")
    assert cultural.units == ("Unit 1",)
    assert cultural.outcomes[0].startswith("Names the main willow types")


def test_a_tag_without_an_outcome_behind_it_is_missing_all_the_same() -> None:
    found = coverage(whole(units=[unit(1, impacts=["social"])]), {})
    social = next(one for one in found if one.tag == "social")
    assert (social.units, social.is_missing) == (("Unit 1",), True)


@pytest.mark.parametrize(
    ("kind", "url", "code", "impact"),
    [
        ("ext:GreenComp", "https://doi.org/10.2760/13286#1.3", "1.3", Impact.ENVIRONMENTAL),
        ("ext:UNESCOICH", "https://ich.unesco.org/en/x", "e", Impact.CULTURAL),
        ("ext:LifeComp", "https://doi.org/10.2760/302967#S1", "S1", Impact.SOCIAL),
        ("ext:LifeComp", "https://doi.org/10.2760/302967#P1", "P1", None),
        ("ext:SDG", "https://metadata.un.org/sdg/12.5", "12.5", Impact.ENVIRONMENTAL),
        ("ext:SDG", "https://metadata.un.org/sdg/11.4", "11.4", Impact.CULTURAL),
        ("ext:SDG", "https://metadata.un.org/sdg/8", "8", Impact.SOCIAL),
        ("ext:SDG", "https://metadata.un.org/sdg/9", "9", None),
        ("ext:ESCOSkill", "http://data.europa.eu/esco/skill/1", "1", None),
    ],
)
def test_frameworks_stand_for_impacts(kind: str, url: str, code: str, impact: Impact | None) -> None:
    assert impact_of({"targetType": kind, "targetUrl": url, "targetCode": code}) is impact


def test_a_curriculum_with_ten_faults_names_all_ten() -> None:
    content = whole(
        title="", description="x" * 2001,
        units=[unit(1, title="", approaches=[], hours="many"), unit(2, description="x" * 2001, hours=-1)],
        topics=[{"id": "T1", "iteration": "first", "title": "", "starts": "2025-13-01", "ends": ""},
                {"id": "T2", "iteration": 1, "title": "x", "starts": "2025-04-02", "ends": "2025-04-01"}],
    )  # fmt: skip
    assert [fault.where for fault in curriculum_faults(content)] == [
        "title", "description", "units[0].title", "units[0].approaches", "units[0].hours", "units[1].description",
        "units[1].hours", "topics[0].title", "topics[0].iteration", "topics[0].starts", "topics[1].ends",
    ]  # fmt: skip


# --- actions


def test_publication_names_the_version_of_each_definition_and_freezes_it(
    database: Any, imported: School
) -> None:
    with database.writing() as session:
        done = published(session, imported)
        assert done.content["units"][0]["definitions"] == [{"slug": "willow-basket", "version": "1.0.0"}]
        willow = actions.newest_version(session, "willow-basket")
        assert [one.id for one in actions.curricula_with(session, willow.definition_id)] == [done.id]
        assert session.scalars(select(CurriculumDefinition.definition_id)).one() == willow.definition_id
    for change in (
        {"content": whole(title="x")},
        {"title": "x"},
        {"version": "2.0.0"},
        {"published_at": None},
    ):
        with pytest.raises(DatabaseError, match="frozen"), database.writing() as session:
            session.execute(update(CurriculumVersion).values(**change))
    with pytest.raises(DatabaseError, match="kept"), database.writing() as session:
        session.execute(text("DELETE FROM curriculum_definitions"))
        session.execute(text("DELETE FROM curriculum_versions"))
    with pytest.raises(ConflictError), database.writing() as session:
        actions.save_curriculum(session, imported.lead, done.id, whole(title="x"), done.revision)
    with pytest.raises(ConflictError), database.writing() as session:
        actions.publish_curriculum(session, imported.lead, done.id)


def test_a_new_version_of_a_definition_is_a_change_of_the_curriculum_that_needs_a_reason(
    database: Any, imported: School
) -> None:
    with database.writing() as session:
        first = published(session, imported)
        willow = actions.new_version_from(
            session, imported.lead, actions.newest_version(session, "willow-basket").id
        )
        actions.save_draft(session, imported.lead, willow.id, {**willow.content, "tags": ["x"]}, 1)
        why = [Note(("tags",), editorial="Found more easily.")]
        actions.publish(session, imported.lead, willow.id, public_url=PUBLIC_URL, changes=why)
        second = actions.new_curriculum_version(session, imported.lead, first.id)
        comparison = actions.compared(session, second)
        assert [change.where for change in comparison.changes] == ["units[0].definitions[0].version"]
        with pytest.raises(InvalidError):
            actions.publish_curriculum(session, imported.lead, second.id)
        notes = [Note(("units",), editorial="It leads to the newer badge.")]
        actions.publish_curriculum(session, imported.lead, second.id, changes=notes)
        assert (second.version, actions.find_curriculum(session, first.curriculum.slug).id) == (
            "1.1.0",
            second.id,
        )
        assert actions.definitions_of(session, first.content)["willow-basket"].version == "1.0.0"
        assert actions.definitions_of(session, second.content)["willow-basket"].version == "1.1.0"
        assert actions.published_curricula(session).total == 1


def test_a_unit_that_leads_to_a_draft_is_not_published(database: Any, imported: School) -> None:
    with database.writing() as session:
        actions.create_draft(
            session, imported.lead, organisation_id=imported.organisation.id, let_id=imported.let.id,
            code="CRF-OAK-1", title="Oak spoon",
        )  # fmt: skip
        version = draft(
            session, imported, units=[unit(1, definitions=[{"slug": "oak-spoon", "version": ""}])]
        )
        with pytest.raises(InvalidError) as caught:
            actions.publish_curriculum(session, imported.lead, version.id)
        assert {fault.where for fault in caught.value.faults} == {"units[0].definitions"}


def test_a_missing_impact_is_no_reason_to_refuse(database: Any, imported: School) -> None:
    with database.writing() as session:
        version = draft(session, imported, units=[unit(1)])
        assert any(one.is_missing for one in actions.coverage_of(session, version.content))
        assert actions.publish_curriculum(session, imported.lead, version.id).published_at


def test_what_units_lead_to_is_major_and_a_new_calendar_is_minor(database: Any, imported: School) -> None:
    with database.writing() as session:
        first = published(session, imported)
        second = actions.new_curriculum_version(session, imported.lead, first.id)
        content = copy.deepcopy(second.content)
        content["topics"] = []
        actions.save_curriculum(session, imported.lead, second.id, content, 1)
        assert actions.compared(session, second).advised.name == "MINOR"
        content["units"][0]["definitions"] = []
        actions.save_curriculum(session, imported.lead, second.id, content, 2)
        assert actions.compared(session, second).advised.name == "MAJOR"


def test_foreign_curricula_do_not_exist(database: Any, imported: School, other_school: School) -> None:
    with database.writing() as session:
        version = draft(session, imported)
        stranger = other_school.lead
        for act in (
            lambda: actions.save_curriculum(session, stranger, version.id, whole(), 2),
            lambda: actions.publish_curriculum(session, stranger, version.id),
            lambda: actions.new_curriculum_version(session, stranger, version.id),
            lambda: actions.own_curriculum(session, stranger, "craft-with-waste", "1.0.0"),
            lambda: actions.find_curriculum(session, "craft-with-waste"),
            lambda: draft(session, School(imported.region, imported.let, imported.organisation, stranger)),
        ):
            with pytest.raises(NotFoundError):
                act()


def test_two_people_at_once_overwrite_nothing(database: Any, imported: School) -> None:
    with database.writing() as session:
        version = draft(session, imported)
        with pytest.raises(StaleCurriculumError):
            actions.save_curriculum(session, imported.lead, version.id, whole(title="Late"), 1)
        assert version.title == "Craft with waste"


def test_two_texts_are_merged_field_by_field_and_unit_by_unit() -> None:
    saved = whole(title="Theirs", units=[unit(1), unit(2, title="Their second"), unit(4)])
    typed = whole(title="Mine", units=[unit(2, title="My second"), unit(1), unit(3)])
    assert clashes(typed, saved) == ["title", "units#U2", "units#U4", "units#U3", "units#"]
    both = merged(typed, saved, {"title", "units#U4"})
    assert both["title"] == "Theirs"
    assert [(one["id"], one["title"]) for one in both["units"]] == [
        ("U2", "My second"), ("U1", "Unit 1"), ("U3", "Unit 3"), ("U4", "Unit 4"),
    ]  # fmt: skip
    theirs = merged(typed, saved, set(clashes(typed, saved)))
    assert theirs == saved
    assert merged(typed, saved, set())["units"] == typed["units"]


def test_rows_are_added_removed_and_moved() -> None:
    content = whole(units=[unit(1), unit(2)])

    def ids(deed: str) -> list[str]:
        changed = with_deed(content, deed)
        assert changed is not None
        return [one["id"] for one in changed["units"]]

    assert ids("add:units") == ["U1", "U2", "U3"]
    assert ids("remove:units:0") == ["U2"]
    assert ids("up:units:1") == ids("down:units:0") == ["U2", "U1"]
    assert ids("up:units:0") == ids("remove:units:9") == ["U1", "U2"]
    assert with_deed(content, "save") is None
    assert with_deed(content, "remove:title") is None


# --- pages


def typed(**changes: str) -> dict[str, Any]:
    return {
        "revision": "1",
        "title": "Craft with waste",
        "language": "en",
        "description": "From plant to product.",
        "units[0].id": "U1",
        "units[0].title": "Plants",
        "units[0].hours": "12,5",
        "units[0].approaches": ["design_thinking", "problem_solving", "<b>"],
        "units[0].impacts": ["cultural"],
        "units[0].definitions": ["willow-basket", "not-mine"],
        "topics[0].id": "T1",
        "topics[0].title": "Sustainable fashion",
        "topics[0].iteration": "2",
        "topics[0].starts": "2025-03-01",
        **changes,
    }


EDIT = "/studio/curricula/craft-with-waste/1.0.0/edit"


@pytest.fixture
def begun(lead: Any, imported: School) -> Any:
    place = f"{imported.organisation.id}:{imported.let.id}"
    form = {"title": "Craft with waste", "place": place, "language": "en"}
    assert lead.post("/studio/curricula/new", data=form).location == EDIT
    return lead


def test_from_an_empty_page_to_a_public_curriculum(begun: Any, visitor: Any) -> None:
    assert "No curriculum is published yet" in visitor.get("/curricula").text
    assert visitor.get("/curricula/craft-with-waste").status_code == 404
    assert begun.post(EDIT, data=typed()).status_code == 302
    page = begun.get(EDIT).text
    assert "12.5" in page
    assert "Collaborative work:</strong>" in page
    publish = EDIT.replace("edit", "publish")
    assert "Something is not covered yet" in begun.get(publish).text
    assert begun.post(publish).location == "/curricula/craft-with-waste/1.0.0"
    public = visitor.get("/curricula/craft-with-waste").text
    for said in ("Plants", "Willow Basket", "Sustainable fashion", "Cultural", "12.5 hours"):
        assert said in public
    assert "not-mine" not in public
    assert "Craft with waste" in visitor.get("/curricula").text
    assert "Craft with waste" in visitor.get("/achievements/willow-basket/1.0.0").text
    assert begun.get(EDIT).status_code == 409
    assert begun.post("/studio/curricula/craft-with-waste/1.0.0/new-version").status_code == 302
    assert "The first version." in visitor.get("/curricula/craft-with-waste/changes").text


def test_a_row_is_added_without_losing_what_was_typed(begun: Any) -> None:
    page = begun.post(EDIT, data=typed(do="add:units", **{"units[0].title": "Only typed"})).text
    assert "Only typed" in page
    assert 'name="units[1].id" value="U2"' in page


def test_a_stale_form_shows_both_texts_and_the_next_save_keeps_what_was_chosen(
    begun: Any, database: Any
) -> None:
    begun.post(EDIT, data=typed(title="Saved first"))
    answer = begun.post(EDIT, data=typed(title="Typed later", **{"units[0].title": "My unit"}))
    assert answer.status_code == 409
    for said in ("Saved first", "Typed later", "My unit", 'name="keep:title"', 'name="keep:units#U1"'):
        assert said in answer.text
    assert 'name="revision" value="2"' in answer.text
    choice = {"keep:title": "theirs", "keep:units#U1": "mine", "units[0].title": "My unit"}
    assert begun.post(EDIT, data=typed(revision="2", title="Typed later", **choice)).status_code == 302
    with database.reading() as session:
        version = session.scalars(select(CurriculumVersion)).one()
        assert (version.title, version.content["units"][0]["title"]) == ("Saved first", "My unit")


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "x" * 100_000},
        {"units[0].hours": "9" * 5000},
        {"topics[0].iteration": "9" * 5000, "topics[0].starts": "yesterday"},
        {"units[0].id": "<script>", "topics[0].id": "T9999999"},
        {"revision": "9" * 5000},
        {"do": "remove:units:999"},
        {"title": "<script>alert(1)</script>", "units[0].title": "<script>alert(1)</script>"},
        {"language": "xx"},
    ],
)
def test_bad_input_is_kept_or_named_and_never_breaks(begun: Any, changes: dict[str, str]) -> None:
    answer = begun.post(EDIT, data=typed(**changes), follow_redirects=True)
    assert answer.status_code in (200, 409)
    assert "<script>alert" not in answer.text
    assert begun.get(EDIT.replace("edit", "publish")).status_code == 200


def test_desk_pages_are_for_let_leads_of_that_school(begun: Any, visitor: Any, other_lead: Any) -> None:
    for path in ("/studio/curricula", "/studio/curricula/new", "/studio/findings", "/studio/changes", EDIT):
        assert visitor.get(path).status_code == 302
    assert other_lead.get(EDIT).status_code == 404
    assert other_lead.post(EDIT, data=typed()).status_code == 404
    assert EDIT not in other_lead.get("/studio/curricula").text
    assert EDIT in begun.get("/studio/curricula").text
