"""Cuts a document to the sizes that its schema allows, and says where it was too large: what is checked then stays small."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext as _

from badge_service.errors import Fault

MOST_MEMBERS = 60
"""How many members of one group of fields are looked at; no group of ours has as many."""


def cut(schema: Mapping[str, Any], value: Any) -> tuple[Any, list[Fault]]:
    """`value` with lists no longer than `maxItems` and groups of at most 60 members, and a fault for each that was longer."""
    faults: list[Fault] = []
    return _cut(schema, schema, value, "", faults), faults


def _cut(
    root: Mapping[str, Any], schema: Mapping[str, Any], value: Any, where: str, found: list[Fault]
) -> Any:
    schema = _named(root, schema)
    if isinstance(value, list):
        most = schema.get("maxItems")
        if most is not None and len(value) > most:
            found.append(_too_many(where, len(value), most))
            value = value[:most]
        rows = schema.get("items", {})
        return [_cut(root, rows, one, f"{where}[{index}]", found) for index, one in enumerate(value)]
    if isinstance(value, dict):
        known = schema.get("properties", {})
        if len(value) > MOST_MEMBERS:
            found.append(_too_many(where, len(value), MOST_MEMBERS))
            names = sorted(value, key=lambda name: name not in known)[:MOST_MEMBERS]
            value = {name: value[name] for name in names}
        others = schema.get("additionalProperties")
        other = others if isinstance(others, dict) else {}
        return {
            name: _cut(root, known.get(name, other), one, f"{where}.{name}".lstrip("."), found)
            for name, one in value.items()
        }
    return value


def _named(root: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    name = schema.get("$ref", "")
    return root["$defs"][name.removeprefix("#/$defs/")] if name else schema


def _too_many(where: str, count: int, most: int) -> Fault:
    words = _("There are %(count)s; at most %(wanted)s fit.", count=count, wanted=most)
    return Fault(where, words, "maxItems")


def has_doubles(rows: list[Any]) -> bool:
    """Whether two members of a list say the same, in time that grows with the list and not with its square."""
    seen = {json.dumps(one, sort_keys=True) for one in rows}
    return len(seen) < len(rows)


def long_texts(value: Any, most: int, where: str = "") -> Iterator[Fault]:
    """A fault for each text of more than `most` characters, wherever it stands."""
    if isinstance(value, str) and len(value) > most:
        words = _("This has %(count)s characters; at most %(wanted)s fit.", count=len(value), wanted=most)
        yield Fault(where, words, "maxLength")
    elif isinstance(value, Mapping):
        for name, one in value.items():
            yield from long_texts(one, most, f"{where}.{name}".lstrip("."))
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from long_texts(one, most, f"{where}[{index}]")
