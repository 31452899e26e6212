"""Makes whoever changes the same award wait for each other, so that each sees what the one before has done."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from badge_service.awards.tables import Award


def lock_award(session: Session, award_token: str) -> None:
    """Keep this award for this transaction alone to change, and read it anew if it was read before.

    Every action that changes an award begins with it. SQLite's writing sessions wait for each other anyway.
    """
    _lock(session, Award.token == award_token)
    found = select(Award).where(Award.token == award_token)
    session.scalar(found.execution_options(populate_existing=True))


def lock_awards_of_batch(session: Session, batch_id: int) -> None:
    """Keep every award of a batch as it stands until this transaction is over; read them after this."""
    _lock(session, Award.batch_id == batch_id)


def lock_awards(session: Session, award_ids: Sequence[int]) -> None:
    """Keep some awards as they stand until this transaction is over; read them after this."""
    _lock(session, Award.id.in_(award_ids))


def _lock(session: Session, which: ColumnElement[bool]) -> None:
    # A statement of its own: PostgreSQL would join the row it has waited for with what it had read before.
    # The key stays shared, for rows that merely refer to the award, such as a code made by a mail on its way.
    session.execute(select(Award.id).where(which).order_by(Award.id).with_for_update(key_share=True))
