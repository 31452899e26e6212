"""The feedback loop: what was found, what was asked for because of it, what was decided, and which version answers it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from badge_service.storage.tables import Base, identity, reference


class Finding(Base):
    """One thing learnt about a curriculum's unit or a definition, from how many people, and where that can be read.

    `label` continues the word “after”: “pilot 2 in Friesland”. It never holds a person's name.
    """

    __tablename__ = "findings"
    __table_args__ = (
        Index("ix_findings_organisation_id", "organisation_id", "id"),
        CheckConstraint("curriculum_id IS NOT NULL OR definition_id IS NOT NULL", name="about"),
    )

    id: Mapped[int] = identity()
    organisation_id: Mapped[int] = reference("organisations.id", index=False)
    curriculum_id: Mapped[int | None] = reference("curricula.id", nullable=True)
    unit: Mapped[str] = mapped_column(default="")
    definition_id: Mapped[int | None] = reference("definitions.id", nullable=True)
    kind: Mapped[str]
    severity: Mapped[str]
    source_kind: Mapped[str]
    label: Mapped[str]
    public_url: Mapped[str | None]
    n: Mapped[int | None]
    iteration: Mapped[int | None]
    text: Mapped[str]
    language: Mapped[str]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str | None]


class ChangeRequest(Base):
    """What should change in one definition or one curriculum because of findings, and what the LET decided."""

    __tablename__ = "change_requests"
    __table_args__ = (
        Index("ix_change_requests_organisation_id", "organisation_id", "state", "id"),
        CheckConstraint("(curriculum_id IS NULL) <> (definition_id IS NULL)", name="about"),
    )

    id: Mapped[int] = identity()
    organisation_id: Mapped[int] = reference("organisations.id", index=False)
    curriculum_id: Mapped[int | None] = reference("curricula.id", nullable=True)
    definition_id: Mapped[int | None] = reference("definitions.id", nullable=True)
    text: Mapped[str]
    state: Mapped[str]
    opened_at: Mapped[datetime]
    opened_by: Mapped[str]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]
    reason: Mapped[str | None]
    definition_version_id: Mapped[int | None] = reference("definition_versions.id", nullable=True)
    curriculum_version_id: Mapped[int | None] = reference("curriculum_versions.id", nullable=True)
    answered_at: Mapped[datetime | None]

    findings: Mapped[list[Finding]] = relationship(
        secondary="change_request_findings", order_by=Finding.id, lazy="selectin"
    )


class ChangeRequestFinding(Base):
    """Which findings a change request answers."""

    __tablename__ = "change_request_findings"

    request_id: Mapped[int] = reference("change_requests.id", primary_key=True, index=False)
    finding_id: Mapped[int] = reference("findings.id", primary_key=True)


class ChangeNote(Base):
    """Why fields of a version differ from the version before: an accepted change request, or a sentence (“editorial”).

    Written at publication and frozen with the version (a trigger refuses the rest).
    """

    __tablename__ = "change_notes"
    __table_args__ = (
        CheckConstraint("(curriculum_version_id IS NULL) <> (definition_version_id IS NULL)", name="about"),
        CheckConstraint("(request_id IS NULL) <> (editorial IS NULL)", name="because"),
    )

    id: Mapped[int] = identity()
    definition_version_id: Mapped[int | None] = reference("definition_versions.id", nullable=True)
    curriculum_version_id: Mapped[int | None] = reference("curriculum_versions.id", nullable=True)
    fields: Mapped[list[str]]
    request_id: Mapped[int | None] = reference("change_requests.id", nullable=True)
    editorial: Mapped[str | None]

    request: Mapped[ChangeRequest | None] = relationship(lazy="joined")
