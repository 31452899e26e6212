"""A badge that was declined by mistake can be given anew."""

import sqlalchemy as sa
from alembic import op

from badge_service.storage.tables import UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("awards", sa.Column("reopened_at", UtcDateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take back."""
    op.drop_column("awards", "reopened_at")
