"""What one person decided beyond their number for the day waits here for another: the list of a batch, and all that waits."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from badge_service.awards.actions.case_second import cases_to_confirm
from badge_service.awards.actions.four_eyes import reason_faults, refuse_own, require_another
from badge_service.awards.actions.imports.finding import imports_to_confirm
from badge_service.awards.actions.imports.striking import waiting_rows
from badge_service.awards.actions.items import CHANGED, award_items, promise_items
from badge_service.awards.actions.readiness import readiness_of
from badge_service.awards.actions.teaching import find_taught_batch
from badge_service.awards.rules import AWARDED_IN_THE_REQUEST, ItemState
from badge_service.awards.tables import AwardBatch, AwardImport, BatchItem, RecognitionCase
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.errors import ConflictError, Fault, InvalidError
from badge_service.people.rules import Role, Viewer
from badge_service.settings import Settings
from badge_service.storage import audit
from badge_service.storage.bulk import one_of
from badge_service.storage.session import now
from badge_service.web.paging import Listing
from badge_service.workshops.tables import Enrolment, Workshop, WorkshopTrainer

LINES_A_PAGE = 50
_SECOND = BatchItem.state == ItemState.SECOND.value


@dataclass(frozen=True)
class ToConfirm:
    """What waits for a second person: how many badges of which version, from which workshop or file, decided when."""

    what: AwardBatch | AwardImport | RecognitionCase
    version: DefinitionVersion
    origin: str
    decided_at: datetime | None
    count: int


@dataclass(frozen=True)
class LineToConfirm:
    """One learner as the first person decided: place in the batch, number and name on the list, level by criterion."""

    position: int
    number: int | None
    name: str
    levels: Mapping[str, str]


def batches_to_confirm(session: Session, viewer: Viewer, most: int = 10) -> Sequence[AwardBatch]:
    """The batches of others that wait for the viewer or a colleague of theirs, the oldest first."""
    trained = (
        select(Workshop.activity_id)
        .join(WorkshopTrainer, WorkshopTrainer.workshop_id == Workshop.id)
        .where(WorkshopTrainer.person_id == (viewer.person_id or 0))
    )
    mine = or_(
        AwardBatch.organisation_id.in_(viewer.organisations_as(Role.TEACHER, Role.ADMIN)),
        AwardBatch.activity_id.in_(trained),
    )
    of_another = (AwardBatch.requested_by != viewer.key) & (
        func.coalesce(AwardBatch.sent_by, "") != viewer.key
    )
    found = select(AwardBatch).where(mine, AwardBatch.to_confirm > 0, of_another)
    return session.scalars(found.order_by(AwardBatch.id).limit(most)).all()


def to_confirm(session: Session, viewer: Viewer) -> list[ToConfirm]:
    """Everything that waits for the viewer or a colleague: batches, then files from elsewhere, then cases."""
    batches = [
        ToConfirm(one, one.version, one.activity.title, one.requested_at, one.to_confirm)
        for one in batches_to_confirm(session, viewer)
    ]
    files = [
        ToConfirm(one, one.version, one.filename, one.confirmed_at, waiting_rows(session, one))
        for one in imports_to_confirm(session, viewer)
    ]
    cases = [
        ToConfirm(one, one.version, one.name, one.decided_at, 1) for one in cases_to_confirm(session, viewer)
    ]
    return batches + files + cases


def lines_to_confirm(session: Session, batch: AwardBatch, page: int) -> Listing[LineToConfirm]:
    """One page of those who wait for the second person, in the order of the list."""
    total = session.scalar(select(func.count()).where(BatchItem.batch_id == batch.id, _SECOND)) or 0
    number = min(max(page, 1), max(1, -(-total // LINES_A_PAGE)))
    listed = (Enrolment.workshop_id == Workshop.id) & (Enrolment.person_id == BatchItem.person_id)
    rows = session.execute(
        select(BatchItem.position, Enrolment.number, func.coalesce(Enrolment.name, ""), BatchItem.levels)
        .select_from(BatchItem)
        .outerjoin(Workshop, Workshop.activity_id == batch.activity_id)
        .outerjoin(Enrolment, listed)
        .where(BatchItem.batch_id == batch.id, _SECOND)
        .order_by(BatchItem.position)
        .limit(LINES_A_PAGE)
        .offset((number - 1) * LINES_A_PAGE)
    )
    return Listing(tuple(LineToConfirm(*row) for row in rows), number, total, LINES_A_PAGE)


def confirm_items(
    session: Session, viewer: Viewer, settings: Settings, batch_token: str, count: int
) -> AwardBatch:
    """Let those who wait (`count`, as the viewer saw) be awarded; the door signs after its commit.

    Whose levels were changed since the decision is left out. Raises `NotFoundError`, `NotAllowedError` (`four_eyes`) for
    who decided it first, whose program sent it, or who would confirm their own badge, `ConflictError` when the list is another one by now.
    """
    batch = _held(session, viewer, batch_token)
    waiting = session.execute(
        select(BatchItem.position, BatchItem.person_id, BatchItem.levels).where(
            BatchItem.batch_id == batch.id, _SECOND
        )
    ).all()
    require_another(viewer, batch.requested_by, batch.sent_by)
    refuse_own(is_named=viewer.person_id in {row.person_id for row in waiting})
    if len(waiting) != count or not waiting:
        raise ConflictError(
            _("The list has changed since you opened it."),
            code="second.stale",
            hint=_("Look at it again, then confirm."),
        )
    changed = _changed(session, batch, waiting)
    _move(session, batch, changed, state=ItemState.FAILED.value, why=CHANGED, settled_at=now(session))
    confirmed = [row.position for row in waiting if row.position not in changed]
    actor = viewer.acting_key()
    _move(session, batch, confirmed, state=ItemState.WAITING.value, confirmed_by=actor)
    batch.to_confirm = 0
    audit.record(session, actor, "award.confirm", f"batch:{batch.token}", awards=len(confirmed))
    session.flush()
    if len(confirmed) <= AWARDED_IN_THE_REQUEST:
        award_items(session, settings, batch, 1, batch.total)
    else:
        promise_items(session, batch)
    return batch


def refuse_items(
    session: Session, viewer: Viewer, batch_token: str, positions: Collection[int], reason: str
) -> int:
    """Strike learners from the list with a reason that the first person reads; returns how many.

    Who decided may strike too. Raises `NotFoundError`, `InvalidError` with faults at `learners` and `reason`.
    """
    batch = _held(session, viewer, batch_token)
    faults = reason_faults(reason)
    if not positions:
        faults.insert(0, Fault("learners", _("Tick at least one learner."), "required"))
    if faults:
        raise InvalidError(_("Nobody was struck from the list."), faults=faults)
    at, state = now(session), ItemState.REFUSED.value
    struck = _move(session, batch, positions, state=state, why=reason.strip(), settled_at=at)
    batch.to_confirm -= struck
    audit.record(session, viewer.acting_key(), "award.refuse", f"batch:{batch.token}", learners=struck)
    session.flush()
    return struck


def _held(session: Session, viewer: Viewer, batch_token: str) -> AwardBatch:
    """The batch for this transaction alone to change; rows that merely refer to it may be written meanwhile.

    A stranger makes nobody wait: it is asked who it is first.
    """
    batch = find_taught_batch(session, viewer, batch_token)
    mine = AwardBatch.id == batch.id
    session.execute(select(AwardBatch.id).where(mine).with_for_update(key_share=True))
    session.scalar(select(AwardBatch).where(mine).execution_options(populate_existing=True))
    return batch


def _changed(session: Session, batch: AwardBatch, waiting: Sequence[Any]) -> set[int]:
    """The places of those whose levels in the matrix are not what the first person decided on."""
    workshop = session.scalars(select(Workshop).where(Workshop.activity_id == batch.activity_id)).one()
    levels = {row.learner.person_id: row.levels for row in readiness_of(session, workshop, batch.version)}
    return {
        row.position
        for row in waiting
        if row.person_id in levels and dict(levels[row.person_id]) != dict(row.levels)
    }


def _move(session: Session, batch: AwardBatch, positions: Collection[int], **values: Any) -> int:
    if not positions:
        return 0
    moved = (
        update(BatchItem)
        .where(BatchItem.batch_id == batch.id, _SECOND, one_of(session, BatchItem.position, positions))
        .values(**values)
        .returning(BatchItem.position)
    )
    return len(session.execute(moved, execution_options={"synchronize_session": False}).all())
