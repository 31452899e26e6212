"""Stores many documents that are almost alike: the first one whole, of each other one only where it differs.

A patch is a list of `[[name or place, …], value]`: put `value` there. Documents are compared as JSON, names in order.
"""

import json
import zlib
from collections.abc import Mapping
from typing import Any

Form = Mapping[str, Any]


def packed(content: Form) -> bytes:
    """A whole document, compressed."""
    return zlib.compress(json.dumps(content, ensure_ascii=False).encode(), 6)


def unpacked(body: bytes) -> dict[str, Any]:
    """The document behind `packed`."""
    content: dict[str, Any] = json.loads(zlib.decompress(body))
    return content


def patch_between(form: Form, content: Form) -> str | None:
    """What to change in `form` to have `content`; `None` when the two are not of one form.

    Parts that both share as one object are not looked into, so make documents of a bulk from the same parts.
    """
    if list(form) != list(content):
        return None
    found: list[tuple[tuple[str | int, ...], Any]] = []
    for name, value in form.items():
        _compare(value, content[name], (name,), found)
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def filled_in(form: Form, patch: str) -> dict[str, Any]:
    """The document that `patch` was made of; parts that do not differ are those of `form`, not copies."""
    content = dict(form)
    own: set[tuple[str | int, ...]] = set()
    for path, value in json.loads(patch):
        _own_part(content, tuple(path[:-1]), own)[path[-1]] = value
    return content


def with_proof(content: Form, proof: str) -> str:
    """The text of the signed document: its proof comes last, as it was written when it was made."""
    return f'{json.dumps(content, ensure_ascii=False)[:-1]}, "proof": {proof}}}'


def proof_of(signed: str) -> str:
    """The text of the last member of a signed document, which is its proof."""
    return signed[signed.rindex('"proof"') + len('"proof"') : -1].lstrip(": \n")


def _compare(
    form: Any, other: Any, path: tuple[str | int, ...], found: list[tuple[tuple[str | int, ...], Any]]
) -> None:
    if form is other:
        return
    if isinstance(form, dict) and isinstance(other, dict) and list(form) == list(other):
        for name, value in form.items():
            _compare(value, other[name], (*path, name), found)
    elif isinstance(form, list) and isinstance(other, list) and len(form) == len(other):
        for place, value in enumerate(form):
            _compare(value, other[place], (*path, place), found)
    elif isinstance(form, dict | list) or type(form) is not type(other) or form != other:
        found.append((path, other))


def _own_part(content: Any, path: tuple[str | int, ...], own: set[tuple[str | int, ...]]) -> Any:
    """The dict or list at `path`, copied (with what leads to it) unless it was copied before."""
    part: Any = content
    for depth, name in enumerate(path, 1):
        if path[:depth] not in own:
            part[name] = part[name].copy()
            own.add(path[:depth])
        part = part[name]
    return part
