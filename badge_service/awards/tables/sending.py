"""What happens to an award after it was decided: corrections, reminders, and the end of contact data nobody answered."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from badge_service.storage.tables import Base, identity, reference


class AwardCorrection(Base):
    """That the school corrected a badge by a new edition: which `changes`, why, by whom (a person's key).

    `reason` is read by the learner and the school; it is never signed. `changes` are those of `rules.corrections.Change`.
    """

    __tablename__ = "award_corrections"

    id: Mapped[int] = identity()
    award_id: Mapped[int] = reference("awards.id")
    changes: Mapped[list[str]]
    reason: Mapped[str]
    corrected_by: Mapped[str]
    corrected_at: Mapped[datetime]


class ClaimReminder(Base):
    """How often the learner of an unanswered award was reminded, and what became of their address after a year.

    `looks` counts the days on which a reminder was due, `sent` those that were mailed. `stop_hash` is of the link by
    which the learner says stop. Once the school was told, contact data goes a month later.
    """

    __tablename__ = "claim_reminders"

    award_id: Mapped[int] = reference("awards.id", primary_key=True, index=False)
    looks: Mapped[int] = mapped_column(default=0)
    sent: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime | None]
    stop_hash: Mapped[str | None] = mapped_column(unique=True)
    stopped_at: Mapped[datetime | None]
    school_told_at: Mapped[datetime | None]
    contact_ended_at: Mapped[datetime | None]
