"""Large batches go on in the background, beyond a day's number a second person confirms, beyond an hour's nothing goes."""

import threading
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select, update

from badge_service.awards import actions
from badge_service.awards.actions import items
from badge_service.awards.jobs import handlers
from badge_service.awards.rules import IdentityCheck
from badge_service.awards.tables import Award, AwardBatch, BatchItem
from badge_service.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError, QuotaError
from badge_service.people import actions as people
from badge_service.people.rules import Role
from badge_service.register import actions as register
from badge_service.register.tables import Edition
from badge_service.storage import outbox
from badge_service.storage.tables import OutboxJob
from badge_service.workshops.tables import Enrolment

from .conftest import World, make_app


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


def group(world: World, count: int) -> list[int]:
    everybody = world.enrol(*((f"Learner {place}", f"l{place}@school.example") for place in range(count)))
    with world.database.writing() as session:
        workshop, version = world.open(session)
        actions.set_levels_for_group(session, world.viewers["teacher"], workshop, version, "proficient")
    return everybody


def work(world: World) -> int:
    kind = actions.AWARD_CHUNK
    done = outbox.run_due(world.database, {kind: handlers(world.settings)[kind]})
    with world.database.reading() as session:
        assert (
            session.scalars(select(OutboxJob.last_error).where(OutboxJob.last_error.is_not(None))).all() == []
        )
    return done


def awarded(world: World) -> list[int | None]:
    with world.database.reading() as session:
        return list(session.scalars(select(Award.person_id).order_by(Award.id)))


def states(world: World) -> list[str]:
    with world.database.reading() as session:
        return list(session.scalars(select(BatchItem.state).order_by(BatchItem.batch_id, BatchItem.position)))


def progress(world: World, token: str) -> Any:
    with world.database.reading() as session:
        return actions.batch_progress(session, world.settings, world.batch(session, token))


def confirm(world: World, token: str, count: int, viewer: str = "second") -> None:
    with world.database.writing() as session:
        actions.confirm_items(session, world.viewers[viewer], world.settings, token, count)


def test_a_large_batch_is_written_down_first_and_awarded_by_the_worker(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(items, "CHUNK", 100)
    limit(world, 1_000)
    everybody = group(world, 201)
    token = world.award(*everybody)
    assert awarded(world) == []
    assert (progress(world, token).in_line, progress(world, token).is_going_on) == (201, True)
    with pytest.raises(ConflictError):
        world.award(everybody[0], key="the same learner again")
    assert work(world) == 3
    assert awarded(world) == everybody
    assert world.sign() == 201
    shown = progress(world, token)
    assert (shown.signed, shown.in_line, shown.is_going_on, shown.pages) == (201, 0, False, 5)
    assert [line.name for line in shown.lines][:2] == ["Learner 0", "Learner 1"]
    with world.database.reading() as session:
        kind = select(func.count()).where(OutboxJob.kind == "award_mail")
        assert session.scalar(kind) == 201


def test_a_worker_that_dies_in_a_chunk_has_done_it_not_at_all_and_another_repeats_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(items, "CHUNK", 100)
    limit(world, 1_000)
    everybody = group(world, 201)
    token = world.award(*everybody)
    with world.database.writing() as session:
        batch = world.batch(session, token)
        actions.award_items(session, world.settings, batch, 1, 100)
        session.rollback()
    assert awarded(world) == []
    with world.database.writing() as session:
        assert actions.resume_items(session, world.viewers["teacher"], token) == 201
    assert work(world) == 6, "each chunk was promised twice"
    assert awarded(world) == everybody


def test_one_bad_row_never_stops_the_others(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    limit(world, 1_000)
    everybody = group(world, 201)
    token = world.award(*everybody)
    with world.database.writing() as session:
        broken = update(BatchItem).where(BatchItem.person_id == everybody[7])
        session.execute(broken.values(levels={"C1": "no such level"}))
        gone = update(Enrolment).where(Enrolment.person_id == everybody[9])
        session.execute(gone.values(removed_at=world.database.clock()))
    work(world)
    assert set(awarded(world)) == set(everybody) - {everybody[7], everybody[9]}
    with world.database.reading() as session:
        lost = actions.lost_learners(session, world.batch(session, token))
    assert lost == [(8, "Learner 7", "error"), (10, "Learner 9", "removed")]
    client = make_app(world).test_client()
    table = client.get(f"/awards/batches/{token}/failed.csv", headers={"X-Person": "teacher"})
    assert table.status_code == 200 and "Learner 7" in table.text
    with world.database.writing() as session:
        workshop, version = world.open(session)
        row = actions.readiness_of(session, workshop, version)[7]
        good = update(BatchItem).where(BatchItem.person_id == everybody[7])
        session.execute(good.values(levels=dict(row.levels)))
        assert actions.resume_items(session, world.viewers["teacher"], token) == 1
    work(world)
    assert len(awarded(world)) == 200


def test_whoever_is_beyond_the_days_number_waits_for_a_second_person(
    second: World, class_of_three: list[int]
) -> None:
    limit(second, 2)
    token = second.award(*class_of_three)
    assert awarded(second) == class_of_three[:2]
    shown = progress(second, token)
    assert (shown.signed, shown.to_confirm, shown.is_going_on) == (2, 1, False)
    with second.database.reading() as session:
        workshop, version = second.open(session)
        assert actions.readiness_of(session, workshop, version)[2].why == ("in_batch",)
        assert [one.token for one in actions.batches_to_confirm(session, second.viewers["second"])] == [token]
        assert actions.batches_to_confirm(session, second.viewers["teacher"]) == []
        assert actions.batches_to_confirm(session, second.viewers["other-teacher"]) == []
    confirm(second, token, 1)
    second.sign()
    assert awarded(second) == class_of_three
    assert progress(second, token).signed == 3
    with second.database.reading() as session:
        third = session.scalars(select(Award).order_by(Award.id.desc())).first()
        assert third is not None and third.decided_by == second.viewers["teacher"].key
        mails = select(OutboxJob).where(OutboxJob.kind == "award_mail")
        assert third.token in {job.payload["award"] for job in session.scalars(mails)}


def test_the_second_person_is_never_the_first_nor_a_stranger(
    second: World, class_of_three: list[int]
) -> None:
    limit(second, 0)
    token = second.award(*class_of_three)
    with pytest.raises(NotAllowedError) as raised:
        confirm(second, token, 3, viewer="teacher")
    assert raised.value.code == "four_eyes"
    for stranger in ("other-teacher", "other-admin"):
        with pytest.raises(NotFoundError):
            confirm(second, token, 3, viewer=stranger)
    with pytest.raises(ConflictError):
        confirm(second, token, 2)
    assert awarded(second) == []
    confirm(second, token, 3, viewer="admin")
    assert awarded(second) == class_of_three


def test_a_learner_struck_from_the_list_can_be_awarded_anew(second: World, class_of_three: list[int]) -> None:
    limit(second, 0)
    token = second.award(*class_of_three)
    with second.database.writing() as session, pytest.raises(InvalidError) as raised:
        actions.refuse_items(session, second.viewers["second"], token, [], " ")
    assert [fault.where for fault in raised.value.faults] == ["learners", "reason"]
    with second.database.writing() as session:
        assert actions.refuse_items(session, second.viewers["second"], token, [2], "Was ill that week.") == 1
    confirm(second, token, 2)
    assert awarded(second) == [class_of_three[0], class_of_three[2]]
    second.award(class_of_three[1], key="again", viewer="second")
    assert states(second) == ["awarded", "refused", "awarded", "second"]


def test_levels_changed_after_the_decision_are_not_confirmed_unseen(
    second: World, class_of_three: list[int]
) -> None:
    limit(second, 0)
    token = second.award(*class_of_three)
    second.judge(class_of_three[0], "exemplary")
    confirm(second, token, 3)
    assert awarded(second) == class_of_three[1:]
    with second.database.reading() as session:
        assert actions.lost_learners(session, second.batch(session, token)) == [
            (1, "Petya Ivanova", "levels_changed")
        ]


def test_the_days_number_begins_anew_and_undone_badges_do_not_count(
    world: World, class_of_three: list[int], clock: Any
) -> None:
    limit(world, 2)
    world.settings = replace(world.settings, undo_minutes=10, mail_delay_minutes=10)
    token = world.award(*class_of_three[:2], key="first")
    with world.database.writing() as session:
        actions.undo_batch(session, world.viewers["teacher"], world.settings, token)
    world.award(*class_of_three[:2], key="again")
    assert len(awarded(world)) == 4
    clock.advance(hours=24)
    world.award(class_of_three[2], key="next day")
    assert len(awarded(world)) == 5


def test_more_than_the_hour_allows_is_refused_whole(
    world: World, class_of_three: list[int], clock: Any
) -> None:
    limit(world, 50, an_hour=2)
    with pytest.raises(QuotaError) as raised:
        world.award(*class_of_three)
    assert raised.value.code == "award_quota" and awarded(world) == []
    client = make_app(world).test_client()
    page = f"/workshops/{world.token}/assess/{world.slug}/1.0.0/award"
    typed = {"key": "k" * 20, "learner": ["1", "2", "3"], "identity_check": "known", "seen": "y"}
    assert client.post(page, data=typed, headers={"X-Person": "teacher"}).status_code == 429
    world.award(*class_of_three[:2], key="two")
    clock.advance(minutes=61)
    world.award(class_of_three[2], key="one more")
    assert len(awarded(world)) == 3


def test_the_limits_are_numbers_that_an_administrator_sets(world: World) -> None:
    with world.database.writing() as session, pytest.raises(InvalidError) as raised:
        actions.set_limits(session, world.viewers["admin"], "craft-school", a_day=-1, an_hour=0)
    assert [fault.where for fault in raised.value.faults] == ["a_day", "an_hour"]
    for viewer, error in (("teacher", NotAllowedError), ("other-admin", NotFoundError)):
        with world.database.writing() as session, pytest.raises(error):
            actions.set_limits(session, world.viewers[viewer], "craft-school", a_day=9, an_hour=9)
    with world.database.reading() as session:
        assert actions.limits_of(session, 1).a_day == 50


def test_the_days_number_holds_when_one_person_presses_in_two_places_at_once(
    world: World, class_of_three: list[int]
) -> None:
    """The same workshop would make them wait for each other anyway: this asks for the allowance alone."""
    limit(world, 2)
    begun = threading.Barrier(4)
    given: list[int] = []

    def press(number: int) -> None:
        begun.wait()
        with world.database.writing() as session:
            workshop, version = world.open(session)
            actor = world.viewers["teacher"].acting_key()
            found = actions.require_allowance(session, workshop.activity.organisation_id, actor, 1)
            at_once = found.at_once(1)
            session.add(
                AwardBatch(
                    token=f"t{number}",
                    idempotency_key=f"k{number}",
                    organisation_id=workshop.activity.organisation_id,
                    activity_id=workshop.activity_id,
                    version_id=version.id,
                    identity_check=IdentityCheck.KNOWN.value,
                    requested_by=actor,
                    requested_at=world.database.clock(),
                    total=1,
                    held_back=1 - at_once,
                )
            )
            session.flush()
        given.append(at_once)

    threads = [threading.Thread(target=press, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(given) == [0, 0, 1, 1]


def test_the_pages_say_the_numbers_before_the_button_and_lead_a_second_person_through(
    second: World, class_of_three: list[int]
) -> None:
    limit(second, 2)
    client = make_app(second).test_client()
    teacher, other = {"X-Person": "teacher"}, {"X-Person": "second"}
    page = client.get(f"/workshops/{second.token}/assess/{second.slug}/1.0.0/award", headers=teacher).text
    assert "After this, 2 of your 2 badges of today are given." in page
    assert "1 learner waits for a second person" in page
    token = second.award(*class_of_three)
    assert "A second person is needed" in client.get("/", headers=other).text
    address = f"/awards/batches/{token}/second"
    assert "Мария Георгиева" in client.get(address, headers=other).text
    assert client.get(address, headers={"X-Person": "other-teacher"}).status_code == 404
    assert client.post(f"{address}/refuse", data={"reason": "Who?"}, headers=other).status_code == 422
    assert client.post(f"{address}/confirm", data={"count": "1"}, headers=teacher).status_code == 403
    done = client.post(f"{address}/confirm", data={"count": "1"}, headers=other)
    assert done.location.endswith(f"/awards/batches/{token}")
    with second.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Edition)) == 3
        assert register.unsigned_count(session) == 0
