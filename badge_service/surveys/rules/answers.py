"""Reads what somebody answered, and names everything wrong with it at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _

from badge_service.errors import Fault
from badge_service.surveys.rules.instruments import Item, Kind, Pair
from badge_service.web.texts import plain, text_faults

MOST_WORDS = 500

Sent = Mapping[str, Sequence[str]]


@dataclass
class Answers:
    """What was answered (numbers and words by question), what was typed or ticked, and what is wrong with it."""

    numbers: dict[str, int] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was answered."""
        return not self.numbers and not self.words


def read_answers(sent: Sent, items: Sequence[Item], pairs: Sequence[Pair]) -> Answers:
    """The answers to these items among what was sent; everything may be left out, but not everything at once.

    Zero stands for “I would rather not say” and is kept nowhere.
    """
    found = Answers()
    for item in items:
        if item.kind is Kind.WORDS:
            _read_words(found, sent, item)
        elif item.kind is Kind.SEVERAL:
            _read_several(found, sent, item)
        elif item.kind is Kind.PAIRS:
            for pair in pairs:
                _read_one(found, sent, pair.before, len(item.choices))
                _read_one(found, sent, pair.after, len(item.choices))
        else:
            _read_one(found, sent, item.key, len(item.choices))
    if found.is_empty and not found.faults:
        message = _("Nothing is answered yet. Answer at least one question, or just close this page.")
        found.faults.append(Fault("", message, "survey.empty"))
    return found


def _read_one(found: Answers, sent: Sent, name: str, most: int) -> None:
    values = set(sent.get(name, ()))
    if not values or values == {"0"}:
        return
    allowed = {str(number): number for number in range(1, most + 1)}
    if len(values) == 1 and (number := allowed.get(next(iter(values)))) is not None:
        found.numbers[name] = number
    else:
        found.faults.append(Fault(name, _("Choose one of these answers."), "survey.choice"))


def _read_several(found: Answers, sent: Sent, item: Item) -> None:
    places = {str(number): number for number in range(1, len(item.choices) + 1)}
    values = set(sent.get(item.key, ()))
    if values - set(places):
        found.faults.append(Fault(item.key, _("Choose among these answers."), "survey.choice"))
    elif values:
        found.numbers[item.key] = sum(1 << (places[value] - 1) for value in values)


def _read_words(found: Answers, sent: Sent, item: Item) -> None:
    text = plain("\n".join(sent.get(item.key, ())))
    faults = text_faults(item.key, text, MOST_WORDS, lines=True, needed=False)
    found.faults += faults
    if text and not faults:
        found.words[item.key] = text
