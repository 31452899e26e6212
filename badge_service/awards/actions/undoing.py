"""Takes awards back for good, a few at once and many by the worker: all of a person, a batch, a file or a case.

1. Whoever asks for it has struck what still waits and calls `begin`, in one transaction.
2. `go_on_undoing` takes the next badges back, at once or by a job; what is taken back stands no more, so that a run that
   died is simply repeated.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from badge_service.awards.actions.cases import find_case
from badge_service.awards.actions.ending import close_award
from badge_service.awards.actions.imports.finding import find_import
from badge_service.awards.actions.stacking.upkeep import end_fulfilments, stacks_of_batch
from badge_service.awards.actions.taking_back import AT_ONCE, take_back
from badge_service.awards.actions.teaching import find_taught_batch
from badge_service.awards.rules import AWARDED_IN_THE_REQUEST, AwardState
from badge_service.awards.tables import Award, AwardBatch, AwardImport, ImportRow, RecognitionCase, Undoing
from badge_service.errors import NotFoundError
from badge_service.people.rules import Role, Viewer
from badge_service.people.tables import Organisation, Person
from badge_service.register import actions as register
from badge_service.register.rules import RevocationReason
from badge_service.storage import audit, outbox
from badge_service.storage.session import now

UNDO_AWARDS = "undo_awards"
Undone = AwardBatch | AwardImport | RecognitionCase


@dataclass(frozen=True)
class UndoingProgress:
    """How far an undoing is, and whose badges it takes back; `name` is empty when that person is no longer known."""

    undoing: Undoing
    name: str
    left: int

    @property
    def done(self) -> int:
        """How many badges are taken back."""
        return self.undoing.total - self.left


def standing_awards(undoing: Undoing) -> Select[int, str, str]:
    """What an undoing has still to take back: id, token and state of each award."""
    return select(Award.id, Award.token, Award.state).where(_which(undoing), Award.ended_at.is_(None))


def begin(session: Session, undoing: Undoing) -> None:
    """Write the undoing down with how many badges it takes back, and take them back: a few at once, many by the worker."""
    mine = standing_awards(undoing).subquery()
    undoing.total = session.scalar(select(func.count()).select_from(mine)) or 0
    session.add(undoing)
    session.flush()
    if undoing.total <= AWARDED_IN_THE_REQUEST:
        go_on_undoing(session, undoing)
    else:
        outbox.promise(session, UNDO_AWARDS, {"undoing": undoing.token})


def go_on_undoing(session: Session, undoing: Undoing) -> None:
    """Take the next `AT_ONCE` badges back; when there may be more, another job is promised."""
    which = standing_awards(undoing).with_only_columns(Award.id, Award.token)
    held = which.order_by(Award.id).limit(AT_ONCE).with_for_update(key_share=True)
    found = [(id_, name) for id_, name in session.execute(held)]
    if not _is_about_person(undoing):
        _take_back_stacks(session, [id_ for id_, _name in found], undoing.requested_by)
    take_back(session, found, RevocationReason(undoing.reason), actor=undoing.requested_by)
    if len(found) < AT_ONCE:
        undoing.finished_at = now(session)
    else:
        outbox.promise(session, UNDO_AWARDS, {"undoing": undoing.token})
    session.flush()


def resume_undoing(session: Session, viewer: Viewer, undoing_token: str) -> Undoing:
    """Promise anew what the worker gave up; pressed while it works it does no harm. Raises as `undoing_progress`."""
    undoing = undoing_progress(session, viewer, undoing_token).undoing
    if undoing.finished_at is None:
        outbox.promise(session, UNDO_AWARDS, {"undoing": undoing.token})
        audit.record(session, viewer.acting_key(), "award.undo_resume", f"undoing:{undoing.token}")
    return undoing


def undoing_progress(session: Session, viewer: Viewer, undoing_token: str) -> UndoingProgress:
    """How far an undoing is: for the administrators of its organisation, that of one batch, file or case for its people.

    Raises `NotFoundError` for everybody else.
    """
    undoing = session.scalar(select(Undoing).where(Undoing.token == undoing_token))
    if undoing is None:
        raise _unknown()
    _require_seen(session, viewer, undoing)
    mine = standing_awards(undoing).subquery()
    left = 0 if undoing.finished_at else session.scalar(select(func.count()).select_from(mine)) or 0
    name = session.scalar(select(Person.name).where(Person.key == undoing.about)) or ""
    return UndoingProgress(undoing, name, left)


def undoings_of(session: Session, organisation: Organisation, most: int = 20) -> Sequence[Undoing]:
    """The last undoings of all that a person awarded for an organisation, newest first."""
    mine = select(Undoing).where(Undoing.organisation_id == organisation.id, Undoing.batch_id.is_(None))
    mine = mine.where(Undoing.import_id.is_(None), Undoing.case_id.is_(None))
    return session.scalars(mine.order_by(Undoing.requested_at.desc(), Undoing.id.desc()).limit(most)).all()


def subject_of(session: Session, undoing: Undoing) -> Undone | None:
    """The batch, import or case that an undoing takes back; None for all of a person."""
    if undoing.batch_id is not None:
        return session.get_one(AwardBatch, undoing.batch_id)
    if undoing.import_id is not None:
        return session.get_one(AwardImport, undoing.import_id)
    return session.get_one(RecognitionCase, undoing.case_id) if undoing.case_id is not None else None


def undoing_of(session: Session, what: Undone) -> Undoing | None:
    """The last undoing of this batch, import or case."""
    column = Undoing.batch_id
    if isinstance(what, AwardImport):
        column = Undoing.import_id
    elif isinstance(what, RecognitionCase):
        column = Undoing.case_id
    mine = select(Undoing).where(column == what.id)
    return session.scalar(mine.order_by(Undoing.id.desc()).limit(1))


def _which(undoing: Undoing) -> ColumnElement[bool]:
    if undoing.batch_id is not None:
        return Award.batch_id == undoing.batch_id
    if undoing.import_id is not None:
        rows = select(ImportRow.award_id).where(ImportRow.import_id == undoing.import_id)
        return Award.id.in_(rows.where(ImportRow.award_id.is_not(None)))
    if undoing.case_id is not None:
        return Award.case_id == undoing.case_id
    mine = (Award.decided_by == undoing.about) & (Award.organisation_id == undoing.organisation_id)
    return mine & Award.decided_at.between(undoing.since, undoing.until)


def _is_about_person(undoing: Undoing) -> bool:
    return undoing.batch_id is None and undoing.import_id is None and undoing.case_id is None


def _take_back_stacks(session: Session, award_ids: Sequence[int], actor: str) -> None:
    """Badges that a standing decision gave for these go with them while nobody has accepted them."""
    stacks = [stack for stack in stacks_of_batch(session, award_ids) if not stack.accepted_at]
    for stack in stacks:
        register.revoke(session, stack.token, RevocationReason.MISTAKE, actor=actor)
        close_award(session, stack, AwardState.REVOKED)
    end_fulfilments(session, [stack.fulfilment_id for stack in stacks])


def _require_seen(session: Session, viewer: Viewer, undoing: Undoing) -> None:
    if viewer.has_role(Role.OPERATOR) or viewer.has_role(Role.ADMIN, undoing.organisation_id):
        return
    what = subject_of(session, undoing)
    if isinstance(what, AwardBatch):
        find_taught_batch(session, viewer, what.token)
    elif isinstance(what, AwardImport):
        find_import(session, viewer, what.token)
    elif what is not None:
        find_case(session, viewer, what.token)
    else:
        raise _unknown()


def _unknown() -> NotFoundError:
    return NotFoundError(_("There is no such undoing."), code="undoing.missing")
