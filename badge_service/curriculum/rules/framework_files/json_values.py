"""Picks texts out of JSON of strangers: plain strings, language maps, JSON-LD values, in whatever nesting they come."""

from collections.abc import Iterator, Mapping
from typing import Any

_SHOWS_TEXT = ("@value", "literal", "value", "literalForm")


def text_of(value: Any) -> str:
    """A string or number as text; anything else is none."""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return ""


def local_name(key: str) -> str:
    """A member's name without its vocabulary: `skos:prefLabel` and `http://…core#prefLabel` are `prefLabel`."""
    return key.rpartition("#")[2].rpartition("/")[2].rpartition(":")[2]


def members(holder: Mapping[str, Any]) -> dict[str, Any]:
    """An object's members by their local names, the first of each kept."""
    found: dict[str, Any] = {}
    for key, value in holder.items():
        found.setdefault(local_name(key), value)
    return found


def literals(value: Any, language: str = "") -> Iterator[tuple[str, str]]:
    """All (language, text) in a value; the language is empty where the file says none. Nesting is bounded by the reader."""
    if isinstance(value, str):
        yield language, value
    elif isinstance(value, list):
        for one in value:
            yield from literals(one, language)
    elif isinstance(value, dict):
        yield from _literals_in(value, language)


def _literals_in(value: dict[str, Any], language: str) -> Iterator[tuple[str, str]]:
    found = members(value)
    told = text_of(found.get("@language")) or text_of(found.get("language")) or language
    for name in _SHOWS_TEXT:
        if name in found:
            yield from literals(found[name], told)
            return
    for key, one in value.items():
        if len(key) <= 12 and key.replace("-", "").isalpha():
            yield from literals(one, key.lower())


def addresses(value: Any) -> Iterator[str]:
    """All addresses in a value: strings, or objects that name one by `uri`, `@id`, `id` or `href`."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from addresses(one)
    elif isinstance(value, dict):
        named = (text_of(value.get(name)) for name in ("uri", "@id", "id", "href"))
        yield from (found for found in [next(filter(None, named), "")] if found)
