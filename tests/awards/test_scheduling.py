"""The mails of a batch leave on the day that the teacher chose, at once, or not at all."""

from typing import Any

import pytest
from flask import Flask

from badge_service.awards import jobs
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


def test_sending_now_does_so(world: World, app: Flask, address: str) -> None:
    browser = app.test_client()
    browser.post(address, data={"when": "day", "day": "2026-12-01"}, headers=TEACHER)
    browser.post(address, data={"when": "now"}, headers=TEACHER)
    assert sent(world) == 2


def test_another_school_schedules_nothing(world: World, app: Flask, address: str) -> None:
    other = app.test_client().post(address, data={"when": "never"}, headers={"X-Person": "other-teacher"})
    assert other.status_code == 404
