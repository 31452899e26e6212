"""Takes back everything that one person awarded for an organisation since a moment, as its administrator decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import Select, case, func, select, union, update
from sqlalchemy.orm import Session

from badge_service.awards.actions.ending import SCHOOL_REASONS
from badge_service.awards.actions.imports.striking import count_waiting_rows, strike_imports
from badge_service.awards.actions.items import UNDONE, strike_items
from badge_service.awards.actions.taking_back import AT_ONCE, take_back
from badge_service.awards.rules import AWARDED_IN_THE_REQUEST, OPEN_ITEMS, AwardState
from badge_service.awards.tables import Award, AwardBatch, AwardImport, BatchItem, Undoing
from badge_service.errors import ConflictError, Fault, InvalidError, NotFoundError
from badge_service.people import actions as people
from badge_service.people.rules import Role, Viewer
from badge_service.people.tables import Organisation, Person, RoleGrant
from badge_service.register.rules import RevocationReason
from badge_service.storage import audit, outbox
from badge_service.storage.session import now, token

UNDO_AWARDS = "undo_awards"
_AWARDING_ROLES = (Role.TEACHER.value, Role.LET_LEAD.value, Role.ADMIN.value)


@dataclass(frozen=True)
class WouldUndo:
    """What an undoing would take back: badges that stand, of them those accepted; and who still waits for one."""

    standing: int
    accepted: int
    waiting: int


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


def awarders(session: Session, organisation: Organisation) -> Sequence[tuple[str, str]]:
    """Key and name of everybody who may award there, or has, by name."""
    may = select(RoleGrant.person_id).where(
        RoleGrant.organisation_id == organisation.id, RoleGrant.role.in_(_AWARDING_ROLES)
    )
    has = union(
        select(AwardBatch.requested_by).where(AwardBatch.organisation_id == organisation.id),
        select(AwardImport.created_by).where(
            AwardImport.organisation_id == organisation.id, AwardImport.confirmed_at.is_not(None)
        ),
        select(Award.decided_by).where(Award.organisation_id == organisation.id),
    )
    found = select(Person.key, Person.name).where(Person.id.in_(may) | Person.key.in_(has))
    return [(key, name) for key, name in session.execute(found.order_by(Person.name, Person.id))]


def would_undo(session: Session, viewer: Viewer, slug: str, about: str, since: datetime) -> WouldUndo:
    """What would be taken back now; raises as `undo_since`."""
    organisation = people.administered(session, viewer, slug)
    _refuse_odd(session, organisation, about, since)
    mine = _standing(organisation.id, about, since, now(session)).subquery()
    accepted = func.sum(case((mine.c.state == AwardState.ACCEPTED.value, 1), else_=0))
    standing, taken = session.execute(select(func.count(), accepted).select_from(mine)).one()
    waiting = select(func.count()).where(
        BatchItem.batch_id.in_(_batches(organisation.id, about, since)), BatchItem.state.in_(OPEN_ITEMS)
    )
    rows = count_waiting_rows(session, organisation.id, about, since)
    return WouldUndo(standing, int(taken or 0), (session.scalar(waiting) or 0) + rows)


def undo_since(
    session: Session, viewer: Viewer, slug: str, about: str, since: datetime, reason: RevocationReason
) -> Undoing:
    """Take back all that the person (`about`, a key) awarded there since then; the door re-signs the lists.

    A few at once, many by the worker. Whoever waits for a second person or the worker is struck, in imports too. Raises
    `NotFoundError`, `NotAllowedError`, `InvalidError` with faults at `person`, `since` and `reason`, `ConflictError` when
    there is nothing.
    """
    organisation = people.administered(session, viewer, slug)
    _refuse_odd(session, organisation, about, since, reason)
    files = strike_imports(session, organisation.id, about, since, viewer.acting_key())
    batches = session.scalars(_batches(organisation.id, about, since)).all()
    struck = strike_items(session, batches, UNDONE)
    session.execute(update(AwardBatch).where(AwardBatch.id.in_(batches)).values(to_confirm=0))
    undoing = _undoing(session, viewer, organisation, about, since, reason)
    if not undoing.total and not struck and not files:
        raise ConflictError(_("There is nothing to take back."), code="undo.nothing")
    session.add(undoing)
    session.flush()
    audit.record(
        session,
        undoing.requested_by,
        "award.undo_since",
        f"undoing:{undoing.token}",
        about=about,
        since=since.isoformat(),
        reason=reason.value,
        awards=undoing.total,
        struck=struck,
        imports=files,
    )
    if undoing.total <= AWARDED_IN_THE_REQUEST:
        go_on_undoing(session, undoing)
    else:
        outbox.promise(session, UNDO_AWARDS, {"undoing": undoing.token})
    return undoing


def go_on_undoing(session: Session, undoing: Undoing) -> None:
    """Take the next `AT_ONCE` badges back; when there may be more, another job is promised."""
    reason = RevocationReason(undoing.reason)
    which = _standing(undoing.organisation_id, undoing.about, undoing.since, undoing.until)
    ids = which.with_only_columns(Award.id, Award.token).order_by(Award.id).limit(AT_ONCE)
    found = session.execute(ids.with_for_update(key_share=True)).all()
    take_back(session, [(id_, name) for id_, name in found], reason, actor=undoing.requested_by)
    if len(found) < AT_ONCE:
        undoing.finished_at = now(session)
    else:
        outbox.promise(session, UNDO_AWARDS, {"undoing": undoing.token})
    session.flush()


def resume_undoing(session: Session, viewer: Viewer, undoing_token: str) -> Undoing:
    """Promise anew what the worker gave up; pressed while it works it does no harm. Raises `NotFoundError`."""
    undoing = undoing_progress(session, viewer, undoing_token).undoing
    if undoing.finished_at is None:
        outbox.promise(session, UNDO_AWARDS, {"undoing": undoing.token})
        audit.record(session, viewer.acting_key(), "award.undo_resume", f"undoing:{undoing.token}")
    return undoing


def undoing_progress(session: Session, viewer: Viewer, undoing_token: str) -> UndoingProgress:
    """How far an undoing is, for the administrators of its organisation; raises `NotFoundError`."""
    undoing = session.scalar(select(Undoing).where(Undoing.token == undoing_token))
    if undoing is None or not (
        viewer.has_role(Role.OPERATOR) or viewer.has_role(Role.ADMIN, undoing.organisation_id)
    ):
        raise NotFoundError(_("There is no such undoing."), code="undoing.missing")
    mine = _standing(undoing.organisation_id, undoing.about, undoing.since, undoing.until).subquery()
    left = 0 if undoing.finished_at else session.scalar(select(func.count()).select_from(mine)) or 0
    name = session.scalar(select(Person.name).where(Person.key == undoing.about)) or ""
    return UndoingProgress(undoing, name, left)


def undoings_of(session: Session, organisation: Organisation, most: int = 20) -> Sequence[Undoing]:
    """The last undoings of an organisation, newest first."""
    mine = select(Undoing).where(Undoing.organisation_id == organisation.id)
    return session.scalars(mine.order_by(Undoing.requested_at.desc(), Undoing.id.desc()).limit(most)).all()


def _undoing(
    session: Session,
    viewer: Viewer,
    organisation: Organisation,
    about: str,
    since: datetime,
    reason: RevocationReason,
) -> Undoing:
    """What is to be taken back, counted and not yet written; after whoever waits was struck."""
    at = now(session)
    mine = _standing(organisation.id, about, since, at).subquery()
    undoing = Undoing(
        token=token(session),
        organisation_id=organisation.id,
        about=about,
        since=since,
        until=at,
        reason=reason.value,
        requested_by=viewer.acting_key(),
        requested_at=at,
        total=session.scalar(select(func.count()).select_from(mine)) or 0,
    )
    undoing.organisation = organisation
    return undoing


def _standing(organisation_id: int, about: str, since: datetime, until: datetime) -> Select[int, str]:
    mine = (Award.decided_by == about) & (Award.organisation_id == organisation_id)
    return select(Award.id, Award.state).where(
        mine, Award.decided_at.between(since, until), Award.ended_at.is_(None)
    )


def _batches(organisation_id: int, about: str, since: datetime) -> Select[int]:
    mine = (AwardBatch.requested_by == about) & (AwardBatch.organisation_id == organisation_id)
    return select(AwardBatch.id).where(mine, AwardBatch.requested_at >= since)


def _refuse_odd(
    session: Session,
    organisation: Organisation,
    about: str,
    since: datetime,
    reason: RevocationReason = RevocationReason.MISTAKE,
) -> None:
    faults = []
    if about not in {key for key, _name in awarders(session, organisation)}:
        faults.append(Fault("person", _("Choose a person from the list."), "person"))
    if since > now(session):
        faults.append(Fault("since", _("Choose a moment that has passed."), "since"))
    if reason not in SCHOOL_REASONS:
        faults.append(Fault("reason", _("Choose why the badges are withdrawn."), "reason"))
    if faults:
        raise InvalidError(_("Nothing was taken back."), faults=faults)
