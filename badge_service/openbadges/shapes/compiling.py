"""Makes a shape: expands a document once with sentinels for values, and finds where each of them came out.

Refuses whenever a value does not come back whole, so that nothing which a signature would not cover, and nothing which
JSON-LD computes with, is ever filled in by substitution.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from badge_service.openbadges.rdf_canonicalization import Quad
from badge_service.openbadges.shapes.outlines import Outline, Words, with_values
from badge_service.openbadges.shapes.shape import Shape
from badge_service.openbadges.shapes.terms import Kind, Node, Pattern, Slot, Term, Unsuitable, Value

Expand = Callable[[dict[str, Any]], list[Quad]]
"""Turns a document into quads; raises Unsuitable for one with faults."""

_SENTINEL = "urn:x-badge-slot:"
_FIRST_NUMBER = 77_100_000_000_000
_IN_TERM = re.compile(r'(?:<|")(?:urn:x-badge-slot:(\d+):|(771000\d{8}))(?:>|")')
_ANY = re.compile(r"x-badge-slot|771000\d{8}")
_DOUBLE = "^^<http://www.w3.org/2001/XMLSchema#double>"
_FIRST = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#first>"
_REST = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#rest>"


def compile_shape(document: Mapping[str, Any], outlined: Outline, words: Words, expand: Expand) -> Shape:
    """The shape of `document`, whose outline is `outlined`; raises Unsuitable when it cannot be relied on."""
    if any(_ANY.search(constant) for constant in outlined.constants):
        raise Unsuitable("holds what looks like a sentinel")
    slots = len(outlined.values)
    quads = expand(with_values(document, words, _sentinel))
    compiled = _Compiled(outlined.values)
    patterns: list[Pattern] = []
    for subject, predicate, object_, graph in quads:
        if _ANY.search(predicate):
            raise Unsuitable("a value became a property")
        patterns.append((compiled.term(subject), predicate, compiled.term(object_), compiled.term(graph)))
    if len(compiled.kinds) != slots:
        raise Unsuitable("a value was dropped")
    kinds = [compiled.kinds[index] for index in range(slots)]
    return Shape(patterns, kinds, _list_owners(patterns), words.defined)


def _sentinel(slot: int, value: Value) -> Value:
    return f"{_SENTINEL}{slot}:" if type(value) is str else _FIRST_NUMBER + slot


class _Compiled:
    """Terms with sentinels turned into terms with slots; every slot keeps to one kind."""

    def __init__(self, values: Sequence[Value]) -> None:
        self._values = values
        self._nodes: dict[str, Node] = {}
        self.kinds: dict[int, Kind] = {}

    def term(self, text: str) -> Term:
        """One term of a quad; raises Unsuitable when a sentinel is in it but is not the whole of it."""
        if text.startswith("_:"):
            return self._nodes.setdefault(text, Node(len(self._nodes)))
        if not _ANY.search(text):
            return text
        match = _IN_TERM.match(text)
        if match is None or _ANY.search(text[match.end() :]):
            raise Unsuitable("a value came out as a part of something")
        return self._slot(text, match)

    def _slot(self, text: str, match: re.Match[str]) -> Slot:
        index = int(match[1]) if match[1] else int(match[2]) - _FIRST_NUMBER
        before, after = text[0], text[match.end() - 1 :]
        if index >= len(self._values) or isinstance(self._values[index], int) is bool(match[1]):
            raise Unsuitable("a value came out as another")
        if after.endswith(_DOUBLE):
            raise Unsuitable("a value that JSON-LD computes with")
        kind = Kind.ADDRESS if before == "<" else Kind.TEXT if match[1] else Kind.NUMBER
        if (before == "<") is not (after == ">") or self.kinds.setdefault(index, kind) is not kind:
            raise Unsuitable("a value came out in two ways")
        return Slot(index, before, after)


def _list_owners(patterns: Sequence[Pattern]) -> list[int]:
    """Slots that name the subject of a list: who points at a list node to which no `rdf:rest` leads."""
    nodes = {subject for subject, predicate, _, _ in patterns if predicate == _FIRST}
    heads = nodes - {object_ for _, predicate, object_, _ in patterns if predicate == _REST}
    return sorted(
        {
            subject.index
            for subject, _, object_, _ in patterns
            if object_ in heads and isinstance(subject, Slot)
        }
    )
