"""Members that were moved to another mention of the same thing: to a signature that is the same, to who reads the JSON not.

Follows: JSON-LD 1.1 API, section 4.2.1 (Node Map Generation): objects with one `id` are one thing, wherever they stand.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from badge_service.openbadges.verification.case import issuer_id_of, objects, types_of

_SAYS_NOTHING = frozenset({"id", "type", "@context"})
_ENDORSED = _SAYS_NOTHING | {"endorsementComment"}
_ONLY_AT_HOME = frozenset({"identifier", "achievement", "credentialSubject", "credentialStatus", "issuer"})
"""Never told of an issuer elsewhere, as an issuer may be the holder as well."""


def has_moved_members(document: Mapping[str, Any], text: str) -> bool:
    """Whether a second mention of the badge, its holder, its achievement or its issuer says more than where it is read.

    A mention may repeat what stands there, an endorsement may say its comment, and a profile of the issuer (as the
    achievement's creator) may say what the first one leaves out. `text` is the document as it came, empty when unknown.
    """
    homes = list(_homes(document))
    own = issuer_id_of(document)
    ids = {own, *(home["id"] for home in homes)}
    if all(_is_told_once(id, text) for id in ids):
        return False
    return any(
        _says_more(mention, [home for home in homes if home["id"] == mention["id"]], mention["id"] == own)
        for mention in _mentions(document)
        if mention["id"] in ids and not any(mention is home for home in homes)
    )


def _homes(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The objects with an id in which we read about the badge, its holder, its achievement and its issuer."""
    subject = document["credentialSubject"]
    for home in (document, subject, *objects(subject.get("achievement")), *objects(document.get("issuer"))):
        if isinstance(home.get("id"), str):
            yield home


def _mentions(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every object in `document` that has an id, however deep."""
    pending: list[Any] = [document]
    while pending:
        value = pending.pop()
        if isinstance(value, list):
            pending.extend(value)
        elif isinstance(value, Mapping):
            pending.extend(member for name, member in value.items() if name != "@context")
            if isinstance(value.get("id"), str):
                yield value


def _says_more(mention: Mapping[str, Any], homes: list[Mapping[str, Any]], is_issuer: bool) -> bool:
    silent = _ENDORSED if "EndorsementSubject" in types_of(mention) else _SAYS_NOTHING
    for name in mention.keys() - silent:
        told = [home[name] for home in homes if name in home]
        may_be_new = is_issuer and not told and name not in _ONLY_AT_HOME
        if not may_be_new and not any(_is_same(mention[name], value) for value in told):
            return True
    return False


def _is_same(value: object, other: object) -> bool:
    """Compared as JSON, where 1 and true are not the same."""
    return json.dumps(value, sort_keys=True) == json.dumps(other, sort_keys=True)


def _is_told_once(id: str, text: str) -> bool:
    """Whether `text` mentions `id` only once, so that nothing can hang on a second mention; much faster than a walk.

    Other spellings of the same letters (`\\u0061`, `\\/`) are left to the walk.
    """
    return bool(text) and "\\u" not in text and "\\/" not in text and text.count(f'"{id}"') <= 1
