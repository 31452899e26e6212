"""Hubs: the places where a team's workshops happen."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column, relationship

from badge_service.curriculum.tables.teams import Let
from badge_service.storage.tables import Base, identity, reference


class Hub(Base):
    """A place with machines and partners that a team keeps open; its region is that of its team.

    `language` is the language these texts are written in, `spoken` the languages (ISO 639 codes) one is understood in.
    """

    __tablename__ = "hubs"

    id: Mapped[int] = identity()
    slug: Mapped[str] = mapped_column(unique=True)
    let_id: Mapped[int] = reference("lets.id")
    name: Mapped[str]
    place: Mapped[str]
    about: Mapped[str]
    machines: Mapped[list[str]]
    partners: Mapped[list[str]]
    opening: Mapped[str]
    accessibility: Mapped[str]
    language: Mapped[str]
    spoken: Mapped[list[str]]
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    let: Mapped[Let] = relationship(lazy="joined")
