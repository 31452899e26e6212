"""The walls before expansion: what a document may not hold, so that a signature covers all that its reader sees.

Follows: Data Integrity 1.0, section 2.4.1 (Validating Contexts); Verifiable Credentials 2.0, section 4.3 (Contexts).
"""

import functools
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from badge_service.errors import Fault
from badge_service.openbadges import contexts
from badge_service.openbadges.profiles import BADGE, Profile

MAX_VALUES = 2_500
"""Objects and leaves of a document; expansion takes about 50 microseconds for each."""
MAX_DEPTH = 40
MAX_CONTEXTS = 8
MAX_COMPARISONS = 250_000
"""Of values of one thing with each other: 500 values of one property, in a tenth of a second."""

_SURROGATE = re.compile("[\ud800-\udfff]")

ONE_MEANING: Mapping[str, str] = MappingProxyType(
    {"Criteria": "criteria", "Image": "image", "GeoCoordinates": "geo"}
)
"""Types that mean the same as a member, so that one could be written for the other and the signature would hold."""

MAX_DEFINITIONS = 30_000
"""Words that inline contexts define, times the objects that may each have them defined anew, 10 microseconds a word."""

LoadContext = Callable[[str], dict[str, Any]]
"""Gives a context document for its address; raises UnknownContext."""


def empty_members(document: Mapping[str, Any]) -> list[Fault]:
    """Members that say nothing (null, an empty list or object): a signature does not cover them."""
    return [
        Fault(where, "Nothing is said here: leave it out.", "empty")
        for where, _, value in walk(document)
        if value is None or value == [] or value == {}
    ]


def context_faults(
    document: Mapping[str, Any], load: LoadContext = contexts.load, profile: Profile = BADGE
) -> list[Fault]:
    """What is wrong with the `@context` of `document`: inline definitions, and addresses that we do not carry."""
    named = document.get("@context")
    listed = named if isinstance(named, list) else [named]
    if not listed or len(listed) > MAX_CONTEXTS:
        return [Fault("@context", "This names no vocabulary, or too many of them.", "unknown_context")]
    faults = []
    for place, context in enumerate(listed):
        where = f"@context[{place}]"
        if isinstance(context, Mapping) and profile.inline_contexts:
            continue
        if not isinstance(context, str):
            faults.append(Fault(where, "This brings its own definitions of words.", "inline_context"))
            continue
        try:
            load(context)
        except contexts.UnknownContext as error:
            faults.append(Fault(where, error.message, error.code))
    return faults


def document_faults(document: Mapping[str, Any], load: LoadContext, profile: Profile) -> list[Fault]:
    """The wall before expansion: size, nested contexts, and other spellings of the same signed statements.

    A signature covers the RDF dataset, not the JSON: a member under its full IRI (`https://…#validUntil`), a
    value object or a list in a list leaves the signature good and hides the member from whoever reads the JSON.
    """
    faults = []
    for count, (where, key, value) in enumerate(walk(document)):
        if count > MAX_VALUES or where.count(".") + where.count("[") > MAX_DEPTH:
            return [Fault("", "This document is too large to be read with care.", "too_many_nodes")]
        if not profile.other_spellings and _is_other_spelling(key, value):
            faults.append(
                Fault(where, f"The word {key[:40]} may not be used in this way.", "forbidden_keyword")
            )
        if not profile.blank_nodes and (
            key.startswith("_:") or (isinstance(value, str) and value.startswith("_:"))
        ):
            faults.append(Fault(where, "Names that begin with _: may not be used.", "blank_node_id"))
        if (isinstance(value, str) and _SURROGATE.search(value)) or _SURROGATE.search(key):
            faults.append(Fault(where, "This holds half a character.", "json_invalid_unicode"))
        if isinstance(value, float) and not math.isfinite(value):
            faults.append(Fault(where, "This is not a number.", "json_number_range"))
        if isinstance(value, Mapping) and "@context" in value:
            faults.extend(_nested_context_faults(where, value, load, profile))
    if profile.inline_contexts and math.prod(_definitions_and_objects(document)) > MAX_DEFINITIONS:
        faults.append(Fault("@context", "This defines too many words for its size.", "too_many_nodes"))
    return faults


def _definitions_and_objects(document: Any) -> tuple[int, int]:
    """How many members the contexts in `document` have, however deep, and how many objects there are besides."""
    definitions, objects = 0, 0
    pending = [(document, False)]
    while pending:
        value, defines = pending.pop()
        if isinstance(value, list):
            pending.extend((member, defines) for member in value)
        elif isinstance(value, Mapping):
            definitions += len(value) if defines else 0
            objects += not defines
            pending.extend((member, defines or name == "@context") for name, member in value.items())
    return definitions, objects


def merged_faults(expanded: Any, entries: int) -> list[Fault]:
    """The wall before nodes are merged: PyLD compares each value with all others of the same property of the same thing.

    `entries` is how many members `expanded`, a document after expansion, holds at least. Things with one address are
    one thing, wherever they stand.
    """
    if entries * entries <= MAX_COMPARISONS:
        return []
    counts = Counter(_values_of_things(expanded))
    if sum(count * count for count in counts.values()) <= MAX_COMPARISONS:
        return []
    return [Fault("", "One thing has too many values to be read with care.", "too_many_nodes")]


def _values_of_things(expanded: Any) -> Iterator[tuple[object, str]]:
    """For every value in an expanded document: the thing that it belongs to, and the property."""
    pending = [expanded]
    while pending:
        value = pending.pop()
        if isinstance(value, list):
            pending.extend(value)
        elif isinstance(value, Mapping) and "@value" not in value:
            thing = value.get("@id") or id(value)
            for name, members in value.items():
                pending.append(members)
                listed = members if isinstance(members, list) else [members]
                yield from ((thing, name) for _ in listed)
                if name == "@reverse" and isinstance(members, Mapping):
                    pending.extend(members.values())
                    yield from _reversed_values(members)


def _reversed_values(members: Mapping[str, Any]) -> Iterator[tuple[object, str]]:
    for name, nodes in members.items():
        yield from ((node.get("@id"), name) for node in nodes if isinstance(node, Mapping))


def _is_other_spelling(key: str, value: object) -> bool:
    nested_list = isinstance(value, list) and any(isinstance(member, list) for member in value)
    if key.startswith("@") or ":" in key or nested_list or key in ONE_MEANING:
        return True
    types = value if isinstance(value, list) else [value]
    return key == "type" and any(isinstance(type_, str) and _is_other_type(type_) for type_ in types)


def _is_other_type(type_: str) -> bool:
    """Whether a vocabulary that we carry has a word for `type_`, which is written as an address or by a prefix."""
    words, addresses = _vocabulary()
    return type_ in ONE_MEANING.values() or (
        ":" in type_ and (type_ in addresses or type_.partition(":")[0] in words)
    )


@functools.cache
def _vocabulary() -> tuple[frozenset[str], frozenset[str]]:
    """All words of the vocabularies that we carry, and the addresses that they stand for."""
    defined = [entry for url in contexts.KNOWN for entry in _defined(contexts.load(url)["@context"])]
    prefixes = {(word, meaning) for word, meaning in defined if meaning.endswith(("#", "/"))}
    addresses = {meaning for _, meaning in defined}
    for prefix, start in prefixes:
        addresses |= {
            start + meaning.removeprefix(f"{prefix}:")
            for _, meaning in defined
            if meaning.startswith(f"{prefix}:")
        }
    return frozenset(word for word, _ in defined), frozenset(addresses)


def _defined(context: Any) -> Iterator[tuple[str, str]]:
    """Every word that a context defines, however deep, with what it stands for."""
    for part in context if isinstance(context, list) else [context]:
        for word, meaning in part.items() if isinstance(part, Mapping) else ():
            if not word.startswith("@") and isinstance(meaning, str | Mapping):
                stands_for = meaning if isinstance(meaning, str) else meaning.get("@id")
                yield word, stands_for if isinstance(stands_for, str) else word
            if isinstance(meaning, Mapping):
                yield from _defined(meaning.get("@context") or {})


def _nested_context_faults(
    where: str, value: Mapping[str, Any], load: LoadContext, profile: Profile
) -> list[Fault]:
    """Embedded endorsements and what a presentation holds name their own contexts (so the standards); nothing else may."""
    types = value.get("type")
    is_whole = isinstance(types, list) and "EndorsementCredential" in types
    if profile.inline_contexts or is_whole or where.startswith("verifiableCredential"):
        return [
            Fault(f"{where}.{fault.where}", fault.message, fault.code)
            for fault in context_faults(value, load, profile)
        ]
    return [Fault(where, "This brings its own definitions of words.", "inline_context")]


def walk(value: Any, where: str = "", key: str = "") -> Iterator[tuple[str, str, Any]]:
    """Every member below `value` as (path, key, member); contexts are looked at elsewhere."""
    pending = [(value, where, key)]
    while pending:
        value, where, key = pending.pop()
        if where:
            yield where, key, value
        if isinstance(value, Mapping):
            for name, member in value.items():
                if name != "@context":
                    pending.append((member, f"{where}.{name}" if where else str(name) or "?", str(name)))
        elif isinstance(value, list):
            pending.extend((member, f"{where}[{place}]", "") for place, member in enumerate(value))
