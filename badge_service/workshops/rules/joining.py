"""When learners may put themselves on a class list, what they say of themselves, and when they wait in line."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from flask_babel import gettext as _

from badge_service.alliance.rules import State
from badge_service.errors import Fault
from badge_service.workshops.rules.kinds import LearnerKind
from badge_service.workshops.rules.learners import email_faults, name_faults
from badge_service.workshops.rules.plan import MOST_PLACES

MOST_WAITING = 500


class Joining(StrEnum):
    """How a workshop's own page answers who wants to join."""

    FREE = "free"
    WAITING = "waiting"
    CLOSED = "closed"


class Place(StrEnum):
    """Where somebody got to by joining."""

    JOINED = "joined"
    WAITING = "waiting"


@dataclass(frozen=True)
class Places:
    """How many are on the class list and in line; `capacity` None is as many as a class list holds."""

    joined: int
    waiting: int
    capacity: int | None

    @property
    def are_free(self) -> bool:
        """Whether the next one gets a place: some are left, and nobody waits for them."""
        return not self.waiting and self.joined < self.most

    @property
    def most(self) -> int:
        """How many places there are."""
        return self.capacity or MOST_PLACES


@dataclass(frozen=True)
class JoinRequest:
    """What somebody says at the door; `key` is of the form they filled in, `agreed` are ids of consent texts.

    `kind` is a `LearnerKind`.
    """

    name: str
    email: str = ""
    key: str = ""
    agreed: tuple[int, ...] = ()
    kind: str = LearnerKind.STUDENT.value


def is_open(state: str, join_until: date | None, today: date) -> bool:
    """Whether anybody may join now."""
    return state == State.PLANNED.value and join_until is not None and today <= join_until


def joining(state: str, join_until: date | None, today: date, places: Places) -> Joining:
    """What the page says to somebody who comes now."""
    if not is_open(state, join_until, today) or places.waiting >= MOST_WAITING:
        return Joining.CLOSED
    return Joining.FREE if places.are_free else Joining.WAITING


def join_faults(asked: JoinRequest) -> list[Fault]:
    """Everything wrong with what somebody typed at the door."""
    faults = [Fault("name", fault.message, fault.code) for fault in name_faults(0, asked.name)]
    if asked.email:
        faults += [Fault("email", fault.message, fault.code) for fault in email_faults(0, asked.email)]
    return faults


def opening_faults(until: date | None, today: date, last_day: date) -> list[Fault]:
    """What is wrong with the last day for joining."""
    if until is None:
        return [Fault("until", _("Say up to which day learners can join."), "required")]
    if until < today:
        return [Fault("until", _("This day has passed. Choose today or a later one."), "past")]
    if until > last_day:
        return [
            Fault("until", _("The workshop is over by then. Choose its last day or an earlier one."), "late")
        ]
    return []
