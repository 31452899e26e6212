"""Decides what enrolling a list would do, learner by learner, without doing it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import gettext as _

from badge_service.web.csv_files import RowFault
from badge_service.workshops.rules.learners import LearnerRow, first_of_each, folded


class Effect(StrEnum):
    """What happens to one row when the list is confirmed."""

    NEW = "new"
    ENROLLED = "enrolled"
    RETURNS = "returns"
    GETS_ADDRESS = "gets_address"
    REPEATS = "repeats"


@dataclass(frozen=True)
class Enrolled:
    """Somebody on the class list already, perhaps removed again."""

    number: int
    name: str
    email: str | None
    removed: bool


@dataclass(frozen=True)
class Outcome:
    """What happens to a row: `other` is the number of the learner it is, or the row it repeats."""

    row: LearnerRow
    effect: Effect
    other: int | None = None


@dataclass(frozen=True)
class Preview:
    """What confirming a list does, and what stands in its way."""

    outcomes: tuple[Outcome, ...]
    faults: tuple[RowFault, ...]

    def with_effect(self, *effects: Effect) -> list[Outcome]:
        """The outcomes with one of these effects, in the order of the list."""
        return [outcome for outcome in self.outcomes if outcome.effect in effects]


def foresee(rows: Sequence[LearnerRow], enrolled: Sequence[Enrolled]) -> Preview:
    """Match a list against a class list: by address first, then by name where one of the two has no address."""
    repeats = first_of_each(tuple(rows))
    outcomes, faults = [], []
    for row in rows:
        if row.row in repeats:
            outcomes.append(Outcome(row, Effect.REPEATS, repeats[row.row]))
            continue
        match = _match(row, enrolled)
        if match and match.email == row.email and folded(match.name) != folded(row.name):
            faults.append(_foreign_address(row, match))
        else:
            outcomes.append(_outcome(row, match))
    return Preview(tuple(outcomes), tuple(faults))


def _match(row: LearnerRow, enrolled: Sequence[Enrolled]) -> Enrolled | None:
    if row.email:
        by_address = next((one for one in enrolled if one.email == row.email), None)
        if by_address:
            return by_address
    same_name = (one for one in enrolled if folded(one.name) == folded(row.name))
    return next((one for one in same_name if not row.email or not one.email), None)


def _outcome(row: LearnerRow, match: Enrolled | None) -> Outcome:
    if match is None:
        return Outcome(row, Effect.NEW)
    if match.removed:
        return Outcome(row, Effect.RETURNS, match.number)
    effect = Effect.GETS_ADDRESS if row.email and not match.email else Effect.ENROLLED
    return Outcome(row, effect, match.number)


def _foreign_address(row: LearnerRow, match: Enrolled) -> RowFault:
    message = _(
        "Learner %(number)s, %(name)s, is enrolled with this address. Write the name as it is there, or another address.",
        number=match.number,
        name=match.name,
    )
    return RowFault(row.row, _("e-mail"), row.email or "", message, "email_of_other")
