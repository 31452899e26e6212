"""Fulfilled pathways, the awards they rest on, and decisions made beforehand."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from badge_service.curriculum.tables import PathwayVersion
from badge_service.people.tables import Person
from badge_service.storage.tables import Base, identity, reference


class PathwayFulfilment(Base):
    """That somebody holds all a pathway's version asks for: one standing row (without `ended_at`) a person and version.

    `state`: proposed ⇄ postponed → awarded; awarded ⇄ flagged (a part ended, a person decides) → revoked. `automatic`
    when it was awarded by a standing decision. `decided_by` is always a person's key.
    """

    __tablename__ = "pathway_fulfilments"
    __table_args__ = (
        Index(
            "uq_pathway_fulfilments_standing",
            "person_id",
            "pathway_version_id",
            unique=True,
            sqlite_where=sql("ended_at IS NULL"),
            postgresql_where=sql("ended_at IS NULL"),
        ),
        Index("ix_pathway_fulfilments_desk", "organisation_id", "state"),
    )

    id: Mapped[int] = identity()
    token: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int | None] = reference("persons.id", nullable=True, index=False)
    pathway_version_id: Mapped[int] = reference("pathway_versions.id")
    organisation_id: Mapped[int] = reference("organisations.id", index=False)
    state: Mapped[str]
    automatic: Mapped[bool] = mapped_column(default=False)
    fulfilled_at: Mapped[datetime]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    flagged_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    person: Mapped[Person | None] = relationship(lazy="joined")
    pathway_version: Mapped[PathwayVersion] = relationship(lazy="joined")


class FulfilmentPart(Base):
    """One award that a fulfilment rests on."""

    __tablename__ = "fulfilment_parts"

    fulfilment_id: Mapped[int] = reference("pathway_fulfilments.id", primary_key=True, index=False)
    award_id: Mapped[int] = reference("awards.id", primary_key=True)


class StandingDecision(Base):
    """That a named LET member decides beforehand: whoever fulfils this pathway's version gets its badge. One open a version.

    `made_by` is recorded as `decided_by` of each such award; it counts only while that person may still make it.
    """

    __tablename__ = "standing_decisions"
    __table_args__ = (
        Index(
            "uq_standing_decisions_open",
            "pathway_version_id",
            unique=True,
            sqlite_where=sql("ended_at IS NULL"),
            postgresql_where=sql("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = identity()
    pathway_version_id: Mapped[int] = reference("pathway_versions.id", index=False)
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
