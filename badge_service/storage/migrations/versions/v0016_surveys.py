"""Short forms, their answers, and follow-ups."""

import sqlalchemy as sa
from alembic import op

from badge_service.storage.guards import SURVEY_GUARDS, create, drop
from badge_service.storage.tables import UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    _create_runs()
    _create_invitations()
    _create_responses()
    _create_refusals()
    create(op.get_bind(), SURVEY_GUARDS)


def downgrade() -> None:
    """Take back."""
    drop(op.get_bind(), SURVEY_GUARDS)
    op.drop_table("survey_refusals")
    op.drop_table("survey_responses")
    op.drop_table("survey_invitations")
    op.drop_table("survey_runs")


def _create_runs() -> None:
    op.create_table(
        "survey_runs",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.Column("instrument", sa.Text(), nullable=False),
        sa.Column("instrument_version", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("pairs", sa.JSON(), nullable=False),
        sa.Column("by_link", sa.Boolean(), nullable=False),
        sa.Column("invited", sa.Integer(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("opened_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("closed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("called_off_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("results", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_survey_runs_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_runs")),
        sa.UniqueConstraint("code", name=op.f("uq_survey_runs_code")),
        sa.UniqueConstraint(
            "subject_kind",
            "subject",
            "instrument",
            name=op.f("uq_survey_runs_subject_kind_subject_instrument"),
        ),
    )
    op.create_index(
        "ix_survey_runs_organisation_id", "survey_runs", ["organisation_id", "opens_on"], unique=False
    )


def _create_invitations() -> None:
    op.create_table(
        "survey_invitations",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("run_id", NUMBER, nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("reminder_hash", sa.Text(), nullable=True),
        sa.Column("used", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_survey_invitations_person_id")),
        sa.ForeignKeyConstraint(["run_id"], ["survey_runs.id"], name=op.f("fk_survey_invitations_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_invitations")),
        sa.UniqueConstraint("reminder_hash", name=op.f("uq_survey_invitations_reminder_hash")),
        sa.UniqueConstraint("run_id", "person_id", name=op.f("uq_survey_invitations_run_id_person_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_survey_invitations_token_hash")),
    )
    op.create_index(
        op.f("ix_survey_invitations_person_id"), "survey_invitations", ["person_id"], unique=False
    )


def _create_responses() -> None:
    op.create_table(
        "survey_responses",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("run_id", NUMBER, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["survey_runs.id"], name=op.f("fk_survey_responses_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_responses")),
    )
    op.create_index(op.f("ix_survey_responses_run_id"), "survey_responses", ["run_id"], unique=False)


def _create_refusals() -> None:
    op.create_table(
        "survey_refusals",
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_survey_refusals_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_survey_refusals")),
    )
