"""When a workshop meets: one row a day."""

from datetime import date, time

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from badge_service.storage.tables import Base, identity, reference


class WorkshopDate(Base):
    """One day of a workshop; `begins` and `ends` are the hours on the clock of its place, if they were said.

    The first and the last of them are the activity's `starts_on` and `ends_on`. A row stays the same row while its day
    stays, so that presence can refer to it.
    """

    __tablename__ = "workshop_dates"
    __table_args__ = (UniqueConstraint("workshop_id", "day"),)

    id: Mapped[int] = identity()
    workshop_id: Mapped[int] = reference("workshops.id", index=False)
    day: Mapped[date]
    begins: Mapped[time | None]
    ends: Mapped[time | None]
