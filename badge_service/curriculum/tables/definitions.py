"""Definitions of micro-credentials with their frozen versions, and which definition is a translation of which."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from badge_service.curriculum.tables.teams import Let
from badge_service.people.tables import Organisation
from badge_service.storage.tables import Base, identity, reference


class Definition(Base):
    """A micro-credential as a lasting thing; what it says stands in its versions."""

    __tablename__ = "definitions"

    id: Mapped[int] = identity()
    slug: Mapped[str] = mapped_column(unique=True)
    code: Mapped[str] = mapped_column(unique=True)
    let_id: Mapped[int] = reference("lets.id")
    organisation_id: Mapped[int] = reference("organisations.id")
    created_at: Mapped[datetime]

    let: Mapped[Let] = relationship(lazy="joined")
    organisation: Mapped[Organisation] = relationship(lazy="joined")


class DefinitionVersion(Base):
    """One version of a definition; frozen at publication (a trigger refuses to change a published content).

    `content` is the document that `schemas/definition.schema.json` describes; the columns beside it repeat what lists
    filter by and are set from it in one place. An uploaded picture (`picture_png`) stands in place of the drawn one
    (`picture_svg`); both are read only when asked for, as they are larger than all the rest. `related` (other
    versions and languages as Related objects) is fixed at publication, so that every badge of a version carries the
    same achievement; `number_reason` says why a number is lower than the difference advises.
    """

    __tablename__ = "definition_versions"
    __table_args__ = (
        UniqueConstraint("definition_id", "version"),
        Index("ix_definition_versions_catalogue", "state", "topic", "level", "language"),
    )

    id: Mapped[int] = identity()
    definition_id: Mapped[int] = reference("definitions.id")
    version: Mapped[str]
    sort_key: Mapped[int]
    state: Mapped[str]
    content: Mapped[dict[str, Any]]
    further_text: Mapped[str] = mapped_column(default="")
    picture_svg: Mapped[str] = mapped_column(default="", deferred=True)
    picture_png: Mapped[bytes | None] = mapped_column(deferred=True)
    picture_uploaded: Mapped[bool] = mapped_column(default=False)
    title: Mapped[str]
    topic: Mapped[str]
    category: Mapped[str]
    level: Mapped[int]
    language: Mapped[str]
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    published_by: Mapped[str | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str | None]
    number_reason: Mapped[str | None]
    related: Mapped[list[Any] | None]

    definition: Mapped[Definition] = relationship(lazy="joined")
    named_targets: Mapped[list["VersionAlignment"]] = relationship(cascade="all, delete-orphan")

    @property
    def picture_address(self) -> str:
        """The path under which the picture of this version is published for people: sharp at any size where it is drawn."""
        ending = "png" if self.picture_uploaded else "svg"
        return f"/images/{self.definition.slug}-{self.version}.{ending}"


class VersionAlignment(Base):
    """That a version names an address as the target of an alignment; kept beside the content, so that it can be looked up.

    `generated` ones are its level and field of study: they say where it belongs, not what is learnt.
    """

    __tablename__ = "version_alignments"

    version_id: Mapped[int] = reference("definition_versions.id", primary_key=True, index=False)
    target_url: Mapped[str] = mapped_column(primary_key=True, index=True)
    generated: Mapped[bool] = mapped_column(default=False)


class DefinitionTranslation(Base):
    """That a definition says in another language what an original says; a badge of either counts as one of the original."""

    __tablename__ = "definition_translations"

    definition_id: Mapped[int] = reference("definitions.id", primary_key=True, index=False)
    original_id: Mapped[int] = reference("definitions.id")
