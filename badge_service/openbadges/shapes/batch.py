"""Many documents that differ from the first in a few values: everything else is written and hashed once.

A `Batch` knows the first document and finds what differs in the others; a `Bound` shape has the values that do not
differ filled in for good, and makes canonical N-Quads and JSON of the others.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from badge_service.openbadges.rdf_canonicalization import TooMuchWork
from badge_service.openbadges.shapes.outlines import LARGEST_NUMBER, Words
from badge_service.openbadges.shapes.shape import (
    FirstDegree,
    Node,
    Pattern,
    Shape,
    Slot,
    Template,
    Term,
    Unsuitable,
    Value,
    getter,
    labels_of,
)

Changes = Mapping[int, Value]
"""Values that differ from those of the first document, under their numbers."""

_MAX_RENDERINGS = 256
_JSON = json.JSONEncoder(ensure_ascii=False)


class _Differs(Exception):
    """A document has another shape than the first of its batch."""


@dataclass(slots=True)
class _Part:
    """A part of the first document; `slot` is the number of a value, `slots` are those within."""

    value: Any
    kind: type
    slot: int | None = None
    names: list[str] = field(default_factory=list)
    parts: list["_Part"] = field(default_factory=list)
    slots: range = range(0)


class Batch:
    """The first document of many, with its compiled shape and its values in the order of its outline."""

    def __init__(
        self, shape: Shape, document: Mapping[str, Any], values: Sequence[Value], words: Words
    ) -> None:
        self._shape, self._values = shape, values
        self._constant = words.constant
        self._count = 0
        self._whole = self._part(document, constant=False)

    def _part(self, value: Any, *, constant: bool) -> _Part:
        part, first = _Part(value, type(value)), self._count
        if type(value) is dict:
            part.names = list(value)
            part.parts = [
                self._part(member, constant=constant or name in self._constant)
                for name, member in value.items()
            ]
        elif type(value) is list:
            part.parts = [self._part(entry, constant=constant) for entry in value]
        elif not constant and _may_differ(value):
            part.slot, self._count = self._count, self._count + 1
        part.slots = range(first, self._count)
        return part

    def changes(self, document: Mapping[str, Any]) -> dict[int, Value] | None:
        """The values in which `document` differs from the first one, or None when it has another shape."""
        changes: dict[int, Value] = {}
        try:
            _compare(self._whole, document, changes)
        except _Differs:
            return None
        return changes

    def concerns(self, changes: Changes, *path: str) -> bool:
        """Whether any of `changes` lies in the part of the document at `path`, the names from the outside in."""
        part = self._whole
        for name in path:
            if name not in part.names:
                return False
            part = part.parts[part.names.index(name)]
        return any(slot in part.slots for slot in changes)

    def bind(self, varying: frozenset[int]) -> "Bound":
        """The shape with all values but the `varying` ones filled in."""
        return Bound(self._shape, self._values, varying, _pieces(self._whole, varying))


def _may_differ(value: Any) -> bool:
    return type(value) is str or (type(value) is int and abs(value) <= LARGEST_NUMBER)


def _compare(part: _Part, value: Any, changes: dict[int, Value]) -> None:
    """Types are compared exactly, as Python holds 1, 1.0 and True for the same; what is one object needs no look."""
    kind: type = type(value)
    if kind is not part.kind:
        raise _Differs
    if kind is dict:
        if list(value) != part.names:
            raise _Differs
        for known, member in zip(part.parts, value.values(), strict=True):
            if member is known.value:
                continue
            if (
                known.slot is not None and known.kind is str and type(member) is str
            ):  # most of them, without a call
                if member != known.value:
                    changes[known.slot] = member
            else:
                _compare(known, member, changes)
    elif kind is list:
        if len(value) != len(part.parts):
            raise _Differs
        for known, entry in zip(part.parts, value, strict=True):
            if entry is not known.value:
                _compare(known, entry, changes)
    elif part.slot is None:
        if repr(value) != repr(part.value):
            raise _Differs
    elif value != part.value:
        if not _may_differ(value):
            raise _Differs
        changes[part.slot] = value


def _pieces(part: _Part, varying: frozenset[int]) -> Iterator[str | int]:
    """The document's JSON, as `json.dumps` writes it, with the numbers of varying values in their places."""
    if part.slot is not None and part.slot in varying:
        yield part.slot
    elif varying.isdisjoint(part.slots):
        yield _JSON.encode(part.value)
    else:
        names = [f"{_JSON.encode(name)}: " for name in part.names] or [""] * len(part.parts)
        for place, (name, member) in enumerate(zip(names, part.parts, strict=True)):
            yield (", " if place else "{" if part.names else "[") + name
            yield from _pieces(member, varying)
        yield "}" if part.names else "]"


class _Group:
    """The lines of one subject. Those without varying values are rendered once for each set of labels."""

    def __init__(self, subject: Term, patterns: Sequence[Pattern], values: int, nodes: int) -> None:
        self.subject = subject
        terms = [term for pattern in patterns for term in pattern]
        self._varies = any(isinstance(term, Slot) for term in terms)
        self._nodes = sorted({term.index for term in terms if isinstance(term, Node)})
        self._labels = getter([values + node for node in self._nodes])
        self._template = Template(patterns, values, nodes)
        self._rendered: dict[tuple[str, ...], str] = {}

    def render(self, filling: Sequence[str]) -> str:
        """The sorted lines; raises Unsuitable when two with blank nodes are one, as hashes differ then."""
        if self._varies:
            return self._render(filling)
        labels = tuple(self._labels(filling))
        if labels not in self._rendered:
            if len(self._rendered) >= _MAX_RENDERINGS:
                self._rendered.clear()
            self._rendered[labels] = self._render(filling)
        return self._rendered[labels]

    def _render(self, filling: Sequence[str]) -> str:
        lines = self._template.fill(filling)
        different = sorted(set(lines))
        if self._nodes and len(different) < len(lines):
            raise Unsuitable("two lines are one")
        different.append("")
        return "\n".join(different)


class Bound:
    """A shape in which only the `varying` values are open; what it makes equals what the shape would make."""

    def __init__(
        self, shape: Shape, values: Sequence[Value], varying: frozenset[int], pieces: Iterator[str | int]
    ) -> None:
        self._shape, self._values = shape, values
        self._varying = sorted(varying)
        self._lexicon = shape.lexicon.of(self._varying)
        written = shape.lexicon.write(values)
        place = {slot: number for number, slot in enumerate(self._varying)}
        # Equal lines are one quad, in hashes as well.
        patterns = list(dict.fromkeys(_bound(pattern, written, place) for pattern in shape.patterns))
        self._bind_hashes(patterns)
        self._bind_lines(patterns)
        self._bind_text(pieces, place)

    def _bind_hashes(self, patterns: Sequence[Pattern]) -> None:
        open_nodes = {
            term.index
            for pattern in patterns
            if any(isinstance(term, Slot) for term in pattern)
            for term in pattern
            if isinstance(term, Node)
        }
        self._open_nodes = sorted(open_nodes)
        self._first_degree = FirstDegree(patterns, self._open_nodes, len(self._varying))
        closed = [node for node in range(self._shape.nodes) if node not in open_nodes]
        self._hashes = [""] * self._shape.nodes
        for node, digest in zip(closed, FirstDegree(patterns, closed, 0).hashes([]), strict=True):
            self._hashes[node] = digest

    def _bind_lines(self, patterns: Sequence[Pattern]) -> None:
        by_subject: dict[Term, list[Pattern]] = {}
        for pattern in patterns:
            by_subject.setdefault(pattern[0], []).append(pattern)
        self._groups = [
            _Group(subject, lines, len(self._varying), self._shape.nodes)
            for subject, lines in by_subject.items()
        ]
        self._subjects = Template(
            [[group.subject] for group in self._groups], len(self._varying), self._shape.nodes
        )

    def _bind_text(self, pieces: Iterator[str | int], place: Mapping[int, int]) -> None:
        self._pieces, order = [""], []
        for piece in pieces:
            if isinstance(piece, int):
                order.append(place[piece])
                self._pieces += ["", ""]
            else:
                self._pieces[-1] += piece
        self._in_text = getter(order)

    def _json(self, values: Sequence[Value]) -> str:
        pieces = self._pieces.copy()
        pieces[1::2] = self._in_text([_JSON.encode(value) for value in values])
        return "".join(pieces)

    def write(self, changes: Changes) -> tuple[str, str] | None:
        """The document as JSON and as canonical N-Quads; None when it has to be expanded."""
        base = self._values
        values = [changes.get(slot, base[slot]) for slot in self._varying]
        text = self._json(values)
        try:
            return text, self._canonicalize(values)
        except Unsuitable:
            every = [changes.get(slot, value) for slot, value in enumerate(base)]
        try:
            return text, self._shape.canonicalize(every)
        except (Unsuitable, TooMuchWork):
            return None

    def _canonicalize(self, values: Sequence[Value]) -> str:
        written = self._lexicon.write(values)
        hashes = self._hashes.copy()
        for node, digest in zip(self._open_nodes, self._first_degree.hashes(written), strict=True):
            hashes[node] = digest
        if len(set(hashes)) < len(hashes):
            raise Unsuitable("a tie")
        filling = written + labels_of(hashes)
        # Lines sort as their subjects do, since no subject holds the blank that follows it.
        blocks = dict(zip(self._subjects.fill(filling), self._groups, strict=True))
        if len(blocks) < len(self._groups):
            raise Unsuitable("two subjects are one")
        return "".join([blocks[subject].render(filling) for subject in sorted(blocks)])


def _bound(pattern: Pattern, written: Sequence[str], place: Mapping[int, int]) -> Pattern:
    subject, predicate, object_, graph = pattern
    return (
        _bound_term(subject, written, place),
        predicate,
        _bound_term(object_, written, place),
        _bound_term(graph, written, place),
    )


def _bound_term(term: Term, written: Sequence[str], place: Mapping[int, int]) -> Term:
    if not isinstance(term, Slot):
        return term
    if term.index in place:
        return Slot(place[term.index], term.before, term.after)
    return f"{term.before}{written[term.index]}{term.after}"
