"""Badges that nobody answers: two reminders at most, the school after a year, contact data a month later; the card stays."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from badge_service.awards import actions
from badge_service.awards.rules import AwardState, Channel
from badge_service.awards.tables import Award
from badge_service.errors import NotFoundError
from badge_service.people import actions as people
from badge_service.storage.tables import AuditEntry
from badge_service.web import mail
from badge_service.worker import Worker
from badge_service.workshops.tables import Enrolment

from .conftest import World
from .crafts import Craft

SCHOOL = "petya@school.example"


def mails(world: World) -> list[mail.LaidMail]:
    """What was written since the last time, in the order of addresses."""
    folder = world.settings.mail_folder
    known = {one.name for one in mail.laid_mails(folder)}
    Worker(world.settings, world.database, world.keyring).run_until_quiet()
    return sorted((one for one in mail.laid_mails(folder) if one.name not in known), key=lambda one: one.to)


def a_day(world: World, clock: Any, days: int) -> list[mail.LaidMail]:
    """Some days later, what the day's look has mailed."""
    clock.advance(days=days)
    Worker(world.settings, world.database, world.keyring).begin_day()
    return mails(world)


@pytest.fixture
def awarded(world: World, class_of_three: list[int]) -> list[int]:
    world.award(*class_of_three)
    assert [one.to for one in mails(world)] == ["maria@school.example", "petya@school.example"]
    return class_of_three


def test_learners_are_reminded_twice_by_a_link_that_works(
    world: World, awarded: list[int], clock: Any
) -> None:
    assert a_day(world, clock, 13) == []
    first = a_day(world, clock, 1)
    assert [one.to for one in first] == ["maria@school.example", "petya@school.example"]
    assert first[1].subject.startswith("Your badge is still waiting")
    code = re.search(r"/claim/(\S+)", first[1].text)
    assert code is not None
    with world.database.reading() as session:
        assert actions.look_at_claim(session, code[1]).state == "open"
    assert a_day(world, clock, 1) == [] and a_day(world, clock, 44) == []
    assert len(a_day(world, clock, 1)) == 2
    assert a_day(world, clock, 100) == []


def test_a_learner_stops_reminders_by_a_press_never_by_opening_the_link(
    world: World, app: Flask, awarded: list[int], clock: Any
) -> None:
    _maria, petya = a_day(world, clock, 14)
    stop = re.search(r"/reminders/\S+", petya.text)
    assert stop is not None
    browser = app.test_client()
    assert "Stop reminders?" in browser.get(stop[0]).text
    assert "No more reminders" in browser.post(stop[0]).text
    assert browser.get("/reminders/nonsense").status_code == 404
    assert [one.to for one in a_day(world, clock, 46)] == ["maria@school.example"]


def test_whoever_answered_is_not_reminded(world: World, awarded: list[int], clock: Any) -> None:
    with world.database.writing() as session:
        petya = session.scalars(select(Award).where(Award.person_id == awarded[0])).one()
        code = actions.issue_code(session, petya, Channel.CARD)
    with world.database.writing() as session:
        actions.decline(session, code)
    assert [one.to for one in a_day(world, clock, 14)] == ["maria@school.example"]


def test_after_a_year_the_school_is_told_once_and_a_month_later_addresses_go(
    world: World, app: Flask, awarded: list[int], clock: Any
) -> None:
    with world.database.writing() as session:
        cards = actions.print_cards(session, world.viewers["teacher"], batch(world))
    assert [one.to for one in a_day(world, clock, 365)] == ["admin@craft-school.example"]
    (told,) = [one for one in mail.laid_mails(world.settings.mail_folder) if one.to.startswith("admin@")]
    assert "3 badges of Craft School" in told.text and "/awards/unclaimed" in told.text
    teacher = {"X-Person": "teacher"}
    listed = app.test_client().get("/awards/unclaimed", headers=teacher).text
    assert listed.count("still kept") == 3 and "Petya Ivanova" in listed
    assert (
        "Petya" not in app.test_client().get("/awards/unclaimed", headers={"X-Person": "other-teacher"}).text
    )
    assert a_day(world, clock, 29) == []
    assert kept(world, awarded) == 2
    assert a_day(world, clock, 1) == []
    assert kept(world, awarded) == 0
    with world.database.reading() as session:
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "unclaimed.contact_ended")
        ).one()
        assert entry.details == {"awards": 3}
        assert actions.look_at_claim(session, cards[0].code).state == "open", "the card in hand still claims"
    assert "deleted on" in app.test_client().get("/awards/unclaimed", headers=teacher).text


def batch(world: World) -> str:
    with world.database.reading() as session:
        _workshop, _version = world.open(session)
        return actions.batches_of(session, _workshop, _version)[0].token


def kept(world: World, person_ids: list[int]) -> int:
    """How many addresses are still known, on the class list and with the persons."""
    with world.database.reading() as session:
        awards = session.scalars(select(Award).order_by(Award.id)).all()
        listed = sum(actions.contact_of(session, one) is not None for one in awards)
        assert listed == sum(len(people.addresses(session, one)) for one in person_ids)
        return listed


def test_the_day_begins_once_a_day(world: World, awarded: list[int], clock: Any) -> None:
    with world.database.writing() as session:
        assert actions.begin_day(session)
        assert not actions.begin_day(session)
    clock.advance(days=1)
    with world.database.writing() as session:
        assert actions.begin_day(session)


def test_a_stop_link_that_never_was_is_unknown(world: World) -> None:
    with world.database.writing() as session, pytest.raises(NotFoundError):
        actions.stop_reminders(session, "x" * 40)


def test_declining_one_of_two_badges_leaves_the_address_to_the_other(
    world: World, craft: Craft, learner: int
) -> None:
    other = two_badges(world, craft, learner)
    assert emails(world, learner) == ({SCHOOL}, {SCHOOL})
    decline(world, other)
    assert emails(world, learner) == ({SCHOOL}, {SCHOOL}), "the basket still waits for an answer"
    with world.database.reading() as session:
        basket = session.scalars(select(Award.token).where(Award.state == AwardState.HELD.value)).one()
    decline(world, basket)
    assert emails(world, learner) == (set(), set())


def test_two_unanswered_badges_of_one_workshop_do_not_keep_an_address_for_ever(
    world: World, craft: Craft, learner: int, clock: Any
) -> None:
    two_badges(world, craft, learner)
    a_day(world, clock, 365)
    assert emails(world, learner) == ({SCHOOL}, {SCHOOL})
    a_day(world, clock, 30)
    assert emails(world, learner) == (set(), set())


def two_badges(world: World, craft: Craft, person_id: int) -> str:
    """Give two micro-credentials of one workshop; the token of the second."""
    with world.database.writing() as session:
        craft.give(session, "willow-basket", person_id)
        (other,) = craft.give(session, "plant-dyes", person_id)
    world.sign()
    return other


def decline(world: World, token: str) -> None:
    with world.database.writing() as session:
        award = session.scalars(select(Award).where(Award.token == token)).one()
        code = actions.issue_code(session, award, Channel.MAIL, SCHOOL)
    with world.database.writing() as session:
        actions.decline(session, code)


def emails(world: World, person_id: int) -> tuple[set[str], set[str]]:
    """The addresses on the class list, and those of the person."""
    with world.database.reading() as session:
        listed = session.scalars(select(Enrolment.email).where(Enrolment.person_id == person_id))
        known = {one.email for one in people.addresses(session, person_id)}
        return {email for email in listed if email}, known
