"""The mails of a batch leave on the day that the teacher chose, at once, or not at all."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from badge_service.awards import actions, jobs
from badge_service.awards.actions.giving import Given
from badge_service.awards.actions.mailing import promise_mails, waiting_mails
from badge_service.awards.tables import Award, AwardBatch
from badge_service.storage import outbox
from badge_service.web import mail

from .conftest import World

TEACHER = {"X-Person": "teacher"}


def sent(world: World) -> int:
    handlers = jobs.handlers(world.settings) | {mail.KIND: mail.deliver(world.settings)}
    while outbox.run_due(world.database, handlers):
        pass
    return len(mail.laid_mails(world.settings.mail_folder))


@pytest.fixture
def address(world: World, class_of_three: list[int]) -> str:
    return f"/awards/batches/{world.award(*class_of_three)}/mails"


def test_mails_leave_in_the_morning_of_the_chosen_day(
    world: World, app: Flask, address: str, clock: Any
) -> None:
    page = app.test_client().post(
        address, data={"when": "day", "day": "2026-12-01"}, headers=TEACHER, follow_redirects=True
    )
    assert "The mails leave on" in page.text and "2 mails will leave on" in page.text
    clock.advance(days=9)
    assert sent(world) == 0
    clock.advance(days=1)
    assert sent(world) == 2
    late = app.test_client().post(address, data={"when": "now"}, headers=TEACHER)
    assert late.status_code == 409


@pytest.mark.parametrize("day", ["", "soon", "2026-11-21", "2027-11-21", "0001-01-01", "99999-01-01"])
def test_a_day_that_cannot_be_is_refused_and_kept(world: World, app: Flask, address: str, day: str) -> None:
    answer = app.test_client().post(address, data={"when": "day", "day": day}, headers=TEACHER)
    assert answer.status_code == 422
    assert "Choose a day after today" in answer.text and f'value="{day}"' in answer.text


def test_a_schedule_is_taken_back_by_sending_now_or_by_sending_none(
    world: World, app: Flask, address: str
) -> None:
    browser = app.test_client()
    browser.post(address, data={"when": "day", "day": "2026-12-01"}, headers=TEACHER)
    none = browser.post(address, data={"when": "never"}, headers=TEACHER, follow_redirects=True)
    assert "2 mails are taken back" in none.text
    assert sent(world) == 0


def test_sending_none_is_taken_back_for_the_whole_batch(
    world: World, app: Flask, address: str, clock: Any
) -> None:
    browser, batch = app.test_client(), address.removesuffix("/mails")
    assert browser.post(address, data={"when": "after_all"}, headers=TEACHER).status_code == 409
    off = browser.post(address, data={"when": "never"}, headers=TEACHER, follow_redirects=True).text
    assert "by mail" not in off and off.count("by card") == 3
    assert "No mails leave for this group" in off and "Claim cards for 3 learners" in off
    on = browser.post(address, data={"when": "after_all"}, headers=TEACHER, follow_redirects=True).text
    assert "2 mails leave after all" in on and on.count("by mail") == 2
    assert "2 mails will leave" in on and "Claim card for 1 learner" in on
    clock.advance(minutes=10)
    assert sent(world) == 2
    assert browser.post(address, data={"when": "after_all"}, headers=TEACHER).status_code == 409
    assert browser.get(batch, headers=TEACHER).text.count("by mail") == 2


def test_who_was_written_to_by_hand_gets_no_second_mail_after_all(
    world: World, app: Flask, address: str, clock: Any
) -> None:
    browser = app.test_client()
    browser.post(address, data={"when": "never"}, headers=TEACHER)
    with world.database.reading() as session:
        first, third = session.scalars(select(Award.token).order_by(Award.id)).all()[::2]
    browser.post(f"/awards/{first}/send-again", headers=TEACHER)
    assert sent(world) == 1
    browser.post(f"/awards/{third}/send-again", headers=TEACHER)
    on = browser.post(address, data={"when": "after_all"}, headers=TEACHER, follow_redirects=True).text
    assert "0 mails leave after all" in on
    clock.advance(minutes=10)
    assert sent(world) == 2


def test_who_is_awarded_later_in_a_batch_whose_mails_are_off_gets_none(
    world: World, class_of_three: list[int], address: str
) -> None:
    with world.database.writing() as session:
        batch = session.scalars(select(AwardBatch)).one()
        actions.send_none(session, world.viewers["teacher"], batch.token)
        assert waiting_mails(session, batch) == 0
        promise_mails(session, world.settings, batch, [Given(class_of_three[0], "later")], class_of_three)
        assert waiting_mails(session, batch) == 0


def test_sending_now_does_so(world: World, app: Flask, address: str) -> None:
    browser = app.test_client()
    browser.post(address, data={"when": "day", "day": "2026-12-01"}, headers=TEACHER)
    browser.post(address, data={"when": "now"}, headers=TEACHER)
    assert sent(world) == 2


def test_another_school_schedules_nothing(world: World, app: Flask, address: str) -> None:
    other = app.test_client().post(address, data={"when": "never"}, headers={"X-Person": "other-teacher"})
    assert other.status_code == 404
