"""What a named assessor found: levels, reasons, comments, and what was handed in.

All of it stands on one ground: an activity, or the case of one learner whose prior learning is looked at.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from badge_service.storage.tables import Base, identity, reference

ONE_GROUND = "(activity_id IS NULL) <> (case_id IS NULL)"


class Assessment(Base):
    """The level a named assessor gave one learner on one criterion, in one activity or case."""

    __tablename__ = "assessments"
    __table_args__ = (
        UniqueConstraint("activity_id", "version_id", "person_id", "criterion"),
        UniqueConstraint("case_id", "criterion"),
        CheckConstraint(ONE_GROUND, name="one_ground"),
    )

    id: Mapped[int] = identity()
    activity_id: Mapped[int | None] = reference("activities.id", nullable=True, index=False)
    case_id: Mapped[int | None] = reference("recognition_cases.id", nullable=True, index=False)
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
    __table_args__ = (
        UniqueConstraint("activity_id", "version_id", "person_id"),
        UniqueConstraint("case_id"),
        CheckConstraint(ONE_GROUND, name="one_ground"),
    )

    id: Mapped[int] = identity()
    activity_id: Mapped[int | None] = reference("activities.id", nullable=True, index=False)
    case_id: Mapped[int | None] = reference("recognition_cases.id", nullable=True, index=False)
    version_id: Mapped[int] = reference("definition_versions.id")
    person_id: Mapped[int] = reference("persons.id")
    text: Mapped[str]
    written_by: Mapped[str]
    written_at: Mapped[datetime]


class AssessmentComment(Base):
    """What an assessor notes about a learner, or (with a criterion) about one cell; for the school alone, never signed."""

    __tablename__ = "assessment_comments"
    __table_args__ = (
        UniqueConstraint(
            "activity_id", "version_id", "person_id", "criterion", name="uq_assessment_comments_cell"
        ),
        UniqueConstraint("case_id", "criterion"),
        CheckConstraint(ONE_GROUND, name="one_ground"),
    )

    id: Mapped[int] = identity()
    activity_id: Mapped[int | None] = reference("activities.id", nullable=True, index=False)
    case_id: Mapped[int | None] = reference("recognition_cases.id", nullable=True, index=False)
    version_id: Mapped[int] = reference("definition_versions.id")
    person_id: Mapped[int] = reference("persons.id")
    criterion: Mapped[str] = mapped_column(default="")
    text: Mapped[str]
    written_by: Mapped[str]
    written_at: Mapped[datetime]


class Evidence(Base):
    """What was handed in, for one learner or (without a person) for the whole group; files lie outside the web root.

    `by_learner` when the learner handed it in; `opened_at` while the learner lets everybody with the link see it.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        Index("ix_evidence_activity", "activity_id", "version_id", "person_id"),
        Index("ix_evidence_case", "case_id"),
        CheckConstraint(ONE_GROUND, name="one_ground"),
    )

    id: Mapped[int] = identity()
    token: Mapped[str] = mapped_column(unique=True)
    activity_id: Mapped[int | None] = reference("activities.id", nullable=True, index=False)
    case_id: Mapped[int | None] = reference("recognition_cases.id", nullable=True, index=False)
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
    by_learner: Mapped[bool] = mapped_column(default=False)
    added_by: Mapped[str]
    added_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None]
    withdrawn_at: Mapped[datetime | None]
