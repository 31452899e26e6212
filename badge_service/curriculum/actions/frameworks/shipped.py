"""Brings the frameworks that come with the service into its database, at every start; unchanged files cost one digest each."""

import hashlib
import json
from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.curriculum.actions.frameworks.storing import begin_framework, describe, store_items
from badge_service.curriculum.rules.frameworks import FrameworkFacts, ItemFacts, Origin
from badge_service.curriculum.tables import Framework
from badge_service.storage import audit
from badge_service.storage.session import alone

# Raised when the words of items are made differently, so that they are made anew from the same files.
_EDITION = b"1"


def load_shipped_frameworks(session: Session) -> int:
    """Store what is new in the shipped files, in place by code; returns how many frameworks were new or changed.

    An item that a file no longer has is kept as retired, since definitions may name it.
    """
    waiting = _unknown(session)
    if waiting:
        alone(session, "shipped frameworks")  # two processes that start at once store them once
        waiting = _unknown(session)
    for key, digest, body in waiting:
        _store(session, key, json.loads(body), digest)
    return len(waiting)


def _unknown(session: Session) -> list[tuple[str, str, bytes]]:
    """Key, digest and bytes of each file that the database does not hold like this."""
    stored = {row.key: row.digest for row in session.execute(select(Framework.key, Framework.digest))}
    found = []
    for file in shipped_files():
        body, key = file.read_bytes(), file.name.removesuffix(".json")
        digest = hashlib.sha256(_EDITION + body).hexdigest()
        if stored.get(key) != digest:
            found.append((key, digest, body))
    return found


def shipped_files() -> Iterator[Traversable]:
    """The files of the frameworks that come with the service, by name."""
    folder = resources.files("badge_service.curriculum") / "frameworks"
    yield from sorted(
        (file for file in folder.iterdir() if file.name.endswith(".json")), key=lambda file: file.name
    )


def facts_of(key: str, document: dict[str, Any]) -> tuple[FrameworkFacts, list[ItemFacts]]:
    """What a shipped file says."""
    facts = FrameworkFacts(key=key, **document["framework"])
    items = [ItemFacts(**{**item, "labels": tuple(item.get("labels", ()))}) for item in document["items"]]
    return facts, items


def _store(session: Session, key: str, document: dict[str, Any], digest: str) -> None:
    facts, items = facts_of(key, document)
    framework = session.scalar(select(Framework).where(Framework.key == key))
    if framework is None:
        framework = begin_framework(session, facts, Origin.SHIPPED, None)
    framework.origin = Origin.SHIPPED.value  # somebody may have imported it before we shipped it
    describe(framework, facts)
    changes = store_items(session, framework, items, None)
    framework.digest = digest
    session.flush()
    audit.record(
        session,
        None,
        "framework.shipped",
        f"framework:{key}",
        version=facts.version,
        added=len(changes.added),
        changed=len(changes.changed),
        retired=len(changes.missing),
    )
