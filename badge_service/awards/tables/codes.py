"""Codes by which learners claim what was awarded to them."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from badge_service.storage.tables import Base, identity, reference


class ClaimCode(Base):
    """A code that claims an award: mailed as a link, or printed on a card; stored hashed, ended when renewed or used.

    `sent_to` is the address that using it proves. What using it changed stands in `moved_from_id` (whose award it was
    before) and `opened_account`, for an undo.
    """

    __tablename__ = "claim_codes"

    id: Mapped[int] = identity()
    award_id: Mapped[int] = reference("awards.id")
    code_hash: Mapped[str] = mapped_column(unique=True)
    channel: Mapped[str]
    sent_to: Mapped[str | None]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    moved_from_id: Mapped[int | None] = reference("persons.id", nullable=True)
    opened_account: Mapped[bool] = mapped_column(default=False)
    ended_at: Mapped[datetime | None]
