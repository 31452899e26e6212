"""The decision about an import: by the person who made it, beyond their limit by a second one; then the worker awards."""

from datetime import date

from flask_babel import gettext as _
from sqlalchemy import Update, func, select, update
from sqlalchemy.orm import Session

from badge_service.awards.actions.four_eyes import reason_faults, refuse_own, require_another
from badge_service.awards.actions.imports.drafts import find_same
from badge_service.awards.actions.imports.finding import find_import, import_counts, rows_of
from badge_service.awards.actions.imports.matching import is_named
from badge_service.awards.actions.limits import allowance, require_allowance
from badge_service.awards.actions.notices import SECOND_MAIL
from badge_service.awards.rules import IdentityCheck
from badge_service.awards.rules.imports import LONG_AGO, ImportState, RowState
from badge_service.awards.tables import AwardImport, ImportRow
from badge_service.errors import ConflictError, Fault, InvalidError
from badge_service.people.rules import Viewer
from badge_service.storage import audit, outbox
from badge_service.storage.session import alone, now

IMPORT = "award_import"


def confirm_import(
    session: Session,
    viewer: Viewer,
    token: str,
    *,
    identity_check: IdentityCheck,
    leave_out: bool = False,
    reason: str = "",
) -> AwardImport:
    """Decide that everybody whose row is good gets the badge; the worker awards them after the commit.

    Pressed twice it is one decision. Raises `InvalidError` with a fault for every bad row unless they are to be left
    out, and when days long ago come without a reason; `ConflictError` when nobody is left or the file was imported
    before; `QuotaError`, `NotFoundError`.
    """
    found = find_import(session, viewer, token, for_update=True)
    alone(session, f"imports:{found.organisation_id}")
    if found.state != ImportState.DRAFT:
        return found
    _refuse_same(session, found)
    good = _require_good(session, found, leave_out=leave_out, reason=reason)
    allowed = require_allowance(session, found.organisation_id, viewer.acting_key(), good)
    found.identity_check, found.reason = identity_check.value, reason.strip()
    found.confirmed_at, found.data = now(session), None
    found.reading = {**found.reading, "emails": {}}
    session.execute(_moved(found, RowState.GOOD, RowState.WAITING))
    by_one = allowed.at_once(good) == good
    told = {"awards": good, "needs_second": not by_one}
    audit.record(session, viewer.acting_key(), "import.confirm", _subject(found), **told)
    if by_one:
        _run(session, found)
    else:
        found.state = ImportState.SECOND.value
        outbox.promise(session, SECOND_MAIL, {"import": found.token})
    session.flush()
    return found


def _require_good(session: Session, found: AwardImport, *, leave_out: bool, reason: str) -> int:
    """How many rows get the badge, once all that is wrong was said."""
    counts = import_counts(session, found)
    _refuse_faulty(session, found, counts.of(RowState.BAD), leave_out=leave_out, reason=reason)
    if not counts.of(RowState.GOOD):
        raise ConflictError(
            _("Nobody in this file is waiting for this badge."),
            code="import.empty",
            hint=_("Whoever is named in it has it already, or their row needs correcting."),
        )
    return counts.of(RowState.GOOD)


def left_today(session: Session, viewer: Viewer, found: AwardImport) -> tuple[int, int]:
    """How many badges the viewer may award today without a second person, of how many; for the words before the button."""
    allowed = allowance(session, found.organisation_id, viewer.acting_key())
    return allowed.left_today, allowed.limits.a_day


def confirm_as_second(session: Session, viewer: Viewer, token: str) -> AwardImport:
    """Let an import run that was more than one person may award in a day.

    Raises `NotAllowedError` for its own maker and for whoever is named in it.
    """
    found = _waiting_for_second(session, viewer, token)
    refuse_own(is_named=is_named(session, found, viewer))
    found.second_by = viewer.acting_key()
    audit.record(session, found.second_by, "import.second", _subject(found))
    _run(session, found)
    session.flush()
    return found


def refuse_as_second(session: Session, viewer: Viewer, token: str, reason: str) -> AwardImport:
    """Say no to such an import, in words; nobody is awarded, and a better file or the same can be sent again."""
    found = _waiting_for_second(session, viewer, token)
    if faults := reason_faults(reason):
        raise InvalidError(_("Say why."), code="reason", faults=faults)
    found.second_by, found.failure = viewer.acting_key(), reason.strip()
    found.state, found.confirmed_at = ImportState.REFUSED.value, None
    session.execute(_moved(found, RowState.WAITING, RowState.FAILED).values(failure="refused"))
    audit.record(session, found.second_by, "import.refuse", _subject(found))
    session.flush()
    return found


def resume_import(session: Session, viewer: Viewer, token: str) -> AwardImport:
    """Go on with an import that stopped; pressing it while it runs does no harm."""
    found = find_import(session, viewer, token, for_update=True)
    if found.state not in (ImportState.RUNNING, ImportState.STOPPED):
        raise ConflictError(_("There is nothing to go on with."), code="import.state")
    audit.record(session, viewer.acting_key(), "import.resume", _subject(found))
    _run(session, found)
    session.flush()
    return found


def needs_reason(session: Session, found: AwardImport) -> date | None:
    """The earliest day in the file when it is so long ago that somebody has to say why it is awarded now."""
    good = ImportRow.state == RowState.GOOD.value
    earliest = session.scalar(
        select(func.min(ImportRow.awarded_on)).where(ImportRow.import_id == found.id, good)
    )
    return earliest if earliest is not None and earliest < now(session).date() - LONG_AGO else None


def _run(session: Session, found: AwardImport) -> None:
    found.state, found.failure = ImportState.RUNNING.value, None
    outbox.promise(session, IMPORT, {"import": found.token})


def _waiting_for_second(session: Session, viewer: Viewer, token: str) -> AwardImport:
    found = find_import(session, viewer, token, for_update=True)
    require_another(viewer, found.created_by)
    if found.state != ImportState.SECOND:
        raise ConflictError(
            _("This import does not wait for a second person (any more)."), code="import.state"
        )
    return found


def _refuse_same(session: Session, found: AwardImport) -> None:
    if find_same(session, found) is not None:
        message = _("This file was imported for this micro-credential before.")
        raise ConflictError(message, code="batch_already_imported")


def _refuse_faulty(session: Session, found: AwardImport, bad: int, *, leave_out: bool, reason: str) -> None:
    faults = [Fault(one["where"], one["message"], one["code"]) for one in found.faults]
    if needs_reason(session, found) is not None:
        faults += reason_faults(reason)
    if bad and not leave_out:
        faults.append(
            Fault(
                "leave_out",
                _("Correct the rows that are named below, or tick that they are left out."),
                "rows",
            )
        )
        for row in rows_of(session, found, [RowState.BAD]):
            place = _("row %(row)s", row=row.row)
            faults += [Fault(f"{place}, {one['column']}", one["message"], one["code"]) for one in row.faults]
    if faults:
        raise InvalidError(_("Nobody has been awarded yet."), code=faults[0].code, faults=faults)


def _moved(found: AwardImport, before: RowState, after: RowState) -> Update:
    rows = update(ImportRow).where(ImportRow.import_id == found.id, ImportRow.state == before.value)
    return rows.values(state=after.value).execution_options(synchronize_session=False)


def _subject(found: AwardImport) -> str:
    return f"import:{found.token}"
