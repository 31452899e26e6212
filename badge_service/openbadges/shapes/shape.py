"""One compiled shape: quads with gaps for values, open in all of them or bound to those that many documents share."""

from collections.abc import Sequence
from functools import cached_property

from badge_service.openbadges.shapes.bound import Bound, Canonical
from badge_service.openbadges.shapes.lexicon import Lexicon
from badge_service.openbadges.shapes.terms import Kind, Pattern, Unsuitable, Value


class Shape:
    """What expansion gave for one shape: `patterns` with gaps for values of the given `kinds`.

    `list_owners` are the values that name a node with a list, `defined` all words of the vocabularies.
    """

    def __init__(
        self,
        patterns: Sequence[Pattern],
        kinds: Sequence[Kind],
        list_owners: Sequence[int],
        defined: frozenset[str],
    ) -> None:
        self.patterns, self.kinds = patterns, kinds
        self._lexicon = Lexicon(kinds, frozenset(word.encode("utf-8") for word in defined))
        self._list_owners = list_owners

    def canonicalize(self, values: Sequence[Value]) -> Canonical:
        """The canonical form of the document of this shape with these values, in the order of its outline.

        Raises Unsuitable for values that need the full expansion, TooMuchWork for poison.
        """
        return self._open.canonicalize(_as_bytes(values))

    def bind(self, values: Sequence[Value], varying: Sequence[int]) -> Bound:
        """The shape with all of `values` filled in but those that are `varying`; raises Unsuitable as above."""
        written = self._lexicon.write(_as_bytes(values))
        return Bound(self.patterns, self._lexicon, written, varying, self._list_owners)

    @cached_property
    def _open(self) -> Bound:
        every = range(len(self.kinds))
        return Bound(self.patterns, self._lexicon, [b""] * len(every), every, self._list_owners)


def _as_bytes(values: Sequence[Value]) -> list[bytes]:
    try:
        return [
            value.encode("utf-8") if isinstance(value, str) else str(value).encode("ascii")
            for value in values
        ]
    except UnicodeEncodeError as error:
        raise Unsuitable("half a character") from error
