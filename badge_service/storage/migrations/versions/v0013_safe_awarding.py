"""Limits on awarding, and batches that work on in the background."""

import sqlalchemy as sa
from alembic import op

from badge_service.storage.guards import AWARDING_GUARDS, create, drop
from badge_service.storage.tables import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = UtcDateTime(timezone=True)
COUNTS = ("held_back", "to_confirm")


def upgrade() -> None:
    """Apply; a batch so far belongs to the organisation of its activity, and nothing of it waits for anybody."""
    with op.batch_alter_table("award_batches") as changed:
        changed.add_column(sa.Column("organisation_id", NUMBER))
        for name in COUNTS:
            changed.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
        changed.add_column(sa.Column("undone_at", MOMENT))
        changed.add_column(sa.Column("sent_by", sa.Text()))
    op.execute(
        "UPDATE award_batches SET organisation_id ="
        " (SELECT a.organisation_id FROM activities a WHERE a.id = award_batches.activity_id)"
    )
    with op.batch_alter_table("award_batches") as changed:
        changed.alter_column("organisation_id", existing_type=NUMBER, nullable=False)
        for name in COUNTS:
            changed.alter_column(name, existing_type=sa.Integer(), server_default=None)
        changed.create_foreign_key(
            "fk_award_batches_organisation_id", "organisations", ["organisation_id"], ["id"]
        )
        changed.create_index("ix_award_batches_requested", ["requested_by", "requested_at"])
        changed.create_index("ix_award_batches_sent", ["sent_by", "requested_at"])
        changed.create_index("ix_award_batches_to_confirm", ["organisation_id", "to_confirm"])
    op.create_index("ix_awards_decided", "awards", ["decided_by", "decided_at"])
    _create_items()
    _create_limits()
    _create_undoings()
    create(op.get_bind(), AWARDING_GUARDS)


def downgrade() -> None:
    """Take back: what waits for a worker or a second person is lost."""
    drop(op.get_bind(), AWARDING_GUARDS)
    for table in ("undoings", "award_limits", "batch_items"):
        op.drop_table(table)
    op.drop_index("ix_awards_decided", "awards")
    with op.batch_alter_table("award_batches") as changed:
        changed.drop_index("ix_award_batches_to_confirm")
        changed.drop_index("ix_award_batches_sent")
        changed.drop_index("ix_award_batches_requested")
        changed.drop_constraint("fk_award_batches_organisation_id", type_="foreignkey")
        for name in ("organisation_id", *COUNTS, "undone_at", "sent_by"):
            changed.drop_column(name)


def _create_items() -> None:
    op.create_table(
        "batch_items",
        sa.Column("batch_id", NUMBER, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("levels", sa.JSON(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("why", sa.Text()),
        sa.Column("confirmed_by", sa.Text()),
        sa.Column("settled_at", MOMENT),
        _key("batch_items", "batch_id", "award_batches"),
        _key("batch_items", "person_id", "persons"),
        sa.PrimaryKeyConstraint("batch_id", "position", name="pk_batch_items"),
    )
    op.create_index("ix_batch_items_person_id", "batch_items", ["person_id"])


def _create_limits() -> None:
    op.create_table(
        "award_limits",
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.Column("a_day", sa.Integer(), nullable=False),
        sa.Column("an_hour", sa.Integer(), nullable=False),
        sa.Column("second_looks", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        _key("award_limits", "organisation_id", "organisations"),
        sa.PrimaryKeyConstraint("organisation_id", name="pk_award_limits"),
    )


def _create_undoings() -> None:
    op.create_table(
        "undoings",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("requested_at", MOMENT, nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("finished_at", MOMENT),
        _key("undoings", "organisation_id", "organisations"),
        sa.PrimaryKeyConstraint("id", name="pk_undoings"),
        sa.UniqueConstraint("token", name="uq_undoings_token"),
    )
    op.create_index("ix_undoings_organisation", "undoings", ["organisation_id", "requested_at"])


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}")
