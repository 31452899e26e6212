"""What a batch has decided and not yet awarded, how much one person may award, and what was taken back from a person."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from badge_service.awards.rules.limits import SECOND_LOOKS
from badge_service.people.tables import Organisation
from badge_service.storage.tables import Base, identity, reference


class BatchItem(Base):
    """One learner of a batch as it was decided: the levels reached, and what has become of it.

    `state`: second (until another person confirms) → waiting (for the worker) → awarded | failed; second or waiting →
    refused. `why` is the code of a failure, or the words of a refusal.
    """

    __tablename__ = "batch_items"

    batch_id: Mapped[int] = reference("award_batches.id", primary_key=True, index=False)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[int] = reference("persons.id")
    levels: Mapped[dict[str, Any]]
    state: Mapped[str]
    why: Mapped[str | None]
    confirmed_by: Mapped[str | None]
    settled_at: Mapped[datetime | None]


class AwardLimits(Base):
    """How many badges one person of an organisation may award: a day without a second person, and an hour at most.

    `second_looks` per cent of what was awarded is looked at by another assessor afterwards.
    """

    __tablename__ = "award_limits"

    organisation_id: Mapped[int] = reference("organisations.id", primary_key=True, index=False)
    a_day: Mapped[int]
    an_hour: Mapped[int]
    second_looks: Mapped[int] = mapped_column(default=SECOND_LOOKS)
    changed_by: Mapped[str]
    changed_at: Mapped[datetime]


class Undoing(Base):
    """That awards are taken back which a person (`about`, their key) decided for an organisation in a span of time.

    All of them, or those of one batch, one import or one case. `total` badges stood when it was asked for; `finished_at`
    when none of them stands any more.
    """

    __tablename__ = "undoings"
    __table_args__ = (Index("ix_undoings_organisation", "organisation_id", "requested_at"),)

    id: Mapped[int] = identity()
    token: Mapped[str] = mapped_column(unique=True)
    organisation_id: Mapped[int] = reference("organisations.id", index=False)
    about: Mapped[str]
    batch_id: Mapped[int | None] = reference("award_batches.id", nullable=True)
    import_id: Mapped[int | None] = reference("award_imports.id", nullable=True)
    case_id: Mapped[int | None] = reference("recognition_cases.id", nullable=True)
    since: Mapped[datetime]
    until: Mapped[datetime]
    reason: Mapped[str]
    requested_by: Mapped[str]
    requested_at: Mapped[datetime]
    total: Mapped[int]
    finished_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship(lazy="joined")
