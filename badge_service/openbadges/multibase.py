"""Base58 (Bitcoin alphabet) and the multibase prefixes `z` and `u`, as Data Integrity writes keys, signatures and lists.

Follows: Controlled Identifiers 1.0, section 2.4 (Multibase); RFC 4648, section 5 (base64url).
"""

import base64
import re

from badge_service.errors import InvalidError

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_PAIRS = [high + low for high in _ALPHABET for low in _ALPHABET]
_PAIR_VALUE = {pair: number for number, pair in enumerate(_PAIRS)}
_BASE58 = re.compile(f"[{_ALPHABET}]*\\Z")
_URL_SAFE = re.compile(r"[A-Za-z0-9_-]*\Z")

MAX_BASE58_CHARACTERS = 512
"""Longer than any key or signature; reading base58 takes quadratic time."""


def encode_base58(data: bytes) -> str:
    """`data` in base58 without a prefix; each leading zero byte becomes a `1`."""
    number = int.from_bytes(data, "big")
    groups = []
    while number:  # four digits at a time, as dividing long numbers by short ones is cheap
        number, four = divmod(number, 58**4)
        groups.append(_PAIRS[four // 58**2] + _PAIRS[four % 58**2])
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "1" * zeros + "".join(reversed(groups)).lstrip("1")


def decode_base58(text: str) -> bytes:
    """The bytes behind base58 `text`; raises InvalidError for other characters and for overlong text."""
    if len(text) > MAX_BASE58_CHARACTERS or not _BASE58.match(text):
        raise InvalidError("This is not base58 text.", code="multibase")
    number = 0
    even = "1" + text if len(text) % 2 else text
    for start in range(0, len(even), 10):  # ten digits at a time: few operations on long numbers
        ten, short = even[start : start + 10], 0
        for place in range(0, len(ten), 2):
            short = short * 3364 + _PAIR_VALUE[ten[place : place + 2]]
        number = number * 58 ** len(ten) + short
    zeros = len(text) - len(text.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def encode_z(data: bytes) -> str:
    """`data` as multibase base58btc (prefix `z`)."""
    return "z" + encode_base58(data)


def decode_z(text: str) -> bytes:
    """The bytes behind multibase base58btc `text`; raises InvalidError."""
    if not text.startswith("z"):
        raise InvalidError("A multibase value in base58 starts with z.", code="multibase")
    return decode_base58(text[1:])


def encode_u(data: bytes) -> str:
    """`data` as multibase base64url without padding (prefix `u`)."""
    return "u" + encode_base64url(data)


def decode_u(text: str) -> bytes:
    """The bytes behind multibase base64url `text`; raises InvalidError for padding and other alphabets."""
    if not text.startswith("u"):
        raise InvalidError("A multibase value in base64url starts with u.", code="multibase")
    try:
        return decode_base64url(text[1:])
    except InvalidError as error:
        raise InvalidError("This is not base64url text.", code="multibase") from error


def encode_base64url(data: bytes) -> str:
    """`data` in base64url without padding."""
    return base64.urlsafe_b64encode(data).decode("ascii").rstrip("=")


def decode_base64url(text: str) -> bytes:
    """The bytes behind base64url `text`, which no other text stands for (RFC 4648, section 3.5).

    Raises InvalidError `b64` for padding, line ends, other alphabets, and bits left over that are not zero.
    """
    if not _URL_SAFE.match(text) or len(text) % 4 == 1:
        raise InvalidError("This is not base64url text without padding.", code="b64")
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if encode_base64url(data) != text:
        raise InvalidError("This base64url text does not end as it should.", code="b64")
    return data
