"""The corner of CBOR that proofs of selective disclosure are written in: whole numbers, bytes, texts, arrays, maps.

Follows: RFC 8949, section 3 (major types 0, 2, 3, 4 and 5, definite lengths only); no tags, floats or simple values.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from badge_service.errors import InvalidError

UNSIGNED, BYTES, TEXT, ARRAY, MAP = 0, 2, 3, 4, 5
MAX_DEPTH: Final = 4


def encode(value: Any) -> bytes:
    """`value` in the shortest form; numbers are not negative, maps keep their order."""
    if isinstance(value, int):
        return _head(UNSIGNED, value)
    if isinstance(value, bytes):
        return _head(BYTES, len(value)) + value
    if isinstance(value, str):
        return _head(TEXT, len(value.encode())) + value.encode()
    if isinstance(value, Mapping):
        pairs = (encode(key) + encode(member) for key, member in value.items())
        return _head(MAP, len(value)) + b"".join(pairs)
    if isinstance(value, Sequence):
        return _head(ARRAY, len(value)) + b"".join(encode(member) for member in value)
    raise TypeError(f"{type(value).__name__} is not written here")


def decode(data: bytes) -> Any:
    """The one value in `data`; raises InvalidError `proof_value` for anything else, also for bytes left over."""
    reader = _Reader(data)
    value = reader.value(0)
    if reader.place != len(data):
        raise _malformed()
    return value


def _head(kind: int, number: int) -> bytes:
    if number < 24:
        return bytes([kind << 5 | number])
    size = next(size for size in (1, 2, 4, 8) if number < 1 << 8 * size)
    return bytes([kind << 5 | 23 + size.bit_length()]) + number.to_bytes(size)


def _malformed() -> InvalidError:
    return InvalidError("The signature is not written as it should be.", code="proof_value")


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.place = 0

    def value(self, depth: int) -> Any:
        kind, number = self._read_head()
        if kind == UNSIGNED:
            return number
        if kind == BYTES:
            return self._take(number)
        if kind == TEXT:
            return self._text(number)
        if depth < MAX_DEPTH and number <= len(self.data):
            if kind == ARRAY:
                return [self.value(depth + 1) for _ in range(number)]
            if kind == MAP:
                return self._map(number, depth + 1)
        raise _malformed()

    def _map(self, number: int, depth: int) -> dict[int, Any]:
        """Keys are whole numbers in this use, and none may stand there twice."""
        found: dict[int, Any] = {}
        for _ in range(number):
            key = self.value(depth)
            if not isinstance(key, int) or key in found:
                raise _malformed()
            found[key] = self.value(depth)
        return found

    def _read_head(self) -> tuple[int, int]:
        first = self._take(1)[0]
        kind, short = first >> 5, first & 31
        if short < 24:
            return kind, short
        if short > 27:
            raise _malformed()
        return kind, int.from_bytes(self._take(1 << short - 24))

    def _text(self, number: int) -> str:
        try:
            return self._take(number).decode()
        except UnicodeDecodeError as error:
            raise _malformed() from error

    def _take(self, number: int) -> bytes:
        taken = self.data[self.place : self.place + number]
        if len(taken) != number:
            raise _malformed()
        self.place += number
        return taken
