"""On how many days of a workshop a learner must have been there to count as present, and which of its days is now."""

from collections.abc import Collection, Sequence
from datetime import date


def days_that_count(days: int, needed: int | None = None) -> int:
    """How many of `days` days one must have been there: what the school says, else half of them, rounded up."""
    return max(1, min(needed or -(-days // 2), days))


def counts_as_present(days: Collection[date], missed: Collection[date], needed: int | None = None) -> bool:
    """Whether somebody who missed these days was there on enough of the others; days nobody has marked are not missed."""
    if not days:
        return True
    return len(set(days) - set(missed)) >= days_that_count(len(days), needed)


def begun(days: Sequence[date], today: date) -> list[date]:
    """The days that have come; before the first one that is the first alone, so that a list can be prepared."""
    return [day for day in days if day <= today] or list(days[:1])
