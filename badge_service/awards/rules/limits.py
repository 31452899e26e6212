"""How many badges one person may award (a day alone, an hour at most), and how many are looked at a second time."""

from dataclasses import dataclass
from datetime import timedelta

A_DAY = 50
AN_HOUR = 1_000
SECOND_LOOKS = 20
MOST_A_DAY = 10_000
MOST_AN_HOUR = 100_000
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Limits:
    """An organisation's numbers: `a_day` need no second person, more than `an_hour` are refused.

    `second_looks` per cent of what was awarded is looked at by another assessor afterwards; 0 is none.
    """

    a_day: int = A_DAY
    an_hour: int = AN_HOUR
    second_looks: int = SECOND_LOOKS


@dataclass(frozen=True)
class Allowance:
    """How far one person is from the limits: what they have given today (UTC), and decided within the last hour."""

    limits: Limits
    given_today: int
    decided_this_hour: int

    @property
    def left_today(self) -> int:
        """How many more they may give today without a second person."""
        return max(0, self.limits.a_day - self.given_today)

    @property
    def left_this_hour(self) -> int:
        """How many more they may decide now."""
        return max(0, self.limits.an_hour - self.decided_this_hour)

    def at_once(self, count: int) -> int:
        """How many of so many need no second person."""
        return min(count, self.left_today)
