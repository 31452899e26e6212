"""A guest lecture, a meeting or a co-creation session gets a class list, filled from others of the same organisation."""

from dataclasses import replace

import pytest

from badge_service.alliance import actions as alliance_actions
from badge_service.alliance.tables import Activity
from badge_service.errors import ConflictError, InvalidError, NotFoundError
from badge_service.people.rules import Grant, Role, Viewer
from badge_service.workshops import actions
from badge_service.workshops.actions import feedback_findings
from badge_service.workshops.rules import LearnerRow, Meeting
from badge_service.workshops.tables import Workshop

from .conftest import FACTS, TODAY, Site, World

LISTED = (LearnerRow(1, "Ana", "ana@school.example"), LearnerRow(2, "Boris"), LearnerRow(3, "Vera"))


def activity(world: World, kind: str = "guest_lecture") -> Activity:
    facts = replace(FACTS, kind=kind, title="A dyer in class")
    return alliance_actions.create_activity(world.session, world.teacher, world.alliance, world.school, facts)


def taught(world: World, kind: str = "guest_lecture") -> Workshop:
    found = activity(world, kind)
    return actions.teach(world.session, world.teacher, found.token, [world.published.id])


@pytest.mark.parametrize("kind", ["guest_lecture", "meeting", "co_creation_session"])
def test_an_activity_of_any_kind_can_have_a_class_list(world: World, kind: str) -> None:
    found = taught(world, kind)
    assert [one.version_id for one in found.versions] == [world.published.id]
    assert [one.person_id for one in found.trainers] == [world.teacher.person_id]
    assert found.activity.kind == kind
    assert actions.find_workshop(world.session, world.teacher, found.activity.token) is found
    assert actions.meetings_of(found) == [Meeting(TODAY)]


def test_saying_the_same_again_makes_no_second_list_and_more_can_be_added(world: World) -> None:
    first = taught(world)
    token = first.activity.token
    assert actions.teach(world.session, world.teacher, token, [world.published.id]) is first
    with pytest.raises(InvalidError):
        actions.teach(world.session, world.teacher, token, [world.published.id, world.draft.id])
    with pytest.raises(InvalidError):
        actions.teach(world.session, world.teacher, token, [world.foreign.id])
    with pytest.raises(InvalidError):
        actions.teach(world.session, world.teacher, token, [])


def test_nothing_is_earned_where_it_was_called_off_nor_by_the_back_door_of_a_workshop(world: World) -> None:
    lecture = activity(world)
    alliance_actions.cancel(world.session, world.teacher, lecture)
    with pytest.raises(ConflictError):
        actions.teach(world.session, world.teacher, lecture.token, [world.published.id])
    with pytest.raises(NotFoundError):
        actions.teach(world.session, world.teacher, world.workshop().activity.token, [world.published.id])


def test_another_school_finds_no_activity_to_teach(world: World) -> None:
    lecture = activity(world)
    for act in (actions.find_to_teach, lambda *asked: actions.teach(*asked, [world.foreign.id])):
        with pytest.raises(NotFoundError):
            act(world.session, world.foreign_teacher, lecture.token)


def test_learners_of_another_list_come_as_the_same_persons(world: World) -> None:
    source, lecture = world.workshop(), taught(world)
    there = actions.enrol(world.session, world.teacher, source, LISTED, kind="professional")
    assert actions.other_lists(world.session, world.teacher, lecture) == [source]
    actions.enrol_from(world.session, world.teacher, lecture, source, {1, 3, 99})
    here = actions.learners_of(world.session, world.teacher, lecture)
    assert [(one.person_id, one.name, one.email) for one in here] == [
        (there[0].person_id, "Ana", "ana@school.example"),
        (there[2].person_id, "Vera", None),
    ]
    assert {one.learner_kind for one in here} == {"professional"}
    assert actions.enrol_from(world.session, world.teacher, lecture, source, {1, 3}) == []


def test_what_learners_of_a_lecture_found_is_named_by_its_title(world: World) -> None:
    about = f"definition:{world.published.definition_id}"
    told = feedback_findings.Told(about, "change", "small", "More time for the dye.", "en")
    found = feedback_findings.keep_finding(
        world.session, world.teacher, taught(world), told, n=6, public_url="https://b.example/x"
    )
    assert found.label == "A dyer in class"


def test_who_was_taken_off_the_list_comes_back_with_the_old_number(world: World) -> None:
    source, lecture = world.workshop(), taught(world)
    actions.enrol(world.session, world.teacher, source, LISTED)
    actions.enrol_from(world.session, world.teacher, lecture, source, {1, 2})
    actions.remove(world.session, world.teacher, lecture, 1)
    actions.enrol_from(world.session, world.teacher, lecture, source, {1})
    here = actions.learners_of(world.session, world.teacher, lecture)
    assert [(one.number, one.name) for one in here] == [(1, "Ana"), (2, "Boris")]


def test_an_address_that_somebody_else_has_here_is_refused_and_nobody_is_enrolled(world: World) -> None:
    source, lecture = world.workshop(), taught(world)
    actions.enrol(world.session, world.teacher, source, LISTED)
    actions.enrol(world.session, world.teacher, lecture, [LearnerRow(1, "Anna", "ana@school.example")])
    with pytest.raises(InvalidError):
        actions.enrol_from(world.session, world.teacher, lecture, source, {1, 2})
    assert len(actions.learners_of(world.session, world.teacher, lecture)) == 1


def test_no_list_of_another_school_can_be_taken_even_by_who_teaches_at_both(world: World) -> None:
    source, lecture = world.workshop(), taught(world)
    actions.enrol(world.session, world.teacher, source, LISTED)
    with pytest.raises(NotFoundError):
        actions.enrol_from(world.session, world.foreign_teacher, lecture, source, {1})
    both = Viewer(
        world.teacher.key,
        world.teacher.person_id,
        "Both",
        grants=frozenset(Grant(Role.TEACHER, school.id) for school in (world.school, world.other_school)),
    )
    facts = replace(FACTS, kind="meeting")
    theirs = alliance_actions.create_activity(world.session, both, world.alliance, world.other_school, facts)
    foreign = Workshop(activity=theirs, iteration=1)
    world.session.add(foreign)
    world.session.flush()
    with pytest.raises(NotFoundError):
        actions.enrol_from(world.session, both, foreign, source, {1})
    assert actions.other_lists(world.session, both, foreign) == []


def test_a_teacher_comes_from_the_public_page_to_a_filled_list(site: Site) -> None:
    with site.database.writing() as session:
        world = site.world
        lecture = alliance_actions.create_activity(
            session, world.teacher, world.alliance, world.school, replace(FACTS, kind="guest_lecture")
        ).token
        source = actions.find_workshop(session, world.teacher, site.token)
        actions.enrol(session, world.teacher, source, LISTED)
    browser = site.be(world.teacher)
    assert f"/workshops/{lecture}/teaching" in browser.get(f"/activities/{lecture}").text
    assert "Title of WIL-1" in browser.get(f"/workshops/{lecture}/teaching").text
    empty = browser.post(f"/workshops/{lecture}/teaching", data={})
    assert (empty.status_code, "at least one micro-credential" in empty.text) == (422, True)
    made = browser.post(f"/workshops/{lecture}/teaching", data={"versions": str(world.published.id)})
    assert made.location == f"/workshops/{lecture}/enrol"
    assert f"/enrol/from/{site.token}" in browser.get(made.location).text
    offered = browser.get(f"/workshops/{lecture}/enrol/from/{site.token}").text
    assert offered.count("checked") == 3
    browser.post(f"/workshops/{lecture}/enrol/from/{site.token}", data={"pick": ["1", "2"]})
    shown = browser.get(f"/workshops/{lecture}").text
    assert "Ana" in shown
    assert "Vera" not in shown
    assert "Guest lecture" in shown
    assert "Pilot round" not in shown
    public = site.be(replace(world.teacher, grants=frozenset())).get(f"/activities/{lecture}").text
    assert "Title of WIL-1" in public
    assert "Ana" not in public


def test_called_off_from_its_public_page_the_learners_of_a_lecture_are_told(site: Site) -> None:
    with site.database.writing() as session:
        world = site.world
        lecture = alliance_actions.create_activity(
            session, world.teacher, world.alliance, world.school, replace(FACTS, kind="guest_lecture")
        ).token
        actions.teach(session, world.teacher, lecture, [world.published.id])
    page = site.be(world.teacher).get(f"/activities/{lecture}").text
    assert f'action="/workshops/{lecture}/state"' in page
    assert f'action="/activities/{lecture}/state"' not in page


def test_other_schools_and_strangers_find_neither_page(site: Site) -> None:
    with site.database.writing() as session:
        world = site.world
        lecture = alliance_actions.create_activity(
            session, world.teacher, world.alliance, world.school, replace(FACTS, kind="meeting")
        ).token
        actions.teach(session, world.teacher, lecture, [world.published.id])
    browser = site.be(world.foreign_teacher)
    for address in (f"/workshops/{lecture}/teaching", f"/workshops/{lecture}/enrol/from/{site.token}"):
        assert browser.get(address).status_code == 404
        assert browser.post(address, data={"pick": "1", "versions": "1"}).status_code == 404
