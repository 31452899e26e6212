"""A mail server that takes no mail for hours: the links are forgotten, and the teacher is told to print cards."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from badge_service.awards import actions, jobs
from badge_service.awards.tables import Award
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
