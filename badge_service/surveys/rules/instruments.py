"""What a form asks: items with their choices, in several languages, and which of them are drawn for one person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Words = Mapping[str, str]
"""A text by language."""


class Kind(StrEnum):
    """How an item is answered: one step of a scale, one choice, several choices, before and after, in words."""

    SCALE = "scale"
    CHOICE = "choice"
    SEVERAL = "several"
    PAIRS = "pairs"
    WORDS = "words"


@dataclass(frozen=True)
class Item:
    """One question; answers to it are numbers from 1 in the order of `choices` (for several: their bits)."""

    key: str
    part: str
    kind: Kind
    text: Words
    choices: tuple[Words, ...] = ()


@dataclass(frozen=True)
class Pair:
    """One thing that people rate as it was before and as it is now; `about` is a later room's word for what it is."""

    key: str
    text: str
    language: str
    about: str

    @property
    def before(self) -> str:
        """The name of the answer for before."""
        return f"{self.key}.before"

    @property
    def after(self) -> str:
        """The name of the answer for now."""
        return f"{self.key}.after"


@dataclass(frozen=True)
class Instrument:
    """A form; of a part named in `draw` one person gets only so many items."""

    key: str
    version: int
    title: Words
    draw: Mapping[str, int]
    items: tuple[Item, ...]

    def item(self, key: str) -> Item | None:
        """The item of this name, if there is one."""
        return next((item for item in self.items if item.key == key), None)

    def part(self, part: str) -> tuple[Item, ...]:
        """The items of a part, in order."""
        return tuple(item for item in self.items if item.part == part)

    @property
    def pairs_item(self) -> Item | None:
        """The item that asks for before and after, if this form has one."""
        return next((item for item in self.items if item.kind is Kind.PAIRS), None)

    def without_what_is_drawn(self) -> tuple[Item, ...]:
        """The items that everybody gets."""
        return tuple(item for item in self.items if item.part not in self.draw)


def instrument_of(raw: Mapping[str, Any]) -> Instrument:
    """The form that a file of `instruments/` describes."""
    items = tuple(
        Item(one["key"], one["part"], Kind(one["kind"]), one["text"], tuple(one.get("choices", ())))
        for one in raw["items"]
    )
    return Instrument(raw["key"], raw["version"], raw["title"], raw["draw"], items)


def drawn(instrument: Instrument, answered: Mapping[str, int], chance: Sequence[int]) -> tuple[str, ...]:
    """The items drawn for the next person, in the order of the form: those with the fewest answers so far.

    `answered` counts answers by item; `chance` (a number for each item) decides between equals.
    """
    chosen = set()
    for part, most in instrument.draw.items():
        order = zip(instrument.part(part), chance, strict=False)
        ranked = sorted(order, key=lambda one: (answered.get(one[0].key, 0), one[1]))
        chosen |= {item.key for item, _chance in ranked[:most]}
    return tuple(item.key for item in instrument.items if item.key in chosen)


def may_be_asked(instrument: Instrument, keys: Sequence[str]) -> bool:
    """Whether these items can have been drawn for one person."""
    return all(
        sum(item.key in keys for item in instrument.part(part)) == most
        for part, most in instrument.draw.items()
    ) and len(set(keys)) == sum(instrument.draw.values())


def asked(instrument: Instrument, drawn_keys: Sequence[str]) -> tuple[Item, ...]:
    """What one person is asked, in the order of the form."""
    kept = {item.key for item in instrument.without_what_is_drawn()} | set(drawn_keys)
    return tuple(item for item in instrument.items if item.key in kept)


def said(words: Words, language: str) -> tuple[str, str]:
    """A text with its language: the reader's, else English."""
    return (words[language], language) if language in words else (words["en"], "en")
