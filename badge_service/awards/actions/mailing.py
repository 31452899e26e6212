"""Promises the mails that bring badges to their learners, and takes them back while they have not left."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from badge_service.awards.actions.giving import Given
from badge_service.awards.tables import Award, AwardBatch
from badge_service.settings import Settings
from badge_service.storage import outbox
from badge_service.storage.bulk import one_of
from badge_service.storage.session import now
from badge_service.storage.tables import OutboxJob
from badge_service.web import mail

AWARD_MAIL = "award_mail"


def promise_mails(
    session: Session,
    settings: Settings,
    batch: AwardBatch,
    awards: Sequence[Given],
    with_address: Collection[int],
) -> None:
    """One outbox job for every award whose learner (person id) has an address, all in one statement."""
    payloads = [{"award": one.token, "batch": batch.token} for one in awards if one.person_id in with_address]
    soonest = now(session) + timedelta(minutes=settings.mail_delay_minutes)
    due_at = max(soonest, batch.send_at) if batch.send_at else soonest
    outbox.promise_all(session, AWARD_MAIL, payloads, due_at=due_at)


def cancel_mails(session: Session, award: Award) -> None:
    """Take back whatever mail of this award has not left, written already or only promised."""
    promised = update(OutboxJob).where(*_conditions(OutboxJob.payload["award"].as_string() == award.token))
    options = {"synchronize_session": False}
    session.execute(promised.values(cancelled_at=now(session)), execution_options=options)
    mail.cancel(session, f"award:{award.token}")


def cancel_mails_of(session: Session, award_tokens: Collection[str]) -> None:
    """The same for many awards, whose promised mails go in one statement."""
    named = cast(Any, OutboxJob.payload["award"].as_string())
    promised = update(OutboxJob).where(*_conditions(one_of(session, named, award_tokens)))
    options = {"synchronize_session": False}
    session.execute(promised.values(cancelled_at=now(session)), execution_options=options)
    reference = OutboxJob.payload["reference"].as_string()
    open_mails = select(reference).where(
        OutboxJob.kind == mail.KIND, OutboxJob.done_at.is_(None), OutboxJob.cancelled_at.is_(None)
    )
    for found in {f"award:{one}" for one in award_tokens} & set(session.scalars(open_mails)):
        mail.cancel(session, found)


def waiting_mails(session: Session, batch: AwardBatch) -> int:
    """How many mails of a batch have not been written yet."""
    waiting = select(func.count()).select_from(OutboxJob)
    mine = OutboxJob.payload["batch"].as_string() == batch.token
    tried_again = OutboxJob.attempts < outbox.MOST_ATTEMPTS
    return session.scalar(waiting.where(*_conditions(mine), tried_again)) or 0


def undelivered(session: Session) -> frozenset[str]:
    """The awards (`token`s) whose mail was given up after its last try; a new card or another mail settles it."""
    promised = select(OutboxJob.payload["award"].as_string()).where(
        OutboxJob.kind == AWARD_MAIL, *outbox.given_up()
    )
    written = select(OutboxJob.payload["reference"].as_string()).where(
        OutboxJob.kind == mail.KIND, *outbox.given_up()
    )
    references = (reference or "" for reference in session.scalars(written))
    tokens = {one.removeprefix("award:") for one in references if one.startswith("award:")}
    return frozenset(tokens | set(session.scalars(promised)))


def _conditions(which: ColumnElement[bool]) -> tuple[ColumnElement[bool], ...]:
    return (
        OutboxJob.kind == AWARD_MAIL,
        OutboxJob.done_at.is_(None),
        OutboxJob.cancelled_at.is_(None),
        which,
    )
