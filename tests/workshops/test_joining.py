"""Learners put themselves on the class list: once, in line when it is full, off it again, and nobody learns who is there."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from badge_service.alliance import actions as alliance_actions
from badge_service.alliance.rules import State
from badge_service.errors import ConflictError, InvalidError, NotFoundError
from badge_service.people import actions as people
from badge_service.people.rules import NOBODY, Role, Viewer
from badge_service.people.tables import Consent, Person
from badge_service.settings import Settings, for_demo
from badge_service.storage.session import now
from badge_service.storage.tables import AuditEntry, OutboxJob
from badge_service.workshops import actions, jobs
from badge_service.workshops.rules import Joining, JoinRequest, LearnerRow, Place
from badge_service.workshops.tables import Enrolment, WaitingPlace, Workshop

from .conftest import FACTS, TODAY, World, person

KEY = "abcdefghijklmnopqrst%02d"


@pytest.fixture
def opened(world: World) -> Workshop:
    workshop = world.workshop()
    workshop.capacity = 2
    return actions.open_joining(world.session, world.teacher, workshop, TODAY)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return for_demo(tmp_path)


def come(world: World, workshop: Workshop, name: str, email: str = "", **more: Any) -> Place:
    viewer = more.pop("viewer", NOBODY)
    return actions.join(world.session, viewer, workshop, JoinRequest(name, email, **more), "bg")


def names(world: World, workshop: Workshop) -> list[str]:
    return [entry.name for entry in actions.learners_of(world.session, world.teacher, workshop)]


def line(world: World, workshop: Workshop) -> list[str]:
    return [one.name for one in actions.waiting_list(world.session, world.teacher, workshop).rows]


def mails(world: World, settings: Settings) -> list[dict[str, str]]:
    """The mails about places that were promised so far, written and sent as the worker would."""
    session = world.session
    promised = select(OutboxJob).where(OutboxJob.kind == actions.PLACE_MAIL).order_by(OutboxJob.id)
    for job in session.scalars(promised).all():
        jobs.place_mail(settings)(session, job.payload)
        session.delete(job)
    session.flush()
    sent = session.scalars(select(OutboxJob).where(OutboxJob.kind == "mail").order_by(OutboxJob.id)).all()
    for job in sent:
        job.done_at = job.done_at or now(session)
    return [job.payload["once"] for job in sent]


def link_in(letter: dict[str, str]) -> str:
    found = re.search(r"/workshops/places/(\S+)", letter["text"])
    assert found
    return found[1]


def test_a_name_is_enough(world: World, opened: Workshop) -> None:
    assert come(world, opened, "Мария") is Place.JOINED
    (entry,) = actions.learners_of(world.session, world.teacher, opened)
    assert (entry.number, entry.name, entry.email, entry.person.language) == (1, "Мария", None, "bg")


def test_the_form_sent_twice_joins_once_and_two_of_one_name_are_two(world: World, opened: Workshop) -> None:
    come(world, opened, "Ivan", key=KEY % 1)
    assert come(world, opened, "Ivan", key=KEY % 1) is Place.JOINED
    assert names(world, opened) == ["Ivan"]
    come(world, opened, "Ivan", key=KEY % 2)
    assert names(world, opened) == ["Ivan", "Ivan"]


def test_the_next_learner_with_the_same_form_is_not_lost(world: World, opened: Workshop) -> None:
    come(world, opened, "Ivan", key=KEY % 1)
    come(world, opened, "Petar", key=KEY % 1)
    assert names(world, opened) == ["Ivan", "Petar"]


def test_when_it_is_full_the_next_ones_wait_and_move_up_in_order(
    world: World, opened: Workshop, settings: Settings
) -> None:
    for name in ("Ana", "Boris"):
        come(world, opened, name)
    assert come(world, opened, "Cvetan", "cvetan@x.example") is Place.WAITING
    assert come(world, opened, "Daria") is Place.WAITING
    assert (names(world, opened), line(world, opened)) == (["Ana", "Boris"], ["Cvetan", "Daria"])
    (first,) = mails(world, settings)
    assert "waiting list" in first["subject"] or "чак" in first["subject"]
    actions.remove(world.session, world.teacher, opened, 1)
    assert (names(world, opened), line(world, opened)) == (["Boris", "Cvetan"], ["Daria"])
    assert len(mails(world, settings)) == 2
    with pytest.raises(NotFoundError):
        actions.find_place(world.session, link_in(first))


def test_more_places_let_the_line_move_up(world: World, opened: Workshop) -> None:
    for name in ("Ana", "Boris", "Cvetan", "Daria"):
        come(world, opened, name)
    actions.edit(world.session, world.teacher, opened, FACTS, world.plan(capacity=3))
    assert (names(world, opened), line(world, opened)) == (["Ana", "Boris", "Cvetan"], ["Daria"])


def test_nobody_jumps_the_queue(world: World, opened: Workshop) -> None:
    for name in ("Ana", "Boris", "Cvetan"):
        come(world, opened, name)
    opened.capacity = 5  # as if it was changed elsewhere and nobody has moved up yet
    assert come(world, opened, "Daria") is Place.WAITING


def test_calling_off_tells_everybody_with_an_address_and_planned_again_the_line_moves_up(
    world: World, opened: Workshop, settings: Settings
) -> None:
    session, teacher = world.session, world.teacher
    come(world, opened, "Ana", "ana@x.example")
    come(world, opened, "Boris")
    come(world, opened, "Cvetan", "cvetan@x.example")
    link = link_in(mails(world, settings)[0])
    actions.move_on(session, teacher, opened, State.CANCELLED)
    actions.move_on(session, teacher, opened, State.CANCELLED)
    told = mails(world, settings)[2:]
    assert [one["to"] for one in told] == ["ana@x.example", "cvetan@x.example"]
    assert all("/workshops/places/" not in one["text"] for one in told)
    assert actions.find_place(session, link).name == "Ana"
    actions.remove(session, teacher, opened, 2)
    assert line(world, opened) == ["Cvetan"]
    actions.move_on(session, teacher, opened, State.PLANNED)
    assert (names(world, opened), line(world, opened)) == (["Ana", "Cvetan"], [])
    with pytest.raises(NotFoundError):
        actions.move_on(session, world.foreign_teacher, opened, State.CANCELLED)


def test_the_teacher_admits_and_strikes_by_hand(world: World, opened: Workshop) -> None:
    for name in ("Ana", "Boris", "Cvetan", "Daria"):
        come(world, opened, name)
    third, fourth = actions.waiting_list(world.session, world.teacher, opened).rows
    actions.admit(world.session, world.teacher, opened, fourth.id)
    actions.strike(world.session, world.teacher, opened, third.id)
    assert (names(world, opened), line(world, opened)) == (["Ana", "Boris", "Daria"], [])
    for act in (actions.admit, actions.strike):
        with pytest.raises(NotFoundError):
            act(world.session, world.teacher, opened, third.id)


def test_who_admits_and_whom_somebody_strikes_is_written_down_and_the_struck_address_forgotten(
    world: World, opened: Workshop
) -> None:
    session, teacher = world.session, world.teacher
    for name in ("Ana", "Boris", "Cvetan"):
        come(world, opened, name)
    come(world, opened, "Daria", "daria@x.example")
    third, fourth = actions.waiting_list(session, teacher, opened).rows
    struck = fourth.person
    actions.admit(session, teacher, opened, third.id)
    actions.strike(session, teacher, opened, fourth.id)
    by_hand = select(AuditEntry).where(AuditEntry.action.in_(("workshop.admit", "workshop.strike")))
    admitted, gone = session.scalars(by_hand.order_by(AuditEntry.id)).all()
    assert {admitted.actor, gone.actor} == {teacher.key}
    assert gone.details["person"] == struck.key
    assert people.addresses(session, struck.id) == []


def test_who_is_put_on_the_list_by_the_teacher_waits_no_more(world: World, opened: Workshop) -> None:
    for name in ("Ana", "Boris"):
        come(world, opened, name)
    come(world, opened, "Cvetan", "cvetan@x.example")
    typed = world.session.scalars(select(WaitingPlace.person_id)).one()
    come(world, opened, "Daria")
    actions.enrol(world.session, world.teacher, opened, [LearnerRow(1, "Cvetan", "cvetan@x.example")])
    assert (names(world, opened), line(world, opened)) == (["Ana", "Boris", "Cvetan"], ["Daria"])
    assert people.addresses(world.session, typed) == []


def test_a_typed_address_says_nothing_about_who_owns_it(world: World, opened: Workshop) -> None:
    owner = person(world.session, "Owner", Role.LEARNER, world.school)
    people.verify_address(world.session, owner.person_id or 0, "maria@x.example")
    come(world, opened, "Somebody", "maria@x.example")
    (entry,) = actions.learners_of(world.session, world.teacher, opened)
    assert entry.person_id != owner.person_id
    assert people.person_by_email(world.session, "maria@x.example").id == owner.person_id  # type: ignore[union-attr]


def test_an_address_typed_again_changes_nothing_and_is_answered_alike(
    world: World, opened: Workshop, settings: Settings
) -> None:
    opened.capacity = 9
    first = come(world, opened, "Maria", "maria@x.example", key=KEY % 1)
    again = come(world, opened, "Curious", "MARIA@x.example", key=KEY % 2)
    assert (first, again) == (Place.JOINED, Place.JOINED)
    assert names(world, opened) == ["Maria"]
    assert len(mails(world, settings)) == 1
    opened.capacity = 1
    unknown = come(world, opened, "Other", "other@x.example", key=KEY % 3)
    assert come(world, opened, "Curious", "maria@x.example", key=KEY % 4) is unknown is Place.WAITING
    assert line(world, opened) == ["Other"]


def test_a_mailed_link_gives_the_place_back_once_and_forgets_the_address(
    world: World, opened: Workshop, settings: Settings
) -> None:
    come(world, opened, "Maria", "maria@x.example")
    come(world, opened, "Boris")
    come(world, opened, "Cvetan")
    (letter,) = mails(world, settings)
    assert letter["to"] == "maria@x.example"
    assert "Maria" not in letter["text"]
    link = link_in(letter)
    for _ in range(3):
        actions.find_place(world.session, link)
    actions.leave(world.session, link)
    assert names(world, opened) == ["Boris", "Cvetan"]
    gone = world.session.scalars(select(Enrolment).where(Enrolment.removed_at.is_not(None))).one()
    assert gone.email is None
    assert people.addresses(world.session, gone.person_id) == []
    with pytest.raises(NotFoundError):
        actions.leave(world.session, link)


def test_a_link_of_the_waiting_list_takes_out_of_it(
    world: World, opened: Workshop, settings: Settings
) -> None:
    for name in ("Ana", "Boris"):
        come(world, opened, name)
    come(world, opened, "Cvetan", "cvetan@x.example")
    actions.leave(world.session, link_in(mails(world, settings)[0]))
    assert line(world, opened) == []
    assert world.session.scalar(select(func.count(WaitingPlace.id))) == 0


def test_nobody_leaves_what_was_held(world: World, opened: Workshop, settings: Settings) -> None:
    come(world, opened, "Maria", "maria@x.example")
    link = link_in(mails(world, settings)[0])
    alliance_actions.mark_held(world.session, world.teacher, opened.activity)
    with pytest.raises(ConflictError):
        actions.leave(world.session, link)


def test_no_mail_goes_to_somebody_who_has_left_meanwhile(
    world: World, opened: Workshop, settings: Settings
) -> None:
    come(world, opened, "Maria", "maria@x.example")
    actions.remove(world.session, world.teacher, opened, 1)
    assert mails(world, settings) == []


def test_the_signed_in_join_as_themselves_with_one_press(world: World, opened: Workshop) -> None:
    learner = person(world.session, "Learner", Role.LEARNER, world.school)
    people.verify_address(world.session, learner.person_id or 0, "learner@x.example")
    for _ in range(2):
        assert come(world, opened, "", viewer=learner) is Place.JOINED
    (entry,) = actions.learners_of(world.session, world.teacher, opened)
    assert (entry.person_id, entry.name, entry.email) == (learner.person_id, "Learner", "learner@x.example")
    assert actions.own_place(world.session, learner, opened) is Place.JOINED
    actions.leave_own(world.session, learner, opened)
    assert actions.own_place(world.session, learner, opened) is None
    assert people.address_to_write_to(world.session, learner.person_id or 0) == "learner@x.example"
    assert come(world, opened, "", viewer=learner) is Place.JOINED
    assert [one.number for one in actions.learners_of(world.session, world.teacher, opened)] == [1]


@pytest.mark.parametrize("how", ["never", "closed", "over", "held", "cancelled"])
def test_a_closed_page_takes_nobody(world: World, opened: Workshop, how: str) -> None:
    session, teacher = world.session, world.teacher
    if how == "never":
        opened = world.workshop()
    elif how == "closed":
        actions.close_joining(session, teacher, opened)
    elif how == "over":
        opened.join_until = TODAY - timedelta(days=1)
    elif how == "held":
        alliance_actions.mark_held(session, teacher, opened.activity)
    else:
        alliance_actions.cancel(session, teacher, opened.activity)
    assert actions.joining_state(session, opened) is Joining.CLOSED
    with pytest.raises(ConflictError):
        come(world, opened, "Late")


@pytest.mark.parametrize(
    ("name", "email", "where"),
    [
        ("", "", {"name"}),
        ("undefined", "no address", {"name", "email"}),
        ("x" * 100_000, "y" * 100_000, {"name", "email"}),
        ("a\x07b", "a@b@c", {"name", "email"}),
        ("maria@x.example", "", {"name"}),
    ],
)
def test_everything_wrong_is_said_at_once(
    world: World, opened: Workshop, name: str, email: str, where: set[str]
) -> None:
    with pytest.raises(InvalidError) as caught:
        come(world, opened, name, email)
    assert {fault.where for fault in caught.value.faults} == where
    assert names(world, opened) == []


def test_a_new_link_ends_the_old_one(world: World, opened: Workshop) -> None:
    old = opened.join_token or ""
    assert len(old) == 22
    actions.renew_join_link(world.session, world.teacher, opened)
    with pytest.raises(NotFoundError):
        actions.find_to_join(world.session, old)
    assert actions.find_to_join(world.session, opened.join_token or "") is opened


def test_it_is_open_on_possible_days_only(world: World, opened: Workshop) -> None:
    for day in (None, TODAY - timedelta(days=1), TODAY + timedelta(days=1)):
        with pytest.raises(InvalidError):
            actions.open_joining(world.session, world.teacher, opened, day)


def test_a_foreign_teacher_neither_opens_nor_sees_the_line(world: World, opened: Workshop) -> None:
    session, stranger = world.session, world.foreign_teacher
    for act in (
        lambda: actions.open_joining(session, stranger, opened, TODAY),
        lambda: actions.close_joining(session, stranger, opened),
        lambda: actions.renew_join_link(session, stranger, opened),
        lambda: actions.waiting_list(session, stranger, opened),
        lambda: actions.admit(session, stranger, opened, 1),
        lambda: actions.strike(session, stranger, opened, 1),
        lambda: actions.write_consent_text(session, stranger, opened, "photos", "Photos.", "en"),
        lambda: actions.end_consent_text(session, stranger, opened, "photos"),
        lambda: actions.agreed_by(session, stranger, opened),
    ):
        with pytest.raises(NotFoundError):
            act()


def consents(world: World) -> list[tuple[str, str, bool]]:
    rows = world.session.scalars(select(Consent).order_by(Consent.id))
    return [(one.kind, one.text_version, one.withdrawn_at is None) for one in rows]


def test_who_agrees_to_nothing_joins_all_the_same(world: World, opened: Workshop) -> None:
    asked = actions.write_consent_text(world.session, world.teacher, opened, "photos", "Photos of me.", "en")
    come(world, opened, "Ana")
    come(world, opened, "Boris", agreed=(asked.id, 10**12))
    assert consents(world) == [("workshop_photos", "1 (en)", True)]
    agreed = actions.agreed_by(world.session, world.teacher, opened)
    assert {kind: [one.name for one in who] for kind, who in agreed.items()} == {"photos": ["Boris"]}


def test_new_words_are_a_new_version_and_the_old_ones_are_asked_no_more(
    world: World, opened: Workshop
) -> None:
    session, teacher = world.session, world.teacher
    first = actions.write_consent_text(session, teacher, opened, "photos", "Photos of me.", "en")
    same = actions.write_consent_text(session, teacher, opened, "photos", "Photos of me.", "en")
    second = actions.write_consent_text(session, teacher, opened, "photos", "Photos until 2028.", "en")
    assert same is first
    assert (second.version, actions.texts_asked(session, opened)) == (2, [second])
    come(world, opened, "Ana", agreed=(first.id,))
    assert consents(world) == []
    actions.end_consent_text(session, teacher, opened, "photos")
    assert actions.texts_asked(session, opened) == []
    third = actions.write_consent_text(session, teacher, opened, "photos", "Photos until 2028.", "en")
    assert third.version == 3


def test_a_yes_is_taken_back_by_the_learner_or_through_the_teacher(world: World, opened: Workshop) -> None:
    session = world.session
    asked = actions.write_consent_text(session, world.teacher, opened, "story", "My story.", "en")
    for name in ("Ana", "Boris"):
        come(world, opened, name, agreed=(asked.id,))
    ana, boris = (
        session.get_one(Person, one.person_id) for one in actions.learners_of(session, world.teacher, opened)
    )
    actions.take_back(session, opened, ana, "story")
    with pytest.raises(NotFoundError):
        actions.take_back(session, opened, boris, "story", told=world.foreign_teacher)
    actions.take_back(session, opened, boris, "story", told=world.teacher)
    assert [standing for _, _, standing in consents(world)] == [False, False]
    assert actions.agreed_by(session, world.teacher, opened) == {}


@pytest.mark.parametrize(
    ("kind", "text", "where"), [("other", "", {"kind", "text"}), ("photos", "x" * 100_000, {"text"})]
)
def test_a_text_that_cannot_be_asked_is_named(
    world: World, opened: Workshop, kind: str, text: str, where: set[str]
) -> None:
    with pytest.raises(InvalidError) as caught:
        actions.write_consent_text(world.session, world.teacher, opened, kind, text, "en")
    assert {fault.where for fault in caught.value.faults} == where


def test_people_who_own_a_viewer_only_see_their_own_place(world: World, opened: Workshop) -> None:
    come(world, opened, "Ana")
    assert actions.own_place(world.session, NOBODY, opened) is None
    assert actions.own_place(world.session, replace(world.teacher), opened) is None
    with pytest.raises(NotFoundError):
        actions.leave_own(world.session, Viewer("key-9", 999), opened)
