"""Claim cards for learners of an import whom no mail reaches, some hundred a file."""

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from badge_service.awards.actions.codes import IssuedCode, issue_cards
from badge_service.awards.actions.locking import lock_awards
from badge_service.awards.actions.mailing import undelivered
from badge_service.awards.rules import AwardState
from badge_service.awards.tables import Award, AwardImport, ImportRow
from badge_service.errors import ConflictError
from badge_service.people.rules import Viewer
from badge_service.storage import audit

CARDS_A_FILE = 200


def count_cards(session: Session, found: AwardImport) -> int:
    """How many learners of an import need a card: no mail reaches them and they have not answered."""
    held = select(func.count()).select_from(ImportRow).join(Award, Award.id == ImportRow.award_id)
    return session.scalar(held.where(*_needing(found))) or 0


def print_import_cards(session: Session, viewer: Viewer, found: AwardImport, file: int) -> list[IssuedCode]:
    """Fresh codes for the learners of the `file`-th sheet of cards (from 1), in the order of their rows.

    Cards printed earlier for them stop working. Raises `ConflictError` when nobody there needs a card.
    """
    needing = (
        select(Award.id)
        .join(ImportRow, ImportRow.award_id == Award.id)
        .where(*_needing(found))
        .order_by(ImportRow.row)
    )
    ids = session.scalars(needing.limit(CARDS_A_FILE).offset(max(file - 1, 0) * CARDS_A_FILE)).all()
    lock_awards(session, ids)
    held = session.execute(
        select(Award, ImportRow.name)
        .join(ImportRow, ImportRow.award_id == Award.id)
        .where(Award.id.in_(ids), Award.state == AwardState.HELD.value)
        .order_by(ImportRow.row)
        .execution_options(populate_existing=True)
    ).all()
    if not held:
        raise ConflictError(_("Nobody here needs a card."), code="cards.none")
    issued = issue_cards(session, [(row.Award, row.name, None) for row in held])
    audit.record(session, viewer.acting_key(), "cards.print", f"import:{found.token}", cards=len(issued))
    return issued


def _needing(found: AwardImport) -> tuple[ColumnElement[bool], ...]:
    return (
        ImportRow.import_id == found.id,
        Award.state == AwardState.HELD.value,
        or_(ImportRow.email.is_(None), undelivered()),
    )
