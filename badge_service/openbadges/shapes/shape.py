"""One compiled shape: quads with gaps for values, and how values become canonical N-Quads.

Follows: RDF Dataset Canonicalization (RDFC-1.0); the numbers in comments are its steps.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import compress
from operator import itemgetter
from typing import Any

from badge_service.openbadges import rdf_canonicalization
from badge_service.openbadges.rdf_canonicalization import Quad, escape

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

_ADDRESSES = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\\x7f-\xa0\ud800-\udfff]+ )*\Z")
_RARE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_BETWEEN = "\xff"
"""Stands between texts that are looked at together; a text that holds it itself is no less right, only slower."""


class Lexicon:
    """Writes values as they stand in a term, and refuses those that could mean something else to JSON-LD.

    `defined` are the words of the vocabularies. Values are looked at all together: one by one takes five times as long.
    """

    def __init__(self, kinds: Sequence[Kind], defined: frozenset[str]) -> None:
        self._kinds, self._defined = kinds, defined
        self._texts, self._addresses, self._numbers = (
            [slot for slot, kind in enumerate(kinds) if kind is wanted]
            for wanted in (Kind.TEXT, Kind.ADDRESS, Kind.NUMBER)
        )
        by_kind = [*self._texts, *self._addresses, *self._numbers]
        self._in_order = getter(sorted(range(len(by_kind)), key=by_kind.__getitem__))
        self._pick_texts, self._pick_addresses = getter(self._texts), getter(self._addresses)

    def of(self, slots: Iterable[int]) -> "Lexicon":
        """The lexicon for some of the values."""
        return Lexicon([self._kinds[slot] for slot in slots], self._defined)

    def write(self, values: Sequence[Value]) -> list[str]:
        """All values in writing, in their order; raises Unsuitable when one of them needs the full expansion."""
        written = _texts(self._pick_texts(values)) if self._texts else []
        if self._addresses:
            addresses = self._pick_addresses(values)
            self._check_addresses(addresses)
            written += addresses
        written += [str(values[slot]) for slot in self._numbers]
        return list(self._in_order(written))

    def _check_addresses(self, addresses: Sequence[str]) -> None:
        """Only absolute IRIs stay as they are: a prefix or a word of the vocabulary would be replaced."""
        schemes = [address.partition(":")[0] for address in addresses]
        if not self._defined.isdisjoint(schemes) or not self._defined.isdisjoint(addresses):
            raise Unsuitable("a word of the vocabulary in place of an address")
        if _ADDRESSES.match(" ".join([*addresses, ""])) is None:
            raise Unsuitable("not a plain absolute IRI")


def _texts(texts: Sequence[str]) -> list[str]:
    """Texts as they stand between the quotes of a literal."""
    together = _BETWEEN.join(texts)
    try:
        together.encode("utf-8")
    except UnicodeEncodeError as error:
        raise Unsuitable("half a character") from error
    if "_:" in together and any(text.startswith("_:") for text in texts):
        raise Unsuitable("looks like a blank node")
    if _RARE.search(together):
        return [escape(text) for text in texts]
    for plain, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        together = together.replace(plain, escaped)
    written = together.split(_BETWEEN)
    return written if len(written) == len(texts) else [escape(text) for text in texts]


class Template:
    """Lines with gaps. Gaps are filled from one list: first the values, then the labels of the blank nodes."""

    def __init__(self, lines: Iterable[Sequence[Term]], values: int, nodes: int) -> None:
        self._fixed: list[str] = []
        order: list[int] = []
        fixed = ""
        for line in lines:
            for term in line:
                if isinstance(term, str):
                    fixed += f"{term} " if term else ""
                    continue
                before, after = (term.before, term.after) if isinstance(term, Slot) else ("", "")
                order += (
                    values + nodes + len(self._fixed),
                    term.index + (values if isinstance(term, Node) else 0),
                )
                self._fixed.append(fixed + before)
                fixed = f"{after} "
            fixed += ".\n"
        order.append(values + nodes + len(self._fixed))
        self._fixed.append(fixed)
        self._pick = getter(order)

    def fill(self, filling: Sequence[str]) -> list[str]:
        """The lines, in the order in which they were given, without their ends."""
        lines = "".join(self._pick([*filling, *self._fixed])).split("\n")
        lines.pop()
        return lines


def getter(order: Sequence[int]) -> Callable[[Sequence[Any]], Sequence[Any]]:
    """What picks a tuple of entries; `itemgetter` gives no tuple for less than two."""
    if len(order) > 1:
        return itemgetter(*order)
    return lambda entries: tuple(entries[index] for index in order)


class FirstDegree:
    """The hashes of section 4.6 for some blank nodes of a shape; two nodes with the same hash are a tie."""

    def __init__(self, patterns: Sequence[Pattern], nodes: Sequence[int], values: int) -> None:
        lines: list[list[Term]] = []
        self._counts = []
        for node in nodes:
            own = [_masked(pattern, node) for pattern in patterns if Node(node) in pattern]
            lines += own
            self._counts.append(len(own))
        self._template = Template(lines, values, 0)

    def hashes(self, filling: Sequence[str]) -> list[str]:
        """The hash of each node, in the order in which the nodes were given."""
        lines, found, start = self._template.fill(filling), [], 0
        for count in self._counts:
            own = lines[start : start + count]
            start += count
            own.sort()
            own.append("")
            found.append(hashlib.sha256("\n".join(own).encode("utf-8")).hexdigest())
        return found


def _masked(pattern: Pattern, node: int) -> list[Term]:
    return [("_:a" if term.index == node else "_:z") if isinstance(term, Node) else term for term in pattern]


def labels_of(hashes: Sequence[str]) -> list[str]:
    """Canonical labels by the order of hashes (4.4.3, step 4); only for hashes that are all different."""
    labels = [""] * len(hashes)
    for rank, node in enumerate(sorted(range(len(hashes)), key=hashes.__getitem__)):
        labels[node] = f"_:c14n{rank}"
    return labels


class Shape:
    """What expansion gave for one shape: `patterns` with gaps for values of the given `kinds`.

    `list_owners` are the values that name a node with a list: two of them with one address would have their lists
    merged, which substitution does not do. `defined` are all words of the vocabularies.
    """

    def __init__(
        self,
        patterns: Sequence[Pattern],
        kinds: Sequence[Kind],
        list_owners: Sequence[int],
        defined: frozenset[str],
    ) -> None:
        self.patterns = patterns
        self.lexicon = Lexicon(kinds, defined)
        self.nodes = 1 + max(
            (term.index for line in patterns for term in line if isinstance(term, Node)), default=-1
        )
        self._list_owners = list_owners
        self._has_node = [any(isinstance(term, Node) for term in pattern) for pattern in patterns]
        self._lines = Template(patterns, len(kinds), self.nodes)
        self._first_degree = FirstDegree(patterns, range(self.nodes), len(kinds))

    def canonicalize(self, values: Sequence[Value]) -> str:
        """The canonical N-Quads of the document of this shape with these values, in the order of its outline.

        Raises Unsuitable for values that need the full expansion, TooMuchWork for poison.
        """
        written = self.lexicon.write(values)
        if self._list_owners and len({written[owner] for owner in self._list_owners}) < len(
            self._list_owners
        ):
            raise Unsuitable("two nodes with lists are one")
        hashes = self._first_degree.hashes(written)
        if len(set(hashes)) < self.nodes:
            return self._in_full(written)
        lines = self._lines.fill(written + labels_of(hashes))
        if len(set(lines)) < len(lines):  # equal quads count once
            with_nodes = list(compress(lines, self._has_node))
            if len(set(with_nodes)) < len(with_nodes):  # in hashes as well
                return self._in_full(written)
            lines = list(set(lines))
        lines.sort()
        lines.append("")
        return "\n".join(lines)

    def _in_full(self, written: Sequence[str]) -> str:
        """Ties: the whole of RDFC-1.0 over the quads with their values, still without expansion."""
        return rdf_canonicalization.canonicalize(_filled(pattern, written) for pattern in self.patterns)


def _filled(pattern: Pattern, written: Sequence[str]) -> Quad:
    subject, predicate, object_, graph = pattern
    return (
        _filled_term(subject, written),
        predicate,
        _filled_term(object_, written),
        _filled_term(graph, written),
    )


def _filled_term(term: Term, written: Sequence[str]) -> str:
    if isinstance(term, Node):
        return f"_:n{term.index}"
    if isinstance(term, Slot):
        return f"{term.before}{written[term.index]}{term.after}"
    return term
