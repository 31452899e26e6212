"""Competence frameworks with their items, the index that search reads, and which definition names which item."""

import re
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from badge_service.storage import word_index
from badge_service.storage.tables import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = word_index.WordIndex("framework_items", ("words_all", "words_title"))
versions = sa.table("definition_versions", sa.column("id"), sa.column("content", sa.JSON()))
named = sa.table(
    "version_alignments",
    sa.column("version_id"),
    sa.column("target_url"),
    sa.column("generated", sa.Boolean()),
)


def upgrade() -> None:
    """Apply."""
    _create_frameworks()
    _create_items()
    _create_uploads()
    op.create_table(
        "framework_words",
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_framework_words")),
    )
    op.create_table(
        "version_alignments",
        sa.Column("version_id", NUMBER, nullable=False),
        sa.Column("target_url", sa.Text(), nullable=False),
        sa.Column("generated", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["definition_versions.id"], name=op.f("fk_version_alignments_version_id")
        ),
        sa.PrimaryKeyConstraint("version_id", "target_url", name=op.f("pk_version_alignments")),
    )
    op.create_index(op.f("ix_version_alignments_target_url"), "version_alignments", ["target_url"])
    word_index.create(op.get_bind(), WORDS)
    _note_what_is_named(op.get_bind())


def downgrade() -> None:
    """Take back; frameworks that were imported are lost."""
    word_index.drop(op.get_bind(), WORDS)
    for table in (
        "version_alignments",
        "framework_words",
        "framework_uploads",
        "framework_items",
        "frameworks",
    ):
        op.drop_table(table)


def _texts(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _create_frameworks() -> None:
    op.create_table(
        "frameworks",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        *_texts(
            "key", "origin", "name", "version", "publisher", "licence", "document_uri", "source", "notes"
        ),
        *_texts("retrieved", "language", "alignment_name", "target_type", "digest"),
        sa.Column("item_count", sa.Integer(), nullable=False),
        sa.Column("added_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.Text()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frameworks")),
        sa.UniqueConstraint("key", name=op.f("uq_frameworks_key")),
    )


def _create_items() -> None:
    op.create_table(
        "framework_items",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("framework_id", NUMBER, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        *_texts("code", "parent_code", "kind", "theme", "label", "language"),
        sa.Column("labels", sa.JSON(), nullable=False),
        *_texts("summary", "everyday_words", "uri", "uri_kind", "target_url", "target_type", "page_url"),
        *_texts("confidence_label", "confidence_uri"),
        sa.Column("facts", sa.JSON(), nullable=False),
        *_texts("words_title", "words_near", "words_around", "words_all"),
        sa.Column("added_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.Text()),
        sa.Column("retired_at", UtcDateTime(timezone=True)),
        sa.Column("mapped_to_id", NUMBER),
        sa.Column("mapped_at", UtcDateTime(timezone=True)),
        sa.Column("mapped_by", sa.Text()),
        sa.ForeignKeyConstraint(
            ["framework_id"], ["frameworks.id"], name=op.f("fk_framework_items_framework_id")
        ),
        sa.ForeignKeyConstraint(
            ["mapped_to_id"], ["framework_items.id"], name=op.f("fk_framework_items_mapped_to_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_framework_items")),
        sa.UniqueConstraint("framework_id", "code", name=op.f("uq_framework_items_framework_id_code")),
    )
    op.create_index("ix_framework_items_place", "framework_items", ["framework_id", "place"])
    op.create_index(
        "ix_framework_items_children", "framework_items", ["framework_id", "parent_code", "place"]
    )
    for name in ("uri", "target_url", "mapped_to_id"):
        op.create_index(op.f(f"ix_framework_items_{name}"), "framework_items", [name])


def _create_uploads() -> None:
    op.create_table(
        "framework_uploads",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        *_texts("token", "person_key", "filename"),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_framework_uploads")),
        sa.UniqueConstraint("token", name=op.f("uq_framework_uploads_token")),
    )
    op.create_index(op.f("ix_framework_uploads_person_key"), "framework_uploads", ["person_key"])


def _note_what_is_named(connection: sa.Connection) -> None:
    """Which addresses each version of a definition names; from now on kept whenever a version is saved."""
    for row in _rows(connection):
        written = set(_urls(row.content))
        rows = [
            {"version_id": row.id, "target_url": url, "generated": url not in written}
            for url in sorted(written | set(_generated(row.content)))
        ]
        if rows:
            connection.execute(sa.insert(named), rows)


def _urls(content: Any) -> Iterator[str]:
    for holder in (content, *(content.get("learning_outcomes") or [])):
        for one in (holder.get("alignments") or []) if isinstance(holder, dict) else []:
            if isinstance(one, dict) and isinstance(one.get("targetUrl"), str) and one["targetUrl"]:
                yield one["targetUrl"]


def _generated(content: Any) -> Iterator[str]:
    """Level and field of study, which the achievement names as alignments by itself."""
    level, code = content.get("eqf_level"), content.get("isced_f")
    if isinstance(level, int) and not isinstance(level, bool) and 1 <= level <= 8:
        yield f"http://data.europa.eu/snb/eqf/{level}"
    if isinstance(code, str) and re.fullmatch(r"[0-9]{4}", code):
        yield f"http://data.europa.eu/snb/isced-f/{code}"


def _rows(connection: sa.Connection) -> Iterator[Any]:
    after = 0
    found = sa.select(versions.c.id, versions.c.content).order_by(versions.c.id).limit(500)
    while rows := connection.execute(found.where(versions.c.id > after)).all():
        yield from rows
        after = rows[-1].id
