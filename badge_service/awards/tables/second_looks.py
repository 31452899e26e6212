"""Second looks after an award: how each sample was drawn, and what a second assessor found."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from badge_service.awards.tables.awards import Award
from badge_service.people.tables import Person
from badge_service.storage.tables import Base, identity, reference


class LookDraw(Base):
    """One sample: `drawn` of `out_of` awards (a `share` in per cent), by chance from a seed that lets it be repeated."""

    __tablename__ = "look_draws"

    id: Mapped[int] = identity()
    organisation_id: Mapped[int] = reference("organisations.id")
    batch_id: Mapped[int | None] = reference("award_batches.id", nullable=True)
    seed: Mapped[str]
    share: Mapped[int]
    out_of: Mapped[int]
    drawn: Mapped[int]
    drawn_at: Mapped[datetime]


class SecondLook(Base):
    """That another assessor looks at one award until `due_at`; `for_group` when levels were set for the whole group.

    `state`: open → agreed | corrected | disputed; disputed → upheld | revoked. `levels` and `words` are the second
    assessor's own, `resolution` the words of who let a disputed badge stand. Those about awards that have ended meanwhile
    are over. `assessor_id` is whose turn it is: None where nobody was there who had no part in the award.
    """

    __tablename__ = "second_looks"
    __table_args__ = (
        UniqueConstraint("award_id"),
        Index("ix_second_looks_desk", "organisation_id", "state", "due_at"),
    )

    id: Mapped[int] = identity()
    token: Mapped[str] = mapped_column(unique=True)
    draw_id: Mapped[int] = reference("look_draws.id")
    award_id: Mapped[int] = reference("awards.id", index=False)
    organisation_id: Mapped[int] = reference("organisations.id", index=False)
    assessor_id: Mapped[int | None] = reference("persons.id", nullable=True)
    for_group: Mapped[bool]
    due_at: Mapped[datetime]
    state: Mapped[str]
    looked_by: Mapped[str | None]
    looked_at: Mapped[datetime | None]
    levels: Mapped[dict[str, Any]]
    words: Mapped[str]
    resolved_by: Mapped[str | None]
    resolved_at: Mapped[datetime | None]
    resolution: Mapped[str]

    award: Mapped[Award] = relationship(lazy="joined")
    assessor: Mapped[Person | None] = relationship(lazy="joined")
