"""Ends what imports would still award, when they are taken back, one or all of one person."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from badge_service.awards.rules.imports import ImportState, RowState
from badge_service.awards.tables import AwardImport, ImportRow
from badge_service.storage import audit
from badge_service.storage.bulk import one_of
from badge_service.storage.session import alone

STRUCK = "undone"
_GOING_ON = (ImportState.RUNNING.value, ImportState.SECOND.value, ImportState.STOPPED.value)


def count_waiting_rows(session: Session, organisation_id: int, about: str, since: datetime) -> int:
    """How many rows wait in imports that the person (by key) decided there since then."""
    mine = select(AwardImport.id).where(_decided(organisation_id, about, since))
    waiting = (ImportRow.state == RowState.WAITING.value) & ImportRow.import_id.in_(mine)
    return session.scalar(select(func.count()).select_from(ImportRow).where(waiting)) or 0


def strike_imports(session: Session, organisation_id: int, about: str, since: datetime, actor: str) -> int:
    """Let none of these imports go on, nor be confirmed; returns how many there were.

    The worker is waited for. What the worker awarded already is for the caller; the same file can be sent again.
    """
    alone(session, f"imports:{organisation_id}")
    mine = select(AwardImport).where(_decided(organisation_id, about, since))
    found = session.scalars(mine.execution_options(populate_existing=True)).all()
    strike(session, found, actor)
    return len(found)


def strike(session: Session, found: Sequence[AwardImport], actor: str) -> None:
    """The same for these imports, whatever their state; the caller waits for the worker."""
    session.execute(
        update(ImportRow)
        .where(one_of(session, ImportRow.import_id, [one.id for one in found]))
        .where(ImportRow.state == RowState.WAITING.value)
        .values(state=RowState.FAILED.value, failure=STRUCK)
        .execution_options(synchronize_session=False)
    )
    for one in found:
        one.state, one.failure, one.confirmed_at = ImportState.REFUSED.value, STRUCK, None
        audit.record(session, actor, "import.undo", f"import:{one.token}")
    session.flush()


def waiting_rows(session: Session, found: AwardImport) -> int:
    """How many rows of one import wait for the worker or a second person."""
    mine = (ImportRow.import_id == found.id) & (ImportRow.state == RowState.WAITING.value)
    return session.scalar(select(func.count()).select_from(ImportRow).where(mine)) or 0


def _decided(organisation_id: int, about: str, since: datetime) -> ColumnElement[bool]:
    mine = (AwardImport.created_by == about) & (AwardImport.organisation_id == organisation_id)
    return mine & (AwardImport.confirmed_at >= since) & AwardImport.state.in_(_GOING_ON)
