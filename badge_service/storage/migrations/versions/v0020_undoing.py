"""An undoing takes back one batch, one file from elsewhere or one case too, by the same steps as all of a person."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WHAT = {"batch_id": "award_batches", "import_id": "award_imports", "case_id": "recognition_cases"}


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("undoings") as changed:
        for column, table in WHAT.items():
            changed.add_column(sa.Column(column, NUMBER))
            changed.create_foreign_key(f"fk_undoings_{column}", table, [column], ["id"])
            changed.create_index(f"ix_undoings_{column}", [column])


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("undoings") as changed:
        for column in WHAT:
            changed.drop_index(f"ix_undoings_{column}")
            changed.drop_constraint(f"fk_undoings_{column}", type_="foreignkey")
            changed.drop_column(column)
