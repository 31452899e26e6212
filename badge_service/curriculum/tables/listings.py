"""What lists, filters and searches need to know of each version, in narrow rows: a version's own row is tens of kilobytes long."""

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from badge_service.storage.tables import Base, BigId
from badge_service.storage.word_index import WordIndex

_BY_CODE_POINT = Text().with_variant(Text(collation="C"), "postgresql")
"""Both databases order and compare it the same way, so that the beginning of a word is a range."""


class ListedVersion(Base):
    """One version in the lists; written by `actions.listing.enlist` alone.

    `id` is that of the version; `in_catalogue` marks the newest published version of its definition; `place` orders a desk: 0 drafts, 1 all else;
    `sort_title` is the folded title; `words` are the folded words by which it is found (`storage.word_index`).
    """

    __tablename__ = "listed_versions"
    __table_args__ = (
        Index("ix_listed_versions_title", "in_catalogue", "sort_title"),
        Index("ix_listed_versions_topic", "in_catalogue", "topic", "sort_title"),
        Index("ix_listed_versions_category", "in_catalogue", "category", "sort_title"),
        Index("ix_listed_versions_level", "in_catalogue", "level", "sort_title"),
        Index("ix_listed_versions_language", "in_catalogue", "language", "sort_title"),
        Index("ix_listed_versions_kind", "in_catalogue", "kind", "sort_title"),
        Index("ix_listed_versions_region", "in_catalogue", "region_id", "sort_title"),
        Index("ix_listed_versions_let", "in_catalogue", "let_id", "sort_title"),
        Index("ix_listed_versions_school", "in_catalogue", "organisation_id", "sort_title"),
        Index("ix_listed_versions_desk", "organisation_id", "place", "sort_title"),
    )

    id: Mapped[int] = mapped_column(
        BigId, ForeignKey("definition_versions.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    definition_id: Mapped[int] = mapped_column(BigId, ForeignKey("definitions.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(BigId, ForeignKey("organisations.id"))
    let_id: Mapped[int] = mapped_column(BigId, ForeignKey("lets.id"))
    region_id: Mapped[int] = mapped_column(BigId, ForeignKey("regions.id"))
    sort_key: Mapped[int]
    sort_title: Mapped[str] = mapped_column(_BY_CODE_POINT)
    place: Mapped[int]
    in_catalogue: Mapped[bool]
    topic: Mapped[str] = mapped_column(_BY_CODE_POINT)
    category: Mapped[str] = mapped_column(_BY_CODE_POINT)
    level: Mapped[int]
    language: Mapped[str] = mapped_column(_BY_CODE_POINT)
    kind: Mapped[str] = mapped_column(_BY_CODE_POINT)
    words: Mapped[str]


LISTED_WORDS = WordIndex(ListedVersion.__tablename__, ("words",))
