"""Stores frameworks and their items in bulk, with the words that search reads; what is stored is never lost again."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from badge_service.curriculum.actions.frameworks.finding import find_framework
from badge_service.curriculum.rules.frameworks import (
    FrameworkFacts,
    ItemFacts,
    Origin,
    framework_faults,
    items_faults,
    word_columns,
)
from badge_service.curriculum.tables import Framework, FrameworkItem
from badge_service.errors import ConflictError, InvalidError, NotAllowedError
from badge_service.people.rules import Role, Viewer
from badge_service.storage import audit, word_index
from badge_service.storage.bulk import insert_rows, one_of, update_rows
from badge_service.storage.session import now

WORDS = word_index.WordIndex("framework_items", ("words_all", "words_title"))
_MAY_IMPORT = (Role.OPERATOR, Role.ADMIN, Role.LET_LEAD)


@dataclass(frozen=True)
class Changes:
    """Codes of items by what storing does, or would do, to them; `missing` ones stay stored and are marked as retired."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def may_import(viewer: Viewer) -> bool:
    """Whether somebody may bring in frameworks: the operator, an organisation's admin, a LET lead."""
    return any(viewer.has_role(role) for role in _MAY_IMPORT)


def add_framework(
    session: Session, viewer: Viewer, facts: FrameworkFacts, items: Sequence[ItemFacts]
) -> Framework:
    """Store a new framework. Raises `NotAllowedError`, `InvalidError` naming every fault, `ConflictError` for a known key."""
    _refuse(viewer, facts, items)
    if session.scalar(select(Framework.id).where(Framework.key == facts.key)) is not None:
        raise ConflictError(_("There is already a framework of this name."), code="framework.taken")
    framework = begin_framework(session, facts, Origin.IMPORTED, viewer.acting_key())
    store_items(session, framework, items, viewer.acting_key())
    audit.record(session, viewer.acting_key(), "framework.added", f"framework:{facts.key}", items=len(items))
    return framework


def update_framework(
    session: Session, viewer: Viewer, facts: FrameworkFacts, items: Sequence[ItemFacts]
) -> Changes:
    """Bring an imported framework up to date by the codes of its items; an item that is missing now is kept, as retired.

    Raises `NotAllowedError`, `NotFoundError`, `InvalidError`, and `ConflictError` for one that was not imported.
    """
    _refuse(viewer, facts, items)
    framework = find_framework(session, facts.key)
    if framework.origin != Origin.IMPORTED:
        raise ConflictError(_("This framework comes with the service."), code="framework.shipped")
    describe(framework, facts)
    changes = store_items(session, framework, items, viewer.acting_key())
    if changes.added or changes.changed or changes.missing:
        audit.record(session, viewer.acting_key(), "framework.changed", f"framework:{facts.key}")
    return changes


def compare_items(session: Session, framework: Framework, items: Sequence[ItemFacts]) -> Changes:
    """What storing these items would do, without doing it."""
    stored = _stored(session, framework)
    return _changes(stored, _rows(framework, items, stored, 0))


def begin_framework(
    session: Session, facts: FrameworkFacts, origin: Origin, added_by: str | None
) -> Framework:
    """A framework without items yet."""
    at = now(session)
    framework = Framework(
        key=facts.key,
        origin=origin.value,
        digest="",
        item_count=0,
        added_at=at,
        changed_at=at,
        added_by=added_by,
    )
    describe(framework, facts)
    session.add(framework)
    session.flush()
    return framework


def describe(framework: Framework, facts: FrameworkFacts) -> None:
    """Set what is said of the framework itself."""
    for name, value in vars(facts).items():
        if name != "key":
            setattr(framework, name, value)
    framework.alignment_name = facts.alignment_name or facts.name


def store_items(
    session: Session,
    framework: Framework,
    items: Sequence[ItemFacts],
    added_by: str | None,
    *,
    further: bool = False,
) -> Changes:
    """Store items by their codes: new ones are added, known ones changed in place, missing ones marked as retired.

    With `further` they come after those that are stored, and nothing is missing.
    """
    stored = _stored(session, framework)
    rows = _rows(framework, items, stored, len(stored) if further else 0)
    changes = _changes(stored, rows)
    if further:
        changes = Changes(changes.added, changes.changed, changes.kept)
    touched = _add(session, framework, [rows[code] for code in changes.added], added_by)
    touched += _change(session, {stored[code]["id"]: rows[code] for code in changes.changed})
    _retire(session, framework, changes.missing)
    _count_words(session, stored, rows, changes)
    word_index.refresh(session, WORDS, touched)
    living = select(func.count()).where(
        FrameworkItem.framework_id == framework.id, FrameworkItem.retired_at.is_(None)
    )
    framework.item_count = session.scalar(living) or 0
    if touched or changes.missing:
        framework.changed_at = now(session)
    session.flush()
    return changes


_COLUMNS = tuple(
    column.name
    for column in FrameworkItem.__table__.columns
    if column.name
    not in (
        "id",
        "framework_id",
        "added_at",
        "added_by",
        "retired_at",
        "mapped_to_id",
        "mapped_at",
        "mapped_by",
    )
)


def _stored(session: Session, framework: Framework) -> dict[str, dict[str, Any]]:
    columns = [getattr(FrameworkItem, name) for name in ("id", "retired_at", *_COLUMNS)]
    found = session.execute(select(*columns).where(FrameworkItem.framework_id == framework.id))
    return {row.code: dict(row._mapping) for row in found}


def _rows(
    framework: Framework, items: Sequence[ItemFacts], stored: Mapping[str, Mapping[str, Any]], start: int
) -> dict[str, dict[str, Any]]:
    """What is to be stored for each code, the first item at `start` of the framework's order."""
    labels = {code: (str(row["label"]), str(row["parent_code"])) for code, row in stored.items()}
    labels |= {item.code: (item.label, item.parent_code) for item in items}
    return {item.code: _row(framework, item, start + place, labels) for place, item in enumerate(items)}


def _row(
    framework: Framework, item: ItemFacts, place: int, labels: Mapping[str, tuple[str, str]]
) -> dict[str, Any]:
    said = {name: value for name, value in vars(item).items() if name in _COLUMNS}
    known = FrameworkFacts(framework.key, framework.name, "", "", "", alignment_name=framework.alignment_name)
    return said | {
        "place": place,
        "labels": [dict(one) for one in item.labels],
        "facts": dict(item.facts),
        "language": item.language or framework.language,
        "target_url": item.target_url or item.uri,
        "target_type": item.target_type or framework.target_type,
        **word_columns(known, item, _parents(item.parent_code, labels)),
    }


def _parents(code: str, labels: Mapping[str, tuple[str, str]]) -> list[str]:
    """The labels above an item, nearest first; a circle of parents is left after its first round."""
    seen: dict[str, str] = {}
    while code in labels and code not in seen:
        seen[code], code = labels[code]
    return list(seen.values())


def _changes(stored: Mapping[str, Mapping[str, Any]], rows: Mapping[str, Mapping[str, Any]]) -> Changes:
    known = [code for code in rows if code in stored]
    kept = {
        code
        for code in known
        if stored[code]["retired_at"] is None
        and all(stored[code][name] == rows[code][name] for name in _COLUMNS)
    }
    return Changes(
        added=tuple(code for code in rows if code not in stored),
        changed=tuple(code for code in known if code not in kept),
        kept=tuple(code for code in known if code in kept),
        missing=tuple(code for code, row in stored.items() if code not in rows and row["retired_at"] is None),
    )


def _as_text(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """The rows as columns, ready for the driver."""
    json_columns = ("labels", "facts")
    return {
        name: [
            json.dumps(row[name], ensure_ascii=False) if name in json_columns else row[name] for row in rows
        ]
        for name in _COLUMNS
    }


def _add(
    session: Session, framework: Framework, rows: Sequence[Mapping[str, Any]], added_by: str | None
) -> list[int]:
    if not rows:
        return []
    before = session.scalar(select(func.max(FrameworkItem.id))) or 0
    same = {"framework_id": framework.id, "added_at": now(session), "added_by": added_by}
    insert_rows(session, FrameworkItem, same=same, varying=_as_text(rows))
    mine = select(FrameworkItem.id).where(
        FrameworkItem.framework_id == framework.id, FrameworkItem.id > before
    )
    return list(session.scalars(mine))


def _change(session: Session, rows: Mapping[int, Mapping[str, Any]]) -> list[int]:
    if rows:
        varying = {"id": list(rows), **_as_text(list(rows.values()))}
        update_rows(session, FrameworkItem, key="id", same={"retired_at": None}, varying=varying)
        session.expire_all()
    return list(rows)


def _retire(session: Session, framework: Framework, codes: Sequence[str]) -> None:
    if codes:
        gone = update(FrameworkItem).where(FrameworkItem.framework_id == framework.id)
        session.execute(
            gone.where(one_of(session, FrameworkItem.code, codes)).values(retired_at=now(session))
        )


def _count_words(
    session: Session,
    stored: Mapping[str, Mapping[str, Any]],
    rows: Mapping[str, Mapping[str, Any]],
    changes: Changes,
) -> None:
    """Keep `framework_words` in step: in how many items each word stands."""
    difference: Counter[str] = Counter()
    for code in (*changes.added, *changes.changed):
        difference.update(rows[code]["words_all"].split())
    for code in changes.changed:
        difference.subtract(stored[code]["words_all"].split())
    counted = [{"word": word, "items": items} for word, items in sorted(difference.items()) if items]
    if counted:
        session.execute(
            text(
                "INSERT INTO framework_words (word, items) VALUES (:word, :items)"
                " ON CONFLICT (word) DO UPDATE SET items = framework_words.items + excluded.items"
            ),
            counted,
        )


def _refuse(viewer: Viewer, facts: FrameworkFacts, items: Sequence[ItemFacts]) -> None:
    if not may_import(viewer):
        raise NotAllowedError(_("Only those who lead a team import frameworks."), code="framework.import")
    faults = [*framework_faults(facts), *items_faults(items)]
    if faults:
        raise InvalidError(_("This framework cannot be stored like this."), code="framework", faults=faults)
