"""Takes back what one press of a button gave: a batch, a file from elsewhere, or the badge of one case."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from badge_service.awards.actions.cases import find_case
from badge_service.awards.actions.imports.finding import find_import
from badge_service.awards.actions.imports.striking import strike, waiting_rows
from badge_service.awards.actions.items import UNDONE, hold_items, strike_items
from badge_service.awards.actions.locking import lock_awards, lock_awards_of_batch
from badge_service.awards.actions.progress import batch_progress
from badge_service.awards.actions.teaching import find_taught_batch, require_taught
from badge_service.awards.actions.time_to_undo import take_mails_back, undo_until
from badge_service.awards.actions.undoing import begin
from badge_service.awards.rules.cases import CaseState
from badge_service.awards.rules.imports import ImportState
from badge_service.awards.tables import (
    Award,
    AwardBatch,
    AwardImport,
    ImportRow,
    RecognitionCase,
    Undoing,
)
from badge_service.errors import ConflictError
from badge_service.people.rules import Viewer
from badge_service.register.rules import RevocationReason
from badge_service.settings import Settings
from badge_service.storage import audit
from badge_service.storage.session import alone, now, token


def undo_batch(session: Session, viewer: Viewer, settings: Settings, batch_token: str) -> AwardBatch:
    """Take a whole batch back while its mails have not left: revoked as a mistake, mails cancelled; the door re-signs.

    A class at once, a larger batch by the worker (`undoing_of`). Stacked badges that it completed by a standing decision
    go with it while nobody has accepted them, proposals too; a stacked badge that a person decided is flagged.

    Raises `NotFoundError`, `ConflictError` once the time is over or somebody has answered.
    """
    batch = find_taught_batch(session, viewer, batch_token)
    hold_items(session, batch)
    lock_awards_of_batch(session, batch.id)
    _require_time(batch_progress(session, settings, batch).undo_until)
    strike_items(session, [batch.id], UNDONE)
    take_mails_back(session, batch.token)
    batch.undone_at, batch.to_confirm = now(session), 0
    undoing = _undoing(
        session, viewer, batch.organisation_id, batch.requested_by, batch.requested_at, batch_id=batch.id
    )
    begin(session, undoing)
    _record(session, undoing, "award.undo", f"batch:{batch.token}")
    return batch


def undo_import(session: Session, viewer: Viewer, settings: Settings, import_token: str) -> AwardImport:
    """The same for a file from elsewhere: rows that wait are struck, and the file may be sent again. Raises the same."""
    seen = find_import(session, viewer, import_token)
    alone(session, f"imports:{seen.organisation_id}")  # the worker who awards it is waited for here
    found = find_import(session, viewer, import_token, for_update=True)
    lock_awards(session, session.scalars(select(Award.id).where(_of_import(found))).all())
    _require_time(import_undo_until(session, settings, found))
    decided_at = found.confirmed_at or now(session)
    strike(session, [found], viewer.acting_key())
    take_mails_back(session, found.token)
    undoing = _undoing(
        session, viewer, found.organisation_id, found.created_by, decided_at, import_id=found.id
    )
    begin(session, undoing)
    _record(session, undoing, "award.undo", f"import:{found.token}")
    return found


def undo_case(session: Session, viewer: Viewer, settings: Settings, case_token: str) -> RecognitionCase:
    """Take the badge of a case back and judge it again, as its assessor; raises the same."""
    found = find_case(session, viewer, case_token, lock=True)
    require_taught(viewer, found)
    lock_awards(session, session.scalars(select(Award.id).where(Award.case_id == found.id)).all())
    _require_time(case_undo_until(session, settings, found))
    decided_at = found.decided_at or now(session)
    take_mails_back(session, found.token)
    undoing = _undoing(
        session, viewer, found.organisation_id, found.decided_by or "", decided_at, case_id=found.id
    )
    found.state, found.decided_by, found.decided_at = CaseState.ASSESSED.value, None, None
    begin(session, undoing)
    _record(session, undoing, "case.undo", f"case:{found.token}")
    return found


def import_undo_until(session: Session, settings: Settings, found: AwardImport) -> datetime | None:
    """Until when a file can be taken back, None once it cannot."""
    if found.state in (ImportState.DRAFT, ImportState.REFUSED):
        return None
    waiting = waiting_rows(session, found)
    in_line = waiting if found.state == ImportState.RUNNING else 0
    return undo_until(
        session, settings, _of_import(found), found.token, in_line=in_line, to_confirm=waiting - in_line
    )


def case_undo_until(session: Session, settings: Settings, found: RecognitionCase) -> datetime | None:
    """Until when the badge of a case can be taken back, None once it cannot."""
    if found.state != CaseState.AWARDED:
        return None
    standing = (Award.case_id == found.id) & Award.ended_at.is_(None)
    return undo_until(session, settings, standing, found.token)


def _of_import(found: AwardImport) -> ColumnElement[bool]:
    rows = select(ImportRow.award_id).where(ImportRow.import_id == found.id, ImportRow.award_id.is_not(None))
    return Award.id.in_(rows)


def _require_time(until: datetime | None) -> None:
    if until is None:
        raise ConflictError(
            _("It is too late to undo all at once."),
            code="batch.undo",
            hint=_("You can still revoke each badge on its own page."),
        )


def _undoing(
    session: Session,
    viewer: Viewer,
    organisation_id: int,
    about: str,
    since: datetime,
    *,
    batch_id: int | None = None,
    import_id: int | None = None,
    case_id: int | None = None,
) -> Undoing:
    at = now(session)
    return Undoing(
        token=token(session),
        organisation_id=organisation_id,
        about=about,
        batch_id=batch_id,
        import_id=import_id,
        case_id=case_id,
        since=since,
        until=at,
        reason=RevocationReason.MISTAKE.value,
        requested_by=viewer.acting_key(),
        requested_at=at,
    )


def _record(session: Session, undoing: Undoing, action: str, subject: str) -> None:
    audit.record(session, undoing.requested_by, action, subject, awards=undoing.total)
    session.flush()
