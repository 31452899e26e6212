"""Recognition of prior learning, comments, and second looks."""

import sqlalchemy as sa
from alembic import op

from badge_service.storage.tables import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = UtcDateTime(timezone=True)
BEING_LOOKED_AT = sa.text("state IN ('open', 'assessed')")
ONE_GROUND = "(activity_id IS NULL) <> (case_id IS NULL)"
ON_A_GROUND = ("assessments", "assessment_reasons", "evidence")


def upgrade() -> None:
    """Apply; what was assessed and handed in so far stands on its activity."""
    _create_cases()
    for table in ON_A_GROUND:
        with op.batch_alter_table(table) as changed:
            changed.alter_column("activity_id", existing_type=NUMBER, nullable=True)
            changed.add_column(sa.Column("case_id", NUMBER))
            changed.create_foreign_key(f"fk_{table}_case_id", "recognition_cases", ["case_id"], ["id"])
            changed.create_check_constraint(op.f(f"ck_{table}_one_ground"), ONE_GROUND)
    with op.batch_alter_table("assessments") as changed:
        changed.create_unique_constraint("uq_assessments_case_id_criterion", ["case_id", "criterion"])
    with op.batch_alter_table("assessment_reasons") as changed:
        changed.create_unique_constraint("uq_assessment_reasons_case_id", ["case_id"])
    _create_comments()
    _create_looks()
    with op.batch_alter_table("evidence") as changed:
        changed.add_column(sa.Column("by_learner", sa.Boolean(), nullable=False, server_default=sa.false()))
        changed.add_column(sa.Column("opened_at", MOMENT))
        changed.add_column(sa.Column("withdrawn_by", sa.Text()))
        changed.create_index("ix_evidence_case", ["case_id"])
    with op.batch_alter_table("evidence") as changed:
        changed.alter_column("by_learner", existing_type=sa.Boolean(), server_default=None)
    with op.batch_alter_table("awards") as changed:
        changed.add_column(sa.Column("case_id", NUMBER))
        changed.create_foreign_key("fk_awards_case_id", "recognition_cases", ["case_id"], ["id"])
        changed.create_index("ix_awards_case", ["case_id"])


def downgrade() -> None:
    """Take back: cases are lost with what was assessed and awarded in them, and all second looks."""
    op.drop_table("second_looks")
    op.drop_table("look_draws")
    op.execute("DELETE FROM claim_codes WHERE award_id IN (SELECT id FROM awards WHERE case_id IS NOT NULL)")
    for table in (*ON_A_GROUND, "awards"):
        op.execute(f"DELETE FROM {table} WHERE case_id IS NOT NULL")  # noqa: S608  our own names
    with op.batch_alter_table("awards") as changed:
        changed.drop_index("ix_awards_case")
        changed.drop_constraint("fk_awards_case_id", type_="foreignkey")
        changed.drop_column("case_id")
    with op.batch_alter_table("evidence") as changed:
        changed.drop_index("ix_evidence_case")
        for name in ("withdrawn_by", "opened_at", "by_learner"):
            changed.drop_column(name)
    op.drop_table("assessment_comments")
    with op.batch_alter_table("assessment_reasons") as changed:
        changed.drop_constraint("uq_assessment_reasons_case_id", type_="unique")
    with op.batch_alter_table("assessments") as changed:
        changed.drop_constraint("uq_assessments_case_id_criterion", type_="unique")
    for table in ON_A_GROUND:
        with op.batch_alter_table(table) as changed:
            changed.drop_constraint(op.f(f"ck_{table}_one_ground"), type_="check")
            changed.drop_constraint(f"fk_{table}_case_id", type_="foreignkey")
            changed.drop_column("case_id")
            changed.alter_column("activity_id", existing_type=NUMBER, nullable=False)
    op.drop_table("recognition_cases")


def _create_cases() -> None:
    op.create_table(
        "recognition_cases",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.Column("version_id", NUMBER, nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text()),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("assessor_id", NUMBER),
        sa.Column("assessed_at", MOMENT),
        sa.Column("decided_by", sa.Text()),
        sa.Column("decided_at", MOMENT),
        sa.Column("refusal", sa.Text(), nullable=False),
        _key("recognition_cases", "organisation_id", "organisations"),
        _key("recognition_cases", "version_id", "definition_versions"),
        _key("recognition_cases", "person_id", "persons"),
        _key("recognition_cases", "assessor_id", "persons"),
        sa.PrimaryKeyConstraint("id", name="pk_recognition_cases"),
        sa.UniqueConstraint("token", name="uq_recognition_cases_token"),
    )
    op.create_index(
        "uq_recognition_cases_open",
        "recognition_cases",
        ["person_id", "version_id"],
        unique=True,
        sqlite_where=BEING_LOOKED_AT,
        postgresql_where=BEING_LOOKED_AT,
    )
    op.create_index("ix_recognition_cases_desk", "recognition_cases", ["organisation_id", "state"])
    for column in ("version_id", "person_id", "assessor_id"):
        op.create_index(f"ix_recognition_cases_{column}", "recognition_cases", [column])


def _create_comments() -> None:
    op.create_table(
        "assessment_comments",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("activity_id", NUMBER),
        sa.Column("case_id", NUMBER),
        sa.Column("version_id", NUMBER, nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("criterion", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Text(), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        _key("assessment_comments", "activity_id", "activities"),
        _key("assessment_comments", "case_id", "recognition_cases"),
        _key("assessment_comments", "version_id", "definition_versions"),
        _key("assessment_comments", "person_id", "persons"),
        sa.CheckConstraint(ONE_GROUND, name=op.f("ck_assessment_comments_one_ground")),
        sa.PrimaryKeyConstraint("id", name="pk_assessment_comments"),
        sa.UniqueConstraint(
            "activity_id",
            "version_id",
            "person_id",
            "criterion",
            name="uq_assessment_comments_cell",
        ),
        sa.UniqueConstraint("case_id", "criterion", name="uq_assessment_comments_case_id_criterion"),
    )
    for column in ("version_id", "person_id"):
        op.create_index(f"ix_assessment_comments_{column}", "assessment_comments", [column])


def _create_looks() -> None:
    op.create_table(
        "look_draws",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.Column("batch_id", NUMBER),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("out_of", sa.Integer(), nullable=False),
        sa.Column("drawn", sa.Integer(), nullable=False),
        sa.Column("drawn_at", MOMENT, nullable=False),
        _key("look_draws", "organisation_id", "organisations"),
        _key("look_draws", "batch_id", "award_batches"),
        sa.PrimaryKeyConstraint("id", name="pk_look_draws"),
    )
    for column in ("organisation_id", "batch_id"):
        op.create_index(f"ix_look_draws_{column}", "look_draws", [column])
    op.create_table(
        "second_looks",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("draw_id", NUMBER, nullable=False),
        sa.Column("award_id", NUMBER, nullable=False),
        sa.Column("organisation_id", NUMBER, nullable=False),
        sa.Column("assessor_id", NUMBER),
        sa.Column("for_group", sa.Boolean(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("looked_by", sa.Text()),
        sa.Column("looked_at", MOMENT),
        sa.Column("levels", sa.JSON(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("resolved_by", sa.Text()),
        sa.Column("resolved_at", MOMENT),
        sa.Column("resolution", sa.Text(), nullable=False),
        _key("second_looks", "draw_id", "look_draws"),
        _key("second_looks", "award_id", "awards"),
        _key("second_looks", "organisation_id", "organisations"),
        _key("second_looks", "assessor_id", "persons"),
        sa.PrimaryKeyConstraint("id", name="pk_second_looks"),
        sa.UniqueConstraint("award_id", name="uq_second_looks_award_id"),
        sa.UniqueConstraint("token", name="uq_second_looks_token"),
    )
    op.create_index("ix_second_looks_desk", "second_looks", ["organisation_id", "state", "due_at"])
    for column in ("draw_id", "assessor_id"):
        op.create_index(f"ix_second_looks_{column}", "second_looks", [column])


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}")
