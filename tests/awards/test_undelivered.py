"""A mail server that takes no mail for hours: the links are forgotten, and the teacher is told to print cards."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from badge_service.awards import actions, jobs
from badge_service.awards.rules import Channel
from badge_service.awards.tables import Award
from badge_service.errors import InvalidError, NotFoundError
from badge_service.people import actions as people
from badge_service.storage import outbox
from badge_service.storage.tables import OutboxJob
from badge_service.web import mail

from .conftest import World

NOBODY_LISTENS = "smtp://127.0.0.1:1"


@pytest.fixture
def batch(world: World, class_of_three: list[int]) -> str:
    return world.award(*class_of_three)


def try_to_send(world: World, clock: Any, rounds: int) -> None:
    clock.advance(minutes=30)
    away = replace(world.settings, smtp_url=NOBODY_LISTENS)
    outbox.run_due(world.database, jobs.handlers(away))
    for _round in range(rounds):
        outbox.run_due(world.database, {mail.KIND: mail.deliver(away)})
        clock.advance(hours=3)


def mails(world: World) -> list[OutboxJob]:
    with world.database.reading() as session:
        return list(session.scalars(select(OutboxJob).where(OutboxJob.kind == mail.KIND)))


def batch_page(app: Flask, batch: str) -> str:
    return app.test_client().get(f"/awards/batches/{batch}", headers={"X-Person": "teacher"}).text


def test_mails_given_up_keep_no_link_and_their_learners_get_cards(
    world: World, app: Flask, batch: str, clock: Any
) -> None:
    try_to_send(world, clock, outbox.MOST_ATTEMPTS - 1)
    assert "could not be delivered" not in batch_page(app, batch)
    assert all(outbox.ONCE in job.payload for job in mails(world)), "while it is still tried"
    try_to_send(world, clock, 1)
    given_up = mails(world)
    assert len(given_up) == 2 and all(job.attempts == outbox.MOST_ATTEMPTS for job in given_up)
    assert not any(outbox.ONCE in job.payload for job in given_up)
    shown = batch_page(app, batch)
    assert "2 mails could not be delivered" in shown
    assert shown.count("mail could not be delivered</span>") == 2
    assert "Claim cards for 3 learners" in shown
    with world.database.writing() as session:
        cards = actions.print_cards(session, world.viewers["teacher"], batch)
    assert [card.number for card in cards] == [1, 2, 3]


def test_a_new_card_settles_a_mail_that_was_given_up(
    world: World, app: Flask, batch: str, clock: Any
) -> None:
    try_to_send(world, clock, outbox.MOST_ATTEMPTS)
    with world.database.writing() as session:
        award = session.scalars(select(Award).order_by(Award.id)).first()
        assert award is not None
        actions.new_card(session, world.viewers["teacher"], award.token)
    assert "1 mail could not be delivered" in batch_page(app, batch)


def test_a_new_card_keeps_a_waiting_mail_from_leaving(
    world: World, class_of_three: list[int], batch: str
) -> None:
    with world.database.writing() as session:
        petya = session.scalars(select(Award).where(Award.person_id == class_of_three[0])).one()
        fresh = actions.new_card(session, world.viewers["teacher"], petya.token)
    handlers = jobs.handlers(world.settings) | {mail.KIND: mail.deliver(world.settings)}
    for _round in range(2):
        outbox.run_due(world.database, handlers)
    sent = mail.laid_mails(world.settings.mail_folder)
    assert [one.to for one in sent] == ["maria@school.example"]
    with world.database.reading() as session:
        assert actions.look_at_claim(session, fresh.code).state == "open"


def refuse(world: World, email: str, why: str = "address") -> None:
    """As if the mail server had refused this address for good."""

    def answer(payload: Any) -> None:
        if payload[outbox.ONCE]["to"] == email:
            raise outbox.RefusedForGoodError("550", code=why)

    handlers = jobs.handlers(world.settings)
    for _round in range(2):
        outbox.run_due(world.database, handlers)
        outbox.run_due(world.database, {mail.KIND: outbox.Outside(answer)})


def award_of(world: World, person_id: int) -> Award:
    with world.database.reading() as session:
        return session.scalars(select(Award).where(Award.person_id == person_id)).one()


TEACHER = {"X-Person": "teacher"}


def test_a_refused_address_is_listed_with_what_to_do_until_it_is_corrected(
    world: World, app: Flask, class_of_three: list[int], batch: str, clock: Any
) -> None:
    refuse(world, "petya@school.example")
    browser, token = app.test_client(), award_of(world, class_of_three[0]).token
    assert "1 badge has not reached its learner" in browser.get("/", headers=TEACHER).text
    listed = browser.get("/awards/mail-troubles", headers=TEACHER).text
    assert "Petya Ivanova" in listed and "does not know this address" in listed
    assert "Мария" not in listed
    others = browser.get("/awards/mail-troubles", headers={"X-Person": "other-teacher"}).text
    assert "Petya" not in others
    typed = browser.post(f"/awards/{token}/address", data={"email": "petya@"}, headers=TEACHER)
    assert (
        typed.status_code == 422
        and 'value="petya@"' in typed.text
        and "is not an e-mail address" in typed.text
    )
    done = browser.post(
        f"/awards/{token}/address",
        data={"email": " Petya@Home.example "},
        headers=TEACHER,
        follow_redirects=True,
    )
    assert "on its way to petya@home.example" in done.text
    assert "All mails arrived" in browser.get("/awards/mail-troubles", headers=TEACHER).text
    clock.advance(minutes=1)
    handlers = jobs.handlers(world.settings) | {mail.KIND: mail.deliver(world.settings)}
    for _round in range(2):
        outbox.run_due(world.database, handlers)
    assert [one.to for one in mail.laid_mails(world.settings.mail_folder)] == ["petya@home.example"]
    with world.database.reading() as session:
        (address,) = people.addresses(session, class_of_three[0])
        assert address.email == "petya@home.example"


def test_a_link_that_was_mailed_to_the_wrong_address_ends_when_it_is_corrected(
    world: World, class_of_three: list[int], batch: str, clock: Any
) -> None:
    petya = award_of(world, class_of_three[0])
    with world.database.writing() as session:
        code = actions.issue_code(
            session, session.get_one(Award, petya.id), Channel.MAIL, "petya@school.example"
        )
        card = actions.issue_code(session, session.get_one(Award, petya.id), Channel.CARD)
    with world.database.writing() as session:
        actions.correct_address(session, world.viewers["teacher"], petya.token, "p@home.example")
    with world.database.reading() as session:
        with pytest.raises(NotFoundError):
            actions.look_at_claim(session, code)
        assert actions.look_at_claim(session, card).state == "open", "a card in hand keeps working"


def test_a_badge_mailed_to_a_stranger_who_owns_that_address_is_taken_from_them(
    world: World, class_of_three: list[int], clock: Any
) -> None:
    """The school typed an address that belongs to somebody with an account here."""
    teacher = world.viewers["teacher"]
    with world.database.writing() as session:
        people.verify_address(session, world.viewers["lead"].person_id or 0, "lena@home.example")
    (lena,) = world.enrol(("Nadya Petrova", "lena@home.example"))
    assert lena == world.viewers["lead"].person_id
    world.judge(lena, "proficient", "proficient", "proficient")
    world.award(lena)
    with world.database.writing() as session:
        actions.correct_address(session, teacher, award_of(world, lena).token, "nadya@home.example")
    with world.database.reading() as session:
        assert actions.waiting_for(session, world.viewers["lead"]) == []
        award = session.scalars(select(Award)).one()
        assert actions.contact_of(session, award) == "nadya@home.example"
        assert actions.school_name(session, award) == "Nadya Petrova"


def test_after_a_few_mails_an_hour_a_learner_is_left_in_peace(
    world: World, class_of_three: list[int], batch: str
) -> None:
    petya = award_of(world, class_of_three[0]).token
    for _mail in range(3):
        with world.database.writing() as session:
            actions.send_again(session, world.viewers["teacher"], petya)
        outbox.run_due(world.database, jobs.handlers(world.settings))
    with world.database.writing() as session, pytest.raises(InvalidError):
        actions.send_again(session, world.viewers["teacher"], petya)
