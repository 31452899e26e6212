"""A signed-in learner finds where they take part: what is to come, what is over, open questions, and the way out."""

from datetime import timedelta

import pytest

from badge_service.alliance.rules import State
from badge_service.errors import NotFoundError
from badge_service.people.rules import NOBODY, Role, Viewer
from badge_service.surveys import actions as surveys
from badge_service.workshops import actions
from badge_service.workshops.actions import feedback
from badge_service.workshops.rules import JoinRequest, LearnerRow
from badge_service.workshops.tables import Workshop

from .conftest import TODAY, Site, World, person


def learner(world: World, name: str = "Learner") -> Viewer:
    return person(world.session, name, Role.LEARNER, world.school)


def on(world: World, days: int) -> Workshop:
    day = TODAY + timedelta(days=days)
    return world.workshop(title=f"in {days}", starts_on=day, ends_on=day)


def put(world: World, workshop: Workshop, viewer: Viewer) -> None:
    found = actions.own_person(world.session, viewer)
    actions.enrolments.enrol_person(world.session, world.teacher, workshop, found)


def titles(world: World, viewer: Viewer) -> list[str]:
    return [one.workshop.activity.title for one in actions.own_places(world.session, viewer)]


def test_what_is_to_come_stands_first_and_what_is_long_over_is_left_out(world: World) -> None:
    mine = learner(world)
    for days in (-61, -5, 30, -2, 3):
        put(world, on(world, days), mine)
    on(world, 1)
    assert titles(world, mine) == ["in 3", "in 30", "in -2", "in -5"]
    assert titles(world, learner(world, "Other")) == titles(world, NOBODY) == []
    first, *_others = actions.own_places(world.session, mine)
    found, _place = actions.find_own_place(world.session, mine, first.workshop.activity.token)
    assert found is first.workshop
    actions.leave_own(world.session, mine, found)
    assert titles(world, mine) == ["in 30", "in -2", "in -5"]


def test_who_waits_in_line_or_left_is_told_so(world: World) -> None:
    session, workshop, mine = world.session, on(world, 2), learner(world)
    workshop.capacity = 1
    actions.open_joining(session, world.teacher, workshop, TODAY)
    put(world, workshop, learner(world, "First"))
    actions.join(session, mine, workshop, JoinRequest(""), "en")
    (one,) = actions.own_places(session, mine)
    assert one.waits
    actions.move_on(session, world.teacher, workshop, State.CANCELLED)
    assert actions.own_places(session, mine) == []
    actions.move_on(session, world.teacher, workshop, State.PLANNED)
    actions.leave_own(session, mine, workshop)
    assert actions.own_places(session, mine) == []
    with pytest.raises(NotFoundError):
        actions.find_own_place(session, mine, workshop.activity.token)


def test_questions_are_offered_while_they_are_open_to_who_was_there(world: World) -> None:
    session, workshop, mine, absent = world.session, world.workshop(), learner(world), learner(world, "Away")
    rows = [LearnerRow(number, f"Learner {number}") for number in range(1, 6)]
    actions.enrol(session, world.teacher, workshop, rows)
    for one in (mine, absent):
        put(world, workshop, one)
    actions.mark_presence(session, world.teacher, workshop, TODAY, {7: False})
    assert [one.survey for one in actions.own_places(session, mine)] == [None]
    run = feedback.ask_for_feedback(session, world.teacher, workshop, [], ask_later=False)
    assert [one.survey for one in actions.own_places(session, mine)] == [run.code]
    assert [one.survey for one in actions.own_places(session, absent)] == [None]
    surveys.close_run(session, world.teacher, run, [])
    assert [one.survey for one in actions.own_places(session, mine)] == [None]


def test_the_own_place_shows_what_was_agreed_to_and_can_be_given_back(site: Site) -> None:
    session_of, address = site.database.writing, f"/workshops/{site.token}/place"
    with session_of() as session:
        site.world.session = session
        mine = person(session, "Learner", Role.LEARNER, session.merge(site.world.school))
        workshop = actions.find_workshop(session, site.world.teacher, site.token)
        asked = actions.write_consent_text(session, site.world.teacher, workshop, "photos", "Photos.", "en")
        actions.open_joining(session, site.world.teacher, workshop, TODAY)
        actions.join(session, mine, workshop, JoinRequest("", agreed=(asked.id,)), "en")
        actions.close_joining(session, site.world.teacher, workshop)
        workshop.join_token = None
    browser = site.be(mine)
    page = browser.get(address).text
    assert "Take back: Photos" in page and "Teaching is your school" in page
    assert browser.post(address, data={"kind": "photos"}).location == address
    assert "Take back" not in browser.get(address).text
    assert browser.post(address, data={"kind": "photos"}).status_code == 404
    for other in (site.world.teacher, site.world.foreign_teacher):
        assert site.be(other).get(address).status_code == 404
    with session_of() as session:
        workshop = actions.find_workshop(session, site.world.teacher, site.token)
        actions.move_on(session, site.world.teacher, workshop, State.HELD)
    assert "Give my place back" not in site.be(mine).get(address).text
    assert site.be(mine).post(address).status_code == 409


def test_a_place_is_given_back_from_its_page(site: Site) -> None:
    with site.database.writing() as session:
        mine = person(session, "Learner", Role.LEARNER, session.merge(site.world.school))
        workshop = actions.find_workshop(session, site.world.teacher, site.token)
        actions.enrolments.enrol_person(
            session, site.world.teacher, workshop, actions.own_person(session, mine)
        )
    address = f"/workshops/{site.token}/place"
    assert "Give my place back" in site.be(mine).get(address).text
    assert site.be(mine).post(address).status_code == 302
    assert site.be(mine).get(address).status_code == 404
