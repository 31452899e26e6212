"""How far a batch of awards is, read from what is written, so that closing the page loses nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from badge_service.awards.actions.mailing import undelivered, waiting_mails
from badge_service.awards.rules import AwardState, BatchRow
from badge_service.awards.tables import Award, AwardBatch
from badge_service.register.rules import EditionState
from badge_service.register.tables import Document, Edition
from badge_service.settings import Settings
from badge_service.storage.session import now
from badge_service.workshops.tables import Enrolment, Workshop


@dataclass(frozen=True)
class BatchLine:
    """What has become of one award of a batch; `failure` says why a badge could not be signed.

    `mail_failed` when its mail was given up while it waits for its learner.
    """

    award_token: str
    person_id: int | None
    number: int | None
    name: str
    email: str | None
    state: BatchRow
    accepted_at: datetime | None
    failure: str | None
    mail_failed: bool


@dataclass(frozen=True)
class BatchProgress:
    """How far a batch is; `undo_until` is None once it cannot be undone."""

    total: int
    signed: int
    waiting: int
    failed: int
    undo_until: datetime | None
    mails_waiting: int
    mails_failed: int
    lines: Sequence[BatchLine]


def batch_progress(session: Session, settings: Settings, batch: AwardBatch) -> BatchProgress:
    """How far the batch is, learner by learner; survives closing the page because it is read from what is written."""
    lines = _lines(session, batch)
    states = [line.state for line in lines]
    waiting, failed = states.count(BatchRow.WAITING), states.count(BatchRow.FAILED)
    return BatchProgress(
        total=batch.total,
        signed=len(lines) - waiting - failed,
        waiting=waiting,
        failed=failed,
        undo_until=_undo_until(session, settings, batch, states),
        mails_waiting=waiting_mails(session, batch),
        mails_failed=sum(line.mail_failed for line in lines),
        lines=lines,
    )


def _undo_until(
    session: Session, settings: Settings, batch: AwardBatch, states: Sequence[BatchRow]
) -> datetime | None:
    until = batch.requested_at + timedelta(minutes=settings.undo_minutes)
    answered = {BatchRow.ACCEPTED, BatchRow.DECLINED} & set(states)
    over = now(session) >= until or answered or set(states) <= {BatchRow.REVOKED}
    return None if over else until


def _lines(session: Session, batch: AwardBatch) -> list[BatchLine]:
    unreached = undelivered(session)
    return [
        BatchLine(
            award,
            person,
            number,
            name or "",
            email,
            _line_state(state, edition, failure),
            accepted,
            failure,
            state == AwardState.HELD and award in unreached,
        )
        for award, person, state, accepted, edition, failure, number, name, email in session.execute(
            _rows_of(batch)
        )
    ]


def _rows_of(batch: AwardBatch) -> Select[*tuple[Any, ...]]:
    """Each award of the batch with its newest edition and its place on the class list."""
    newest = (
        select(Edition.document_id, func.max(Edition.number).label("number"))
        .join(Document, Document.id == Edition.document_id)
        .join(Award, Award.token == Document.token)
        .where(Award.batch_id == batch.id)
        .group_by(Edition.document_id)
        .subquery()
    )
    placed = (Enrolment.workshop_id == Workshop.id) & (Enrolment.person_id == Award.person_id)
    awarded = (Award.token, Award.person_id, Award.state, Award.accepted_at)
    listed = (Enrolment.number, Enrolment.name, Enrolment.email)
    return (
        select(*awarded, Edition.state, Edition.failure, *listed)
        .join(Document, Document.token == Award.token)
        .join(newest, newest.c.document_id == Document.id)
        .join(Edition, (Edition.document_id == Document.id) & (Edition.number == newest.c.number))
        .outerjoin(Workshop, Workshop.activity_id == Award.activity_id)
        .outerjoin(Enrolment, placed)
        .where(Award.batch_id == batch.id)
        .order_by(Enrolment.number, Award.id)
    )


def _line_state(award_state: str, edition_state: str, failure: str | None) -> BatchRow:
    if award_state != AwardState.HELD:
        return BatchRow(award_state)
    if edition_state == EditionState.SIGNED:
        return BatchRow.SIGNED
    return BatchRow.FAILED if failure else BatchRow.WAITING
