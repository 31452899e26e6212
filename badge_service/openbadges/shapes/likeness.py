"""A document of a known shape, and what recognizes others that differ from it in some texts and in nothing else.

Comparing happens in one piece: both are written by `marshal`, which keeps types (1, 1.0 and true), order and every bit, and
takes a third of the time of writing JSON. Nothing is ever read back from it, and nothing of it is kept or sent.
"""

import json
import marshal
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from json.encoder import encode_basestring
from typing import Any, Self

from badge_service.openbadges.shapes.bound import Bound, Canonical
from badge_service.openbadges.shapes.lines import Gapped
from badge_service.openbadges.shapes.outlines import Outline, Words, with_values
from badge_service.openbadges.shapes.shape import Shape
from badge_service.openbadges.shapes.terms import Unsuitable

_VERSION = 2
"""Of the format of `marshal`: the last one without references, which hang on how objects lie in memory."""
_TEXT = b"u"
_GAP = "\x00 a gap in a document \x00"
_JSON = json.JSONEncoder(ensure_ascii=False)


@dataclass(frozen=True)
class Likeness:
    """One document, taken apart and with its shape; `varying` are the numbers of the texts that may differ."""

    document: Mapping[str, Any]
    outlined: Outline
    shape: Shape
    words: Words
    varying: tuple[int, ...] = ()

    def opened(self, slots: Iterable[int]) -> Self:
        """This, where the texts numbered `slots` may differ as well."""
        return replace(self, varying=tuple(sorted({*self.varying, *slots})))

    def differing(self, outlined: Outline) -> list[int] | None:
        """The numbers of the texts in which another document differs; None when it differs in more than texts."""
        if outlined.key != self.outlined.key:
            return None
        both = zip(outlined.values, self.outlined.values, strict=True)
        slots = [slot for slot, (theirs, own) in enumerate(both) if theirs != own]
        return slots if all(type(self.outlined.values[slot]) is str for slot in slots) else None

    def read(self, document: Mapping[str, Any]) -> list[bytes] | None:
        """The varying texts of `document` in UTF-8, half characters and all; None when it differs in anything else."""
        try:
            return self._gaps.read(_flat(document))
        except ValueError:  # holds what is no plain JSON, or is nested too deep
            return None

    def canonicalize(self, texts: Sequence[bytes]) -> Canonical:
        """The canonical form of the document with these texts; raises Unsuitable and TooMuchWork."""
        return self._bound.canonicalize(texts)

    def json(self, texts: Sequence[bytes]) -> str:
        """The document with these texts, whole characters all, as `json.dumps` writes it."""
        return self._json.fill([encode_basestring(text.decode("utf-8")) for text in texts])

    @cached_property
    def _with_gaps(self) -> dict[str, Any]:
        varying = frozenset(self.varying)
        document: dict[str, Any] = with_values(
            self.document, self.words, lambda slot, value: _GAP if slot in varying else value
        )
        return document

    @cached_property
    def _gaps(self) -> "_Gaps":
        pieces = _flat(self._with_gaps).split(_flat(_GAP))
        gaps = _Gaps(pieces)
        own = [str(self.outlined.values[slot]).encode("utf-8") for slot in self.varying]
        if gaps.read(_flat(self.document)) != own:
            raise Unsuitable("written otherwise than expected")
        return gaps

    @cached_property
    def _bound(self) -> Bound:
        return self.shape.bind(self.outlined.values, self.varying)

    @cached_property
    def _json(self) -> Gapped[str]:
        first, *others = _JSON.encode(self._with_gaps).split(_JSON.encode(_GAP))
        pieces: list[str | int] = [first]
        for number, piece in enumerate(others):
            pieces += [number, piece]
        return Gapped(pieces, "")


def _flat(value: Any) -> bytes:
    return marshal.dumps(value, _VERSION)


class _Gaps:
    """What stands before, between and after the texts that may differ, as `marshal` writes it."""

    def __init__(self, pieces: Sequence[bytes]) -> None:
        self._first, *self._others = pieces

    def read(self, written: bytes) -> list[bytes] | None:
        """The texts in the gaps, each written as a letter, its length in four bytes, and UTF-8; None if the rest differs."""
        if not written.startswith(self._first):
            return None
        position, texts = len(self._first), []
        for piece in self._others:
            begin = position + 5
            end = begin + int.from_bytes(written[position + 1 : begin], "little")
            if written[position : position + 1] != _TEXT or not written.startswith(piece, end):
                return None
            texts.append(written[begin:end])
            position = end + len(piece)
        return texts if position == len(written) else None
