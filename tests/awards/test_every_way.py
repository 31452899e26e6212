"""The rules of awarding hold whichever way is taken: by a file, by resuming, by undoing, for one's own badge."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, update

from badge_service.awards import actions
from badge_service.awards.actions import imports, undoing
from badge_service.awards.actions import items as awarding_items
from badge_service.awards.jobs import handlers
from badge_service.awards.rules import IdentityCheck
from badge_service.awards.rules.imports import ImportState, RowState
from badge_service.awards.tables import Award, AwardBatch, AwardImport, BatchItem, ImportRow, Undoing
from badge_service.curriculum import actions as curriculum
from badge_service.errors import ConflictError
from badge_service.people import actions as people
from badge_service.people.rules import Role
from badge_service.register.rules import RevocationReason
from badge_service.storage import outbox
from badge_service.storage.tables import OutboxJob

from .conftest import World, make_app


@pytest.fixture(autouse=True)
def ten_minutes_to_undo(world: World) -> None:
    world.settings = replace(world.settings, undo_minutes=10, mail_delay_minutes=10)


@pytest.fixture
def second(world: World) -> World:
    """The LET lead teaches too."""
    with world.database.writing() as session:
        school = people.organisation_by_slug(session, "craft-school")
        person = people.person_by_id(session, world.viewers["lead"].person_id or 0)
        people.grant_role(session, world.viewers["operator"], person, Role.TEACHER, school)
        world.viewers["second"] = people.load_viewer(session, person.id)
    return world


def limit(world: World, a_day: int, an_hour: int = 1_000) -> None:
    with world.database.writing() as session:
        actions.set_limits(session, world.viewers["admin"], "craft-school", a_day=a_day, an_hour=an_hour)


def bring_in(world: World, start: int, count: int, viewer: str = "teacher") -> str:
    rows = "".join(f"Learner {place},l{place}@school.example\n" for place in range(start, start + count))
    with world.database.writing() as session:
        version = curriculum.find_version(session, world.slug, "1.0.0")
        data = f"name,email\n{rows}".encode()
        token = imports.start_import(session, world.viewers[viewer], version.id, "list.csv", data).token
    with world.database.writing() as session:
        imports.confirm_import(session, world.viewers[viewer], token, identity_check=IdentityCheck.KNOWN)
    return token


def group(world: World, count: int) -> list[int]:
    everybody = world.enrol(*((f"Learner {place}", None) for place in range(count)))
    with world.database.writing() as session:
        workshop, version = world.open(session)
        actions.set_levels_for_group(session, world.viewers["teacher"], workshop, version, "proficient")
    return everybody


def undo_person(world: World, since: Any, about: str = "teacher") -> None:
    with world.database.writing() as session:
        key = world.viewers[about].acting_key()
        actions.undo_since(
            session, world.viewers["admin"], "craft-school", key, since, RevocationReason.MISTAKE
        )


def work(world: World) -> None:
    while outbox.run_due(world.database, handlers(world.settings)):
        pass
    world.sign()


def state(world: World, token: str) -> str:
    with world.database.reading() as session:
        return session.scalars(select(AwardImport.state).where(AwardImport.token == token)).one()


def row_states(world: World) -> list[tuple[str, str | None]]:
    with world.database.reading() as session:
        found = select(ImportRow.state, ImportRow.failure).order_by(ImportRow.id)
        return [(one, why) for one, why in session.execute(found)]


def standing(world: World) -> list[int | None]:
    with world.database.reading() as session:
        return list(
            session.scalars(select(Award.person_id).where(Award.ended_at.is_(None)).order_by(Award.id))
        )


def item_states(world: World) -> set[tuple[str, str | None]]:
    with world.database.reading() as session:
        return {(one, why) for one, why in session.execute(select(BatchItem.state, BatchItem.why))}


def test_undoing_a_person_ends_their_files_that_run_or_wait(second: World, clock: Any) -> None:
    since = clock.now
    running = bring_in(second, 0, 3)
    limit(second, 3)
    waiting = bring_in(second, 10, 4)
    of_another = bring_in(second, 20, 2, viewer="second")
    assert (state(second, running), state(second, waiting)) == (ImportState.RUNNING, ImportState.SECOND)
    with second.database.reading() as session:
        key = second.viewers["teacher"].acting_key()
        seen = actions.would_undo(session, second.viewers["admin"], "craft-school", key, since)
    assert (seen.standing, seen.waiting) == (0, 7)
    undo_person(second, since)
    work(second)
    assert len(standing(second)) == 2, "only those of the other teacher"
    assert state(second, of_another) == ImportState.DONE
    assert row_states(second)[:7] == [(RowState.FAILED, "undone")] * 7
    for token in (running, waiting):
        assert state(second, token) == ImportState.REFUSED
        with second.database.writing() as session:
            with pytest.raises(ConflictError):
                imports.resume_import(session, second.viewers["second"], token)
            with pytest.raises(ConflictError):
                imports.confirm_as_second(session, second.viewers["second"], token)
    with pytest.raises(ConflictError):
        undo_person(second, since)


def test_a_file_half_way_is_taken_back_and_does_not_go_on(
    world: World, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from badge_service.awards.actions.imports import awarding

    monkeypatch.setattr(awarding, "ROWS_AT_ONCE", 2)
    since = clock.now
    token = bring_in(world, 0, 5)
    with world.database.writing() as session:
        assert imports.award_next_rows(session, world.settings, token) == 2
    assert len(standing(world)) == 2
    undo_person(world, since)
    work(world)
    assert standing(world) == []
    assert [one for one, _why in row_states(world)] == ["awarded"] * 2 + ["failed"] * 3


def test_a_file_whose_person_may_bring_in_no_more_for_the_organisation_stops(second: World) -> None:
    token = bring_in(second, 0, 2, viewer="second")
    withdraw(second, "second")
    work(second)
    assert state(second, token) == ImportState.STOPPED and standing(second) == []


def withdraw(world: World, viewer: str) -> None:
    """End the teacher's role there; being a LET lead remains."""
    with world.database.writing() as session:
        school = people.organisation_by_slug(session, "craft-school")
        person = people.person_by_id(session, world.viewers[viewer].person_id or 0)
        people.withdraw_role(session, world.viewers["operator"], person, Role.TEACHER, school)


def test_what_was_undone_is_resumed_by_nobody(second: World, class_of_three: list[int], clock: Any) -> None:
    limit(second, 1)
    since = clock.now
    token = second.award(*class_of_three)
    with second.database.writing() as session:
        failed = update(BatchItem).where(BatchItem.person_id == class_of_three[1])
        session.execute(failed.values(state="failed", why="error"))
    undo_person(second, since)
    assert item_states(second) == {("refused", "undone")}
    with second.database.writing() as session:
        assert actions.resume_items(session, second.viewers["teacher"], token) == 0
    work(second)
    assert standing(second) == []


def test_an_undone_batch_is_not_resumed(world: World, class_of_three: list[int]) -> None:
    limit(world, 2)
    token = world.award(*class_of_three)
    with world.database.writing() as session:
        failed = update(BatchItem).where(BatchItem.person_id == class_of_three[2])
        session.execute(failed.values(state="failed", why="error"))
        actions.undo_batch(session, world.viewers["teacher"], world.settings, token)
    with world.database.writing() as session, pytest.raises(ConflictError) as raised:
        actions.resume_items(session, world.viewers["teacher"], token)
    assert raised.value.code == "batch.undone" and standing(world) == []


def test_who_teaches_there_no_more_has_nobody_awarded_afterwards(second: World) -> None:
    limit(second, 1_000)
    everybody = group(second, 201)
    token = second.award(*everybody, viewer="second")
    withdraw(second, "second")
    work(second)
    assert standing(second) == [] and item_states(second) == {("failed", awarding_items.NO_TEACHER)}
    with second.database.writing() as session:
        school = people.organisation_by_slug(session, "craft-school")
        person = people.person_by_id(session, second.viewers["lead"].person_id or 0)
        people.grant_role(session, second.viewers["operator"], person, Role.TEACHER, school)
        assert actions.resume_items(session, second.viewers["teacher"], token) == 201
    work(second)
    assert standing(second) == everybody


def test_a_large_batch_is_undone_before_its_first_badge(world: World) -> None:
    limit(world, 1_000)
    token = world.award(*group(world, 201))
    with world.database.writing() as session:
        actions.undo_batch(session, world.viewers["teacher"], world.settings, token)
    work(world)
    assert standing(world) == [] and item_states(world) == {("refused", "undone")}


def test_a_batch_of_which_all_wait_for_a_second_person_is_undone(
    world: World, class_of_three: list[int]
) -> None:
    limit(world, 0)
    token = world.award(*class_of_three)
    with world.database.writing() as session:
        undone = actions.undo_batch(session, world.viewers["teacher"], world.settings, token)
        assert undone.to_confirm == 0
    assert item_states(world) == {("refused", "undone")}
    with world.database.writing() as session, pytest.raises(ConflictError):
        actions.undo_batch(session, world.viewers["teacher"], world.settings, token)
    with world.database.reading() as session:
        assert session.scalars(select(AwardBatch.undone_at)).one() is not None


def test_somebody_who_only_brought_in_a_file_can_be_undone_after_leaving(second: World, clock: Any) -> None:
    since = clock.now
    bring_in(second, 0, 2, viewer="second")
    withdraw(second, "second")
    with second.database.writing() as session:
        school = people.organisation_by_slug(session, "craft-school")
        person = people.person_by_id(session, second.viewers["lead"].person_id or 0)
        people.withdraw_role(session, second.viewers["operator"], person, Role.LET_LEAD, school)
        assert person.key in {key for key, _name in actions.awarders(session, school)}
    undo_person(second, since, about="second")
    assert [why for _state, why in row_states(second)] == ["undone"] * 2


def test_whoever_gave_a_badge_outside_lists_and_files_can_be_chosen_too(
    world: World, class_of_three: list[int]
) -> None:
    world.award(*class_of_three)
    with world.database.writing() as session:
        school = people.organisation_by_slug(session, "craft-school")
        award = session.scalars(select(Award).limit(1)).one()
        stranger = people.person_by_id(session, class_of_three[1])
        award.decided_by = stranger.key
        session.flush()
        assert stranger.key in {key for key, _name in actions.awarders(session, school)}


def test_a_file_that_waits_for_a_second_person_stands_on_their_home(second: World) -> None:
    limit(second, 1)
    token = bring_in(second, 0, 3)
    client = make_app(second).test_client()
    for colleague in ("second", "admin"):
        home = client.get("/", headers={"X-Person": colleague}).text
        assert "A second person is needed" in home and f"/imports/{token}" in home
    for other in ("teacher", "other-teacher", "other-admin"):
        assert token not in client.get("/", headers={"X-Person": other}).text
    with second.database.writing() as session:
        imports.confirm_as_second(session, second.viewers["admin"], token)
    assert token not in client.get("/", headers={"X-Person": "second"}).text


def test_an_undoing_whose_worker_gave_up_goes_on_at_the_press_of_a_button(
    world: World, class_of_three: list[int], clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undoing, "AWARDED_IN_THE_REQUEST", 0)
    since = clock.now
    world.award(*class_of_three)
    undo_person(world, since)
    with world.database.writing() as session:
        lost = update(OutboxJob).where(OutboxJob.kind == actions.UNDO_AWARDS)
        session.execute(lost.values(cancelled_at=clock.now))
        token = session.scalars(select(Undoing.token)).one()
    work(world)
    assert len(standing(world)) == 3
    client, page = make_app(world).test_client(), f"/awards/undoings/{token}"
    assert "Go on" in client.get(page, headers={"X-Person": "admin"}).text
    for stranger in ("teacher", "other-admin"):
        assert client.post(f"{page}/resume", headers={"X-Person": stranger}).status_code == 404
    for _twice in range(2):
        assert client.post(f"{page}/resume", headers={"X-Person": "admin"}).location.endswith(page)
    work(world)
    assert standing(world) == []
    assert "Go on" not in client.get(page, headers={"X-Person": "admin"}).text
