"""The mails of a batch can be switched off, and on again."""

import sqlalchemy as sa
from alembic import op

from badge_service.storage.tables import UtcDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("award_batches", sa.Column("mails_off_at", UtcDateTime(timezone=True)))


def downgrade() -> None:
    """Take back: it is not known any more which batches send no mails."""
    op.drop_column("award_batches", "mails_off_at")
