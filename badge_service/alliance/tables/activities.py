"""What alliances do: activities, each with a public page."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from badge_service.alliance.tables.alliances import Alliance
from badge_service.people.tables import Organisation
from badge_service.storage.tables import Base, identity, reference


class Activity(Base):
    """A meeting, guest lecture or workshop; its page is what a badge names as evidence and lists nobody.

    `qualities` are of `rules.Quality`, `group_size` is how many learn together, `topics` are categories of definitions.
    """

    __tablename__ = "activities"
    __table_args__ = (Index("ix_activities_alliance_start", "alliance_id", "starts_on"),)

    id: Mapped[int] = identity()
    token: Mapped[str] = mapped_column(unique=True)
    alliance_id: Mapped[int] = reference("alliances.id", index=False)
    organisation_id: Mapped[int] = reference("organisations.id")
    kind: Mapped[str]
    title: Mapped[str]
    summary: Mapped[str]
    place: Mapped[str]
    language: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    partners: Mapped[list[str]]
    qualities: Mapped[list[str]] = mapped_column(default=list)
    group_size: Mapped[int | None]
    topics: Mapped[list[str]] = mapped_column(default=list)
    state: Mapped[str]
    initiated_by: Mapped[str]
    initiator_role: Mapped[str]
    created_at: Mapped[datetime]

    alliance: Mapped[Alliance] = relationship(lazy="joined")
    organisation: Mapped[Organisation] = relationship(lazy="joined")
