"""Pathways with their versions: which definitions together make a larger one, and the definition of that larger badge."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from badge_service.curriculum.tables.definitions import Definition, DefinitionVersion
from badge_service.curriculum.tables.teams import Let
from badge_service.people.tables import Organisation
from badge_service.storage.tables import Base, identity, reference


class Pathway(Base):
    """A pathway as a lasting thing; `definition` is that of its stacked badge, made at its first publication."""

    __tablename__ = "pathways"
    __table_args__ = (UniqueConstraint("definition_id"),)

    id: Mapped[int] = identity()
    slug: Mapped[str] = mapped_column(unique=True)
    code: Mapped[str] = mapped_column(unique=True)
    let_id: Mapped[int] = reference("lets.id")
    organisation_id: Mapped[int] = reference("organisations.id")
    definition_id: Mapped[int | None] = reference("definitions.id", nullable=True, index=False)
    created_at: Mapped[datetime]

    let: Mapped[Let] = relationship(lazy="joined")
    organisation: Mapped[Organisation] = relationship(lazy="joined")
    definition: Mapped[Definition | None] = relationship()


class PathwayVersion(Base):
    """A pathway's rule in one version; frozen at publication (a trigger refuses to change a published content).

    `content` is the document that `schemas/pathway.schema.json` describes, with `further_text` and `picture_svg`
    beside it; slug, code, LET and title repeat what lists need. `badge_version` is the published stacked definition.
    """

    __tablename__ = "pathway_versions"
    __table_args__ = (
        UniqueConstraint("slug", "version"),
        # Lists are read along these alone: a row holds a whole rule and a picture.
        Index("ix_pathway_versions_list", "state", "title", "pathway_id", "sort_key"),
        Index("ix_pathway_versions_newest", "pathway_id", "state", "sort_key", "title"),
    )

    id: Mapped[int] = identity()
    pathway_id: Mapped[int] = reference("pathways.id")
    slug: Mapped[str]
    code: Mapped[str]
    version: Mapped[str]
    sort_key: Mapped[int]
    state: Mapped[str]
    title: Mapped[str]
    content: Mapped[dict[str, Any]]
    let_id: Mapped[int] = reference("lets.id")
    badge_version_id: Mapped[int | None] = reference("definition_versions.id", nullable=True)
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    published_by: Mapped[str | None]
    withdrawn_at: Mapped[datetime | None]

    pathway: Mapped[Pathway] = relationship(lazy="joined")
    badge_version: Mapped[DefinitionVersion | None] = relationship()


class PathwayPart(Base):
    """That a pathway's version names a definition's code; `*` stands for a part that leaves the choice free.

    Filled from the rule in one place (`actions/pathways.py`), so that an award asks with one indexed question.
    """

    __tablename__ = "pathway_parts"

    code: Mapped[str] = mapped_column(primary_key=True)
    version_id: Mapped[int] = reference("pathway_versions.id", primary_key=True)
