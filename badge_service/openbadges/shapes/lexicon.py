"""How values are written in the terms of canonical N-Quads, and which values are left to full expansion.

Follows: RDF Dataset Canonicalization (RDFC-1.0), section 5; RFC 3986 for addresses. Values are UTF-8 from here on, and are
looked at all together: one by one takes five times as long.
"""

import re
from collections.abc import Iterable, Sequence

from badge_service.openbadges.rdf_canonicalization import escape
from badge_service.openbadges.shapes.terms import Kind, Unsuitable, getter

_ADDRESSES = re.compile(
    rb"(?:[A-Za-z][A-Za-z0-9+.-]*+:(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]++|%[0-9A-Fa-f]{2})++ )*+\Z"
)
_BETWEEN = b"\xff"
"""Stands between texts that are looked at together; no byte of UTF-8."""
_RARE = bytes({*range(0x20), 0x7F} - set(b"\t\n\r"))
_COMMON = ((b"\\", b"\\\\"), (b'"', b'\\"'), (b"\n", b"\\n"), (b"\r", b"\\r"), (b"\t", b"\\t"))
_ESCAPED = _RARE + b'\t\n\r"\\'


class Lexicon:
    """Writes values as they stand in a term, and refuses those that could mean something else to JSON-LD.

    Texts come as UTF-8, in which half characters may be left; numbers as their digits. `defined` are the words of the
    vocabularies.
    """

    def __init__(self, kinds: Sequence[Kind], defined: frozenset[bytes]) -> None:
        self._kinds, self._defined = kinds, defined
        texts = [slot for slot, kind in enumerate(kinds) if kind is Kind.TEXT]
        addresses = [slot for slot, kind in enumerate(kinds) if kind is Kind.ADDRESS]
        numbers = [slot for slot, kind in enumerate(kinds) if kind is Kind.NUMBER]
        by_kind = [*texts, *addresses, *numbers]
        self._in_order = getter(sorted(range(len(by_kind)), key=by_kind.__getitem__))
        self._texts, self._addresses, self._numbers = getter(texts), getter(addresses), getter(numbers)

    def of(self, slots: Iterable[int]) -> "Lexicon":
        """The lexicon for some of the values."""
        return Lexicon([self._kinds[slot] for slot in slots], self._defined)

    def write(self, values: Sequence[bytes]) -> list[bytes]:
        """All values in writing, in their order; raises Unsuitable when one of them needs the full expansion."""
        addresses = self._addresses(values)
        self._check_addresses(addresses)
        return list(self._in_order([*_texts(self._texts(values)), *addresses, *self._numbers(values)]))

    def _check_addresses(self, addresses: Sequence[bytes]) -> None:
        """Only absolute addresses in plain letters stay as they are: a prefix or a word of the vocabulary would be replaced."""
        if _ADDRESSES.match(b" ".join([*addresses, b""])) is None:
            raise Unsuitable("not a plain absolute address")
        schemes = [address[: address.index(b":")] for address in addresses]
        if not self._defined.isdisjoint(schemes) or not self._defined.isdisjoint(addresses):
            raise Unsuitable("a word of the vocabulary in place of an address")


def _texts(texts: Sequence[bytes]) -> Sequence[bytes]:
    """Texts as they stand between the quotes of a literal."""
    together = _BETWEEN.join(texts)
    if b"_:" in together and any(text.startswith(b"_:") for text in texts):
        raise Unsuitable("looks like a blank node")
    if b"\xed" in together or b"\xef\xbf" in together or len(together.translate(None, _RARE)) < len(together):
        return [_escaped(text) for text in texts]
    if len(together.translate(None, _ESCAPED)) == len(together):
        return texts
    for plain, escaped in _COMMON:
        together = together.replace(plain, escaped)
    return together.split(_BETWEEN)


def _escaped(text: bytes) -> bytes:
    try:
        return escape(text.decode("utf-8")).encode("utf-8")
    except UnicodeDecodeError as error:
        raise Unsuitable("half a character") from error
