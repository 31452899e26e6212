"""What learners are asked about a workshop and when: right after it, after seven weeks, after nine months."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import zip_longest
from typing import Any

MOST_OUTCOMES = 3
FEW_LEARNERS = 5
VERSION = 1


class FeedbackForm(StrEnum):
    """The forms of surveys that are about a workshop (Kirkpatrick: reaction and learning, behaviour, results)."""

    AFTERWARDS = "workshop_feedback"
    USE = "workshop_use"
    RESULTS = "workshop_results"


OPEN_DAYS: Mapping[FeedbackForm, int] = {
    FeedbackForm.AFTERWARDS: 14,
    FeedbackForm.USE: 21,
    FeedbackForm.RESULTS: 28,
}
FOLLOW_UPS: Mapping[FeedbackForm, timedelta] = {
    FeedbackForm.USE: timedelta(weeks=7),
    FeedbackForm.RESULTS: timedelta(days=270),
}
"""How long after the last day it is asked again by mail: within six to eight weeks, and within six to twelve months."""
REMIND_AFTER = timedelta(days=10)


@dataclass(frozen=True)
class Outcome:
    """A learning outcome that a workshop teaches; `key` names it in a form, `definition_id` says whose it is."""

    key: str
    text: str
    language: str
    definition_id: int


def outcomes_of(taught: Sequence[tuple[int, str, Mapping[str, Any]]]) -> list[Outcome]:
    """The outcomes of what is taught, (definition id, language, content) each: the first of each, then the second ones."""
    lists = [
        [
            Outcome(f"d{definition_id}-{number}", str(one.get("text", "")), language, definition_id)
            for number, one in enumerate(content.get("learning_outcomes") or [], start=1)
            if one.get("text")
        ]
        for definition_id, language, content in taught
    ]
    return [outcome for row in zip_longest(*lists) for outcome in row if outcome is not None]


def follow_up_days(last_day: date, today: date) -> dict[FeedbackForm, date]:
    """When it is asked again, for those times that still lie ahead."""
    days = {form: last_day + later for form, later in FOLLOW_UPS.items()}
    return {form: day for form, day in days.items() if day > today}
