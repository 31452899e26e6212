"""Which definition is a translation of which, pictures that were uploaded instead of drawn, and what lists know of versions."""

import json
import re
import unicodedata
from typing import Any

import sqlalchemy as sa
from alembic import op

from badge_service.storage import word_index
from badge_service.storage.guards import PICTURE_GUARDS, create, drop

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WORDS = word_index.WordIndex("listed_versions", ("words",))
LETTERS = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i", "ё": "е"})
COPIED = (
    *("id", "definition_id", "organisation_id", "let_id", "region_id", "sort_key"),
    *("topic", "category", "level", "language"),
)
OWN = ("sort_title", "place", "in_catalogue", "kind", "words")
listed = sa.table("listed_versions", *(sa.column(name) for name in COPIED + OWN))
LISTS = {
    "title": (),
    "topic": ("topic",),
    "category": ("category",),
    "level": ("level",),
    "language": ("language",),
    "kind": ("kind",),
    "region": ("region_id",),
    "let": ("let_id",),
    "school": ("organisation_id",),
}


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "definition_translations",
        sa.Column("definition_id", NUMBER, nullable=False),
        sa.Column("original_id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["definition_id"], ["definitions.id"], name=op.f("fk_definition_translations_definition_id")
        ),
        sa.ForeignKeyConstraint(
            ["original_id"], ["definitions.id"], name=op.f("fk_definition_translations_original_id")
        ),
        sa.PrimaryKeyConstraint("definition_id", name=op.f("pk_definition_translations")),
    )
    op.create_index(
        op.f("ix_definition_translations_original_id"), "definition_translations", ["original_id"]
    )
    op.add_column("definition_versions", sa.Column("picture_png", sa.LargeBinary()))
    op.add_column(
        "definition_versions",
        sa.Column("picture_uploaded", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    create(op.get_bind(), PICTURE_GUARDS)
    _make_lists()
    _list_what_is_stored(op.get_bind())
    word_index.create(op.get_bind(), WORDS)


def downgrade() -> None:
    """Take back; uploaded pictures are lost."""
    word_index.drop(op.get_bind(), WORDS)
    op.drop_table("listed_versions")
    drop(op.get_bind(), PICTURE_GUARDS)
    op.drop_column("definition_versions", "picture_uploaded")
    op.drop_column("definition_versions", "picture_png")
    op.drop_table("definition_translations")


def _make_lists() -> None:
    op.create_table(
        "listed_versions",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        *(sa.Column(name, NUMBER, nullable=False) for name in ("definition_id", "organisation_id", "let_id")),
        sa.Column("region_id", NUMBER, nullable=False),
        sa.Column("sort_key", sa.Integer(), nullable=False),
        sa.Column("sort_title", TEXT, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("in_catalogue", sa.Boolean(), nullable=False),
        sa.Column("topic", TEXT, nullable=False),
        sa.Column("category", TEXT, nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("language", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["id"], ["definition_versions.id"], name=op.f("fk_listed_versions_id"), ondelete="CASCADE"
        ),
        *(
            sa.ForeignKeyConstraint([f"{one}_id"], [f"{one}s.id"], name=op.f(f"fk_listed_versions_{one}_id"))
            for one in ("definition", "organisation", "let", "region")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listed_versions")),
    )
    op.create_index(op.f("ix_listed_versions_definition_id"), "listed_versions", ["definition_id"])
    for name, columns in LISTS.items():
        found_by = ["in_catalogue", *columns, "sort_title"]
        op.create_index(f"ix_listed_versions_{name}", "listed_versions", found_by)
    of_desk = ["organisation_id", "place", "sort_title"]
    op.create_index("ix_listed_versions_desk", "listed_versions", of_desk)


def _list_what_is_stored(connection: sa.Connection) -> None:
    stored = connection.execute(
        sa.text(
            "SELECT v.id, v.definition_id, d.organisation_id, d.let_id, l.region_id, v.sort_key, v.title, v.state,"
            " v.topic, v.category, v.level, v.language, v.content, d.code FROM definition_versions v"
            " JOIN definitions d ON d.id = v.definition_id JOIN lets l ON l.id = d.let_id"
        )
    ).all()
    newest: dict[int, int] = {}
    for row in stored:
        if row.state == "published":
            newest[row.definition_id] = max(row.sort_key, newest.get(row.definition_id, 0))
    for row in stored:
        is_newest = row.state == "published" and row.sort_key == newest[row.definition_id]
        connection.execute(sa.insert(listed), _listed(row) | {"in_catalogue": is_newest})


def _listed(row: Any) -> dict[str, Any]:
    content = json.loads(row.content) if isinstance(row.content, str) else row.content
    tags = [one for one in content.get("tags") or [] if isinstance(one, str)]
    return {name: getattr(row, name) for name in COPIED} | {
        "sort_title": " ".join(_words(row.title)),
        "place": 0 if row.state == "draft" else 1,
        "kind": str(content.get("achievement_type") or ""),
        "words": " ".join(
            dict.fromkeys(word for text in (row.title, row.code, *tags) for word in _words(text))
        ),
    }


def _words(text: str) -> list[str]:
    """As the code of this revision folded words (`rules.frameworks.folding`)."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text.casefold()).casefold())
    folded = folded.replace("и\u0306", "й").translate(LETTERS)
    plain = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return [word[:60] for word in re.findall(r"\d+(?:\.\d+)+|[^\W_]+", plain)]
