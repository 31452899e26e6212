"""Takes a document apart into its shape, a key that documents of one shape share, and the values that may differ.

What belongs to the shape: names and order of members, lengths of lists, nulls, booleans, fractions, contexts with the
digests of their bytes, types, and every member whose value is a word of a vocabulary (JSON-LD 1.1, `@vocab`). What may
differ: texts, and whole numbers below 10^21, which is where JSON-LD begins to write them as fractions.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, NamedTuple

from badge_service.openbadges.shapes.terms import Unsuitable, Value

MAX_DEPTH = 40
LARGEST_NUMBER = 10**21 - 1


class Outline(NamedTuple):
    """A document taken apart: `key` is equal for documents of one shape, `values` stand in the document's order.

    The key holds, for every object from the outside in: its names, the types of its members, and then what they add:
    objects and lists likewise, constants in writing, contexts their digests. Each part says how many follow it.
    """

    key: tuple[object, ...]
    values: list[Value]

    @property
    def constants(self) -> Iterator[str]:
        """Every text that belongs to the shape: names, types, contexts, and numbers in writing."""
        for part in self.key:
            yield from (
                word for word in (part if isinstance(part, tuple) else (part,)) if isinstance(word, str)
            )


@dataclass(frozen=True)
class Words:
    """What the contexts say about words: `constant` ones have values that belong to the shape, `defined` are all."""

    constant: frozenset[str]
    defined: frozenset[str]

    @classmethod
    def of(cls, contexts: Iterable[Mapping[str, Any]]) -> "Words":
        """The words of `contexts` together, however deep they are scoped."""
        constant, defined = {"@context", "@type"}, set[str]()
        pending: list[Any] = list(contexts)
        while pending:
            value = pending.pop()
            if isinstance(value, list):
                pending.extend(value)
            elif isinstance(value, Mapping):
                pending.extend(value.values())
                defined.update(value)
                constant.update(word for word, definition in value.items() if _is_constant(definition))
        return cls(frozenset(constant), frozenset(defined))


def _is_constant(definition: object) -> bool:
    """Whether the values of a word so defined are words themselves, or its name stands for a keyword but `@id`."""
    if isinstance(definition, str):
        return definition.startswith("@") and definition != "@id"
    if not isinstance(definition, Mapping):
        return False
    stands_for = definition.get("@id")
    keyword = isinstance(stands_for, str) and stands_for.startswith("@") and stands_for != "@id"
    return keyword or definition.get("@type") == "@vocab"


def outline(document: Mapping[str, Any], words: Words, digests: Mapping[str, str]) -> Outline:
    """Take `document` apart; `digests` gives the digest of every known context.

    Raises Unsuitable for contexts that are not known and for what is no plain JSON.
    """
    reader = _Reader(words, digests)
    if type(document) is not dict:
        raise Unsuitable("not a plain object")
    reader.read_object(document, 0)
    return Outline(tuple(reader.key), reader.values)


def with_values(document: Any, words: Words, put: Callable[[int, Value], Value]) -> Any:
    """A copy of `document` in which every value is what `put` gives for its number, in the order of the outline, and for it."""
    count = 0

    def copy(value: Any) -> Any:
        nonlocal count
        if type(value) is dict:
            return {
                name: deepcopy(member) if name in words.constant else copy(member)
                for name, member in value.items()
            }
        if type(value) is list:
            return [copy(entry) for entry in value]
        if type(value) is str or (type(value) is int and abs(value) <= LARGEST_NUMBER):
            count += 1
            return put(count - 1, value)
        return value

    return copy(document)


class _Reader:
    """One walk through one document; types are compared exactly, as Python holds 1, 1.0 and True for the same."""

    def __init__(self, words: Words, digests: Mapping[str, str]) -> None:
        self.constant = words.constant
        self.digests = digests
        self.key: list[object] = []
        self.values: list[Value] = []

    def read_object(self, members: dict[str, Any], depth: int) -> None:
        """Texts and numbers are read here, without a call for each: most of a document is made of them."""
        keep, constant = self.values.append, self.constant
        self.key.append(tuple(members))
        self.key.append(tuple(map(type, members.values())))
        for name, value in members.items():
            if name in constant:
                self.read_constant(name, value)
            elif type(value) is str:
                keep(value)
            else:
                self.read_other(value, depth)

    def read_other(self, value: Any, depth: int) -> None:
        """Anything but a text."""
        kind = type(value)
        if depth > MAX_DEPTH:
            raise Unsuitable("too deep")
        if kind is dict:
            self.read_object(value, depth + 1)
        elif kind is list:
            self.key.append(tuple(map(type, value)))
            for entry in value:
                if type(entry) is str:
                    self.values.append(entry)
                else:
                    self.read_other(entry, depth + 1)
        elif kind is int and abs(value) <= LARGEST_NUMBER:
            self.values.append(value)
        else:
            self.add_constant(value)

    def read_constant(self, name: str, value: Any) -> None:
        """A member whose value belongs to the shape; the digests of contexts do as well."""
        if type(value) is str:
            self.key.append(value)
        else:
            self.add_constant(value)
        if name == "@context":
            for address in value if isinstance(value, list) else [value]:
                if type(address) is not str or address not in self.digests:
                    raise Unsuitable("a context that is not known")
                self.key.append(self.digests[address])

    def add_constant(self, value: Any) -> None:
        """A leaf, or a list of texts, in writing: 0.0 equals -0.0 and signs differently."""
        kind = type(value)
        if kind is list and all(type(entry) is str for entry in value):
            self.key.append(tuple(value))
        elif kind is str:
            self.key.append(value)
        elif kind in (float, bool, type(None)):
            self.key.append(repr(value))
        else:
            raise Unsuitable("no leaf, or a number as large as JSON-LD writes them otherwise")
