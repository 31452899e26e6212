"""An administrator takes back everything that one person awarded since a moment, and nothing of anybody else."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from badge_service.awards import actions
from badge_service.awards.actions import taking_back, undoing
from badge_service.awards.jobs import handlers
from badge_service.awards.tables import Award, BatchItem
from badge_service.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from badge_service.people import actions as people
from badge_service.people.rules import Role
from badge_service.register import actions as register
from badge_service.register.rules import RevocationReason
from badge_service.register.tables import StatusEntry, StatusList
from badge_service.storage import outbox
from badge_service.storage.tables import AuditEntry, OutboxJob
from badge_service.worker import Worker

from .conftest import World, make_app


@pytest.fixture
def two_teachers(world: World) -> World:
    with world.database.writing() as session:
        school = people.organisation_by_slug(session, "craft-school")
        person = people.person_by_id(session, world.viewers["lead"].person_id or 0)
        people.grant_role(session, world.viewers["operator"], person, Role.TEACHER, school)
        world.viewers["second"] = people.load_viewer(session, person.id)
    return world


def undo(world: World, since: datetime, viewer: str = "admin", about: str = "teacher") -> str:
    with world.database.writing() as session:
        key = world.viewers[about].acting_key()
        return actions.undo_since(
            session, world.viewers[viewer], "craft-school", key, since, RevocationReason.WITHDRAWN
        ).token


def standing(world: World) -> Sequence[int | None]:
    with world.database.reading() as session:
        return session.scalars(
            select(Award.person_id).where(Award.ended_at.is_(None)).order_by(Award.id)
        ).all()


def work(world: World) -> None:
    while outbox.run_due(world.database, handlers(world.settings)):
        pass


def test_all_of_one_person_since_a_moment_and_nothing_of_others(
    two_teachers: World, class_of_three: list[int], clock: Any
) -> None:
    first, second, third = class_of_three
    two_teachers.award(first, key="before")
    clock.advance(hours=1)
    since = clock.now
    two_teachers.award(second, key="after")
    two_teachers.award(third, key="of another", viewer="second")
    token = undo(two_teachers, since)
    two_teachers.sign()
    assert standing(two_teachers) == [first, third]
    with two_teachers.database.reading() as session:
        award = session.scalars(select(Award).where(Award.person_id == second)).one()
        edition = register.current_edition(session, award.token)
        assert edition is not None
        told = register.explain(session, award.token, edition.status_position)
        assert told is not None and told.reason is RevocationReason.WITHDRAWN
        lists = session.scalars(select(StatusList)).all()
        assert sum(one.changes for one in lists) == sum(one.signed_changes or 0 for one in lists) == 1
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "award.undo_since")).one()
        assert (entry.subject, entry.details["awards"]) == (f"undoing:{token}", 1)
        mails = select(OutboxJob).where(OutboxJob.kind == "award_mail", OutboxJob.done_at.is_(None))
        assert award.token not in {
            job.payload["award"] for job in session.scalars(mails.where(OutboxJob.cancelled_at.is_(None)))
        }
        progress = actions.undoing_progress(session, two_teachers.viewers["admin"], token)
        assert (progress.left, progress.done, progress.name) == (0, 1, "Teodora Teacher")


def test_what_still_waits_is_struck(two_teachers: World, class_of_three: list[int], clock: Any) -> None:
    with two_teachers.database.writing() as session:
        actions.set_limits(session, two_teachers.viewers["admin"], "craft-school", a_day=1, an_hour=9)
    since = clock.now
    token = two_teachers.award(*class_of_three)
    with two_teachers.database.reading() as session:
        key = two_teachers.viewers["teacher"].acting_key()
        seen = actions.would_undo(session, two_teachers.viewers["admin"], "craft-school", key, since)
    assert (seen.standing, seen.accepted, seen.waiting) == (1, 0, 2)
    undo(two_teachers, since)
    assert standing(two_teachers) == []
    with two_teachers.database.writing() as session:
        assert set(session.scalars(select(BatchItem.state))) == {"refused"}
        with pytest.raises(ConflictError):
            viewer = two_teachers.viewers["second"]
            actions.confirm_items(session, viewer, two_teachers.settings, token, 2)
    with pytest.raises(ConflictError):
        undo(two_teachers, since)


def test_only_administrators_of_the_organisation_may(
    world: World, class_of_three: list[int], clock: Any
) -> None:
    world.award(*class_of_three)
    for viewer, error in (("teacher", NotAllowedError), ("other-admin", NotFoundError)):
        with pytest.raises(error):
            undo(world, clock.now, viewer)
    with pytest.raises(InvalidError) as raised:
        undo(world, clock.now + timedelta(days=1), about="other-teacher")
    assert [fault.where for fault in raised.value.faults] == ["person", "since"]
    assert list(standing(world)) == class_of_three


def test_many_go_on_in_the_background(
    world: World, class_of_three: list[int], clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking_back, "AT_ONCE", 2)
    monkeypatch.setattr(undoing, "AT_ONCE", 2)
    monkeypatch.setattr(undoing, "AWARDED_IN_THE_REQUEST", 1)
    since = clock.now
    world.award(*class_of_three)
    token = undo(world, since)
    assert list(standing(world)) == class_of_three
    work(world)
    assert list(standing(world)) == []
    with world.database.reading() as session:
        done = actions.undoing_progress(session, world.viewers["admin"], token)
        assert done.undoing.finished_at is not None and done.left == 0


def test_the_pages_show_the_counts_first_and_name_every_fault(
    world: World, class_of_three: list[int], clock: Any
) -> None:
    world.award(*class_of_three)
    client, admin = make_app(world).test_client(), {"X-Person": "admin"}
    page = "/organisations/craft-school/awarding"
    assert client.get(page, headers={"X-Person": "teacher"}).status_code == 403
    assert "How awarding is limited here" in client.get("/issuers/craft-school", headers=admin).text
    wrong = client.post(page, data={"a_day": "many", "an_hour": "0"}, headers=admin)
    assert wrong.status_code == 422 and "many" in wrong.text
    assert (
        client.post(
            page, data={"a_day": "5", "an_hour": "100", "second_looks": "20"}, headers=admin
        ).status_code
        == 302
    )
    asked = {"person": "", "since": "yesterday", "reason": "because"}
    faulty = client.get(f"{page}/undo", query_string=asked, headers=admin)
    assert faulty.status_code == 422 and faulty.text.count('<li><a href="#') == 3
    asked = {"person": world.viewers["teacher"].key or "", "since": "2026-11-21T08:00", "reason": "mistake"}
    shown = client.get(f"{page}/undo", query_string=asked, headers=admin).text
    assert "3 badges that stand" in shown
    assert list(standing(world)) == class_of_three, "a GET only shows"
    done = client.post(f"{page}/undo", data=asked, headers=admin)
    assert "3 badges were taken back" in client.get(done.location, headers=admin).text
    assert list(standing(world)) == []


@pytest.mark.slow
def test_a_thousand_awards_of_one_person_are_revoked_within_a_minute_and_none_of_another(
    two_teachers: World, clock: Any
) -> None:
    world = two_teachers
    everybody = world.enrol(*((f"Learner {place}", None) for place in range(1_020)))
    with world.database.writing() as session:
        actions.set_limits(session, world.viewers["admin"], "craft-school", a_day=2_000, an_hour=2_000)
        workshop, version = world.open(session)
        actions.set_levels_for_group(session, world.viewers["teacher"], workshop, version, "proficient")
    since = clock.now
    world.award(*everybody[:1_000], key="many", sign=False)
    world.award(*everybody[1_000:], key="few", viewer="second", sign=False)
    Worker(world.settings, world.database, world.keyring).run_until_quiet()
    began = time.monotonic()
    undo(world, since)
    Worker(world.settings, world.database, world.keyring).run_until_quiet()
    assert time.monotonic() - began < 60
    assert list(standing(world)) == everybody[1_000:]
    with world.database.reading() as session:
        assert len(session.scalars(select(StatusEntry).where(StatusEntry.set_at.is_not(None))).all()) == 1_000
        assert all(one.changes == one.signed_changes for one in session.scalars(select(StatusList)))
