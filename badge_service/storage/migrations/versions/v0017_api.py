"""Keys of programs, idempotent requests, and webhooks."""

import sqlalchemy as sa
from alembic import op

from badge_service.storage.guards import PROGRAM_GUARDS, create, drop
from badge_service.storage.tables import UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = UtcDateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    _create_api_keys()
    _create_answered_requests()
    _create_webhooks()
    _create_deliveries()
    create(op.get_bind(), PROGRAM_GUARDS)


def downgrade() -> None:
    """Take back."""
    drop(op.get_bind(), PROGRAM_GUARDS)
    op.drop_table("webhook_deliveries")
    op.drop_table("webhooks")
    op.drop_table("answered_requests")
    op.drop_table("api_keys")


def _create_api_keys() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("secret_hash", sa.Text(), nullable=False),
        sa.Column("ending", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("last_used_at", MOMENT, nullable=True),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.Column("revoked_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_api_keys_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_api_keys_secret_hash")),
        sa.UniqueConstraint("token", name=op.f("uq_api_keys_token")),
    )
    op.create_index(op.f("ix_api_keys_organisation_id"), "api_keys", ["organisation_id"], unique=False)


def _create_answered_requests() -> None:
    op.create_table(
        "answered_requests",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("key_id", NUMBER, nullable=False),
        sa.Column("name_hash", sa.Text(), nullable=False),
        sa.Column("request_digest", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["api_keys.id"], name=op.f("fk_answered_requests_key_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answered_requests")),
        sa.UniqueConstraint("key_id", "name_hash", name=op.f("uq_answered_requests_key_id_name_hash")),
    )
    op.create_index(
        op.f("ix_answered_requests_answered_at"), "answered_requests", ["answered_at"], unique=False
    )


def _create_webhooks() -> None:
    op.create_table(
        "webhooks",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("former_secret", sa.Text(), nullable=True),
        sa.Column("former_until", MOMENT, nullable=True),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("failing_since", MOMENT, nullable=True),
        sa.Column("switched_off_at", MOMENT, nullable=True),
        sa.Column("switched_off_why", sa.Text(), nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_webhooks_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
        sa.UniqueConstraint("token", name=op.f("uq_webhooks_token")),
    )
    op.create_index(op.f("ix_webhooks_organisation_id"), "webhooks", ["organisation_id"], unique=False)


def _create_deliveries() -> None:
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("webhook_id", NUMBER, nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("tried_at", MOMENT, nullable=True),
        sa.Column("answered", sa.Integer(), nullable=True),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.Column("delivered_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["webhook_id"], ["webhooks.id"], name=op.f("fk_webhook_deliveries_webhook_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
        sa.UniqueConstraint("token", name=op.f("uq_webhook_deliveries_token")),
    )
    op.create_index(op.f("ix_webhook_deliveries_made_at"), "webhook_deliveries", ["made_at"], unique=False)
    op.create_index("ix_webhook_deliveries_log", "webhook_deliveries", ["webhook_id", "id"], unique=False)
