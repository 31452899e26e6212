"""Awards brought in from elsewhere by a file: the file with how it is read, and what is to become of each of its rows."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from badge_service.curriculum.tables import DefinitionVersion
from badge_service.people.tables import Organisation
from badge_service.storage.tables import Base, identity, reference

_CONFIRMED = sql("confirmed_at IS NOT NULL")


class AwardImport(Base):
    """One file of one organisation for one definition version; the same file is confirmed once.

    `state`: draft → running | second (waits for a second person) → running; running ⇄ stopped → done. `data` is the
    file as it was sent, compressed, kept for a draft only; `reading` says how it is read, `faults` what is wrong with the
    whole of it. Drafts are gone after a day.
    """

    __tablename__ = "award_imports"
    __table_args__ = (
        Index(
            "uq_award_imports_confirmed",
            "organisation_id",
            "version_id",
            "digest",
            unique=True,
            sqlite_where=_CONFIRMED,
            postgresql_where=_CONFIRMED,
        ),
    )

    id: Mapped[int] = identity()
    token: Mapped[str] = mapped_column(unique=True)
    organisation_id: Mapped[int] = reference("organisations.id", index=False)
    version_id: Mapped[int] = reference("definition_versions.id")
    filename: Mapped[str]
    digest: Mapped[str]
    data: Mapped[bytes | None]
    reading: Mapped[dict[str, Any]]
    faults: Mapped[list[Any]]
    state: Mapped[str]
    created_by: Mapped[str]
    created_at: Mapped[datetime]
    identity_check: Mapped[str | None]
    reason: Mapped[str] = mapped_column(default="")
    confirmed_at: Mapped[datetime | None]
    second_by: Mapped[str | None]
    failure: Mapped[str | None]

    organisation: Mapped[Organisation] = relationship(lazy="joined")
    version: Mapped[DefinitionVersion] = relationship(lazy="joined")


class ImportRow(Base):
    """One row of such a file as it was understood, and what has become of it.

    `state` before the button: good | bad | repeats | has_it; after it: waiting → awarded | has_it | failed | withdrawn.
    `faults` are of a bad row; `suggestion` is the address that was probably meant; `row` counts as a spreadsheet does.
    """

    __tablename__ = "import_rows"
    __table_args__ = (
        Index("uq_import_rows_import_id_row", "import_id", "row", unique=True),
        Index("ix_import_rows_state", "import_id", "state", "row"),
    )

    id: Mapped[int] = identity()
    import_id: Mapped[int] = reference("award_imports.id", index=False)
    row: Mapped[int]
    name: Mapped[str]
    email: Mapped[str | None]
    awarded_on: Mapped[date | None]
    evidence_url: Mapped[str | None]
    levels: Mapped[dict[str, Any]]
    faults: Mapped[list[Any]]
    suggestion: Mapped[str | None]
    state: Mapped[str]
    other_row: Mapped[int | None]
    failure: Mapped[str | None]
    award_id: Mapped[int | None] = reference("awards.id", nullable=True)
