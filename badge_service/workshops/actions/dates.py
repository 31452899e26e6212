"""The days of a workshop: written down with its plan, so that each day keeps its row, and found again."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from flask_babel import gettext as _

from badge_service.alliance.rules import ActivityFacts
from badge_service.errors import NotFoundError
from badge_service.workshops.actions.presence import days_of
from badge_service.workshops.rules import Meeting
from badge_service.workshops.tables import Workshop, WorkshopDate


def meetings_of(workshop: Workshop) -> list[Meeting]:
    """The days of a workshop with their hours, the first one first; of another activity its first and its last day."""
    rows = [Meeting(one.day, one.begins, one.ends) for one in workshop.dates]
    return rows or [Meeting(day) for day in days_of(workshop)]


def day_named(workshop: Workshop, written: str) -> date:
    """The day of a workshop that is written like this (2026-12-31); raises NotFoundError for any other."""
    days = {day.isoformat(): day for day in days_of(workshop)}
    if written not in days:
        raise NotFoundError(_("The workshop does not meet on this day."), code="day.missing")
    return days[written]


def set_dates(workshop: Workshop, facts: ActivityFacts, meetings: Sequence[Meeting]) -> None:
    """Make these the days of a workshop; without any, the first and the last day of its activity.

    A day that stays keeps its row. The caller has judged them.
    """
    kept = {one.day: one for one in workshop.dates}
    wanted = meetings or [Meeting(day) for day in sorted({facts.starts_on, facts.ends_on})]
    rows = [kept.get(one.day) or WorkshopDate(day=one.day) for one in wanted]
    for row, meeting in zip(rows, wanted, strict=True):
        row.begins, row.ends = meeting.begins, meeting.ends
    workshop.dates = rows


def spanning(facts: ActivityFacts, meetings: Sequence[Meeting]) -> ActivityFacts:
    """What is said about the activity, with its first and last day taken from the meetings, if there are any."""
    if not meetings:
        return facts
    days = [meeting.day for meeting in meetings]
    return replace(facts, starts_on=min(days), ends_on=max(days))
