"""Members, skills, capacity and hubs of Learning Ecosystem Teams."""

import sqlalchemy as sa
from alembic import op

from badge_service.storage.guards import TEAM_GUARDS, create, drop
from badge_service.storage.tables import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    op.add_column("lets", sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))
    _create_let_members()
    _create_team_skills()
    _create_member_skills()
    _create_capacity_entries()
    _create_capacity_presences()
    _create_hubs()
    create(op.get_bind(), TEAM_GUARDS)


def downgrade() -> None:
    """Take back."""
    drop(op.get_bind(), TEAM_GUARDS)
    op.drop_table("hubs")
    op.drop_table("capacity_presences")
    op.drop_table("capacity_entries")
    op.drop_table("member_skills")
    op.drop_table("team_skills")
    op.drop_table("let_members")
    op.drop_column("lets", "revision")


def _create_let_members() -> None:
    op.create_table(
        "let_members",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("let_id", NUMBER, nullable=False),
        sa.Column("person_id", NUMBER, nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("helix", sa.Text(), nullable=False),
        sa.Column("sector", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["let_id"], ["lets.id"], name=op.f("fk_let_members_let_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_let_members_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_let_members")),
        sa.UniqueConstraint("let_id", "person_id", name=op.f("uq_let_members_let_id_person_id")),
        sa.UniqueConstraint("token", name=op.f("uq_let_members_token")),
    )
    op.create_index(op.f("ix_let_members_let_id"), "let_members", ["let_id"], unique=False)
    op.create_index(op.f("ix_let_members_person_id"), "let_members", ["person_id"], unique=False)


def _create_team_skills() -> None:
    op.create_table(
        "team_skills",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("let_id", NUMBER, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("target_url", sa.Text(), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["let_id"], ["lets.id"], name=op.f("fk_team_skills_let_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_skills")),
        sa.UniqueConstraint("let_id", "name", name=op.f("uq_team_skills_let_id_name")),
    )


def _create_member_skills() -> None:
    op.create_table(
        "member_skills",
        sa.Column("member_id", NUMBER, nullable=False),
        sa.Column("skill_id", NUMBER, nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["let_members.id"], name=op.f("fk_member_skills_member_id")),
        sa.ForeignKeyConstraint(["skill_id"], ["team_skills.id"], name=op.f("fk_member_skills_skill_id")),
        sa.PrimaryKeyConstraint("member_id", "skill_id", name=op.f("pk_member_skills")),
    )
    op.create_index(op.f("ix_member_skills_skill_id"), "member_skills", ["skill_id"], unique=False)


def _create_capacity_entries() -> None:
    op.create_table(
        "capacity_entries",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("let_id", NUMBER, nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("headcount", sa.Integer(), nullable=False),
        sa.Column("corrects_id", NUMBER, nullable=True),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["capacity_entries.id"], name=op.f("fk_capacity_entries_corrects_id")
        ),
        sa.ForeignKeyConstraint(["let_id"], ["lets.id"], name=op.f("fk_capacity_entries_let_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capacity_entries")),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_capacity_entries_corrects_id")),
        sa.UniqueConstraint("token", name=op.f("uq_capacity_entries_token")),
    )
    op.create_index(op.f("ix_capacity_entries_let_id"), "capacity_entries", ["let_id"], unique=False)


def _create_capacity_presences() -> None:
    op.create_table(
        "capacity_presences",
        sa.Column("entry_id", NUMBER, nullable=False),
        sa.Column("member_id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["capacity_entries.id"], name=op.f("fk_capacity_presences_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["let_members.id"], name=op.f("fk_capacity_presences_member_id")
        ),
        sa.PrimaryKeyConstraint("entry_id", "member_id", name=op.f("pk_capacity_presences")),
    )
    op.create_index(
        op.f("ix_capacity_presences_member_id"), "capacity_presences", ["member_id"], unique=False
    )


def _create_hubs() -> None:
    op.create_table(
        "hubs",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("let_id", NUMBER, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("machines", sa.JSON(), nullable=False),
        sa.Column("partners", sa.JSON(), nullable=False),
        sa.Column("opening", sa.Text(), nullable=False),
        sa.Column("accessibility", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("spoken", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("closed_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["let_id"], ["lets.id"], name=op.f("fk_hubs_let_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hubs")),
        sa.UniqueConstraint("slug", name=op.f("uq_hubs_slug")),
    )
    op.create_index(op.f("ix_hubs_let_id"), "hubs", ["let_id"], unique=False)
