"""The school address is dead: the learner comes back by another address, by the printed card, or by the school's hand."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from badge_service.awards import actions
from badge_service.awards.rules import Channel
from badge_service.awards.tables import Award
from badge_service.people import actions as people
from badge_service.web import mail
from badge_service.worker import Worker

from .conftest import World

SCHOOL, PRIVATE = "petya@school.example", "petya@home.example"
PASSPHRASE = "four baskets under willow"


def work(world: World) -> list[mail.LaidMail]:
    """Do everything that is due; all mails of the folder, the newest last."""
    worker = Worker(world.settings, world.database, world.keyring)
    worker.begin_day()
    worker.run_until_quiet()
    return list(reversed(mail.laid_mails(world.settings.mail_folder)))


def link_in(letters: list[mail.LaidMail], to: str, path: str) -> str:
    found = re.findall(rf"{path}\S+", [one for one in letters if one.to == to][-1].text)
    return str(found[-1])


@pytest.fixture
def award(world: World, class_of_three: list[int]) -> str:
    world.award(class_of_three[0])
    with world.database.reading() as session:
        return session.scalars(select(Award.token)).one()


@pytest.fixture
def phone(app: Flask) -> FlaskClient:
    return app.test_client()


def accept(phone: FlaskClient, link: str, **more: str) -> Any:
    return phone.post(
        link, data={"answer": "accept", "name_choice": "without", **more}, follow_redirects=True
    )


def proven(world: World) -> set[str]:
    with world.database.reading() as session:
        award = session.scalars(select(Award)).one()
        return {one.email for one in people.addresses(session, award.person_id or 0) if one.verified_at}


def test_whoever_proves_the_school_address_can_come_back_by_another(
    world: World, award: str, phone: FlaskClient
) -> None:
    link = link_in(work(world), SCHOOL, "/claim/")
    assert "Will you still have it after school?" in phone.get(link).text
    wrong = phone.post(link, data={"answer": "accept", "name_choice": "without", "email": "petya@"})
    assert wrong.status_code == 422 and 'value="petya@"' in wrong.text
    done = accept(phone, link, email=PRIVATE)
    assert "We are mailing a link to petya@home.example" in done.text
    assert proven(world) == {SCHOOL}, "the other address counts only once its link was opened"
    confirm = link_in(work(world), PRIVATE, "/link/")
    phone.get(confirm)
    assert proven(world) == {SCHOOL}, "no GET confirms"
    phone.post(confirm)
    assert proven(world) == {SCHOOL, PRIVATE}


def test_after_a_year_the_printed_card_alone_brings_the_badge(
    world: World, award: str, phone: FlaskClient, clock: Any
) -> None:
    """Nobody ever read the mail; reminders went nowhere, the school was told, the address was deleted."""
    with world.database.writing() as session:
        row = session.scalars(select(Award)).one()
        code = actions.issue_code(session, row, Channel.CARD)
    for days in (14, 46, 305, 31):
        clock.advance(days=days)
        work(world)
    with world.database.reading() as session:
        assert actions.contact_of(session, session.scalars(select(Award)).one()) is None
    typed = phone.post("/claim", data={"code": code.lower().replace("-", " ")})
    assert typed.headers["Location"].endswith(f"/claim/{code}")
    done = accept(phone, f"/claim/{code}", password=PASSPHRASE)
    assert "The badge is yours" in done.text
    again = phone.application.test_client()
    back = again.post(f"/claim/{code}/open", data={"password": PASSPHRASE}, follow_redirects=True)
    assert "willow" in back.text.lower() and f"/badges/{award}" in back.text


def test_a_badge_accepted_by_a_dead_address_comes_back_by_the_schools_hand(
    world: World, app: Flask, award: str, phone: FlaskClient, clock: Any
) -> None:
    accept(phone, link_in(work(world), SCHOOL, "/claim/"))
    clock.advance(days=400)
    page = app.test_client().get(f"/awards/{award}", headers={"X-Person": "teacher"})
    assert "Return card" in page.text
    with world.database.writing() as session:
        card = actions.return_card(session, world.viewers["teacher"], award)
    letters = work(world)
    assert (letters[-1].to, letters[-1].subject) == (SCHOOL, "A new way to your badges")
    assert proven(world) == {SCHOOL}, "only using the card ends the address"
    fresh = app.test_client()
    back = fresh.post(f"/claim/{card.code}/open", data={"password": PASSPHRASE}, follow_redirects=True)
    assert f"/badges/{award}" in back.text
    assert proven(world) == set(), "whoever has that mailbox next does not get in"
    assert phone.get("/badges").status_code == 302, "older sign-ins have ended"


def test_a_school_takes_no_account_that_has_an_address_of_the_learners_own(
    world: World, app: Flask, award: str, phone: FlaskClient
) -> None:
    accept(phone, link_in(work(world), SCHOOL, "/claim/"), email=PRIVATE)
    phone.post(link_in(work(world), PRIVATE, "/link/"))
    page = app.test_client().get(f"/awards/{award}", headers={"X-Person": "teacher"})
    assert "Return card" not in page.text


def test_a_school_takes_no_account_in_which_another_school_has_badges(
    world: World, award: str, phone: FlaskClient
) -> None:
    accept(phone, link_in(work(world), SCHOOL, "/claim/"))
    with world.database.writing() as session:
        mine = session.scalars(select(Award)).one()
        assert actions.may_return_by_card(session, mine)
        other = people.organisation_by_slug(session, "other-school")
        facts = {
            "token": "another",
            "subject": "urn:uuid:1",
            "person_id": mine.person_id,
            "version_id": mine.version_id,
            "organisation_id": other.id,
            "identity_check": "known",
            "decided_by": "somebody",
            "decided_at": mine.decided_at,
            "state": "accepted",
        }
        session.add(Award(**facts))
        session.flush()
        assert not actions.may_return_by_card(session, mine)
