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
_MANY = 8
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
    text: str | None = None
    """The part as JSON, while no other document differed in it; only for parts with many values."""


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
        if len(part.slots) >= _MANY and len(part.slots) < len(self._values):
            part.text = _JSON.encode(value)
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
    if part.text is not None:  # as JSON even 1, 1.0 and true are told apart, several times faster than here
        if _encoded(value) == part.text:
            return
        part.text = None
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


def _encoded(value: Any) -> str:
    try:
        return _JSON.encode(value)
    except (TypeError, ValueError, RecursionError):
        return ""


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


class _Closed:
    """The lines of one subject without varying values, rendered once for each set of labels of their blank nodes."""

    def __init__(self, patterns: Sequence[Pattern], values: int, nodes: int) -> None:
        named = sorted({term.index for line in patterns for term in line if isinstance(term, Node)})
        self._labels = getter([values + node for node in named])
        self._template = Template(patterns, values, nodes)
        self._rendered: dict[tuple[str, ...], tuple[str, str]] = {}

    def render(self, filling: Sequence[str]) -> tuple[str, str]:
        """The subject, and its sorted lines as one text."""
        labels = tuple(self._labels(filling))
        found = self._rendered.get(labels)
        if found is None:
            if len(self._rendered) >= _MAX_RENDERINGS:
                self._rendered.clear()
            lines = sorted(self._template.fill(filling))
            found = self._rendered[labels] = (_subject_of(lines[0]), "\n".join([*lines, ""]))
        return found


class _Open:
    """The lines of all subjects with varying values, filled in together and cut into blocks, one for each subject."""

    def __init__(self, groups: Sequence[Sequence[Pattern]], values: int, nodes: int) -> None:
        self._template = Template([pattern for group in groups for pattern in group], values, nodes)
        self._counts = [len(group) for group in groups]

    def render(self, filling: Sequence[str]) -> list[tuple[str, str]]:
        """Subjects and their sorted lines; raises Unsuitable when two lines are one, as hashes may differ then."""
        lines, blocks, start = self._template.fill(filling), [], 0
        for count in self._counts:
            own = lines[start : start + count]
            start += count
            if len(set(own)) < count:
                raise Unsuitable("two lines are one")
            own.sort()
            subject = _subject_of(own[0])
            own.append("")
            blocks.append((subject, "\n".join(own)))
        return blocks


def _subject_of(line: str) -> str:
    """The subject with the blank that follows it; no subject holds one, so lines sort as their subjects do."""
    return line[: line.index(" ") + 1]


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
            if _has_slot(pattern)
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
        values, nodes = len(self._varying), self._shape.nodes
        is_open = {subject: any(map(_has_slot, lines)) for subject, lines in by_subject.items()}
        self._open = _Open(
            [lines for subject, lines in by_subject.items() if is_open[subject]], values, nodes
        )
        self._closed = [
            _Closed(lines, values, nodes) for subject, lines in by_subject.items() if not is_open[subject]
        ]

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
        blocks = self._open.render(filling)
        blocks += [group.render(filling) for group in self._closed]
        if len({subject for subject, _ in blocks}) < len(blocks):
            raise Unsuitable("two subjects are one")
        blocks.sort()
        return "".join([lines for _, lines in blocks])


def _has_slot(pattern: Pattern) -> bool:
    return any(isinstance(term, Slot) for term in pattern)


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
