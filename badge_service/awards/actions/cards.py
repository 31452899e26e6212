"""Claim cards for learners of a batch or of a file from elsewhere, some hundred a sheet: fresh codes for whom they name."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, func, or_, select, true
from sqlalchemy.orm import Session

from badge_service.awards.actions.codes import IssuedCode, issue_cards
from badge_service.awards.actions.locking import lock_awards
from badge_service.awards.actions.mailing import undelivered, was_mailed
from badge_service.awards.actions.teaching import find_taught_batch
from badge_service.awards.rules import AwardState
from badge_service.awards.tables import Award, AwardBatch, AwardImport, ImportRow
from badge_service.errors import ConflictError
from badge_service.people.rules import Viewer
from badge_service.storage import audit
from badge_service.storage.bulk import one_of
from badge_service.workshops.tables import Enrolment, Workshop

CARDS_A_FILE = 200
"""One file is one press: it is set in seconds, and a printer takes it."""


def print_cards(
    session: Session, viewer: Viewer, batch_token: str, *, everybody: bool = False, file: int = 1
) -> list[IssuedCode]:
    """Fresh codes for the cards of a batch: for learners whom no mail reaches, or `everybody` who has not answered.

    Those of the `file`-th file (from 1). Cards printed earlier for them stop working. Raises `NotFoundError`,
    `ConflictError` when nobody there needs a card.
    """
    batch = find_taught_batch(session, viewer, batch_token)
    wanted = _listed(batch, Award, Enrolment.name, Enrolment.number).where(_needs(batch, everybody=everybody))
    wanted = wanted.order_by(Enrolment.number, Award.id)
    return _print(session, viewer, wanted, file, f"batch:{batch.token}")


def print_import_cards(session: Session, viewer: Viewer, found: AwardImport, file: int) -> list[IssuedCode]:
    """The same for a file from elsewhere, in the order of its rows: for learners whom no mail reaches."""
    wanted = select(Award, ImportRow.name, ImportRow.row).join(ImportRow, ImportRow.award_id == Award.id)
    wanted = wanted.where(*_needing(found)).order_by(ImportRow.row)
    return _print(session, viewer, wanted, file, f"import:{found.token}", numbered=False)


def count_import_cards(session: Session, found: AwardImport) -> int:
    """How many learners of an import need a card: no mail reaches them and they have not answered."""
    held = select(func.count()).select_from(ImportRow).join(Award, Award.id == ImportRow.award_id)
    return session.scalar(held.where(*_needing(found))) or 0


def _print(
    session: Session,
    viewer: Viewer,
    wanted: Select[*tuple[Any, ...]],
    file: int,
    subject: str,
    *,
    numbered: bool = True,
) -> list[IssuedCode]:
    """Codes for one file of (award, name, number), which are held before they are read for good."""
    ids = session.scalars(
        wanted.with_only_columns(Award.id).limit(CARDS_A_FILE).offset((max(file, 1) - 1) * CARDS_A_FILE)
    ).all()
    lock_awards(session, ids)
    held = session.execute(
        wanted.where(one_of(session, Award.id, ids)).execution_options(populate_existing=True)
    ).all()
    if not held:
        raise ConflictError(_("Nobody here needs a card."), code="cards.none")
    issued = issue_cards(
        session, [(award, name or "", number if numbered else None) for award, name, number in held]
    )
    audit.record(session, viewer.acting_key(), "cards.print", subject, cards=len(issued))
    return issued


def _listed(batch: AwardBatch, *columns: Any) -> Select[*tuple[Any, ...]]:
    """The unanswered awards of a batch beside the class list."""
    placed = (Enrolment.workshop_id == Workshop.id) & (Enrolment.person_id == Award.person_id)
    return (
        select(*columns)
        .select_from(Award)
        .outerjoin(Workshop, Workshop.activity_id == Award.activity_id)
        .outerjoin(Enrolment, placed)
        .where(Award.batch_id == batch.id, Award.state == AwardState.HELD.value)
    )


def _needs(batch: AwardBatch, *, everybody: bool) -> ColumnElement[bool]:
    if everybody:
        return true()
    unreached = or_(Enrolment.email.is_(None), undelivered())
    return or_(unreached, ~was_mailed()) if batch.mails_off_at is not None else unreached


def _needing(found: AwardImport) -> tuple[ColumnElement[bool], ...]:
    return (
        ImportRow.import_id == found.id,
        Award.state == AwardState.HELD.value,
        or_(ImportRow.email.is_(None), undelivered()),
    )
