"""What is promised is done once after the commit, tried again when it fails, and never after it was cancelled."""

import threading
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.storage import outbox
from badge_service.storage.session import Database, now
from badge_service.storage.tables import OutboxJob, ServiceFact


class Doer:
    """A handler that remembers what it did, and fails while `failing`."""

    def __init__(self) -> None:
        self.done: list[Any] = []
        self.failing = False

    def __call__(self, session: Session, payload: Mapping[str, Any]) -> None:
        if self.failing:
            raise OSError("the printer is on fire")
        self.done.append(payload["number"])

    def outside(self, payload: Mapping[str, Any]) -> None:
        if self.failing:
            raise OSError("the printer is on fire")
        self.done.append(payload["number"])

    def together(self, session: Session, payloads: Sequence[Mapping[str, Any]]) -> None:
        for payload in payloads:
            self(session, payload)


@pytest.fixture
def doer() -> Doer:
    return Doer()


@pytest.fixture(params=["inside", "outside", "together"])
def handlers(request: pytest.FixtureRequest, doer: Doer) -> outbox.Handlers:
    outside, together = outbox.Outside(doer.outside), outbox.Together(doer.together)
    return {"print": {"inside": doer, "outside": outside, "together": together}[request.param]}


def promise(database: Database, number: int = 1, **more: Any) -> int:
    with database.writing() as session:
        return outbox.promise(session, "print", {"number": number, **more}).id


def job(database: Database) -> OutboxJob:
    with database.reading() as session:
        return session.scalars(select(OutboxJob)).one()


def test_a_promise_is_kept_once(database: Database, doer: Doer, handlers: outbox.Handlers) -> None:
    promise(database)
    assert [outbox.run_due(database, handlers) for _ in range(3)] == [1, 0, 0]
    assert doer.done == [1]
    assert job(database).done_at is not None


def test_nothing_is_promised_by_a_transaction_that_was_rolled_back(
    database: Database, doer: Doer, handlers: outbox.Handlers
) -> None:
    with pytest.raises(RuntimeError), database.writing() as session:
        outbox.promise(session, "print", {"number": 1})
        raise RuntimeError
    assert outbox.run_due(database, handlers) == 0


def test_what_is_due_later_waits(database: Database, clock, doer: Doer, handlers: outbox.Handlers) -> None:
    with database.writing() as session:
        outbox.promise(session, "print", {"number": 1}, due_at=now(session) + timedelta(minutes=10))
    clock.advance(minutes=9)
    assert outbox.run_due(database, handlers) == 0
    clock.advance(minutes=1)
    assert outbox.run_due(database, handlers) == 1
    assert doer.done == [1]


def test_what_fails_is_written_down_and_tried_again_ever_later(
    database: Database,
    clock,
    doer: Doer,
    handlers: outbox.Handlers,
) -> None:
    doer.failing = True
    promise(database)
    waits = []
    for attempt in range(1, outbox.MOST_ATTEMPTS + 1):
        assert outbox.run_due(database, handlers) == 1
        failed = job(database)
        assert (failed.attempts, failed.last_error) == (attempt, "OSError: the printer is on fire")
        waits.append((failed.due_at - clock.now) // timedelta(minutes=1))
        assert outbox.run_due(database, handlers) == 0
        clock.now = failed.due_at
    assert waits == [1, 2, 4, 8, 16, 32, 64, 0], "the last one is given up there and then"
    clock.advance(days=30)
    assert outbox.run_due(database, handlers) == 0, "a job that failed eight times waits for a person"


def test_a_job_that_failed_is_done_when_the_fault_is_over(
    database: Database,
    clock,
    doer: Doer,
    handlers: outbox.Handlers,
) -> None:
    doer.failing = True
    promise(database)
    outbox.run_due(database, handlers)
    doer.failing = False
    clock.advance(minutes=1)
    assert outbox.run_due(database, handlers) == 1
    assert doer.done == [1]


def test_a_failing_job_stops_no_other(database: Database) -> None:
    done: list[int] = []

    def fussy(session: Session, payload: Mapping[str, Any]) -> None:
        if payload["number"] == 2:
            raise ValueError("not two")
        done.append(payload["number"])

    for number in (1, 2, 3):
        promise(database, number)
    outbox.run_due(database, {"print": fussy})
    assert done == [1, 3]


def test_a_job_that_fails_half_way_leaves_no_half_deed(database: Database) -> None:
    def half(session: Session, payload: Mapping[str, Any]) -> None:
        session.add(ServiceFact(name="half", value="done"))
        session.flush()
        raise ValueError("the second half")

    promise(database)
    outbox.run_due(database, {"print": half})
    with database.reading() as session:
        assert session.get(ServiceFact, "half") is None


def test_a_cancelled_job_is_not_done(database: Database, doer: Doer, handlers: outbox.Handlers) -> None:
    number = promise(database)
    with database.writing() as session:
        session.get_one(OutboxJob, number).cancelled_at = now(session)
    assert outbox.run_due(database, handlers) == 0
    assert doer.done == []


def test_work_of_another_kind_is_left_to_whoever_knows_it(database: Database, doer: Doer) -> None:
    promise(database)
    assert outbox.run_due(database, {"paint": doer}) == 0
    assert job(database).done_at is None


def test_what_is_needed_once_is_forgotten_when_it_is_done(
    database: Database, doer: Doer, handlers: outbox.Handlers
) -> None:
    promise(database, reference="award:1", once={"to": "learner@demo.example"})
    outbox.run_due(database, handlers)
    assert job(database).payload == {"number": 1, "reference": "award:1"}


def test_what_is_needed_once_is_forgotten_when_it_is_given_up(
    database: Database, clock, doer: Doer, handlers: outbox.Handlers
) -> None:
    doer.failing = True
    promise(database, reference="award:1", once={"to": "learner@demo.example"})
    for _attempt in range(outbox.MOST_ATTEMPTS):
        assert "once" in job(database).payload
        outbox.run_due(database, handlers)
        clock.now = job(database).due_at
    assert job(database).payload == {"number": 1, "reference": "award:1"}
    with database.reading() as session:
        assert session.scalars(select(OutboxJob.attempts).where(*outbox.given_up())).all() == [8]


def test_many_jobs_are_promised_in_one_statement(database: Database, doer: Doer) -> None:
    with database.writing() as session:
        outbox.promise_all(session, "print", [{"number": n} for n in range(5)], due_at=now(session))
        assert session.info[outbox.PROMISED]
    outbox.run_due(database, {"print": doer})
    assert doer.done == [0, 1, 2, 3, 4]


def test_two_workers_never_do_the_same_job(database: Database, doer: Doer, handlers: outbox.Handlers) -> None:
    for number in range(40):
        promise(database, number)
    gate = threading.Barrier(2)

    def work() -> None:
        gate.wait()
        while outbox.run_due(database, handlers, limit=7):
            pass

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while outbox.run_due(database, handlers):
        pass
    assert sorted(doer.done) == list(range(40))


def test_what_goes_together_is_one_transaction_and_one_that_fails_stops_no_other(database: Database) -> None:
    groups: list[list[int]] = []

    def fussy(session: Session, payloads: Sequence[Mapping[str, Any]]) -> None:
        groups.append([payload["number"] for payload in payloads])
        session.add(ServiceFact(name=f"done {groups[-1]}", value="whole"))
        if 2 in groups[-1]:
            raise ValueError("not two")

    for number in (1, 2, 3, 4, 5):
        promise(database, number)
    handlers = {"print": outbox.Together(fussy, most=3)}
    assert outbox.run_due(database, handlers) == 3
    assert groups == [[1, 2, 3], [1], [2], [3]]
    assert outbox.run_due(database, handlers) == 2
    with database.reading() as session:
        done = set(session.scalars(select(ServiceFact.name).where(ServiceFact.value == "whole")))
        failed = session.scalars(select(OutboxJob).where(OutboxJob.done_at.is_(None))).one()
    assert done == {"done [1]", "done [3]", "done [4, 5]"}
    assert (failed.payload, failed.last_error) == ({"number": 2}, "ValueError: not two")


def test_a_slow_outside_keeps_no_writer_waiting(database: Database) -> None:
    """A mail server that does not answer must not hold the lock that every award needs."""

    def slow(payload: Mapping[str, Any]) -> None:
        with database.writing() as session:
            session.add(ServiceFact(name="written", value="meanwhile"))

    promise(database)
    assert outbox.run_due(database, {"print": outbox.Outside(slow)}) == 1
    assert job(database).last_error is None


def test_work_outside_that_died_with_its_worker_is_repeated_after_the_lease(
    database: Database,
    clock,
    doer: Doer,
) -> None:
    def killed(payload: Mapping[str, Any]) -> None:
        raise SystemExit

    promise(database)
    with pytest.raises(SystemExit):
        outbox.run_due(database, {"print": outbox.Outside(killed)})
    handlers = {"print": outbox.Outside(doer.outside)}
    assert outbox.run_due(database, handlers) == 0
    clock.now += outbox.LEASE
    assert outbox.run_due(database, handlers) == 1
    assert doer.done == [1]
