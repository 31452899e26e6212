"""What learners do at a workshop's own door: wait for a free place, and answer what they are asked to agree to."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from badge_service.people.tables import Person
from badge_service.storage.tables import Base, identity, reference


class WaitingPlace(Base):
    """Somebody on the waiting list of a workshop, the first who came first; with a place they get an `Enrolment` instead.

    `join_key` is of the form they sent (a second press joins nobody twice), `leave_hash` of the link mailed to them.
    """

    __tablename__ = "waiting_places"
    __table_args__ = (
        UniqueConstraint("workshop_id", "person_id"),
        UniqueConstraint("workshop_id", "join_key"),
        Index("ix_waiting_places_order", "workshop_id", "id"),
    )

    id: Mapped[int] = identity()
    workshop_id: Mapped[int] = reference("workshops.id", index=False)
    person_id: Mapped[int] = reference("persons.id")
    name: Mapped[str]
    email: Mapped[str | None]
    since: Mapped[datetime]
    join_key: Mapped[str | None]
    leave_hash: Mapped[str | None] = mapped_column(unique=True)
    learner_kind: Mapped[str] = mapped_column(default="student")

    person: Mapped[Person] = relationship(lazy="joined")


class WorkshopConsentText(Base):
    """One version of what learners are asked to agree to (a kind of `rules.consents`); its words never change (a trigger).

    The newest version of a kind is asked; one that is `ended_at` is asked no more. Answers are `people.tables.Consent`.
    """

    __tablename__ = "workshop_consent_texts"
    __table_args__ = (UniqueConstraint("workshop_id", "kind", "version"),)

    id: Mapped[int] = identity()
    workshop_id: Mapped[int] = reference("workshops.id", index=False)
    kind: Mapped[str]
    version: Mapped[int]
    language: Mapped[str]
    text: Mapped[str]
    written_by: Mapped[str]
    written_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
