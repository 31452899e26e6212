"""Which definition is a translation of which, and pictures that were uploaded instead of drawn."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "definition_translations",
        sa.Column("definition_id", NUMBER, nullable=False),
        sa.Column("original_id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["definition_id"], ["definitions.id"], name=op.f("fk_definition_translations_definition_id")
        ),
        sa.ForeignKeyConstraint(
            ["original_id"], ["definitions.id"], name=op.f("fk_definition_translations_original_id")
        ),
        sa.PrimaryKeyConstraint("definition_id", name=op.f("pk_definition_translations")),
    )
    op.create_index(
        op.f("ix_definition_translations_original_id"), "definition_translations", ["original_id"]
    )
    op.add_column("definition_versions", sa.Column("picture_png", sa.LargeBinary()))


def downgrade() -> None:
    """Take back; uploaded pictures are lost."""
    op.drop_column("definition_versions", "picture_png")
    op.drop_table("definition_translations")
