"""A signed document in one of the spellings that its signature cannot tell apart, so that it is read as it was signed.

A signature covers statements, not JSON (JSON-LD 1.1): a list of one is its entry, null and an empty list are nothing, an
entry that is there twice is there once, and what is said of an address counts wherever the address is mentioned.
"""

from collections.abc import Iterator, Mapping
from typing import Any

_MOST_MEMBERS = 100
"""Of an object that is completed; honest ones have a few dozen."""
_OWN = frozenset({"id", "@context"})
_NAMED = "issuer"
"""The member whose value is an address, be it alone or in an object (the contexts say `"@type": "@id"` of it)."""


def in_one_spelling(document: Mapping[str, Any]) -> dict[str, Any]:
    """`document`, whose signature holds, with single values for lists of one and nothing that says nothing.

    An object with an address also gets the members that only other mentions of the address have; its own come first.
    """
    told: dict[str, dict[str, Any]] = {}
    for mention in _objects(document):
        if isinstance(mention.get("id"), str):
            members = told.setdefault(mention["id"], {})
            for name, value in mention.items():
                if name not in _OWN and not _is_nothing(value):
                    members.setdefault(name, value)
    elsewhere = {
        id: {name: _spelt(value, {}) for name, value in members.items()} for id, members in told.items()
    }
    spelt: dict[str, Any] = _spelt(document, elsewhere)
    return spelt


def _objects(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every object of `document`, those that come first and lie outside before the others."""
    level: list[Any] = [document]
    while level:
        yield from (value for value in level if isinstance(value, Mapping))
        level = [
            member
            for value in level
            for member in (value.values() if isinstance(value, Mapping) else value)
            if isinstance(member, Mapping | list)
        ]


def _is_nothing(value: object) -> bool:
    return value is None or (isinstance(value, list) and all(map(_is_nothing, value)))


def _spelt(value: Any, told: Mapping[str, Mapping[str, Any]]) -> Any:
    """`value` in one spelling; None for nothing. `told` is what is said of addresses, in one spelling but not completed."""
    if isinstance(value, list):
        once = {repr(entry): entry for entry in value}.values()
        entries = [spelt for entry in once if (spelt := _spelt(entry, told)) is not None]
        return entries[0] if len(entries) == 1 else entries or None
    if not isinstance(value, Mapping):
        return value
    id = value.get("id")
    given = {name: _party(name, value[name], told) for name in value}
    members = {name: found for name in given if (found := _spelt(given[name], told)) is not None}
    if isinstance(id, str):
        for name, member in told.get(id, {}).items():
            if name not in members:
                members[name] = member
    return members


def _party(name: str, value: Any, told: Mapping[str, Mapping[str, Any]]) -> Any:
    """`value`, as an object where it is the bare address of somebody who is written out elsewhere."""
    is_address = name == _NAMED and isinstance(value, str) and value in told
    return {"id": value} if is_address else value
