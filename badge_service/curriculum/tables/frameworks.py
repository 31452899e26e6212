"""Competence frameworks with their items, and how many items each word stands in."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from badge_service.storage.tables import Base, identity, reference


class Framework(Base):
    """One edition of a framework, shipped with the service, imported, or the service's own list of gaps.

    `alignment_name` and `target_type` are what an alignment to one of its items says as targetFramework and targetType;
    `digest` is that of the shipped file, by which a start knows that nothing has changed.
    """

    __tablename__ = "frameworks"

    id: Mapped[int] = identity()
    key: Mapped[str] = mapped_column(unique=True)
    origin: Mapped[str]
    name: Mapped[str]
    version: Mapped[str]
    publisher: Mapped[str]
    licence: Mapped[str]
    document_uri: Mapped[str]
    source: Mapped[str]
    notes: Mapped[str]
    retrieved: Mapped[str]
    language: Mapped[str]
    alignment_name: Mapped[str]
    target_type: Mapped[str]
    digest: Mapped[str]
    item_count: Mapped[int]
    added_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    added_by: Mapped[str | None]


class FrameworkItem(Base):
    """A skill, competence, goal, level or field; kept for ever once stored, as definitions may name it.

    `label` is in `language`; `labels` holds it in others: a list of {language, text, origin}. `uri` is how the framework
    names the item, `target_url` what an alignment gives as targetUrl (often the same), `page_url` a page to read.
    `retired_at` is set when a newer file of the framework no longer has it. `mapped_to_id`: for a gap of ours, the item of
    another framework that says the same. The columns `words_…` are what search reads: folded words, each once.
    """

    __tablename__ = "framework_items"
    __table_args__ = (
        UniqueConstraint("framework_id", "code"),
        Index("ix_framework_items_place", "framework_id", "place"),
        Index("ix_framework_items_children", "framework_id", "parent_code", "place"),
    )

    id: Mapped[int] = identity()
    framework_id: Mapped[int] = reference("frameworks.id", index=False)
    place: Mapped[int]
    code: Mapped[str]
    parent_code: Mapped[str]
    kind: Mapped[str]
    theme: Mapped[str]
    label: Mapped[str]
    language: Mapped[str]
    labels: Mapped[list[Any]]
    summary: Mapped[str]
    everyday_words: Mapped[str]
    uri: Mapped[str] = mapped_column(index=True)
    uri_kind: Mapped[str]
    target_url: Mapped[str] = mapped_column(index=True)
    target_type: Mapped[str]
    page_url: Mapped[str]
    confidence_label: Mapped[str]
    confidence_uri: Mapped[str]
    facts: Mapped[dict[str, Any]]
    words_title: Mapped[str]
    words_near: Mapped[str]
    words_around: Mapped[str]
    words_all: Mapped[str]
    added_at: Mapped[datetime]
    added_by: Mapped[str | None]
    retired_at: Mapped[datetime | None]
    mapped_to_id: Mapped[int | None] = reference("framework_items.id", nullable=True)
    mapped_at: Mapped[datetime | None]
    mapped_by: Mapped[str | None]

    framework: Mapped[Framework] = relationship(lazy="joined", innerjoin=True)
    mapped_to: Mapped["FrameworkItem | None"] = relationship(remote_side="FrameworkItem.id")


class FrameworkWord(Base):
    """In how many items a folded word stands: what makes a rare word say more than a common one."""

    __tablename__ = "framework_words"

    word: Mapped[str] = mapped_column(primary_key=True)
    items: Mapped[int]
