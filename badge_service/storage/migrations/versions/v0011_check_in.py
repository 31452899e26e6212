"""How learners check in to a workshop, late claims among them; forms that are done once however often they arrive."""

import sqlalchemy as sa
from alembic import op

from badge_service.storage.guards import CHECK_IN_GUARDS, create, drop
from badge_service.storage.tables import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = UtcDateTime(timezone=True)


def upgrade() -> None:
    """Apply; who was marked absent before was so on every day of the workshop."""
    op.create_table(
        "answered_forms",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_answered_forms"),
    )
    op.create_index("ix_answered_forms_expires_at", "answered_forms", ["expires_at"])
    _create_attendances()
    _create_doors()
    _create_requests()
    create(op.get_bind(), CHECK_IN_GUARDS)


def downgrade() -> None:
    """Take back: on which days learners were absent is lost, and what they asked."""
    drop(op.get_bind(), CHECK_IN_GUARDS)
    for table in (
        "check_in_pieces",
        "check_in_requests",
        "check_in_doors",
        "attendances",
        "answered_forms",
    ):
        op.drop_table(table)


def _create_attendances() -> None:
    op.create_table(
        "attendances",
        sa.Column("enrolment_id", NUMBER, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("marked_by", sa.Text()),
        sa.Column("marked_at", MOMENT, nullable=False),
        _key("attendances", "enrolment_id", "enrolments"),
        sa.PrimaryKeyConstraint("enrolment_id", "day", name="pk_attendances"),
    )
    op.execute(
        "INSERT INTO attendances (enrolment_id, day, present, how, marked_at)"
        " SELECT e.id, d.day, FALSE, 'hand', e.enrolled_at FROM enrolments e"
        " JOIN workshop_dates d ON d.workshop_id = e.workshop_id WHERE NOT e.present"
    )


def _create_doors() -> None:
    op.create_table(
        "check_in_doors",
        sa.Column("workshop_id", NUMBER, nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("screen_token", sa.Text(), nullable=False),
        sa.Column("days_needed", sa.Integer()),
        sa.Column("late_days", sa.Integer(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT),
        _key("check_in_doors", "workshop_id", "workshops"),
        sa.PrimaryKeyConstraint("workshop_id", name="pk_check_in_doors"),
        sa.UniqueConstraint("token", name="uq_check_in_doors_token"),
        sa.UniqueConstraint("screen_token", name="uq_check_in_doors_screen_token"),
    )


def _create_requests() -> None:
    texts = ("token", "kind", "name", "account", "state", "reason")
    op.create_table(
        "check_in_requests",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in texts),
        sa.Column("workshop_id", NUMBER, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer()),
        sa.Column("person_id", NUMBER),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("decided_at", MOMENT),
        sa.Column("decided_by", sa.Text()),
        sa.Column("enrolment_id", NUMBER),
        _key("check_in_requests", "workshop_id", "workshops"),
        _key("check_in_requests", "person_id", "persons"),
        _key("check_in_requests", "enrolment_id", "enrolments"),
        sa.PrimaryKeyConstraint("id", name="pk_check_in_requests"),
        sa.UniqueConstraint("token", name="uq_check_in_requests_token"),
    )
    op.create_index("ix_check_in_requests_list", "check_in_requests", ["workshop_id", "state", "id"])
    op.create_index("ix_check_in_requests_person_id", "check_in_requests", ["person_id"])
    op.create_index("ix_check_in_requests_enrolment_id", "check_in_requests", ["enrolment_id"])
    op.create_table(
        "check_in_pieces",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("request_id", NUMBER, nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        _key("check_in_pieces", "request_id", "check_in_requests"),
        sa.PrimaryKeyConstraint("id", name="pk_check_in_pieces"),
        sa.UniqueConstraint("token", name="uq_check_in_pieces_token"),
    )
    op.create_index("ix_check_in_pieces_request_id", "check_in_pieces", ["request_id"])


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}")
