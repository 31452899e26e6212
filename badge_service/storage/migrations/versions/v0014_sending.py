"""Corrections of awards, reminders of unanswered ones, mails that leave on a chosen day, and mails refused for good."""

import sqlalchemy as sa
from alembic import op

from badge_service.storage.guards import SENDING_GUARDS, create, drop
from badge_service.storage.tables import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = UtcDateTime(timezone=True)
UNANSWERED = sa.text("state = 'held'")


def upgrade() -> None:
    """Apply."""
    op.add_column("outbox_jobs", sa.Column("refusal", sa.Text()))
    op.add_column("award_batches", sa.Column("send_at", MOMENT))
    op.create_index(
        "ix_awards_unanswered",
        "awards",
        ["decided_at"],
        sqlite_where=UNANSWERED,
        postgresql_where=UNANSWERED,
    )
    op.create_table(
        "award_corrections",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("award_id", NUMBER, nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("corrected_by", sa.Text(), nullable=False),
        sa.Column("corrected_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["award_id"], ["awards.id"], name="fk_award_corrections_award_id"),
        sa.PrimaryKeyConstraint("id", name="pk_award_corrections"),
    )
    op.create_index("ix_award_corrections_award_id", "award_corrections", ["award_id"])
    op.create_table(
        "claim_reminders",
        sa.Column("award_id", NUMBER, nullable=False),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("last_at", MOMENT),
        sa.Column("stop_hash", sa.Text()),
        sa.Column("stopped_at", MOMENT),
        sa.Column("school_told_at", MOMENT),
        sa.Column("contact_ended_at", MOMENT),
        sa.ForeignKeyConstraint(["award_id"], ["awards.id"], name="fk_claim_reminders_award_id"),
        sa.PrimaryKeyConstraint("award_id", name="pk_claim_reminders"),
        sa.UniqueConstraint("stop_hash", name="uq_claim_reminders_stop_hash"),
    )
    create(op.get_bind(), SENDING_GUARDS)


def downgrade() -> None:
    """Take back: why badges were corrected and who was reminded is lost."""
    drop(op.get_bind(), SENDING_GUARDS)
    op.drop_table("claim_reminders")
    op.drop_table("award_corrections")
    op.drop_index("ix_awards_unanswered", "awards")
    op.drop_column("award_batches", "send_at")
    op.drop_column("outbox_jobs", "refusal")
