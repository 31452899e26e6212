"""What a compiled shape is made of: terms of quads, with gaps for values and numbers for blank nodes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from operator import itemgetter
from typing import Any

Value = str | int


class Unsuitable(Exception):
    """This document, or this shape, has to be expanded in full; no fault of the document."""


class Kind(Enum):
    """What a value becomes: the text of a literal, the digits of a whole number, or an address."""

    TEXT = "text"
    NUMBER = "number"
    ADDRESS = "address"


@dataclass(frozen=True)
class Slot:
    """A gap in a term, to be filled with value number `index`: `<…>`, `"…"` or `"…"^^<datatype>`."""

    index: int
    before: str
    after: str


@dataclass(frozen=True)
class Node:
    """A blank node, known by its number until it has a canonical label."""

    index: int


Term = str | Slot | Node
"""A term of a quad; as text it is written as N-Quads writes it."""
Pattern = tuple[Term, str, Term, Term]
"""Subject, predicate, object, graph (an empty text for the default graph)."""


def getter(order: Sequence[int]) -> Callable[[Sequence[Any]], Sequence[Any]]:
    """What picks a tuple of entries; `itemgetter` gives no tuple for less than two."""
    if len(order) > 1:
        return itemgetter(*order)
    return lambda entries: tuple(entries[index] for index in order)
