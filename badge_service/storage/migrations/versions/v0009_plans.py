"""Action plans, co-creation sessions and industry needs of alliances."""

import sqlalchemy as sa
from alembic import op

from badge_service.storage.guards import PLAN_GUARDS, create, drop
from badge_service.storage.tables import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    _create_actions()
    _create_action_steps()
    _create_co_creation_sessions()
    _create_rights_agreements()
    _create_rights_assents()
    _create_industry_needs()
    _create_need_items()
    create(op.get_bind(), PLAN_GUARDS)


def downgrade() -> None:
    """Take back."""
    drop(op.get_bind(), PLAN_GUARDS)
    op.drop_table("need_items")
    op.drop_table("industry_needs")
    op.drop_table("rights_assents")
    op.drop_table("rights_agreements")
    op.drop_table("co_creation_sessions")
    op.drop_table("action_steps")
    op.drop_table("actions")


def _create_actions() -> None:
    op.create_table(
        "actions",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("let_id", NUMBER, nullable=False),
        sa.Column("alliance_id", NUMBER, nullable=True),
        sa.Column("track", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("owner_id", NUMBER, nullable=True),
        sa.Column("owner_organisation", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("initiated_by", sa.Text(), nullable=False),
        sa.Column("initiator_role", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["alliance_id"], ["alliances.id"], name=op.f("fk_actions_alliance_id")),
        sa.ForeignKeyConstraint(["let_id"], ["lets.id"], name=op.f("fk_actions_let_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["let_members.id"], name=op.f("fk_actions_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_actions")),
        sa.UniqueConstraint("token", name=op.f("uq_actions_token")),
    )
    op.create_index(op.f("ix_actions_alliance_id"), "actions", ["alliance_id"], unique=False)
    op.create_index(op.f("ix_actions_owner_id"), "actions", ["owner_id"], unique=False)
    op.create_index("ix_actions_plan", "actions", ["let_id", "state", "due_on"], unique=False)


def _create_action_steps() -> None:
    op.create_table(
        "action_steps",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("action_id", NUMBER, nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["actions.id"], name=op.f("fk_action_steps_action_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_steps")),
    )
    op.create_index(op.f("ix_action_steps_action_id"), "action_steps", ["action_id"], unique=False)


def _create_co_creation_sessions() -> None:
    op.create_table(
        "co_creation_sessions",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("activity_id", NUMBER, nullable=False),
        sa.Column("let_id", NUMBER, nullable=False),
        sa.Column("challenge", sa.Text(), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("outputs", sa.Text(), nullable=False),
        sa.Column("sectors", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_co_creation_sessions_activity_id")
        ),
        sa.ForeignKeyConstraint(["let_id"], ["lets.id"], name=op.f("fk_co_creation_sessions_let_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_co_creation_sessions")),
        sa.UniqueConstraint("activity_id", name=op.f("uq_co_creation_sessions_activity_id")),
    )
    op.create_index(op.f("ix_co_creation_sessions_let_id"), "co_creation_sessions", ["let_id"], unique=False)


def _create_rights_agreements() -> None:
    op.create_table(
        "rights_agreements",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("session_id", NUMBER, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Text(), nullable=False),
        sa.Column("written_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["co_creation_sessions.id"], name=op.f("fk_rights_agreements_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rights_agreements")),
        sa.UniqueConstraint("session_id", "version", name=op.f("uq_rights_agreements_session_id_version")),
    )


def _create_rights_assents() -> None:
    op.create_table(
        "rights_assents",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("agreement_id", NUMBER, nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["rights_agreements.id"], name=op.f("fk_rights_assents_agreement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rights_assents")),
        sa.UniqueConstraint("agreement_id", "party", name=op.f("uq_rights_assents_agreement_id_party")),
    )


def _create_industry_needs() -> None:
    op.create_table(
        "industry_needs",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("alliance_id", NUMBER, nullable=False),
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.Column("for_company", sa.Boolean(), nullable=False),
        sa.Column("company", sa.Text(), nullable=False),
        sa.Column("company_agreed_on", sa.Date(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("logged_by", sa.Text(), nullable=False),
        sa.Column("logger_role", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["alliance_id"], ["alliances.id"], name=op.f("fk_industry_needs_alliance_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_industry_needs_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_industry_needs")),
        sa.UniqueConstraint("token", name=op.f("uq_industry_needs_token")),
    )
    op.create_index("ix_industry_needs_list", "industry_needs", ["alliance_id", "state", "id"], unique=False)
    op.create_index(
        op.f("ix_industry_needs_organisation_id"), "industry_needs", ["organisation_id"], unique=False
    )


def _create_need_items() -> None:
    op.create_table(
        "need_items",
        sa.Column("need_id", NUMBER, nullable=False),
        sa.Column("target_url", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["need_id"], ["industry_needs.id"], name=op.f("fk_need_items_need_id")),
        sa.PrimaryKeyConstraint("need_id", "target_url", name=op.f("pk_need_items")),
    )
    op.create_index("ix_need_items_target", "need_items", ["target_url", "need_id"], unique=False)
