"""Promises the mails that bring badges to their learners, and takes them back while they have not left."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, exists, func, select, true, update
from sqlalchemy.orm import Session

from badge_service.awards.actions.giving import Given
from badge_service.awards.rules import AwardState, Channel
from badge_service.awards.tables import Award, AwardBatch, ClaimCode
from badge_service.settings import Settings
from badge_service.storage import outbox
from badge_service.storage.bulk import one_of
from badge_service.storage.session import now
from badge_service.storage.tables import OutboxJob
from badge_service.web import mail
from badge_service.workshops.tables import Enrolment, Workshop

AWARD_MAIL = "award_mail"


def promise_mails(
    session: Session,
    settings: Settings,
    batch: AwardBatch,
    awards: Sequence[Given],
    with_address: Collection[int],
) -> None:
    """One outbox job for every award whose learner (person id) has an address, all in one statement; none while they are off."""
    if batch.mails_off_at is not None:
        return
    payloads = [{"award": one.token, "batch": batch.token} for one in awards if one.person_id in with_address]
    outbox.promise_all(session, AWARD_MAIL, payloads, due_at=_leave_at(session, settings, batch))


def promise_unsent(session: Session, settings: Settings, batch: AwardBatch) -> int:
    """The same for those of a batch who wait for their badge and were never written to; returns how many."""
    promised = select(OutboxJob.payload["award"].as_string()).where(*_conditions(true()))
    unsent = (
        select(Award.token)
        .join(Workshop, Workshop.activity_id == Award.activity_id)
        .join(Enrolment, (Enrolment.workshop_id == Workshop.id) & (Enrolment.person_id == Award.person_id))
        .where(Award.batch_id == batch.id, Award.state == AwardState.HELD.value)
        .where(Enrolment.email.is_not(None), ~was_mailed(), Award.token.not_in(promised))
        .order_by(Award.id)
    )
    payloads = [{"award": one, "batch": batch.token} for one in session.scalars(unsent)]
    outbox.promise_all(session, AWARD_MAIL, payloads, due_at=_leave_at(session, settings, batch))
    return len(payloads)


def _leave_at(session: Session, settings: Settings, batch: AwardBatch) -> datetime:
    soonest = now(session) + timedelta(minutes=settings.mail_delay_minutes)
    return max(soonest, batch.send_at) if batch.send_at else soonest


def cancel_mails(session: Session, award: Award) -> None:
    """Take back whatever mail of this award has not left, written already or only promised."""
    promised = update(OutboxJob).where(*_conditions(OutboxJob.payload["award"].as_string() == award.token))
    options = {"synchronize_session": False}
    session.execute(promised.values(cancelled_at=now(session)), execution_options=options)
    mail.cancel(session, f"award:{award.token}")


def cancel_mails_of(session: Session, award_tokens: Collection[str]) -> None:
    """The same for many awards, in two statements."""
    named = cast(Any, OutboxJob.payload["award"].as_string())
    promised = update(OutboxJob).where(*_conditions(one_of(session, named, award_tokens)))
    options = {"synchronize_session": False}
    session.execute(promised.values(cancelled_at=now(session)), execution_options=options)
    mail.cancel_all(session, [f"award:{one}" for one in award_tokens])


def waiting_mails(session: Session, batch: AwardBatch) -> int:
    """How many mails of a batch have not been written yet."""
    waiting = select(func.count()).select_from(OutboxJob)
    mine = OutboxJob.payload["batch"].as_string() == batch.token
    tried_again = OutboxJob.attempts < outbox.MOST_ATTEMPTS
    return session.scalar(waiting.where(*_conditions(mine), tried_again)) or 0


def undelivered() -> ColumnElement[bool]:
    """In a select of `Award`: that its mail was given up or came back; a new card or another mail settles it."""
    promised = select(OutboxJob.payload["award"].as_string()).where(
        OutboxJob.kind == AWARD_MAIL, *outbox.given_up()
    )
    reference = OutboxJob.payload["reference"].as_string()
    written = select(func.substr(reference, len("award:") + 1)).where(
        OutboxJob.kind == mail.KIND, reference.like("award:%"), *outbox.given_up()
    )
    return Award.token.in_(promised) | (Award.token.in_(written) & waits_for_its_mail())


def was_mailed() -> ColumnElement[bool]:
    """In a select of `Award`: that a mail with a link to it was written at some time."""
    return exists().where(ClaimCode.award_id == Award.id, ClaimCode.channel == Channel.MAIL.value)


def waits_for_its_mail() -> ColumnElement[bool]:
    """In a select of `Award`: that a mailed link to it is open, so that it matters whether the mail arrived."""
    return exists().where(
        ClaimCode.award_id == Award.id,
        ClaimCode.channel == Channel.MAIL.value,
        ClaimCode.used_at.is_(None),
        ClaimCode.ended_at.is_(None),
    )


def _conditions(which: ColumnElement[bool]) -> tuple[ColumnElement[bool], ...]:
    return (
        OutboxJob.kind == AWARD_MAIL,
        OutboxJob.done_at.is_(None),
        OutboxJob.cancelled_at.is_(None),
        which,
    )
