"""Awards everybody who is ready with one press of a button, shows how far the signing is, and undoes it while it can."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from badge_service.alliance.tables import Activity
from badge_service.awards.actions.deciding import Decision, Occasion, decide
from badge_service.awards.actions.evidence import evidence_of
from badge_service.awards.actions.readiness import AWARDED, LearnerRow, readiness_of
from badge_service.awards.actions.teaching import find_taught, find_taught_batch
from badge_service.awards.rules import (
    MOST_LEARNERS_AT_ONCE,
    AwardState,
    BatchRow,
    EvidenceFacts,
    IdentityCheck,
)
from badge_service.awards.tables import Award, AwardBatch, Evidence
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.errors import ConflictError, Fault, InvalidError, NotFoundError
from badge_service.people.rules import Viewer
from badge_service.register import actions as register
from badge_service.register.rules import EditionState, RevocationReason
from badge_service.register.tables import Document, Edition
from badge_service.settings import Settings
from badge_service.storage import audit, outbox
from badge_service.storage.session import now, token
from badge_service.storage.tables import OutboxJob
from badge_service.workshops.tables import Enrolment, Workshop

AWARD_MAIL = "award_mail"


@dataclass(frozen=True)
class BatchLine:
    """What has become of one award of a batch; `failure` says why a badge could not be signed."""

    award_token: str
    person_id: int | None
    number: int | None
    name: str
    email: str | None
    state: BatchRow
    accepted_at: datetime | None
    failure: str | None


@dataclass(frozen=True)
class BatchProgress:
    """How far a batch is; `undo_until` is None once it cannot be undone."""

    total: int
    signed: int
    waiting: int
    failed: int
    undo_until: datetime | None
    mails_waiting: int
    lines: Sequence[BatchLine]


def award_ready(
    session: Session,
    viewer: Viewer,
    settings: Settings,
    activity_token: str,
    version: DefinitionVersion,
    *,
    idempotency_key: str,
    identity_check: IdentityCheck,
    confirmed: Collection[int],
) -> AwardBatch:
    """Give the badge to everybody among `confirmed` (person ids) who is ready; the door signs after its commit.

    The same key twice is the same batch. Who has the badge already is skipped. Raises `NotFoundError` for a foreign
    workshop, `InvalidError` or `ConflictError` when the list no longer fits what stands in the matrix.
    """
    actor = viewer.acting_key()
    workshop = find_taught(session, viewer, activity_token)
    # Two presses of the button wait for each other here (SQLite's writing sessions do so anyway).
    session.execute(select(Activity.id).where(Activity.id == workshop.activity_id).with_for_update())
    earlier = _same_request(session, actor, idempotency_key, workshop, version)
    if earlier is not None:
        return earlier
    rows = readiness_of(session, workshop, version)
    chosen = _chosen(rows, confirmed)
    batch = _batch(session, actor, workshop, version, idempotency_key, identity_check, len(chosen))
    occasion = Occasion(
        workshop.activity,
        version,
        actor,
        identity_check,
        learner_names=[row.learner.name for row in rows],
        batch_id=batch.id,
    )
    awards = decide(session, settings, occasion, _decisions(session, workshop, version, chosen))
    _promise_mails(session, settings, batch, awards, chosen)
    audit.record(session, actor, "award.batch", f"batch:{batch.token}", awards=len(awards))
    return batch


def sign_tokens(session: Session, batch: AwardBatch) -> list[str]:
    """The addresses of a batch's documents, for `register.sign_intended`, after the commit and to resume."""
    return list(session.scalars(select(Award.token).where(Award.batch_id == batch.id)))


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
        mails_waiting=_mails_waiting(session, batch),
        lines=lines,
    )


def undo_batch(session: Session, viewer: Viewer, settings: Settings, batch_token: str) -> AwardBatch:
    """Take a whole batch back while its mails have not left: revoked as a mistake, mails cancelled.

    Raises `ConflictError` once the time is over or somebody has answered.
    """
    batch = find_taught_batch(session, viewer, batch_token)
    if batch_progress(session, settings, batch).undo_until is None:
        raise ConflictError(
            _("It is too late to undo all at once."),
            code="batch.undo",
            hint=_("You can still revoke each badge on its own page."),
        )
    held = session.scalars(
        select(Award).where(Award.batch_id == batch.id, Award.state == AwardState.HELD.value)
    ).all()
    for award in held:
        register.revoke(session, award.token, RevocationReason.MISTAKE, actor=viewer.acting_key())
        award.state, award.ended_at = AwardState.REVOKED.value, now(session)
    cancel_mails(session, batch.token)
    audit.record(session, viewer.acting_key(), "award.undo", f"batch:{batch.token}", awards=len(held))
    session.flush()
    return batch


def cancel_mails(session: Session, batch_token: str, award_token: str | None = None) -> None:
    """Cancel the mails of a batch, or of one award in it, that have not left yet."""
    open_ones = (
        update(OutboxJob)
        .where(OutboxJob.kind == AWARD_MAIL, OutboxJob.done_at.is_(None), OutboxJob.cancelled_at.is_(None))
        .where(OutboxJob.payload["batch"].as_string() == batch_token)
    )
    if award_token is not None:
        open_ones = open_ones.where(OutboxJob.payload["award"].as_string() == award_token)
    session.execute(
        open_ones.values(cancelled_at=now(session)), execution_options={"synchronize_session": False}
    )


def batches_of(session: Session, workshop: Workshop, version: DefinitionVersion) -> Sequence[AwardBatch]:
    """The earlier batches of a workshop and version, newest first."""
    return session.scalars(
        select(AwardBatch)
        .where(AwardBatch.activity_id == workshop.activity_id, AwardBatch.version_id == version.id)
        .order_by(AwardBatch.id.desc())
    ).all()


def _same_request(
    session: Session, actor: str, key: str, workshop: Workshop, version: DefinitionVersion
) -> AwardBatch | None:
    batch = session.scalar(select(AwardBatch).where(AwardBatch.idempotency_key == key))
    if batch is None:
        return None
    same = (workshop.activity_id, version.id, actor)
    if (batch.activity_id, batch.version_id, batch.requested_by) != same:
        raise ConflictError(_("This button was pressed for something else before."), code="batch.key")
    return batch


def _chosen(rows: Sequence[LearnerRow], confirmed: Collection[int]) -> list[LearnerRow]:
    known = {row.learner.person_id for row in rows}
    if set(confirmed) - known:
        raise NotFoundError(_("A learner on this list is not in this workshop."), code="learner.missing")
    listed = [row for row in rows if row.learner.person_id in set(confirmed) and row.why != (AWARDED,)]
    faults = [
        Fault("learners", _("%(name)s is not ready any more.", name=row.learner.name), "not_ready")
        for row in listed
        if not row.ready
    ]
    if faults:
        message = _("The levels have changed since you saw the list. Look at it again.")
        raise InvalidError(message, code="batch.stale", faults=faults)
    if not listed:
        raise ConflictError(
            _("Nobody on this list is waiting for this badge."),
            code="batch.empty",
            hint=_("Everybody who is ready has it already."),
        )
    if len(listed) > MOST_LEARNERS_AT_ONCE:
        message = _("Award at most %(most)s badges at once.", most=MOST_LEARNERS_AT_ONCE)
        raise InvalidError(message, faults=[Fault("learners", message, "too_many")])
    return listed


def _batch(
    session: Session,
    actor: str,
    workshop: Workshop,
    version: DefinitionVersion,
    key: str,
    identity_check: IdentityCheck,
    total: int,
) -> AwardBatch:
    batch = AwardBatch(
        token=token(session),
        idempotency_key=key,
        activity_id=workshop.activity_id,
        version_id=version.id,
        identity_check=identity_check.value,
        requested_by=actor,
        requested_at=now(session),
        total=total,
    )
    batch.activity, batch.version = workshop.activity, version
    session.add(batch)
    session.flush()
    return batch


def _decisions(
    session: Session, workshop: Workshop, version: DefinitionVersion, chosen: Sequence[LearnerRow]
) -> list[Decision]:
    every = evidence_of(session, workshop, version)
    return [_decision(row, every) for row in chosen]


def _decision(row: LearnerRow, every: Sequence[Evidence]) -> Decision:
    mine = [one for one in every if one.person_id in (None, row.learner.person_id)]
    signed = [
        EvidenceFacts(one.title, one.genre, one.text, one.url, one.digest)
        for one in mine
        if one.in_credential
    ]
    return Decision(row.learner.person_id, row.levels, signed, evidence_count=len(mine))


def _promise_mails(
    session: Session,
    settings: Settings,
    batch: AwardBatch,
    awards: Sequence[Award],
    chosen: Sequence[LearnerRow],
) -> None:
    """One outbox job for every learner with an address, all in one statement."""
    with_address = {row.learner.person_id for row in chosen if row.learner.email}
    payloads = [
        {"award": award.token, "batch": batch.token} for award in awards if award.person_id in with_address
    ]
    due_at = now(session) + timedelta(minutes=settings.mail_delay_minutes)
    outbox.promise_all(session, AWARD_MAIL, payloads, due_at=due_at)


def _undo_until(
    session: Session, settings: Settings, batch: AwardBatch, states: Sequence[BatchRow]
) -> datetime | None:
    until = batch.requested_at + timedelta(minutes=settings.undo_minutes)
    answered = {BatchRow.ACCEPTED, BatchRow.DECLINED} & set(states)
    over = now(session) >= until or answered or set(states) <= {BatchRow.REVOKED}
    return None if over else until


def _mails_waiting(session: Session, batch: AwardBatch) -> int:
    waiting = (
        select(func.count())
        .select_from(OutboxJob)
        .where(OutboxJob.kind == AWARD_MAIL, OutboxJob.done_at.is_(None), OutboxJob.cancelled_at.is_(None))
        .where(OutboxJob.payload["batch"].as_string() == batch.token)
    )
    return session.scalar(waiting) or 0


def _lines(session: Session, batch: AwardBatch) -> list[BatchLine]:
    newest = (
        select(Edition.document_id, func.max(Edition.number).label("number"))
        .join(Document, Document.id == Edition.document_id)
        .join(Award, Award.token == Document.token)
        .where(Award.batch_id == batch.id)
        .group_by(Edition.document_id)
        .subquery()
    )
    rows = session.execute(
        select(
            Award.token,
            Award.person_id,
            Award.state,
            Award.accepted_at,
            Edition.state,
            Edition.failure,
            Enrolment.number,
            Enrolment.name,
            Enrolment.email,
        )
        .join(Document, Document.token == Award.token)
        .join(newest, newest.c.document_id == Document.id)
        .join(Edition, (Edition.document_id == Document.id) & (Edition.number == newest.c.number))
        .outerjoin(Workshop, Workshop.activity_id == Award.activity_id)
        .outerjoin(
            Enrolment, (Enrolment.workshop_id == Workshop.id) & (Enrolment.person_id == Award.person_id)
        )
        .where(Award.batch_id == batch.id)
        .order_by(Enrolment.number, Award.id)
    )
    return [
        BatchLine(
            award, person, number, name or "", email, _line_state(state, edition, failure), accepted, failure
        )
        for award, person, state, accepted, edition, failure, number, name, email in rows
    ]


def _line_state(award_state: str, edition_state: str, failure: str | None) -> BatchRow:
    if award_state != AwardState.HELD:
        return BatchRow(award_state)
    if edition_state == EditionState.SIGNED:
        return BatchRow.SIGNED
    return BatchRow.FAILED if failure else BatchRow.WAITING
