"""All of a batch can be undone for some minutes after its last badge, and as long as its mails wait for their day."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from badge_service.awards import actions, jobs
from badge_service.errors import ConflictError
from badge_service.storage import outbox
from badge_service.web import mail

from .conftest import World
from .test_every_way import bring_in, limit, standing


@pytest.fixture(autouse=True)
def ten_minutes_to_undo(world: World) -> None:
    world.settings = replace(world.settings, undo_minutes=10, mail_delay_minutes=10)


def undo(world: World, token: str) -> None:
    with world.database.writing() as session:
        actions.undo_batch(session, world.viewers["teacher"], world.settings, token)


def test_badges_confirmed_a_day_later_can_be_undone_after_that(
    world: World, class_of_three: list[int], clock: Any
) -> None:
    limit(world, 0)
    token = world.award(*class_of_three)
    clock.advance(hours=24)
    with world.database.writing() as session:
        actions.confirm_items(session, world.viewers["admin"], world.settings, token, 3)
    clock.advance(minutes=9)
    undo(world, token)
    assert standing(world) == []


def test_a_batch_whose_mails_wait_for_their_day_can_be_undone_until_then(
    world: World, class_of_three: list[int], clock: Any
) -> None:
    token = world.award(*class_of_three)
    with world.database.writing() as session:
        day = (clock.now + timedelta(days=3)).date()
        actions.send_on(session, world.viewers["teacher"], token, day)
    clock.advance(days=2)
    undo(world, token)
    assert standing(world) == []


def test_afterwards_it_is_too_late(world: World, class_of_three: list[int], clock: Any) -> None:
    token = world.award(*class_of_three)
    clock.advance(minutes=10)
    with pytest.raises(ConflictError):
        undo(world, token)
    assert len(standing(world)) == 3


def test_once_the_mails_were_sent_at_once_it_is_too_late(world: World, class_of_three: list[int]) -> None:
    token = world.award(*class_of_three)
    with world.database.writing() as session:
        actions.send_on(session, world.viewers["teacher"], token, None)
    with pytest.raises(ConflictError):
        undo(world, token)


def sent(world: World) -> int:
    handlers = jobs.handlers(world.settings) | {mail.KIND: mail.deliver(world.settings)}
    while outbox.run_due(world.database, handlers):
        pass
    return len(mail.laid_mails(world.settings.mail_folder))


def test_no_mail_leaves_before_its_ten_minutes_are_over(
    world: World, class_of_three: list[int], clock: Any
) -> None:
    world.award(*class_of_three)
    bring_in(world, 1, 2)
    clock.advance(minutes=9)
    assert sent(world) == 0, "now the worker awards those of the file"
    clock.advance(minutes=1)
    assert sent(world) == 2
    clock.advance(minutes=8)
    assert sent(world) == 2
    clock.advance(minutes=1)
    assert sent(world) == 4
