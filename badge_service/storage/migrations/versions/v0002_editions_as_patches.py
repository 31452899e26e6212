"""Editions as differences from a form, tokens beside them, keys of several algorithms, share codes made when needed."""

import json
import zlib
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from badge_service.storage.guards import EDITION_GUARDS, GUARDS, create, drop
from badge_service.storage.tables import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
REPLACED = tuple(guard for guard in GUARDS if guard.name == "signed_edition_frozen")
editions = sa.table(
    "editions",
    sa.column("id"),
    sa.column("content", sa.JSON()),
    sa.column("signed_text"),
    sa.column("form_id"),
    sa.column("patch"),
    sa.column("proof"),
)
edition_forms = sa.table("edition_forms", sa.column("id"), sa.column("body", sa.LargeBinary()))


def upgrade() -> None:
    """Apply."""
    drop(op.get_bind(), REPLACED)
    op.create_table(
        "edition_forms",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_forms")),
    )
    op.add_column("issuer_keys", sa.Column("algorithm", sa.Text(), nullable=False, server_default="EdDSA"))
    op.add_column("status_lists", sa.Column("given", sa.Integer(), nullable=False, server_default="0"))
    op.execute(
        "UPDATE status_lists SET given = (SELECT count(*) FROM status_entries WHERE list_id = status_lists.id)"
    )
    for column in (
        sa.Column("form_id", NUMBER),
        sa.Column("patch", sa.Text()),
        sa.Column("proof", sa.Text()),
    ):
        op.add_column("editions", column)
    _store_as_forms(op.get_bind())
    _end_editions_upgrade()
    _create_jwts()
    with op.batch_alter_table("awards") as awards:
        awards.alter_column("share_code", existing_type=sa.Text(), nullable=True)
        awards.drop_constraint("uq_awards_subject", type_="unique")
        awards.create_index("ix_awards_activity", ["activity_id", "version_id"])
    _want_jwts(op.get_bind())
    create(op.get_bind(), EDITION_GUARDS)


def downgrade() -> None:
    """Take back."""
    drop(op.get_bind(), EDITION_GUARDS)
    _give_share_codes(op.get_bind())
    with op.batch_alter_table("awards") as awards:
        awards.alter_column("share_code", existing_type=sa.Text(), nullable=False)
        awards.create_unique_constraint("uq_awards_subject", ["subject"])
        awards.drop_index("ix_awards_activity")
    op.drop_index("ix_edition_jwts_signed_at", "edition_jwts")
    op.drop_table("edition_jwts")
    for column in (sa.Column("content", sa.JSON()), sa.Column("signed_text", sa.Text())):
        op.add_column("editions", column)
    _store_whole(op.get_bind())
    with op.batch_alter_table("editions") as changed:
        changed.alter_column("content", existing_type=sa.JSON(), nullable=False)
        changed.drop_constraint("fk_editions_form_id", type_="foreignkey")
        for name in ("form_id", "patch", "proof"):
            changed.drop_column(name)
    op.drop_column("status_lists", "given")
    op.drop_column("issuer_keys", "algorithm")
    op.drop_table("edition_forms")
    create(op.get_bind(), REPLACED)


def _end_editions_upgrade() -> None:
    with op.batch_alter_table("editions") as changed:
        changed.alter_column("form_id", existing_type=NUMBER, nullable=False)
        changed.alter_column("patch", existing_type=sa.Text(), nullable=False)
        changed.create_foreign_key("fk_editions_form_id", "edition_forms", ["form_id"], ["id"])
        changed.drop_column("content")
        changed.drop_column("signed_text")


def _create_jwts() -> None:
    op.create_table(
        "edition_jwts",
        sa.Column("edition_id", NUMBER, nullable=False),
        sa.Column("wanted_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("signed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("key_id", NUMBER, nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_edition_jwts_edition_id")),
        sa.ForeignKeyConstraint(["key_id"], ["issuer_keys.id"], name=op.f("fk_edition_jwts_key_id")),
        sa.PrimaryKeyConstraint("edition_id", name=op.f("pk_edition_jwts")),
    )
    op.create_index(op.f("ix_edition_jwts_signed_at"), "edition_jwts", ["signed_at"])


def _want_jwts(connection: sa.Connection) -> None:
    """Who has accepted a badge can have it as a JWT too; the running service signs what is wanted."""
    connection.exec_driver_sql(
        "INSERT INTO edition_jwts (edition_id, wanted_at) SELECT max(e.id), max(e.intended_at) FROM editions e"
        " JOIN documents d ON d.id = e.document_id JOIN awards a ON a.token = d.token"
        " WHERE a.accepted_at IS NOT NULL AND e.state = 'signed' GROUP BY e.document_id"
    )


def _rows(connection: sa.Connection, *columns: Any) -> Iterator[Any]:
    after = 0
    while rows := connection.execute(
        sa.select(editions.c.id, *columns).where(editions.c.id > after).order_by(editions.c.id).limit(500)
    ).all():
        yield from rows
        after = rows[-1].id


def _store_as_forms(connection: sa.Connection) -> None:
    """Each edition of before becomes a form of its own, with nothing to change in it."""
    for row in _rows(connection, editions.c.content, editions.c.signed_text):
        signed = json.loads(row.signed_text) if row.signed_text else {}
        proof = json.dumps(signed.pop("proof"), ensure_ascii=False) if signed else None
        body = zlib.compress(json.dumps(signed or row.content, ensure_ascii=False).encode())
        connection.execute(sa.insert(edition_forms).values(id=row.id, body=body))
        changed = sa.update(editions).where(editions.c.id == row.id)
        connection.execute(changed.values(form_id=row.id, patch="[]", proof=proof))
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(
            "SELECT setval(pg_get_serial_sequence('edition_forms', 'id'),"
            " (SELECT coalesce(max(id), 0) + 1 FROM edition_forms), false)"
        )


def _store_whole(connection: sa.Connection) -> None:
    forms = sa.select(edition_forms.c.body).where(edition_forms.c.id == editions.c.form_id).scalar_subquery()
    for row in _rows(connection, forms.label("body"), editions.c.patch, editions.c.proof):
        content = json.loads(zlib.decompress(row.body))
        for path, value in json.loads(row.patch):
            part = content
            for name in path[:-1]:
                part = part[name]
            part[path[-1]] = value
        text = (
            json.dumps({**content, "proof": json.loads(row.proof)}, ensure_ascii=False) if row.proof else None
        )
        changed = sa.update(editions).where(editions.c.id == row.id)
        connection.execute(changed.values(content=content, signed_text=text))


def _give_share_codes(connection: sa.Connection) -> None:
    """Nobody has been told these; the version before has one for every award."""
    connection.execute(sa.text("UPDATE awards SET share_code = 'none-' || token WHERE share_code IS NULL"))
