"""When a workshop meets: its days with their hours, what is wrong with them, and which days they span."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from flask_babel import gettext as _

from badge_service.errors import Fault

MOST_DATES = 30


@dataclass(frozen=True)
class Meeting:
    """One day of a workshop; the hours are those on the clock of its place, None when they were not said."""

    day: date
    begins: time | None = None
    ends: time | None = None


def in_order(first: Meeting, more: Sequence[Meeting]) -> tuple[Meeting, ...]:
    """All days of a workshop, the earliest first."""
    return tuple(sorted((first, *more), key=lambda meeting: meeting.day))


def date_faults(meetings: Sequence[Meeting]) -> list[Fault]:
    """What is wrong with the days beside one another and with their hours; how far away they are is judged elsewhere."""
    faults = []
    if len(meetings) > MOST_DATES:
        message = _("A workshop has at most %(most)s days. Plan the rest as a second one.", most=MOST_DATES)
        faults.append(Fault("more", message, "too_many"))
    if len({meeting.day for meeting in meetings}) < len(meetings):
        faults.append(Fault("more", _("One day is there twice. Write it once, with all its hours."), "twice"))
    if any(meeting.begins and meeting.ends and meeting.ends <= meeting.begins for meeting in meetings):
        faults.append(Fault("more", _("On one day it ends before it begins. Correct the hours."), "hours"))
    if any(meeting.ends and not meeting.begins for meeting in meetings):
        faults.append(Fault("more", _("Say when it begins, too."), "hours"))
    return faults
