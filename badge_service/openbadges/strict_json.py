"""The one gate through which JSON of strangers comes in: no duplicate keys, no odd numbers, bounded size and depth.

Follows: RFC 8259 and RFC 7493 (I-JSON).
"""

import json
import math
import re
from typing import Any, NoReturn

from badge_service.errors import InvalidError

MAX_BYTES = 512 * 1024
MAX_DEPTH = 32
MAX_MEMBERS = 5_000
MAX_SAFE_INTEGER = 2**53 - 1

_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)
"""A string, or the rest of the text when it never ends; without a second try anywhere, so in linear time."""
_CONTAINERS = frozenset({dict, list})
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def loads(
    data: bytes | str,
    *,
    max_bytes: int = MAX_BYTES,
    max_depth: int = MAX_DEPTH,
    max_members: int = MAX_MEMBERS,
) -> Any:
    """The value in `data`; raises InvalidError with a stable code: `too_large`, `json_invalid_utf8`,
    `json_invalid`, `json_too_deep`, `json_too_many_members`, `json_duplicate_key`, `json_number_range`,
    `json_invalid_unicode`."""
    text = _text(data, max_bytes)
    _count(text, max_members)
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise InvalidError("This is not readable JSON.", code="json_invalid") from error
    except RecursionError as error:
        raise _too_deep(max_depth) from error
    _measure(value, max_depth)
    if _ESCAPED_SURROGATE.search(text):
        _refuse_lone_surrogates(value)
    return value


def _text(data: bytes | str, max_bytes: int) -> str:
    if len(data) > max_bytes:
        raise InvalidError(f"This is larger than {max_bytes // 1024} KiB.", code="too_large")
    if isinstance(data, str):
        return _whole_characters(data)
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise InvalidError("JSON is written in UTF-8 without a byte order mark.", code="json_invalid_utf8")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidError("JSON is written in UTF-8.", code="json_invalid_utf8") from error


def _whole_characters(text: str) -> str:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InvalidError("This JSON holds half a character.", code="json_invalid_unicode") from error
    return text


def _count(text: str, max_members: int) -> None:
    """Refuse too many members before the parser builds them all; commas inside strings do not count."""
    if text.count(",") > max_members and _STRING.sub("", text).count(",") > max_members:
        raise InvalidError("This JSON has too many members.", code="json_too_many_members")


def _measure(value: Any, max_depth: int) -> None:
    """Refuse what is nested too deep for those who will walk through it; level by level, without recursion."""
    level = [value] if isinstance(value, dict | list) else []
    depth = 0
    while level:
        depth += 1
        if depth > max_depth:
            raise _too_deep(max_depth)
        level = [
            member
            for container in level
            for member in (container.values() if type(container) is dict else container)
            if type(member) in _CONTAINERS
        ]


def _too_deep(max_depth: int) -> InvalidError:
    return InvalidError(f"This JSON is nested deeper than {max_depth} levels.", code="json_too_deep")


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise InvalidError("This JSON says the same thing twice in one object.", code="json_duplicate_key")
    return members


def _constant(name: str) -> NoReturn:
    raise InvalidError(f"{name} is not a JSON number.", code="json_invalid")


def _integer(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > MAX_SAFE_INTEGER:
        raise InvalidError("This JSON holds a number that is too large.", code="json_number_range")
    return int(digits)


def _real(digits: str) -> float:
    number = float(digits) if len(digits) <= 64 else math.inf
    if not math.isfinite(number):
        raise InvalidError(
            "This JSON holds a number that is too large or too long.", code="json_number_range"
        )
    return number


_DECODER = json.JSONDecoder(
    object_pairs_hook=_members, parse_constant=_constant, parse_int=_integer, parse_float=_real
)


def _refuse_lone_surrogates(value: Any) -> None:
    if isinstance(value, str):
        if _SURROGATE.search(value):
            raise InvalidError("This JSON holds half a character.", code="json_invalid_unicode")
    elif isinstance(value, dict):
        for key, member in value.items():
            _refuse_lone_surrogates(key)
            _refuse_lone_surrogates(member)
    elif isinstance(value, list):
        for member in value:
            _refuse_lone_surrogates(member)
