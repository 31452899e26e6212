"""Who was there on which day of a workshop, and how learners ask to be written down as present."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from badge_service.storage.tables import Base, identity, reference
from badge_service.workshops.tables.workshops import Enrolment


class Attendance(Base):
    """Whether a learner was there on one day; without a row they count as present.

    `how` is how it became known: by hand, by code, from the screen, or late. `marked_by` is a person's key.
    """

    __tablename__ = "attendances"

    enrolment_id: Mapped[int] = reference("enrolments.id", primary_key=True, index=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    present: Mapped[bool]
    how: Mapped[str]
    marked_by: Mapped[str | None]
    marked_at: Mapped[datetime]


class CheckInDoor(Base):
    """How learners of a workshop check in: the token of its printed code, the code of its screen, and what counts.

    `days_needed` is on how many days one must have been there (None: half of them, rounded up); a late claim is taken up
    to `late_days` days after the last day. A door that is `closed_at` takes nothing.
    """

    __tablename__ = "check_in_doors"

    workshop_id: Mapped[int] = reference("workshops.id", primary_key=True, index=False)
    token: Mapped[str] = mapped_column(unique=True)
    screen_token: Mapped[str] = mapped_column(unique=True)
    days_needed: Mapped[int | None]
    late_days: Mapped[int] = mapped_column(default=14)
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class CheckInRequest(Base):
    """Somebody who says that they are or were there, until a teacher approves or refuses it.

    `name` and `number` are as they typed them and are emptied with the rest some time after a refusal; `person_id` only of
    somebody who was signed in; `account` is what a late claim says they did.
    """

    __tablename__ = "check_in_requests"
    __table_args__ = (Index("ix_check_in_requests_list", "workshop_id", "state", "id"),)

    id: Mapped[int] = identity()
    token: Mapped[str] = mapped_column(unique=True)
    workshop_id: Mapped[int] = reference("workshops.id", index=False)
    day: Mapped[date]
    kind: Mapped[str]
    name: Mapped[str]
    number: Mapped[int | None]
    person_id: Mapped[int | None] = reference("persons.id", nullable=True)
    account: Mapped[str] = mapped_column(default="")
    state: Mapped[str]
    asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]
    reason: Mapped[str] = mapped_column(default="")
    enrolment_id: Mapped[int | None] = reference("enrolments.id", nullable=True)

    enrolment: Mapped[Enrolment | None] = relationship(lazy="select")
    pieces: Mapped[list["CheckInPiece"]] = relationship(lazy="selectin", order_by="CheckInPiece.id")


class CheckInPiece(Base):
    """A file that came with a late claim; its bytes lie under its token outside the web root."""

    __tablename__ = "check_in_pieces"

    id: Mapped[int] = identity()
    token: Mapped[str] = mapped_column(unique=True)
    request_id: Mapped[int] = reference("check_in_requests.id")
    media_type: Mapped[str]
    digest: Mapped[str]
