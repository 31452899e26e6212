"""What a named assessor found: levels, reasons, and what was handed in."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from badge_service.storage.tables import Base, identity, reference


class Assessment(Base):
    """The level a named assessor gave one learner on one criterion, in one activity."""

    __tablename__ = "assessments"
    __table_args__ = (UniqueConstraint("activity_id", "version_id", "person_id", "criterion"),)

    id: Mapped[int] = identity()
    activity_id: Mapped[int] = reference("activities.id", index=False)
    version_id: Mapped[int] = reference("definition_versions.id")
    person_id: Mapped[int] = reference("persons.id")
    criterion: Mapped[str]
    level: Mapped[str]
    set_for_group: Mapped[bool] = mapped_column(default=False)
    set_by: Mapped[str]
    set_at: Mapped[datetime]


class AssessmentReason(Base):
    """Why an assessor let one criterion below the pass level through (the pass rule asks for it in writing)."""

    __tablename__ = "assessment_reasons"
    __table_args__ = (UniqueConstraint("activity_id", "version_id", "person_id"),)

    id: Mapped[int] = identity()
    activity_id: Mapped[int] = reference("activities.id", index=False)
    version_id: Mapped[int] = reference("definition_versions.id")
    person_id: Mapped[int] = reference("persons.id")
    text: Mapped[str]
    written_by: Mapped[str]
    written_at: Mapped[datetime]


class Evidence(Base):
    """What was handed in, for one learner or (without a person) for the whole group; files lie outside the web root."""

    __tablename__ = "evidence"
    __table_args__ = (Index("ix_evidence_activity", "activity_id", "version_id", "person_id"),)

    id: Mapped[int] = identity()
    token: Mapped[str] = mapped_column(unique=True)
    activity_id: Mapped[int] = reference("activities.id", index=False)
    version_id: Mapped[int] = reference("definition_versions.id")
    person_id: Mapped[int | None] = reference("persons.id", nullable=True)
    kind: Mapped[str]
    genre: Mapped[str]
    title: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    url: Mapped[str | None]
    media_type: Mapped[str | None]
    digest: Mapped[str | None]
    in_credential: Mapped[bool] = mapped_column(default=False)
    added_by: Mapped[str]
    added_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
