"""Takes back everything that one person awarded for an organisation since a moment, as its administrator decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import Select, case, func, select, union, update
from sqlalchemy.orm import Session

from badge_service.awards.actions.case_second import held_of, strike_cases
from badge_service.awards.actions.ending import SCHOOL_REASONS
from badge_service.awards.actions.imports.striking import count_waiting_rows, strike_imports
from badge_service.awards.actions.items import UNDONE, strike_items
from badge_service.awards.actions.undoing import begin, standing_awards
from badge_service.awards.rules import OPEN_ITEMS, AwardState
from badge_service.awards.tables import Award, AwardBatch, AwardImport, BatchItem, Undoing
from badge_service.errors import ConflictError, Fault, InvalidError
from badge_service.people import actions as people
from badge_service.people.rules import Role, Viewer
from badge_service.people.tables import Organisation, Person, RoleGrant
from badge_service.register.rules import RevocationReason
from badge_service.storage import audit
from badge_service.storage.session import now, token

_AWARDING_ROLES = (Role.TEACHER.value, Role.LET_LEAD.value, Role.ADMIN.value)


@dataclass(frozen=True)
class WouldUndo:
    """What an undoing would take back: badges that stand, of them those accepted; and who still waits for one."""

    standing: int
    accepted: int
    waiting: int


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
    mine = standing_awards(_undoing(session, viewer, organisation, about, since)).subquery()
    accepted = func.sum(case((mine.c.state == AwardState.ACCEPTED.value, 1), else_=0))
    standing, taken = session.execute(select(func.count(), accepted).select_from(mine)).one()
    waiting = select(func.count()).where(
        BatchItem.batch_id.in_(_batches(organisation.id, about, since)), BatchItem.state.in_(OPEN_ITEMS)
    )
    rows = count_waiting_rows(session, organisation.id, about, since)
    cases = select(func.count()).where(held_of(organisation.id, about, since))
    held = (session.scalar(waiting) or 0) + rows + (session.scalar(cases) or 0)
    return WouldUndo(standing, int(taken or 0), held)


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
    struck += strike_cases(session, organisation.id, about, since)
    undoing = _undoing(session, viewer, organisation, about, since, reason)
    begin(session, undoing)
    if not undoing.total and not struck and not files:
        raise ConflictError(_("There is nothing to take back."), code="undo.nothing")
    told = {"about": about, "since": since.isoformat(), "reason": reason.value}
    counts = {"awards": undoing.total, "struck": struck, "imports": files}
    subject = f"undoing:{undoing.token}"
    audit.record(session, undoing.requested_by, "award.undo_since", subject, **told, **counts)
    return undoing


def _undoing(
    session: Session,
    viewer: Viewer,
    organisation: Organisation,
    about: str,
    since: datetime,
    reason: RevocationReason = RevocationReason.MISTAKE,
) -> Undoing:
    """What is to be taken back, not yet counted nor written."""
    at = now(session)
    return Undoing(
        token=token(session),
        organisation_id=organisation.id,
        about=about,
        since=since,
        until=at,
        reason=reason.value,
        requested_by=viewer.acting_key(),
        requested_at=at,
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
