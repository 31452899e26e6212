"""Where an award without an activity came from: the row of a file that was brought in."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.awards.tables import Award, AwardImport, ImportRow


def imported_row(session: Session, award: Award) -> ImportRow | None:
    """The row that an award came from, if it came from a file."""
    if award.activity_id is not None or award.fulfilment_id is not None or award.case_id is not None:
        return None
    return session.scalar(select(ImportRow).where(ImportRow.award_id == award.id))


def import_of(session: Session, award: Award) -> AwardImport | None:
    """The import that an award came from, if it came from a file."""
    row = imported_row(session, award)
    return session.get_one(AwardImport, row.import_id) if row is not None else None
