"""Lines of N-Quads with gaps, in groups: filled all at once, and sorted only where values can change their order."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Generic, TypeVar

from badge_service.openbadges.shapes.terms import Node, Pattern, Slot, Term, getter

_END = b"\xff"
"""Ends a group; no byte of UTF-8."""

Written = TypeVar("Written", str, bytes)


class Gapped(Generic[Written]):
    """Pieces of text with gaps between them; a gap is the number of what fills it."""

    def __init__(self, pieces: Iterable[Written | int], empty: Written) -> None:
        self._empty: Written = empty
        self._pieces: list[Written] = [empty]
        order: list[int] = []
        for piece in pieces:
            if isinstance(piece, int):
                order.append(piece)
                self._pieces += [empty, empty]
            else:
                self._pieces[-1] += piece
        self._pick = getter(order)

    def fill(self, filling: Sequence[Written]) -> Written:
        """The text, with the gaps filled from `filling`."""
        pieces = self._pieces.copy()
        pieces[1::2] = self._pick(filling)
        text: Written = self._empty.join(pieces)
        return text


class Groups:
    """Groups of lines; each comes out sorted. Gaps are filled with the values first, then the labels of blank nodes.

    `values` is how many values there are before the labels. Lines of a group that differ before their first gap keep
    their order whatever fills the gaps; only the other groups are sorted when they are filled.
    """

    def __init__(self, groups: Iterable[Sequence[Pattern]], values: int) -> None:
        self._loose: list[int] = []
        pieces: list[bytes | int] = []
        for number, group in enumerate(groups):
            ordered = sorted(group, key=_beginning)
            if not _is_settled(ordered):
                self._loose.append(number)
            for pattern in ordered:
                pieces += _pieces(pattern, values)
            pieces.append(_END)
        self._text = Gapped(pieces, b"")

    def fill(self, filling: Sequence[bytes]) -> list[bytes]:
        """The lines of each group as one text; raises Twice when two lines of a group are one."""
        groups = self._text.fill(filling).split(_END)
        groups.pop()
        for number in self._loose:
            groups[number] = _sorted(groups[number])
        return groups


class Twice(Exception):
    """Two lines are one: quads are a set, so hashes and lines have to be made from what is left."""


def _sorted(group: bytes) -> bytes:
    lines = group.split(b"\n")
    lines.pop()
    if len(set(lines)) < len(lines):
        raise Twice
    lines.sort()
    lines.append(b"")
    return b"\n".join(lines)


def _beginning(pattern: Pattern) -> str:
    """What is certain of a line; the subject, when it is a gap, is taken for the same in all lines of its kind."""
    certain = ""
    for place, term in enumerate(pattern):
        if isinstance(term, str):
            certain += f"{term} " if term else ""
        elif place:
            return certain + (term.before if isinstance(term, Slot) else "_:")
        else:
            certain += "<" if isinstance(term, Slot) else "_:"
    return certain + "."


def _is_settled(ordered: Sequence[Pattern]) -> bool:
    """Whether the order of these lines holds for all values: no two subjects are open, and none begins as the next does."""
    gaps = {pattern[0] for pattern in ordered if not isinstance(pattern[0], str)}
    first = {"<" if isinstance(gap, Slot) else "_" for gap in gaps}
    known = {pattern[0][:1] for pattern in ordered if isinstance(pattern[0], str)}
    return (
        len(gaps) <= 1
        and first.isdisjoint(known)
        and not any(_beginning(after).startswith(_beginning(before)) for before, after in pairwise(ordered))
    )


def _pieces(pattern: Pattern, values: int) -> Iterator[bytes | int]:
    for term in pattern:
        if term != "":
            yield from _term_pieces(term, values)
            yield b" "
    yield b".\n"


def _term_pieces(term: Term, values: int) -> Iterator[bytes | int]:
    if isinstance(term, str):
        yield term.encode("utf-8")
    elif isinstance(term, Node):
        yield values + term.index
    else:
        yield term.before.encode("utf-8")
        yield term.index
        yield term.after.encode("utf-8")
