"""Answers a request once: the same Idempotency-Key gets the same answer for a day and does nothing again."""

from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from badge_service.errors import Fault, InvalidError
from badge_service.programs.actions.keys import Caller
from badge_service.programs.tables import AnsweredRequest
from badge_service.storage.session import alone, hashed, now

ANSWERS_ARE_KEPT = timedelta(hours=24)


def answered_before(session: Session, caller: Caller, name: str, digest: str) -> tuple[int, str] | None:
    """Status and body that this request (`digest`) got under this name, if it was answered within a day.

    Requests of one name wait for each other here until their transaction ends. Raises `InvalidError` when the name was
    given to another request.
    """
    alone(session, f"answered:{caller.key_id}:{name}")
    forget_old_answers(session)
    row = session.scalar(
        select(AnsweredRequest).where(
            AnsweredRequest.key_id == caller.key_id, AnsweredRequest.name_hash == hashed(name)
        )
    )
    if row is None:
        return None
    if row.request_digest != digest:
        message = _("This Idempotency-Key was sent with another request. Make a new one for each request.")
        raise InvalidError(message, faults=[Fault("Idempotency-Key", message, "idempotency_key_reused")])
    return row.status, row.body


def remember_answer(session: Session, caller: Caller, name: str, digest: str, status: int, body: str) -> None:
    """Keep what this request is answered, in the same transaction as what it did."""
    session.add(
        AnsweredRequest(
            key_id=caller.key_id,
            name_hash=hashed(name),
            request_digest=digest,
            status=status,
            body=body,
            answered_at=now(session),
        )
    )


def forget_old_answers(session: Session) -> int:
    """Delete answers that are older than a day, as they may name learners; returns how many."""
    old = delete(AnsweredRequest).where(AnsweredRequest.answered_at < now(session) - ANSWERS_ARE_KEPT)
    return len(session.execute(old.returning(AnsweredRequest.id)).all())
