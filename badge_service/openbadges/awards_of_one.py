"""One more badge of a definition of which one was prepared before: written from that one and the few values that differ.

What `credential.prepare_many` does within one call, this does from call to call, for the definitions used last.
"""

import json
import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from badge_service.openbadges import canonical
from badge_service.openbadges.shapes import Batch, Bound

MOST_AWARDS = 64
MOST_VARYING = 40
"""Values that may differ; beyond, it is taken for another definition."""


class Awards:
    """The last document of each of the definitions used last; safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[tuple[object, ...], _Award] = OrderedDict()

    def write(self, document: Mapping[str, Any]) -> tuple[str, str] | None:
        """`document` as JSON and as canonical N-Quads, or None when it has to be examined.

        Only for a document without faults in its values: those of its shape were looked for in the one before.
        """
        award = self._known.get(_name(document))
        written = award.write(document) if award else None
        return written if written and canonical.agrees(document, written[1]) else None

    def remember(self, document: Mapping[str, Any], text: str) -> None:
        """That `document`, which is `text` as JSON and was found without faults, is the last of its definition."""
        # A copy: what the caller does to the document later must not be taken for what was prepared.
        batch = canonical.batch(json.loads(text))
        if batch is None:
            return
        with self._lock:
            self._known[_name(document)] = _Award(batch)
            if len(self._known) > MOST_AWARDS:
                self._known.popitem(last=False)


class _Award:
    """One document, and its shape bound to the values that did not differ so far."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._bound: tuple[frozenset[int], Bound] | None = None

    def write(self, document: Mapping[str, Any]) -> tuple[str, str] | None:
        """As `Awards.write`."""
        changes = self._batch.changes(document)
        if changes is None:
            return None
        varying, bound = self._bound or (frozenset[int](), None)
        if bound is None or not varying.issuperset(changes):
            varying = varying.union(changes)
            if len(varying) > MOST_VARYING:
                return None
            bound = self._batch.bind(varying)
            self._bound = varying, bound
        return bound.write(changes)


def _name(document: Mapping[str, Any]) -> tuple[object, ...]:
    """Documents of one definition and much the same members; two that share a name by chance are told apart later."""
    subject = document.get("credentialSubject")
    members = subject if isinstance(subject, Mapping) else {}
    achievement = members.get("achievement")
    id = achievement.get("id") if isinstance(achievement, Mapping) else None
    return (str(id), *document, "", *members)
