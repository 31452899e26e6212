"""What an activity says of its quality and topics, which kind of learner joins, and who is still to be told of a place."""

import sqlalchemy as sa
from alembic import op

from badge_service.storage.tables import UtcDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

LISTS = ("qualities", "topics")
LEARNERS = ("enrolments", "waiting_places")


def upgrade() -> None:
    """Apply; whoever joined before counts as a student of a school, whom the rules protect most."""
    for name in LISTS:
        op.add_column("activities", sa.Column(name, sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("activities", sa.Column("group_size", sa.Integer()))
    for table in LEARNERS:
        op.add_column(table, sa.Column("learner_kind", sa.Text(), nullable=False, server_default="student"))
    op.add_column("enrolments", sa.Column("untold_since", UtcDateTime(timezone=True)))


def downgrade() -> None:
    """Take back: qualities, topics and kinds of learners are lost."""
    op.drop_column("enrolments", "untold_since")
    for table in LEARNERS:
        op.drop_column(table, "learner_kind")
    for name in ("group_size", *LISTS):
        op.drop_column("activities", name)
