"""Workshops planned from a curriculum at a hub on several days, and joined by learners themselves."""

import sqlalchemy as sa
from alembic import op

from badge_service.storage.guards import JOINING_GUARDS, create, drop
from badge_service.storage.tables import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = UtcDateTime(timezone=True)
NOTES = ("material_notes", "accessibility_notes")


def upgrade() -> None:
    """Apply; a workshop that was planned before gets its first and its last day as dates."""
    with op.batch_alter_table("workshops") as changed:
        changed.add_column(sa.Column("curriculum_version_id", NUMBER))
        changed.add_column(sa.Column("hub_id", NUMBER))
        for name in (*NOTES, "join_token"):
            changed.add_column(sa.Column(name, sa.Text()))
        changed.add_column(sa.Column("join_until", sa.Date()))
    op.execute("UPDATE workshops SET material_notes = '', accessibility_notes = ''")
    with op.batch_alter_table("workshops") as changed:
        for name in NOTES:
            changed.alter_column(name, existing_type=sa.Text(), nullable=False)
        changed.create_foreign_key(
            "fk_workshops_curriculum_version_id", "curriculum_versions", ["curriculum_version_id"], ["id"]
        )
        changed.create_foreign_key("fk_workshops_hub_id", "hubs", ["hub_id"], ["id"])
        changed.create_index("ix_workshops_curriculum_version_id", ["curriculum_version_id"])
        changed.create_index("ix_workshops_hub_id", ["hub_id"])
        changed.create_unique_constraint("uq_workshops_join_token", ["join_token"])
    with op.batch_alter_table("enrolments") as changed:
        for name in ("join_key", "leave_hash"):
            changed.add_column(sa.Column(name, sa.Text()))
        changed.create_unique_constraint("uq_enrolments_workshop_id_join_key", ["workshop_id", "join_key"])
        changed.create_unique_constraint("uq_enrolments_leave_hash", ["leave_hash"])
    _create_dates()
    _create_waiting_places()
    _create_consent_texts()
    create(op.get_bind(), JOINING_GUARDS)


def downgrade() -> None:
    """Take back: dates between the first and the last, waiting lists and consent texts are lost."""
    drop(op.get_bind(), JOINING_GUARDS)
    for table in ("workshop_consent_texts", "waiting_places", "workshop_dates"):
        op.drop_table(table)
    with op.batch_alter_table("enrolments") as changed:
        changed.drop_constraint("uq_enrolments_leave_hash", type_="unique")
        changed.drop_constraint("uq_enrolments_workshop_id_join_key", type_="unique")
        for name in ("join_key", "leave_hash"):
            changed.drop_column(name)
    with op.batch_alter_table("workshops") as changed:
        changed.drop_constraint("uq_workshops_join_token", type_="unique")
        changed.drop_index("ix_workshops_hub_id")
        changed.drop_index("ix_workshops_curriculum_version_id")
        changed.drop_constraint("fk_workshops_hub_id", type_="foreignkey")
        changed.drop_constraint("fk_workshops_curriculum_version_id", type_="foreignkey")
        for name in ("curriculum_version_id", "hub_id", *NOTES, "join_token", "join_until"):
            changed.drop_column(name)


def _create_dates() -> None:
    op.create_table(
        "workshop_dates",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("workshop_id", NUMBER, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("begins", sa.Time()),
        sa.Column("ends", sa.Time()),
        _key("workshop_dates", "workshop_id", "workshops"),
        sa.PrimaryKeyConstraint("id", name="pk_workshop_dates"),
        sa.UniqueConstraint("workshop_id", "day", name="uq_workshop_dates_workshop_id_day"),
    )
    for day, which in (("starts_on", "TRUE"), ("ends_on", "a.ends_on <> a.starts_on")):
        op.execute(
            f"INSERT INTO workshop_dates (workshop_id, day) SELECT w.id, a.{day}"  # noqa: S608  our own two names
            f" FROM workshops w JOIN activities a ON a.id = w.activity_id WHERE {which}"
        )


def _create_waiting_places() -> None:
    op.create_table(
        "waiting_places",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("workshop_id", NUMBER, nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text()),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("join_key", sa.Text()),
        sa.Column("leave_hash", sa.Text()),
        _key("waiting_places", "workshop_id", "workshops"),
        _key("waiting_places", "person_id", "persons"),
        sa.PrimaryKeyConstraint("id", name="pk_waiting_places"),
        sa.UniqueConstraint("leave_hash", name="uq_waiting_places_leave_hash"),
        sa.UniqueConstraint("workshop_id", "join_key", name="uq_waiting_places_workshop_id_join_key"),
        sa.UniqueConstraint("workshop_id", "person_id", name="uq_waiting_places_workshop_id_person_id"),
    )
    op.create_index("ix_waiting_places_person_id", "waiting_places", ["person_id"])
    op.create_index("ix_waiting_places_order", "waiting_places", ["workshop_id", "id"])


def _create_consent_texts() -> None:
    op.create_table(
        "workshop_consent_texts",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("workshop_id", NUMBER, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("kind", "language", "text", "written_by")),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        _key("workshop_consent_texts", "workshop_id", "workshops"),
        sa.PrimaryKeyConstraint("id", name="pk_workshop_consent_texts"),
        sa.UniqueConstraint(
            "workshop_id", "kind", "version", name="uq_workshop_consent_texts_workshop_id_kind_version"
        ),
    )


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}")
