"""Pathways that are drafted, fulfilled and settled; awards that belong to no activity but to a fulfilled pathway."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from badge_service.storage.guards import PATHWAY_GUARDS, create, drop
from badge_service.storage.tables import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = UtcDateTime(timezone=True)
STANDING = sa.text("ended_at IS NULL")
ALONE = sa.text("ended_at IS NULL AND activity_id IS NULL")
versions = sa.table(
    "pathway_versions",
    *(
        sa.column(name)
        for name in ("id", "pathway_id", "slug", "code", "version", "sort_key", "state", "let_id")
    ),
    *(sa.column(name) for name in ("content", "revision", "created_at", "changed_at", "published_at")),
)
pathways = sa.table(
    "pathways",
    *(sa.column(name) for name in ("id", "slug", "code", "let_id", "organisation_id", "created_at")),
)
parts = sa.table("pathway_parts", sa.column("code"), sa.column("version_id"))


def upgrade() -> None:
    """Apply; every pathway there is becomes a published version of a lasting one."""
    _create_pathways()
    with op.batch_alter_table("pathway_versions") as changed:
        for name, kind in (("pathway_id", NUMBER), ("sort_key", sa.Integer()), ("state", sa.Text())):
            changed.add_column(sa.Column(name, kind))
        for name, kind in (
            ("badge_version_id", NUMBER),
            ("revision", sa.Integer()),
            ("published_by", sa.Text()),
        ):
            changed.add_column(sa.Column(name, kind))
        for name in ("created_at", "changed_at", "withdrawn_at"):
            changed.add_column(sa.Column(name, MOMENT))
    _fill_pathways(op.get_bind())
    with op.batch_alter_table("pathway_versions") as changed:
        for name, kind in (("pathway_id", NUMBER), ("sort_key", sa.Integer()), ("state", sa.Text())):
            changed.alter_column(name, existing_type=kind, nullable=False)
        for name in ("created_at", "changed_at"):
            changed.alter_column(name, existing_type=MOMENT, nullable=False)
        changed.alter_column("revision", existing_type=sa.Integer(), nullable=False)
        changed.alter_column("published_at", existing_type=MOMENT, nullable=True)
        changed.create_foreign_key("fk_pathway_versions_pathway_id", "pathways", ["pathway_id"], ["id"])
        changed.create_foreign_key(
            "fk_pathway_versions_badge_version_id", "definition_versions", ["badge_version_id"], ["id"]
        )
        changed.create_index("ix_pathway_versions_pathway_id", ["pathway_id"])
        changed.create_index("ix_pathway_versions_badge_version_id", ["badge_version_id"])
        changed.create_index("ix_pathway_versions_list", ["state", "title", "pathway_id", "sort_key"])
        changed.create_index("ix_pathway_versions_newest", ["pathway_id", "state", "sort_key", "title"])
    _create_fulfilments()
    with op.batch_alter_table("awards") as awards:
        awards.alter_column("activity_id", existing_type=NUMBER, nullable=True)
        awards.add_column(sa.Column("fulfilment_id", NUMBER))
        awards.create_foreign_key("fk_awards_fulfilment_id", "pathway_fulfilments", ["fulfilment_id"], ["id"])
        awards.create_index("ix_awards_fulfilment", ["fulfilment_id"])
        awards.create_index(
            "uq_awards_standing_alone",
            ["version_id", "person_id"],
            unique=True,
            sqlite_where=ALONE,
            postgresql_where=ALONE,
        )
    _create_fulfilment_parts()
    create(op.get_bind(), PATHWAY_GUARDS)


def downgrade() -> None:
    """Take back: drafts of pathways, fulfilments and stacked awards are lost, published pathways stay."""
    drop(op.get_bind(), PATHWAY_GUARDS)
    op.drop_table("fulfilment_parts")
    for statement in (
        "DELETE FROM claim_codes WHERE award_id IN (SELECT id FROM awards WHERE activity_id IS NULL)",
        "DELETE FROM awards WHERE activity_id IS NULL",
        "DELETE FROM pathway_parts",
        "DELETE FROM pathway_versions WHERE published_at IS NULL",
    ):
        op.execute(statement)
    with op.batch_alter_table("awards") as awards:
        awards.drop_index("uq_awards_standing_alone")
        awards.drop_index("ix_awards_fulfilment")
        awards.drop_constraint("fk_awards_fulfilment_id", type_="foreignkey")
        awards.drop_column("fulfilment_id")
        awards.alter_column("activity_id", existing_type=NUMBER, nullable=False)
    for table in ("standing_decisions", "pathway_fulfilments", "pathway_parts"):
        op.drop_table(table)
    with op.batch_alter_table("pathway_versions") as changed:
        changed.drop_index("ix_pathway_versions_newest")
        changed.drop_index("ix_pathway_versions_list")
        changed.drop_index("ix_pathway_versions_badge_version_id")
        changed.drop_index("ix_pathway_versions_pathway_id")
        changed.drop_constraint("fk_pathway_versions_badge_version_id", type_="foreignkey")
        changed.drop_constraint("fk_pathway_versions_pathway_id", type_="foreignkey")
        for name in ("pathway_id", "sort_key", "state", "badge_version_id", "revision", "published_by"):
            changed.drop_column(name)
        for name in ("created_at", "changed_at", "withdrawn_at"):
            changed.drop_column(name)
        changed.alter_column("published_at", existing_type=MOMENT, nullable=False)
    op.drop_table("pathways")


def _create_pathways() -> None:
    op.create_table(
        "pathways",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("let_id", NUMBER, nullable=False),
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.Column("definition_id", NUMBER),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["definition_id"], ["definitions.id"], name="fk_pathways_definition_id"),
        sa.ForeignKeyConstraint(["let_id"], ["lets.id"], name="fk_pathways_let_id"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name="fk_pathways_organisation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_pathways"),
        sa.UniqueConstraint("code", name="uq_pathways_code"),
        sa.UniqueConstraint("definition_id", name="uq_pathways_definition_id"),
        sa.UniqueConstraint("slug", name="uq_pathways_slug"),
    )
    op.create_index("ix_pathways_let_id", "pathways", ["let_id"])
    op.create_index("ix_pathways_organisation_id", "pathways", ["organisation_id"])
    op.create_table(
        "pathway_parts",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("version_id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["pathway_versions.id"], name="fk_pathway_parts_version_id"),
        sa.PrimaryKeyConstraint("code", "version_id", name="pk_pathway_parts"),
    )
    op.create_index("ix_pathway_parts_version_id", "pathway_parts", ["version_id"])


def _create_fulfilments() -> None:
    op.create_table(
        "pathway_fulfilments",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("person_id", NUMBER),
        sa.Column("pathway_version_id", NUMBER, nullable=False),
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("fulfilled_at", MOMENT, nullable=False),
        sa.Column("decided_by", sa.Text()),
        sa.Column("decided_at", MOMENT),
        sa.Column("flagged_at", MOMENT),
        sa.Column("ended_at", MOMENT),
        _key("pathway_fulfilments", "person_id", "persons"),
        _key("pathway_fulfilments", "pathway_version_id", "pathway_versions"),
        _key("pathway_fulfilments", "organisation_id", "organisations"),
        sa.PrimaryKeyConstraint("id", name="pk_pathway_fulfilments"),
        sa.UniqueConstraint("token", name="uq_pathway_fulfilments_token"),
    )
    op.create_index(
        "uq_pathway_fulfilments_standing",
        "pathway_fulfilments",
        ["person_id", "pathway_version_id"],
        unique=True,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )
    op.create_index("ix_pathway_fulfilments_desk", "pathway_fulfilments", ["organisation_id", "state"])
    op.create_index(
        "ix_pathway_fulfilments_pathway_version_id", "pathway_fulfilments", ["pathway_version_id"]
    )
    op.create_table(
        "standing_decisions",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("pathway_version_id", NUMBER, nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("ended_by", sa.Text()),
        _key("standing_decisions", "pathway_version_id", "pathway_versions"),
        sa.PrimaryKeyConstraint("id", name="pk_standing_decisions"),
    )
    op.create_index(
        "uq_standing_decisions_open",
        "standing_decisions",
        ["pathway_version_id"],
        unique=True,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )


def _create_fulfilment_parts() -> None:
    op.create_table(
        "fulfilment_parts",
        sa.Column("fulfilment_id", NUMBER, nullable=False),
        sa.Column("award_id", NUMBER, nullable=False),
        _key("fulfilment_parts", "fulfilment_id", "pathway_fulfilments"),
        _key("fulfilment_parts", "award_id", "awards"),
        sa.PrimaryKeyConstraint("fulfilment_id", "award_id", name="pk_fulfilment_parts"),
    )
    op.create_index("ix_fulfilment_parts_award_id", "fulfilment_parts", ["award_id"])


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}")


def _fill_pathways(connection: sa.Connection) -> None:
    """Codes and slugs were one pathway's each; its organisation is that of its LET's oldest definition."""
    known: dict[str, int] = {}
    for row in connection.execute(sa.select(versions).order_by(versions.c.published_at, versions.c.id)).all():
        if row.slug not in known:
            known[row.slug] = _add_pathway(connection, row)
        major, minor, patch = (int(part) for part in row.version.split("."))
        filled = {
            "pathway_id": known[row.slug],
            "sort_key": (major * 1000 + minor) * 1000 + patch,
            "state": "published",
            "revision": 1,
            "created_at": row.published_at,
            "changed_at": row.published_at,
        }
        connection.execute(sa.update(versions).where(versions.c.id == row.id).values(**filled))
        content = json.loads(row.content) if isinstance(row.content, str) else row.content
        for code in _codes(content["rule"]):
            connection.execute(sa.insert(parts).values(code=code, version_id=row.id))


def _add_pathway(connection: sa.Connection, row: Any) -> int:
    of_let = sa.text("SELECT organisation_id FROM definitions WHERE let_id = :let ORDER BY id LIMIT 1")
    of_region = sa.text(
        "SELECT o.id FROM organisations o JOIN lets l ON l.region_id = o.region_id WHERE l.id = :let"
        " ORDER BY o.id LIMIT 1"
    )
    any_one = sa.text("SELECT id FROM organisations WHERE :let = :let ORDER BY id LIMIT 1")
    found = (connection.scalar(which, {"let": row.let_id}) for which in (of_let, of_region, any_one))
    organisation = next(one for one in found if one is not None)
    taken = connection.scalar(sa.select(pathways.c.id).where(pathways.c.code == row.code))
    code = row.code if taken is None else f"{row.code}-{row.id}"
    facts = {"slug": row.slug, "code": code, "let_id": row.let_id, "created_at": row.published_at}
    connection.execute(sa.insert(pathways).values(**facts, organisation_id=organisation))
    return int(connection.scalar(sa.select(pathways.c.id).where(pathways.c.slug == row.slug)) or 0)


def _codes(rule: Any) -> set[str]:
    if isinstance(rule, str):
        return {rule}
    named = rule.get("all_of", rule.get("of", ()))
    return {"*"} if isinstance(named, str) else {code for part in named for code in _codes(part)}
