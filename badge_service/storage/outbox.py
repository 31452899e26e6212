"""Promises work inside the caller's transaction and does it afterwards, once, however often it is tried."""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from badge_service.errors import UnavailableError
from badge_service.storage.bulk import insert_rows, one_of
from badge_service.storage.session import Database, now
from badge_service.storage.tables import OutboxJob

Handler = Callable[[Session, Mapping[str, Any]], None]
MOST_ATTEMPTS = 8
LEASE = timedelta(minutes=2)
ONCE = "once"
PROMISED = "promised"


class RefusedForGoodError(UnavailableError):
    """What the other side will never take, however often it is tried; `code` says why, for whoever can mend it."""


@dataclass(frozen=True)
class Outside:
    """A handler that waits for another machine: it gets no session, so that no lock is held meanwhile.

    A run that dies in it is repeated after `LEASE`; `do` must be quicker than that.
    """

    do: Callable[[Mapping[str, Any]], None]


@dataclass(frozen=True)
class Together:
    """A handler of many jobs of its kind in one transaction; when that fails, each of them is done alone.

    For kinds whose payloads hold nothing under `ONCE`.
    """

    do: Callable[[Session, Sequence[Mapping[str, Any]]], None]
    most: int = 500


Handlers = Mapping[str, Handler | Outside | Together]


def promise(
    session: Session, kind: str, payload: dict[str, Any], *, due_at: datetime | None = None
) -> OutboxJob:
    """Write down work of `kind` for after this transaction; `payload` must be plain JSON.

    What lies under the payload's key `ONCE` (addresses, one-time links) is forgotten when the work is done or given up.
    """
    at = now(session)
    job = OutboxJob(kind=kind, payload=payload, due_at=due_at or at, created_at=at)
    session.add(job)
    session.flush()
    session.info[PROMISED] = True  # the door wakes the worker once this is committed
    return job


def promise_all(
    session: Session, kind: str, payloads: Sequence[Mapping[str, Any]], *, due_at: datetime
) -> None:
    """Promise one job a payload, in one statement."""
    if payloads:
        same = {"kind": kind, "due_at": due_at, "created_at": now(session), "attempts": 0}
        insert_rows(
            session, OutboxJob, same=same, varying={"payload": [json.dumps(payload) for payload in payloads]}
        )
        session.info[PROMISED] = True


def run_due(database: Database, handlers: Handlers, *, limit: int = 100) -> int:
    """Do what is due, each job in a transaction of its own; returns how many were tried.

    A job that fails stays, with its error, and is tried again later (1, 2, 4 … minutes, at most eight times), but for
    what was refused for good. `limit` is for those that are done alone.
    """
    together = {kind: found for kind, found in handlers.items() if isinstance(found, Together)}
    done = sum(_run_together(database, kind, found) for kind, found in together.items())
    with database.reading() as session:
        ids = session.scalars(_due(session, [*handlers.keys() - together.keys()]).limit(limit)).all()
    return done + sum(_run_one(database, handlers, job_id) for job_id in ids)


def _due(session: Session, kinds: list[str]) -> Any:
    return select(OutboxJob.id).where(*_is_due(session, kinds)).order_by(OutboxJob.due_at, OutboxJob.id)


def _is_due(session: Session, kinds: list[str]) -> tuple[Any, ...]:
    return (
        OutboxJob.done_at.is_(None),
        OutboxJob.cancelled_at.is_(None),
        OutboxJob.kind.in_(kinds),
        OutboxJob.due_at <= now(session),
        OutboxJob.attempts < MOST_ATTEMPTS,
    )


def given_up() -> tuple[Any, ...]:
    """Conditions for a select of `OutboxJob`: what failed for the last time and nobody has taken back since."""
    return (
        OutboxJob.done_at.is_(None),
        OutboxJob.cancelled_at.is_(None),
        OutboxJob.attempts >= MOST_ATTEMPTS,
    )


def _run_together(database: Database, kind: str, handler: Together) -> int:
    """As many as go into one transaction; returns how many this worker tried."""
    with database.reading() as session:
        ids = session.scalars(_due(session, [kind]).limit(handler.most)).all()
    if len(ids) > 1:
        with suppress(Exception):  # whichever of them it was is found below
            return _do_together(database, kind, handler, ids)
    return sum(_run_one(database, {kind: handler}, job_id) for job_id in ids)


def _do_together(database: Database, kind: str, handler: Together, ids: Sequence[int]) -> int:
    with database.writing() as session:
        wanted = select(OutboxJob.id, OutboxJob.payload).where(
            one_of(session, OutboxJob.id, ids), *_is_due(session, [kind])
        )
        jobs = session.execute(wanted.order_by(OutboxJob.id).with_for_update(skip_locked=True)).all()
        if not jobs:
            return 0
        handler.do(session, [job.payload for job in jobs])
        mine = update(OutboxJob).where(one_of(session, OutboxJob.id, [job.id for job in jobs]))
        session.execute(mine.values(done_at=now(session)), execution_options={"synchronize_session": False})
    return len(jobs)


def _run_one(database: Database, handlers: Handlers, job_id: int) -> bool:
    """Whether this worker tried the job (another one may have been quicker, or it was cancelled)."""
    try:
        return _do_outside(database, handlers, job_id) or _do_inside(database, handlers, job_id)
    except Exception as error:  # noqa: BLE001 (whatever goes wrong in a job is written down and tried again)
        _write_down_failure(database, job_id, error)
        return True


def _do_inside(database: Database, handlers: Handlers, job_id: int) -> bool:
    """The deed and its mark in one transaction: both happen, or neither."""
    inside = {kind: handler for kind, handler in handlers.items() if not isinstance(handler, Outside)}
    with database.writing() as session:
        wanted = select(OutboxJob).where(OutboxJob.id == job_id, *_is_due(session, list(inside)))
        job = session.scalar(wanted.with_for_update(skip_locked=True))
        if job is None:
            return False
        handler = inside[job.kind]
        if isinstance(handler, Together):
            handler.do(session, [job.payload])
        else:
            handler(session, job.payload)
        _mark_done(session, job)
    return True


def _do_outside(database: Database, handlers: Handlers, job_id: int) -> bool:
    """Take the job for a while, do it without any transaction, then mark it."""
    outside = {kind: handler for kind, handler in handlers.items() if isinstance(handler, Outside)}
    if not outside:
        return False
    with database.writing() as session:
        taken = (
            update(OutboxJob)
            .where(OutboxJob.id == job_id, *_is_due(session, list(outside)))
            .values(due_at=now(session) + LEASE)
            .returning(OutboxJob.kind, OutboxJob.payload)
        )
        found = session.execute(taken).first()
    if found is None:
        return False
    outside[found.kind].do(found.payload)
    with database.writing() as session:
        _mark_done(session, session.get_one(OutboxJob, job_id))
    return True


def _mark_done(session: Session, job: OutboxJob) -> None:
    job.done_at = now(session)
    _forget(job)


def _forget(job: OutboxJob) -> None:
    job.payload = {name: value for name, value in job.payload.items() if name != ONCE}


def _write_down_failure(database: Database, job_id: int, error: Exception) -> None:
    with database.writing() as session:
        job = session.get(OutboxJob, job_id)
        if job is None or job.done_at:
            return
        if isinstance(error, RefusedForGoodError):
            job.attempts, job.refusal = MOST_ATTEMPTS, error.code
        else:
            job.attempts += 1
        job.last_error = f"{type(error).__name__}: {error}"[:500]
        if job.attempts >= MOST_ATTEMPTS:
            job.due_at = now(session)  # since then it is given up
            _forget(job)
        else:
            job.due_at = now(session) + timedelta(minutes=2 ** (job.attempts - 1))
