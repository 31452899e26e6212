"""How far a batch of awards is, read from what is written, so that closing the page loses nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from badge_service.awards.actions.mailing import undelivered, waiting_mails, was_mailed
from badge_service.awards.actions.time_to_undo import undo_until
from badge_service.awards.rules import AwardState, BatchRow, ItemState
from badge_service.awards.tables import Award, AwardBatch, BatchItem
from badge_service.register.rules import EditionState
from badge_service.register.tables import Document, Edition
from badge_service.settings import Settings
from badge_service.workshops.tables import Enrolment, Workshop

LINES_A_PAGE = 50


@dataclass(frozen=True)
class BatchLine:
    """What has become of one award of a batch; `failure` says why a badge could not be signed.

    `mail_failed` when its mail was given up while it waits for its learner; no `email` when none leaves.
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
    """How far a batch is; `undo_until` is None once it cannot be undone.

    Of `total` learners `in_line` wait for the worker, `to_confirm` for a second person, who refused `refused`; `lost`
    could not be awarded. Of the awards `waiting` have no signature yet, `failed` cannot have one, `held` wait for their
    learner, `without_address` of these are reached by no mail. `lines` are one page of the awards.
    """

    total: int
    signed: int
    waiting: int
    failed: int
    in_line: int
    to_confirm: int
    refused: int
    lost: int
    held: int
    without_address: int
    undone: bool
    undo_until: datetime | None
    mails_waiting: int
    mails_failed: int
    lines: Sequence[BatchLine]
    page: int
    pages: int

    @property
    def is_going_on(self) -> bool:
        """Whether the worker has something to do."""
        return bool(self.waiting or self.in_line)


def batch_progress(
    session: Session, settings: Settings, batch: AwardBatch, *, page: int = 1, size: int = LINES_A_PAGE
) -> BatchProgress:
    """How far the batch is; survives closing the page because it is read from what is written.

    A constant number of statements; one page of `size` awards is read, learner by learner.
    """
    rows, held, silent = _counted_awards(session, batch)
    if batch.mails_off_at is not None:
        silent = _unwritten(session, batch)
    items = _counted_items(session, batch)
    mails_failed = _unreached(session, batch)
    count = sum(rows.values())
    number = min(max(page, 1), max(1, -(-count // size)))
    in_line, to_confirm = items.get(ItemState.WAITING, 0), items.get(ItemState.SECOND, 0)
    revoked = rows.get(BatchRow.REVOKED, 0)
    return BatchProgress(
        total=batch.total,
        signed=count - rows.get(BatchRow.WAITING, 0) - rows.get(BatchRow.FAILED, 0),
        waiting=rows.get(BatchRow.WAITING, 0),
        failed=rows.get(BatchRow.FAILED, 0),
        in_line=in_line,
        to_confirm=to_confirm,
        refused=items.get(ItemState.REFUSED, 0),
        lost=items.get(ItemState.FAILED, 0),
        held=held,
        without_address=silent + mails_failed,
        undone=batch.undone_at is not None or (0 < count == revoked and not in_line + to_confirm),
        undo_until=_undo_until(session, settings, batch, in_line, to_confirm),
        mails_waiting=waiting_mails(session, batch),
        mails_failed=mails_failed,
        lines=_lines(session, batch, (number - 1) * size, size),
        page=number,
        pages=max(1, -(-count // size)),
    )


def lost_learners(session: Session, batch: AwardBatch) -> Sequence[tuple[int | None, str, str]]:
    """Who of a batch could not be awarded: number and name on the class list, and the code of why."""
    listed = (Enrolment.workshop_id == Workshop.id) & (Enrolment.person_id == BatchItem.person_id)
    found = session.execute(
        select(Enrolment.number, Enrolment.name, BatchItem.why)
        .select_from(BatchItem)
        .outerjoin(Workshop, Workshop.activity_id == batch.activity_id)
        .outerjoin(Enrolment, listed)
        .where(BatchItem.batch_id == batch.id, BatchItem.state == ItemState.FAILED.value)
        .order_by(BatchItem.position)
    )
    return [(number, name or "", why or "") for number, name, why in found]


def _undo_until(
    session: Session, settings: Settings, batch: AwardBatch, in_line: int, to_confirm: int
) -> datetime | None:
    if batch.undone_at is not None:
        return None
    mine, sent = Award.batch_id == batch.id, batch.send_at
    waiting = {"in_line": in_line, "to_confirm": to_confirm}
    return undo_until(session, settings, mine, batch.token, send_at=sent, **waiting)


def _counted_awards(session: Session, batch: AwardBatch) -> tuple[dict[BatchRow, int], int, int]:
    """How many awards are in each state; how many of them wait for their learner, and of these without an address."""
    facts = (Award.state, Edition.state, Edition.failure.is_not(None), Enrolment.email.is_(None))
    counts: dict[BatchRow, int] = {}
    held = silent = 0
    grouped = _awards_of(batch, *facts, func.count()).group_by(*facts)
    for state, edition, failed, unwritten, count in session.execute(grouped):
        row = _line_state(state, edition, "failed" if failed else None)
        counts[row] = counts.get(row, 0) + count
        if row in (BatchRow.SIGNED, BatchRow.WAITING):
            held += count
            silent += count if unwritten else 0
    return counts, held, silent


def _counted_items(session: Session, batch: AwardBatch) -> dict[ItemState, int]:
    rows = session.execute(
        select(BatchItem.state, func.count()).where(BatchItem.batch_id == batch.id).group_by(BatchItem.state)
    )
    return {ItemState(state): count for state, count in rows}


def _unreached(session: Session, batch: AwardBatch) -> int:
    mine = (Award.batch_id == batch.id) & (Award.state == AwardState.HELD.value)
    return session.scalar(select(func.count()).select_from(Award).where(mine, undelivered())) or 0


def _unwritten(session: Session, batch: AwardBatch) -> int:
    """How many of a batch whose mails are off wait for their learner without any mail."""
    mine = (Award.batch_id == batch.id) & (Award.state == AwardState.HELD.value)
    return session.scalar(select(func.count()).select_from(Award).where(mine, ~was_mailed())) or 0


def _lines(session: Session, batch: AwardBatch, skipped: int, most: int) -> list[BatchLine]:
    awarded = (Award.token, Award.person_id, Award.state, Award.accepted_at, undelivered(), was_mailed())
    listed = (Enrolment.number, Enrolment.name, Enrolment.email)
    found = _awards_of(batch, *awarded, Edition.state, Edition.failure, *listed)
    page = found.order_by(Enrolment.number, Award.id).limit(most).offset(skipped)
    return [
        BatchLine(
            award,
            person,
            number,
            name or "",
            email if mailed or batch.mails_off_at is None else None,
            _line_state(state, edition, failure),
            accepted,
            failure,
            state == AwardState.HELD and bool(unreached),
        )
        for award, person, state, accepted, unreached, mailed, edition, failure, number, name, email in session.execute(
            page
        )
    ]


def _awards_of(batch: AwardBatch, *columns: Any) -> Select[*tuple[Any, ...]]:
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
    return (
        select(*columns)
        .select_from(Award)
        .join(Document, Document.token == Award.token)
        .join(newest, newest.c.document_id == Document.id)
        .join(Edition, (Edition.document_id == Document.id) & (Edition.number == newest.c.number))
        .outerjoin(Workshop, Workshop.activity_id == Award.activity_id)
        .outerjoin(Enrolment, placed)
        .where(Award.batch_id == batch.id)
    )


def _line_state(award_state: str, edition_state: str, failure: str | None) -> BatchRow:
    if award_state != AwardState.HELD:
        return BatchRow(award_state)
    if edition_state == EditionState.SIGNED:
        return BatchRow.SIGNED
    return BatchRow.FAILED if failure else BatchRow.WAITING
