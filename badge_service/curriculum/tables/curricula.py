"""Curricula: what a Learning Ecosystem Team teaches, in units that lead to micro-credentials, in versions frozen like theirs."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from badge_service.curriculum.tables.teams import Let
from badge_service.people.tables import Organisation
from badge_service.storage.tables import Base, identity, reference


class Curriculum(Base):
    """A curriculum as a lasting thing; what it says stands in its versions."""

    __tablename__ = "curricula"

    id: Mapped[int] = identity()
    slug: Mapped[str] = mapped_column(unique=True)
    let_id: Mapped[int] = reference("lets.id")
    organisation_id: Mapped[int] = reference("organisations.id")
    created_at: Mapped[datetime]

    let: Mapped[Let] = relationship(lazy="joined")
    organisation: Mapped[Organisation] = relationship(lazy="joined")


class CurriculumVersion(Base):
    """One version of a curriculum; frozen at publication (a trigger refuses to change a published content).

    `content` is the document of `rules/curricula.py: blank_curriculum`: title, language, description, units, topics.
    """

    __tablename__ = "curriculum_versions"
    __table_args__ = (
        UniqueConstraint("curriculum_id", "version"),
        Index("ix_curriculum_versions_state_title", "state", "title"),
    )

    id: Mapped[int] = identity()
    curriculum_id: Mapped[int] = reference("curricula.id", index=False)
    version: Mapped[str]
    sort_key: Mapped[int]
    state: Mapped[str]
    content: Mapped[dict[str, Any]]
    title: Mapped[str]
    language: Mapped[str]
    number_reason: Mapped[str | None]
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    published_by: Mapped[str | None]

    curriculum: Mapped[Curriculum] = relationship(lazy="joined")


class CurriculumDefinition(Base):
    """That a version of a curriculum has a unit which leads to a definition; derived from the content, for lookups."""

    __tablename__ = "curriculum_definitions"

    curriculum_version_id: Mapped[int] = reference("curriculum_versions.id", primary_key=True, index=False)
    definition_id: Mapped[int] = reference("definitions.id", primary_key=True)
