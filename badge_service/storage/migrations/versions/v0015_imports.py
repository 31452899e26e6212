"""Awards brought in from elsewhere."""

import sqlalchemy as sa
from alembic import op

from badge_service.storage.tables import UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = UtcDateTime(timezone=True)
CONFIRMED = sa.text("confirmed_at IS NOT NULL")


def upgrade() -> None:
    """Apply."""
    _create_imports()
    _create_rows()


def downgrade() -> None:
    """Take back: the awards stay, how they came here is forgotten."""
    op.drop_table("import_rows")
    op.drop_table("award_imports")


def _create_imports() -> None:
    op.create_table(
        "award_imports",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.Column("version_id", NUMBER, nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.Column("reading", sa.JSON(), nullable=False),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("identity_check", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("second_by", sa.Text(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_award_imports_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["definition_versions.id"], name=op.f("fk_award_imports_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_imports")),
        sa.UniqueConstraint("token", name=op.f("uq_award_imports_token")),
    )
    op.create_index(op.f("ix_award_imports_version_id"), "award_imports", ["version_id"])
    op.create_index(
        "uq_award_imports_confirmed",
        "award_imports",
        ["organisation_id", "version_id", "digest"],
        unique=True,
        sqlite_where=CONFIRMED,
        postgresql_where=CONFIRMED,
    )


def _create_rows() -> None:
    op.create_table(
        "import_rows",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("import_id", NUMBER, nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("awarded_on", sa.Date(), nullable=True),
        sa.Column("evidence_url", sa.Text(), nullable=True),
        sa.Column("levels", sa.JSON(), nullable=False),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.Column("suggestion", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("other_row", sa.Integer(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("award_id", NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["award_imports.id"], name=op.f("fk_import_rows_import_id")),
        sa.ForeignKeyConstraint(["award_id"], ["awards.id"], name=op.f("fk_import_rows_award_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_rows")),
    )
    op.create_index("uq_import_rows_import_id_row", "import_rows", ["import_id", "row"], unique=True)
    op.create_index("ix_import_rows_state", "import_rows", ["import_id", "state", "row"])
    op.create_index(op.f("ix_import_rows_award_id"), "import_rows", ["award_id"])
