"""Promises work inside the caller's transaction and does it afterwards, once, however often it is tried."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.storage.session import Database, now
from badge_service.storage.tables import OutboxJob

Handler = Callable[[Session, Mapping[str, Any]], None]
MOST_ATTEMPTS = 8
ONCE = "once"
PROMISED = "promised"


def promise(
    session: Session, kind: str, payload: dict[str, Any], *, due_at: datetime | None = None
) -> OutboxJob:
    """Write down work of `kind` for after this transaction; `payload` must be plain JSON.

    What lies under the payload's key `ONCE` (addresses, one-time links) is forgotten when the work is done.
    """
    at = now(session)
    job = OutboxJob(kind=kind, payload=payload, due_at=due_at or at, created_at=at)
    session.add(job)
    session.flush()
    session.info[PROMISED] = True  # the door wakes the worker once this is committed
    return job


def run_due(database: Database, handlers: Mapping[str, Handler], *, limit: int = 100) -> int:
    """Do what is due, each job in a transaction of its own; returns how many were tried.

    A job that fails stays, with its error, and is tried again later (1, 2, 4 … minutes, at most eight times).
    """
    with database.reading() as session:
        ids = session.scalars(_due(session, list(handlers)).limit(limit)).all()
    for job_id in ids:
        _run_one(database, handlers, job_id)
    return len(ids)


def _due(session: Session, kinds: list[str]) -> Any:
    return (
        select(OutboxJob.id)
        .where(OutboxJob.done_at.is_(None), OutboxJob.cancelled_at.is_(None), OutboxJob.kind.in_(kinds))
        .where(OutboxJob.due_at <= now(session), OutboxJob.attempts < MOST_ATTEMPTS)
        .order_by(OutboxJob.due_at, OutboxJob.id)
    )


def _run_one(database: Database, handlers: Mapping[str, Handler], job_id: int) -> None:
    try:
        with database.writing() as session:
            job = session.get(OutboxJob, job_id, with_for_update={"skip_locked": True})
            if job is None or job.done_at or job.cancelled_at:
                return
            handlers[job.kind](session, job.payload)
            job.done_at = now(session)
            job.payload = {name: value for name, value in job.payload.items() if name != ONCE}
    except Exception as error:  # noqa: BLE001 (whatever goes wrong in a job is written down and tried again)
        _write_down_failure(database, job_id, error)


def _write_down_failure(database: Database, job_id: int, error: Exception) -> None:
    with database.writing() as session:
        job = session.get(OutboxJob, job_id)
        if job is None or job.done_at:
            return
        job.attempts += 1
        job.last_error = f"{type(error).__name__}: {error}"[:500]
        job.due_at = now(session) + timedelta(minutes=2 ** (job.attempts - 1))
