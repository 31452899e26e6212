"""What checking in takes: when it is open, what a learner must say, and whom of the class list they most likely are."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from flask_babel import gettext as _

from badge_service.errors import Fault
from badge_service.web.texts import text_faults
from badge_service.workshops.rules.learners import folded, name_faults

LATE_DAYS = 14
MOST_LATE_DAYS = 90
LONGEST_ACCOUNT = 4000
MOST_PIECES = 3
MOST_WAITING = 1000
MOST_CLAIMS_WAITING = 200
"""Late claims carry files, and anybody with the link can send them: this bounds what strangers can fill a disk with."""


class CheckIn(StrEnum):
    """How somebody says that they are or were there; the same words stand with the presence that comes of it."""

    CODE = "code"
    SCREEN = "screen"
    LATE = "late"


class Decision(StrEnum):
    """Where such a request stands."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"


class Phase(StrEnum):
    """What the door of a workshop takes on one day."""

    EARLY = "early"
    HERE = "here"
    LATE = "late"
    OVER = "over"


@dataclass(frozen=True)
class Said:
    """What a learner says: a name as they write it, or their number on the class list, and what they did (late claims)."""

    name: str
    number: int | None = None
    account: str = ""


@dataclass(frozen=True)
class Listed:
    """Somebody on the class list, as far as a request is matched with them."""

    enrolment_id: int
    person_id: int
    number: int
    name: str


def phase_of(days: Sequence[date], today: date, late_days: int) -> Phase:
    """What is taken today: a check-in on each of the days, later a claim of having been there, for so many days."""
    if today < days[0]:
        return Phase.EARLY
    if today in days:
        return Phase.HERE
    return Phase.LATE if today <= days[-1] + timedelta(days=late_days) else Phase.OVER


def days_to_claim(days: Sequence[date], today: date, late_days: int) -> list[date]:
    """The days of which somebody can still say that they were there, the newest first."""
    if today > days[-1] + timedelta(days=late_days):
        return []
    return [day for day in reversed(days) if day <= today]


def check_in_faults(said: Said, number_typed: str) -> list[Fault]:
    """Everything wrong with how somebody says who they are: one of name and number is needed."""
    faults = []
    if number_typed and said.number is None:
        message = _("Write your number with digits only, or leave it out.")
        faults.append(Fault("number", message, "number"))
    if said.name:
        faults += [Fault("name", fault.message, fault.code) for fault in name_faults(0, said.name)]
    elif not number_typed:
        faults.append(Fault("name", _("Write your first name, or your number on the list."), "required"))
    return faults


def claim_faults(said: Said, number_typed: str, pieces: int) -> list[Fault]:
    """Everything wrong with a late claim: who it is, what they did, and too many files."""
    faults = check_in_faults(said, number_typed)
    faults += text_faults("account", said.account, LONGEST_ACCOUNT, lines=True)
    if pieces > MOST_PIECES:
        faults.append(Fault("files", _("Send at most %(most)s files.", most=MOST_PIECES), "too_many"))
    return faults


def rule_faults(late_days: int | None, days_needed: int | None, days: int) -> list[Fault]:
    """Everything wrong with what a teacher sets for checking in."""
    faults = []
    if late_days is None or not 0 <= late_days <= MOST_LATE_DAYS:
        message = _("Write a number of days from 0 (no late claims) to %(most)s.", most=MOST_LATE_DAYS)
        faults.append(Fault("late_days", message, "range"))
    if days_needed is not None and not 1 <= days_needed <= days:
        message = _("Write a number from 1 to %(most)s.", most=days)
        faults.append(Fault("days_needed", message, "range"))
    return faults


def who_it_is(said: Said, person_id: int | None, listed: Collection[Listed]) -> Listed | None:
    """Whom of the class list this is, if only one can be meant; a signed-in person is themself or nobody.

    A number must go with a word of the name, if both were said; of a name every word must be in the listed one.
    """
    if person_id is not None:
        return next((one for one in listed if one.person_id == person_id), None)
    words = _words(said.name)
    if said.number is not None:
        same = next((one for one in listed if one.number == said.number), None)
        return same if same and (not words or words & _words(same.name)) else None
    meant = [one for one in listed if words and words <= _words(one.name)]
    exact = [one for one in meant if folded(one.name) == folded(said.name)]
    found = exact or meant
    return found[0] if len(found) == 1 else None


def _words(name: str) -> set[str]:
    return set(folded(name).split())
