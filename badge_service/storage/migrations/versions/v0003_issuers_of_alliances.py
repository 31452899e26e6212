"""Issuers elsewhere that an alliance knows."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "alliance_issuers",
        sa.Column("alliance_id", number, nullable=False),
        sa.Column("did", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["alliance_id"], ["alliances.id"], name=op.f("fk_alliance_issuers_alliance_id")
        ),
        sa.PrimaryKeyConstraint("alliance_id", "did", name=op.f("pk_alliance_issuers")),
    )
    op.create_index(op.f("ix_alliance_issuers_did"), "alliance_issuers", ["did"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("alliance_issuers")
