"""Curricula with their versions, findings with what was decided about them, and why a version differs from the one before."""

import sqlalchemy as sa
from alembic import op

from badge_service.storage.guards import CURRICULUM_GUARDS, create, drop
from badge_service.storage.tables import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLES = (
    "change_notes",
    "change_request_findings",
    "change_requests",
    "findings",
    "curriculum_definitions",
    "curriculum_versions",
    "curricula",
)
COLUMNS = (
    ("withdrawn_reason", sa.Text()),
    ("number_reason", sa.Text()),
    ("related", sa.JSON()),
)


def upgrade() -> None:
    """Apply."""
    for name, kind in COLUMNS:
        op.add_column("definition_versions", sa.Column(name, kind))
    _curricula()
    _findings()
    _requests()
    _notes()
    create(op.get_bind(), CURRICULUM_GUARDS)


def downgrade() -> None:
    """Take back; curricula, findings and change notes are lost."""
    drop(op.get_bind(), CURRICULUM_GUARDS)
    for table in TABLES:
        op.drop_table(table)
    for name, _kind in reversed(COLUMNS):
        op.drop_column("definition_versions", name)


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, NUMBER, nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _at(name: str, *, nullable: bool = False) -> sa.Column[sa.DateTime]:
    return sa.Column(name, UtcDateTime(timezone=True), nullable=nullable)


def _reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _indexed(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _curricula() -> None:
    op.create_table(
        "curricula",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        _text("slug"),
        _number("let_id"),
        _number("organisation_id"),
        _at("created_at"),
        _reference("curricula", "let_id", "lets"),
        _reference("curricula", "organisation_id", "organisations"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_curricula")),
        sa.UniqueConstraint("slug", name=op.f("uq_curricula_slug")),
    )
    _indexed("curricula", "let_id", "organisation_id")
    op.create_table(
        "curriculum_versions",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        _number("curriculum_id"),
        _text("version"),
        sa.Column("sort_key", sa.Integer(), nullable=False),
        _text("state"),
        sa.Column("content", sa.JSON(), nullable=False),
        _text("title"),
        _text("language"),
        _text("number_reason", nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        _at("created_at"),
        _at("changed_at"),
        _at("published_at", nullable=True),
        _text("published_by", nullable=True),
        _reference("curriculum_versions", "curriculum_id", "curricula"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_curriculum_versions")),
        sa.UniqueConstraint(
            "curriculum_id", "version", name=op.f("uq_curriculum_versions_curriculum_id_version")
        ),
    )
    op.create_index("ix_curriculum_versions_state_title", "curriculum_versions", ["state", "title"])
    op.create_table(
        "curriculum_definitions",
        _number("curriculum_version_id"),
        _number("definition_id"),
        _reference("curriculum_definitions", "curriculum_version_id", "curriculum_versions"),
        _reference("curriculum_definitions", "definition_id", "definitions"),
        sa.PrimaryKeyConstraint(
            "curriculum_version_id", "definition_id", name=op.f("pk_curriculum_definitions")
        ),
    )
    _indexed("curriculum_definitions", "definition_id")


def _findings() -> None:
    op.create_table(
        "findings",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        _number("organisation_id"),
        _number("curriculum_id", nullable=True),
        _text("unit"),
        _number("definition_id", nullable=True),
        *(_text(name) for name in ("kind", "severity", "source_kind", "label")),
        _text("public_url", nullable=True),
        sa.Column("n", sa.Integer()),
        sa.Column("iteration", sa.Integer()),
        _text("text"),
        _text("language"),
        _at("recorded_at"),
        _text("recorded_by", nullable=True),
        _reference("findings", "organisation_id", "organisations"),
        _reference("findings", "curriculum_id", "curricula"),
        _reference("findings", "definition_id", "definitions"),
        sa.CheckConstraint(
            "curriculum_id IS NOT NULL OR definition_id IS NOT NULL", name=op.f("ck_findings_about")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
    )
    op.create_index("ix_findings_organisation_id", "findings", ["organisation_id", "id"])
    _indexed("findings", "curriculum_id", "definition_id")


def _requests() -> None:
    op.create_table(
        "change_requests",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        _number("organisation_id"),
        _number("curriculum_id", nullable=True),
        _number("definition_id", nullable=True),
        _text("text"),
        _text("state"),
        _at("opened_at"),
        _text("opened_by"),
        _at("decided_at", nullable=True),
        _text("decided_by", nullable=True),
        _text("reason", nullable=True),
        _number("definition_version_id", nullable=True),
        _number("curriculum_version_id", nullable=True),
        _at("answered_at", nullable=True),
        _reference("change_requests", "organisation_id", "organisations"),
        _reference("change_requests", "curriculum_id", "curricula"),
        _reference("change_requests", "definition_id", "definitions"),
        _reference("change_requests", "definition_version_id", "definition_versions"),
        _reference("change_requests", "curriculum_version_id", "curriculum_versions"),
        sa.CheckConstraint(
            "(curriculum_id IS NULL) <> (definition_id IS NULL)", name=op.f("ck_change_requests_about")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_requests")),
    )
    op.create_index(
        "ix_change_requests_organisation_id", "change_requests", ["organisation_id", "state", "id"]
    )
    _indexed(
        "change_requests", "curriculum_id", "definition_id", "definition_version_id", "curriculum_version_id"
    )
    op.create_table(
        "change_request_findings",
        _number("request_id"),
        _number("finding_id"),
        _reference("change_request_findings", "request_id", "change_requests"),
        _reference("change_request_findings", "finding_id", "findings"),
        sa.PrimaryKeyConstraint("request_id", "finding_id", name=op.f("pk_change_request_findings")),
    )
    _indexed("change_request_findings", "finding_id")


def _notes() -> None:
    op.create_table(
        "change_notes",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        _number("definition_version_id", nullable=True),
        _number("curriculum_version_id", nullable=True),
        sa.Column("fields", sa.JSON(), nullable=False),
        _number("request_id", nullable=True),
        _text("editorial", nullable=True),
        _reference("change_notes", "definition_version_id", "definition_versions"),
        _reference("change_notes", "curriculum_version_id", "curriculum_versions"),
        _reference("change_notes", "request_id", "change_requests"),
        sa.CheckConstraint(
            "(curriculum_version_id IS NULL) <> (definition_version_id IS NULL)",
            name=op.f("ck_change_notes_about"),
        ),
        sa.CheckConstraint(
            "(request_id IS NULL) <> (editorial IS NULL)", name=op.f("ck_change_notes_because")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_notes")),
    )
    _indexed("change_notes", "definition_version_id", "curriculum_version_id", "request_id")
