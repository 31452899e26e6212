"""The mails of a batch can be switched off, and on again; a case of prior learning can wait for a second person."""

import sqlalchemy as sa
from alembic import op

from badge_service.storage.guards import CASE_GUARDS, create, drop
from badge_service.storage.tables import UtcDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("award_batches", sa.Column("mails_off_at", UtcDateTime(timezone=True)))
    op.add_column("recognition_cases", sa.Column("identity_check", sa.Text()))
    op.add_column("recognition_cases", sa.Column("confirmed_by", sa.Text()))
    create(op.get_bind(), CASE_GUARDS)


def downgrade() -> None:
    """Take back: which batches send no mails and who confirmed a case is lost; a case that waits is judged again."""
    drop(op.get_bind(), CASE_GUARDS)
    op.execute("UPDATE recognition_cases SET state = 'assessed' WHERE state = 'second'")
    op.drop_column("recognition_cases", "confirmed_by")
    op.drop_column("recognition_cases", "identity_check")
    op.drop_column("award_batches", "mails_off_at")
