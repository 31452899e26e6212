"""The last document of each of the definitions met last: the next badge of one is recognized without taking it apart."""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, NamedTuple

from badge_service.openbadges.shapes.likeness import Likeness
from badge_service.openbadges.shapes.outlines import Outline, Words, with_values
from badge_service.openbadges.shapes.shape import Shape
from badge_service.openbadges.shapes.terms import Unsuitable

MOST_DEFINITIONS = 64
MOST_CHANGES = 8
"""A definition whose documents turned out to differ in yet other places so often is not tried any more."""
MOST_LETTERS = 32_000
"""Of a document that is kept."""


class Found(NamedTuple):
    """What recognized a document, and the texts of it that differ."""

    likeness: Likeness
    texts: list[bytes]


class _Kept(NamedTuple):
    likeness: Likeness
    contexts: tuple[str, ...]
    changes: int


class Definitions:
    """Likenesses under the names of definitions, the least recently changed dropped first; safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[object, ...], _Kept] = OrderedDict()

    def find(self, document: Mapping[str, Any], contexts: tuple[str, ...]) -> Found | None:
        """The likeness that recognizes `document`, if there is one; `contexts` are the digests of all contexts."""
        kept = self._kept.get(_name(document))
        if kept is None or kept.contexts != contexts or kept.changes > MOST_CHANGES:
            return None
        try:
            texts = kept.likeness.read(document)
        except Unsuitable:
            return None
        return None if texts is None else Found(kept.likeness, texts)

    def learn(self, document: Mapping[str, Any], likeness: Likeness, contexts: tuple[str, ...]) -> None:
        """That `document` was found without faults, and not recognized; `likeness` is its own."""
        kept = self._kept.get(_name(document))
        if kept is not None and kept.contexts == contexts:
            if kept.changes > MOST_CHANGES:
                return
            differing = kept.likeness.differing(likeness.outlined)
            likeness = likeness if differing is None else kept.likeness.opened(differing)
        self.put(likeness, contexts, kept.changes + 1 if kept else 0)

    def put(self, likeness: Likeness, contexts: tuple[str, ...], changes: int = 0) -> None:
        """Keep `likeness` as the last of its definition, unless it is very long."""
        if sum(len(value) for value in likeness.outlined.values if isinstance(value, str)) > MOST_LETTERS:
            return
        with self._lock:
            self._kept[_name(likeness.document)] = _Kept(likeness, contexts, changes)
            if len(self._kept) > MOST_DEFINITIONS:
                self._kept.popitem(last=False)


def copied(document: Mapping[str, Any], outlined: Outline, shape: Shape, words: Words) -> Likeness:
    """A likeness with a copy of `document`: what its owner does to it later must not be taken for what was examined."""
    return Likeness(with_values(document, words, lambda slot, value: value), outlined, shape, words)


def _name(document: Mapping[str, Any]) -> tuple[object, ...]:
    """Documents of one definition and much the same members; two that share a name by chance are told apart later."""
    subject = document.get("credentialSubject")
    members = subject if isinstance(subject, Mapping) else {}
    achievement = members.get("achievement")
    id = achievement.get("id") if isinstance(achievement, Mapping) else None
    return (str(id), *document, "", *members)
