"""One batch, one file from elsewhere and one case are taken back by the same steps, and until the same moment."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from badge_service.awards import actions
from badge_service.awards.actions import imports, taking_back, undoing
from badge_service.awards.actions.cases import find_case
from badge_service.awards.tables import Award, Undoing
from badge_service.errors import ConflictError, NotAllowedError, NotFoundError
from badge_service.people import actions as people
from badge_service.storage.tables import OutboxJob

from .conftest import World, make_app
from .test_cases import attach, give, judge, open_one
from .test_every_way import bring_in, limit, row_states, standing, work


@pytest.fixture(autouse=True)
def ten_minutes_to_undo(world: World) -> None:
    world.settings = replace(world.settings, undo_minutes=10, mail_delay_minutes=10)


def undo_file(world: World, token: str, viewer: str = "teacher") -> None:
    with world.database.writing() as session:
        actions.undo_import(session, world.viewers[viewer], world.settings, token)


def undo_case(world: World, token: str, viewer: str = "teacher") -> None:
    with world.database.writing() as session:
        actions.undo_case(session, world.viewers[viewer], world.settings, token)


def waiting_mails(world: World) -> int:
    with world.database.reading() as session:
        mails = select(OutboxJob).where(OutboxJob.kind == actions.AWARD_MAIL, OutboxJob.done_at.is_(None))
        return len(session.scalars(mails.where(OutboxJob.cancelled_at.is_(None))).all())


def test_a_large_batch_is_taken_back_by_the_worker_while_its_page_says_so(
    world: World, class_of_three: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking_back, "AT_ONCE", 2)
    monkeypatch.setattr(undoing, "AT_ONCE", 2)
    monkeypatch.setattr(undoing, "AWARDED_IN_THE_REQUEST", 1)
    token = world.award(*class_of_three)
    client, teacher = make_app(world).test_client(), {"X-Person": "teacher"}
    page = client.post(f"/awards/batches/{token}/undo", headers=teacher).location
    assert page.startswith("/awards/undoings/")
    assert len(standing(world)) == 3 and waiting_mails(world) == 0, "no mail leaves meanwhile"
    assert "data-refresh" in client.get(page, headers=teacher).text
    assert "are being taken back" in client.get(f"/awards/batches/{token}", headers=teacher).text
    assert client.get(page, headers={"X-Person": "other-teacher"}).status_code == 404
    work(world)
    assert standing(world) == []
    assert "3 badges were taken back" in client.get(page, headers=teacher).text
    assert "were taken back" in client.get(f"/awards/batches/{token}", headers=teacher).text


def test_a_class_is_taken_back_at_once(world: World, class_of_three: list[int]) -> None:
    token = world.award(*class_of_three)
    client = make_app(world).test_client()
    answer = client.post(f"/awards/batches/{token}/undo", headers={"X-Person": "teacher"})
    assert answer.location == f"/awards/batches/{token}" and standing(world) == []
    with world.database.reading() as session:
        row = session.scalars(select(Undoing)).one()
        assert (row.total, row.finished_at is not None) == (3, True)
        with pytest.raises(NotFoundError):
            actions.undoing_progress(session, world.viewers["other-admin"], row.token)


def test_mails_that_wait_longer_than_the_minutes_give_longer_to_undo(
    world: World, class_of_three: list[int], clock: Any
) -> None:
    world.settings = replace(world.settings, undo_minutes=0, mail_delay_minutes=60)
    token = world.award(*class_of_three)
    clock.advance(minutes=59)
    with world.database.writing() as session:
        progress = actions.batch_progress(session, world.settings, world.batch(session, token))
        assert progress.undo_until == clock.now + timedelta(minutes=1)
        actions.undo_batch(session, world.viewers["teacher"], world.settings, token)
    assert standing(world) == []


def test_a_file_is_taken_back_with_its_rows_that_wait_and_can_be_sent_again(world: World) -> None:
    limit(world, 10)
    token = bring_in(world, 0, 3)
    work(world)
    assert len(standing(world)) == 3 and waiting_mails(world) == 3
    client, teacher = make_app(world).test_client(), {"X-Person": "teacher"}
    assert "Undo all" in client.get(f"/imports/{token}", headers=teacher).text
    assert client.post(f"/imports/{token}/undo", headers=teacher).location == f"/imports/{token}"
    assert standing(world) == [] and waiting_mails(world) == 0
    page = client.get(f"/imports/{token}", headers=teacher).text
    assert "This was undone" in page and "Undo all" not in page
    assert "taken back" in client.get("/imports", headers=teacher).text
    bring_in(world, 0, 3)
    work(world)
    assert len(standing(world)) == 3
    with world.database.reading() as session:
        organisation = imports.find_import(session, world.viewers["teacher"], token).organisation_id
        given = actions.allowance(session, organisation, world.viewers["teacher"].acting_key())
        assert given.given_today == 3, "what was undone does not count"


def test_a_file_half_way_is_undone_and_its_worker_finds_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from badge_service.awards.actions.imports import awarding

    monkeypatch.setattr(awarding, "ROWS_AT_ONCE", 2)
    token = bring_in(world, 0, 5)
    with world.database.writing() as session:
        imports.award_next_rows(session, world.settings, token)
    undo_file(world, token)
    work(world)
    assert standing(world) == []
    assert [one for one, _why in row_states(world)] == ["awarded"] * 2 + ["failed"] * 3


def test_a_file_that_waits_for_a_second_person_is_taken_back(world: World, clock: Any) -> None:
    limit(world, 1)
    token = bring_in(world, 0, 3)
    clock.advance(days=1)
    undo_file(world, token)
    assert row_states(world) == [("failed", "undone")] * 3
    with world.database.writing() as session, pytest.raises(ConflictError):
        imports.confirm_as_second(session, world.viewers["admin"], token)


def test_a_file_is_not_taken_back_once_mails_left_or_somebody_answered(world: World, clock: Any) -> None:
    token = bring_in(world, 0, 2)
    work(world)
    with world.database.writing() as session:
        award = session.scalars(select(Award).order_by(Award.id).limit(1)).one()
        learner = people.load_viewer(session, award.person_id)
        actions.accept_own(session, learner, award.token, with_name=False)
    with pytest.raises(ConflictError):
        undo_file(world, token)
    later = bring_in(world, 10, 2)
    work(world)
    clock.advance(minutes=10)
    with pytest.raises(ConflictError):
        undo_file(world, later)
    for stranger in ("other-teacher", "other-admin"):
        with pytest.raises(NotFoundError):
            undo_file(world, later, stranger)
    assert len(standing(world)) == 4


def test_the_badge_of_a_case_is_taken_back_and_the_case_judged_again(
    world: World, tmp_path: Path, clock: Any
) -> None:
    token = open_one(world)
    judge(world, token)
    attach(world, token, tmp_path)
    give(world, token)
    client, teacher = make_app(world).test_client(), {"X-Person": "teacher"}
    assert (
        f"/recognition/cases/{token}/undo" in client.get(f"/recognition/cases/{token}", headers=teacher).text
    )
    assert client.post(f"/recognition/cases/{token}/undo", headers=teacher).status_code == 302
    assert standing(world) == [] and waiting_mails(world) == 0
    with world.database.reading() as session:
        assert find_case(session, world.viewers["teacher"], token).state == "assessed"
    give(world, token)
    assert len(standing(world)) == 1
    with pytest.raises((NotFoundError, NotAllowedError)):
        undo_case(world, token, "admin")
    clock.advance(minutes=10)
    with pytest.raises(ConflictError):
        undo_case(world, token)
    assert (
        f"/recognition/cases/{token}/undo"
        not in client.get(f"/recognition/cases/{token}", headers=teacher).text
    )
