"""A compiled shape with some of its values filled in for good: what does not depend on the others is written and hashed once.

Follows: RDF Dataset Canonicalization (RDFC-1.0); the numbers in comments are its steps.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from badge_service.openbadges import rdf_canonicalization
from badge_service.openbadges.rdf_canonicalization import Quad
from badge_service.openbadges.shapes.lexicon import Lexicon
from badge_service.openbadges.shapes.lines import Groups, Twice
from badge_service.openbadges.shapes.terms import Node, Pattern, Slot, Term, Unsuitable, getter

_MOST_RENDERINGS = 64


class Canonical:
    """Canonical N-Quads in UTF-8, and their SHA-256 digest."""

    __slots__ = ("digest", "nquads")

    def __init__(self, nquads: bytes, digest: bytes) -> None:
        self.nquads, self.digest = nquads, digest

    @classmethod
    def of(cls, nquads: bytes) -> "Canonical":
        """The text with its digest."""
        return cls(nquads, hashlib.sha256(nquads).digest())


class Bound:
    """Quads in which only the values `varying` are open; `written` are all values in writing.

    `list_owners` are the values that name a node with a list: two of them with one address would have their lists
    merged, which substitution does not do.
    """

    def __init__(
        self,
        patterns: Iterable[Pattern],
        lexicon: Lexicon,
        written: Sequence[bytes],
        varying: Sequence[int],
        list_owners: Sequence[int],
    ) -> None:
        self._lexicon = lexicon.of(varying)
        place = {slot: number for number, slot in enumerate(varying)}
        # Equal lines are one quad, in hashes as well.
        self._patterns = list(dict.fromkeys(_bound(pattern, written, place) for pattern in patterns))
        self._owners = [place[owner] for owner in list_owners if owner in place]
        self._known_owners = [written[owner] for owner in list_owners if owner not in place]
        self._bind_hashes(len(varying))
        self._bind_lines(len(varying))

    def canonicalize(self, values: Sequence[bytes]) -> Canonical:
        """The canonical form with these values, in the order of `varying`; they are texts in UTF-8, numbers as digits.

        Raises Unsuitable for values that need the full expansion, TooMuchWork for poison.
        """
        written = self._lexicon.write(values)
        owners = [*self._known_owners, *(written[owner] for owner in self._owners)]
        if len(set(owners)) < len(owners):
            raise Unsuitable("two nodes with lists are one")
        try:
            hashes = self._hashes_with(written)
            if len(set(hashes)) < len(hashes):
                return self._in_full(written)
            return self._rendered(written + _labels(hashes))
        except Twice:
            return self._in_full(written)

    def _bind_hashes(self, values: int) -> None:
        nodes = 1 + max((node.index for line in self._patterns for node in _nodes(line)), default=-1)
        is_open = {node.index for line in self._patterns if _has_slot(line) for node in _nodes(line)}
        self._open_nodes = sorted(is_open)
        masked: list[list[Pattern]] = [[] for _ in range(nodes)]
        for line in self._patterns:
            for node in {node.index for node in _nodes(line)}:
                masked[node].append(_masked(line, node))
        self._first_degree = Groups([masked[node] for node in self._open_nodes], values)
        closed = [node for node in range(nodes) if node not in is_open]
        self._hashes = [""] * nodes
        for node in closed:
            # Lines that look alike now are about different nodes: each of them counts.
            texts = Groups([[line] for line in masked[node]], 0).fill([])
            self._hashes[node] = hashlib.sha256(b"".join(sorted(texts))).hexdigest()

    def _hashes_with(self, written: Sequence[bytes]) -> list[str]:
        """The hash of each blank node (4.6)."""
        hashes = self._hashes.copy()
        for node, text in zip(self._open_nodes, self._first_degree.fill(written), strict=True):
            hashes[node] = hashlib.sha256(text).hexdigest()
        return hashes

    def _bind_lines(self, values: int) -> None:
        by_subject: dict[Term, list[Pattern]] = {}
        for pattern in self._patterns:
            by_subject.setdefault(pattern[0], []).append(pattern)
        opened = [lines for lines in by_subject.values() if any(map(_has_slot, lines))]
        closed = [lines for lines in by_subject.values() if not any(map(_has_slot, lines))]
        self._open = Groups(opened, values)
        self._closed = [_Closed(lines, values) for lines in closed if any(map(_nodes, lines))]
        constant = [lines for lines in closed if not any(map(_nodes, lines))]
        self._constant = {_subject(text): text for text in Groups(constant, 0).fill([])}
        self._subjects = len(by_subject)
        self._beginnings = _Beginnings(self._constant)

    def _rendered(self, filling: Sequence[bytes]) -> Canonical:
        texts = self._open.fill(filling)
        texts += [closed.render(filling) for closed in self._closed]
        blocks = {_subject(text): text for text in texts}
        blocks |= self._constant
        if len(blocks) < self._subjects:
            return _merged([*texts, *self._constant.values()])
        return self._beginnings.joined(blocks)

    def _in_full(self, written: Sequence[bytes]) -> Canonical:
        """Ties, and hashes of quads that are there twice: the whole of RDFC-1.0, still without expansion."""
        quads = [_filled(pattern, written) for pattern in self._patterns]
        return Canonical.of(rdf_canonicalization.canonicalize(quads).encode("utf-8"))


class _Closed:
    """The lines of one subject without varying values, rendered once for each set of labels of their blank nodes."""

    def __init__(self, patterns: Sequence[Pattern], values: int) -> None:
        named = sorted({node.index for line in patterns for node in _nodes(line)})
        self._labels = getter([values + node for node in named])
        self._lines = Groups([patterns], values)
        self._rendered: dict[Sequence[bytes], bytes] = {}

    def render(self, filling: Sequence[bytes]) -> bytes:
        labels = self._labels(filling)
        found = self._rendered.get(labels)
        if found is None:
            if len(self._rendered) >= _MOST_RENDERINGS:
                self._rendered.clear()
            (found,) = self._lines.fill(filling)
            self._rendered[labels] = found
        return found


class _Beginnings:
    """Joins the blocks of all subjects in their order; how texts begin that many share is joined and hashed once."""

    def __init__(self, constant: Mapping[bytes, bytes]) -> None:
        self._subjects = sorted(constant)
        self._joined: list[tuple[bytes, Any]] = [(b"", hashlib.sha256())]
        for subject in self._subjects:
            joined = self._joined[-1][0] + constant[subject]
            self._joined.append((joined, hashlib.sha256(joined)))

    def joined(self, blocks: Mapping[bytes, bytes]) -> Canonical:
        order = sorted(blocks)
        shared = 0
        while shared < len(self._subjects) and order[shared] == self._subjects[shared]:
            shared += 1
        beginning, digest = self._joined[shared]
        rest = b"".join([blocks[subject] for subject in order[shared:]])
        digest = digest.copy()
        digest.update(rest)
        return Canonical(beginning + rest, digest.digest())


def _merged(blocks: Iterable[bytes]) -> Canonical:
    """Two subjects are one: equal quads count once. Raises Twice when that changes what hashes are made of."""
    lines = b"".join(blocks).split(b"\n")
    lines.pop()
    with_nodes = [line for line in lines if b"_:c14n" in line]
    if len(set(with_nodes)) < len(with_nodes):
        raise Twice
    return Canonical.of(b"\n".join([*sorted(set(lines)), b""]))


def _subject(lines: bytes) -> bytes:
    """The subject with the blank that follows it; no subject holds one, so lines sort as their subjects do."""
    return lines[: lines.index(b" ") + 1]


def _labels(hashes: Sequence[str]) -> list[bytes]:
    """Canonical labels by the order of hashes (4.4.3, step 4); only for hashes that are all different."""
    labels = [b""] * len(hashes)
    for rank, node in enumerate(sorted(range(len(hashes)), key=hashes.__getitem__)):
        labels[node] = b"_:c14n%d" % rank
    return labels


def _nodes(pattern: Pattern) -> list[Node]:
    return [term for term in pattern if isinstance(term, Node)]


def _has_slot(pattern: Pattern) -> bool:
    return any(isinstance(term, Slot) for term in pattern)


def _masked(pattern: Pattern, node: int) -> Pattern:
    subject, predicate, object_, graph = pattern
    return _masked_term(subject, node), predicate, _masked_term(object_, node), _masked_term(graph, node)


def _masked_term(term: Term, node: int) -> Term:
    if isinstance(term, Node):
        return "_:a" if term.index == node else "_:z"
    return term


def _bound(pattern: Pattern, written: Sequence[bytes], place: Mapping[int, int]) -> Pattern:
    subject, predicate, object_, graph = pattern
    return (
        _bound_term(subject, written, place),
        predicate,
        _bound_term(object_, written, place),
        _bound_term(graph, written, place),
    )


def _bound_term(term: Term, written: Sequence[bytes], place: Mapping[int, int]) -> Term:
    if isinstance(term, Slot) and term.index in place:
        return Slot(place[term.index], term.before, term.after)
    return _filled_term(term, written) if isinstance(term, Slot) else term


def _filled(pattern: Pattern, written: Sequence[bytes]) -> Quad:
    subject, predicate, object_, graph = pattern
    return (
        _filled_term(subject, written),
        predicate,
        _filled_term(object_, written),
        _filled_term(graph, written),
    )


def _filled_term(term: Term, written: Sequence[bytes]) -> str:
    if isinstance(term, Node):
        return f"_:n{term.index}"
    if isinstance(term, Slot):
        return f"{term.before}{written[term.index].decode('utf-8')}{term.after}"
    return term
