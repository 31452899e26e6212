"""The learners of a batch who are not awarded at the press of the button: written down first, awarded some at a time.

1. The button writes each of them down as it was decided, in its own transaction.
2. A job takes the next `CHUNK` that wait, gives them by `decide()` and marks them, all in one transaction.
3. A run that dies has done a chunk whole or not at all; the job is repeated, and resuming promises it anew.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import exists, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, lazyload

from badge_service.awards.actions.bad_rows import all_but_bad
from badge_service.awards.actions.deciding import decide
from badge_service.awards.actions.decisions import DecisionWriter
from badge_service.awards.actions.drawing import look_again
from badge_service.awards.actions.giving import Decision, Given, Occasion
from badge_service.awards.actions.mailing import promise_mails
from badge_service.awards.actions.teaching import find_taught_batch
from badge_service.awards.rules import OPEN_ITEMS, IdentityCheck, ItemState
from badge_service.awards.tables import Award, AwardBatch, BatchItem
from badge_service.errors import ConflictError, NotFoundError
from badge_service.people import actions as people
from badge_service.people.rules import Viewer
from badge_service.settings import Settings
from badge_service.storage import audit, outbox
from badge_service.storage.bulk import insert_rows, one_of
from badge_service.storage.session import now
from badge_service.workshops.actions import may_teach
from badge_service.workshops.tables import Enrolment, Workshop

AWARD_CHUNK = "award_chunk"
CHUNK = 2_500
"""Learners in one transaction: less than a second on one's own, and few statements for each of them."""
HAS_IT = "awarded"
GONE = "removed"
CHANGED = "levels_changed"
UNDONE = "undone"
NO_TEACHER = "no_teacher"
BAD = "error"
_FINAL = (HAS_IT, GONE, CHANGED)
_BAD_BATCH = (ConflictError, NotFoundError)


def write_items(
    session: Session,
    batch: AwardBatch,
    decided: Sequence[tuple[int, Mapping[str, str]]],
    state: ItemState,
    *,
    after: int = 0,
) -> None:
    """Write down (person id, levels) as decided, in one statement; their places in the batch follow `after`."""
    insert_rows(
        session,
        BatchItem,
        same={"batch_id": batch.id, "state": state.value},
        varying={
            "position": list(range(after + 1, after + 1 + len(decided))),
            "person_id": [person_id for person_id, _levels in decided],
            "levels": [json.dumps(dict(levels)) for _person_id, levels in decided],
        },
    )


def promise_items(session: Session, batch: AwardBatch) -> int:
    """One job for every `CHUNK` places between the first who waits and the last; returns how many learners wait."""
    places = select(func.min(BatchItem.position), func.max(BatchItem.position), func.count())
    waits = (BatchItem.batch_id == batch.id) & (BatchItem.state == ItemState.WAITING.value)
    first, last, count = session.execute(places.where(waits)).one()
    if count:
        payloads = [
            {"batch": batch.token, "first": start, "last": min(start + CHUNK - 1, last)}
            for start in range(first, last + 1, CHUNK)
        ]
        outbox.promise_all(session, AWARD_CHUNK, payloads, due_at=now(session))
    return int(count)


def resume_items(session: Session, viewer: Viewer, batch_token: str) -> int:
    """Try again whatever waits or failed for a reason that may have passed; returns how many.

    Raises `NotFoundError`, `ConflictError` for what was undone.
    """
    batch = find_taught_batch(session, viewer, batch_token)
    if batch.undone_at is not None:
        raise ConflictError(_("This was undone."), code="batch.undone")
    session.execute(
        update(BatchItem)
        .where(BatchItem.batch_id == batch.id, BatchItem.state == ItemState.FAILED.value)
        .where(BatchItem.why.not_in(_FINAL))
        .values(state=ItemState.WAITING.value, why=None, settled_at=None)
    )
    count = promise_items(session, batch)
    if count:
        audit.record(session, viewer.acting_key(), "award.resume", f"batch:{batch.token}", waiting=count)
    return count


def award_items(
    session: Session, settings: Settings, batch: AwardBatch, first: int, last: int
) -> list[Given]:
    """Award whoever waits at these places of a batch; each row has its outcome, one bad row never stops the others."""
    waiting = _take(session, batch, first, last)
    if not waiting:
        return []
    lost = {one.position: one.lost for one in waiting if one.lost}
    good = [one for one in waiting if not one.lost]
    given, failed = _award(session, settings, batch, good)
    lost |= {one.position: failed[one.person_id] for one in good if one.person_id in failed}
    look_again(session, batch, given)
    promise_mails(session, settings, batch, given, {one.person_id for one in good if one.email})
    _settle(session, batch, [one.position for one in good if one.person_id not in failed], lost)
    return given


def strike_items(session: Session, batch_ids: Sequence[int], why: str) -> int:
    """Let nobody of these batches be awarded any more who has not been, nor tried again; returns how many."""
    may_be_tried = (BatchItem.state == ItemState.FAILED.value) & BatchItem.why.not_in(_FINAL)
    struck = (
        update(BatchItem)
        .where(one_of(session, BatchItem.batch_id, batch_ids), BatchItem.state.in_(OPEN_ITEMS) | may_be_tried)
        .values(state=ItemState.REFUSED.value, why=why, settled_at=now(session))
        .returning(BatchItem.position)
    )
    return len(session.execute(struck, execution_options={"synchronize_session": False}).all())


def hold_items(session: Session, batch: AwardBatch) -> None:
    """Wait for a worker who awards them just now; the next finds those who are left once this transaction is over."""
    mine = (BatchItem.batch_id == batch.id) & BatchItem.state.in_(OPEN_ITEMS)
    session.execute(select(BatchItem.position).where(mine).order_by(BatchItem.position).with_for_update())


@dataclass(frozen=True)
class _Waiting:
    """One who waits, as decided; `lost` says why they can have the badge no more."""

    position: int
    person_id: int
    levels: Mapping[str, str]
    email: str | None
    lost: str


def _take(session: Session, batch: AwardBatch, first: int, last: int) -> list[_Waiting]:
    """Who waits there, held until the commit; another worker who comes at the same time finds nobody."""
    has_it = exists().where(
        Award.activity_id == batch.activity_id,
        Award.version_id == batch.version_id,
        Award.person_id == BatchItem.person_id,
        Award.ended_at.is_(None),
    )
    listed = (Enrolment.workshop_id == Workshop.id) & (Enrolment.person_id == BatchItem.person_id)
    found = (
        select(BatchItem.position, BatchItem.person_id, BatchItem.levels, Enrolment.email, has_it)
        .add_columns(Enrolment.id.is_(None) | Enrolment.removed_at.is_not(None))
        .select_from(BatchItem)
        .outerjoin(Workshop, Workshop.activity_id == batch.activity_id)
        .outerjoin(Enrolment, listed)
        .where(BatchItem.batch_id == batch.id, BatchItem.state == ItemState.WAITING.value)
        .where(BatchItem.position.between(first, last))
        .order_by(BatchItem.position)
        .with_for_update(of=BatchItem)
    )
    return [
        _Waiting(position, person_id, levels, email, HAS_IT if has else GONE if gone else "")
        for position, person_id, levels, email, has, gone in session.execute(found)
    ]


def _award(
    session: Session, settings: Settings, batch: AwardBatch, good: Sequence[_Waiting]
) -> tuple[list[Given], dict[int, str]]:
    if not good:
        return [], {}
    of_batch = select(Workshop).where(Workshop.activity_id == batch.activity_id)
    workshop = session.scalars(of_batch.options(lazyload("*"))).one()
    if not _still_teaches(session, batch, workshop):
        return [], {one.person_id: NO_TEACHER for one in good}
    writer = DecisionWriter(session, workshop, batch.version)
    names = session.scalars(
        select(Enrolment.name).where(Enrolment.workshop_id == workshop.id, Enrolment.removed_at.is_(None))
    ).all()
    occasion = Occasion(
        batch.activity,
        batch.version,
        batch.requested_by,
        IdentityCheck(batch.identity_check),
        learner_names=names,
        batch_id=batch.id,
    )
    decisions = [writer.decision(one.person_id, one.levels) for one in good]
    return _decide_all(session, settings, occasion, decisions)


def _still_teaches(session: Session, batch: AwardBatch, workshop: Workshop) -> bool:
    """Whether who decided may still award there: what waits is nobody's decision once they may not."""
    try:
        return may_teach(people.load_viewer(session, key=batch.requested_by), workshop)
    except NotFoundError:
        return False


def _decide_all(
    session: Session, settings: Settings, occasion: Occasion, decisions: Sequence[Decision]
) -> tuple[list[Given], dict[int, str]]:
    """What was given, and by person id why others were not."""
    try:
        given, bad = all_but_bad(session, decisions, lambda some: decide(session, settings, occasion, some))
    except _BAD_BATCH as error:
        return [], {one.person_id: error.code for one in decisions}
    return given, {one.person_id: HAS_IT if isinstance(why, IntegrityError) else BAD for one, why in bad}


def _settle(session: Session, batch: AwardBatch, awarded: Sequence[int], lost: Mapping[int, str]) -> None:
    at, mine = now(session), BatchItem.batch_id == batch.id
    session.execute(
        update(BatchItem)
        .where(mine, one_of(session, BatchItem.position, awarded))
        .values(state=ItemState.AWARDED.value, settled_at=at)
    )
    for why in sorted(set(lost.values())):
        positions = [position for position, code in lost.items() if code == why]
        session.execute(
            update(BatchItem)
            .where(mine, one_of(session, BatchItem.position, positions))
            .values(state=ItemState.FAILED.value, why=why, settled_at=at)
        )
