"""Looks up frameworks, their items, and the definitions that name an item; each one a small indexed question."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from badge_service.curriculum.rules.frameworks import Origin, is_plain
from badge_service.curriculum.rules.states import VersionState
from badge_service.curriculum.tables import (
    Definition,
    DefinitionVersion,
    Framework,
    FrameworkItem,
    VersionAlignment,
)
from badge_service.errors import NotFoundError
from badge_service.storage.bulk import one_of

OWN_TRANSLATION = "own translation"


@dataclass(frozen=True)
class Found:
    """Some items in order, and how many there are in all."""

    items: tuple[FrameworkItem, ...]
    total: int


@dataclass(frozen=True)
class Label:
    """What an item is called in a language; `origin` says whose translation it is ("" for the framework's own)."""

    text: str
    language: str
    origin: str


class Use(NamedTuple):
    """A published version that names an address as the target of an alignment."""

    target_url: str
    definition_id: int
    version_id: int
    slug: str
    version: str
    title: str


def all_frameworks(session: Session) -> Sequence[Framework]:
    """Every framework: shipped ones first, then imported ones, then our own; each kind by name. They are few."""
    found = session.scalars(select(Framework).order_by(Framework.name)).all()
    order = [Origin.SHIPPED.value, Origin.IMPORTED.value, Origin.OWN.value]
    return sorted(found, key=lambda framework: order.index(framework.origin))


def find_framework(session: Session, key: str) -> Framework:
    """A framework by its key; raises `NotFoundError`."""
    found = session.scalar(select(Framework).where(Framework.key == key)) if is_plain(key) else None
    if found is None:
        raise NotFoundError(_("There is no such framework."), code="framework.unknown")
    return found


def items_of(
    session: Session,
    framework: Framework,
    *,
    parent_code: str | None = None,
    limit: int = 50,
    offset: int = 0,
) -> Found:
    """The items of a framework in its own order; with `parent_code` only those right below that item ("" for the top)."""
    chosen = [FrameworkItem.framework_id == framework.id]
    if parent_code is not None:
        chosen.append(FrameworkItem.parent_code == parent_code)
    total = session.scalar(select(func.count()).select_from(FrameworkItem).where(*chosen)) or 0
    ordered = select(FrameworkItem).where(*chosen).order_by(FrameworkItem.place, FrameworkItem.id)
    return Found(tuple(session.scalars(ordered.limit(limit).offset(offset))), total)


def find_item(session: Session, key: str, code: str) -> FrameworkItem:
    """An item by its framework's key and its code; raises `NotFoundError`."""
    wanted = select(FrameworkItem).join(FrameworkItem.framework)
    wanted = wanted.where(Framework.key == key, FrameworkItem.code == code)
    found = session.scalar(wanted) if is_plain(key + code) else None
    if found is None:
        raise NotFoundError(_("There is no such item."), code="framework.item")
    return found


def item_by_uri(session: Session, uri: str) -> FrameworkItem | None:
    """The item that has this address as its own or as its target; of several the one of a shipped framework."""
    return items_by_uris(session, [uri]).get(uri)


def items_by_uris(session: Session, uris: Collection[str]) -> dict[str, FrameworkItem]:
    """`item_by_uri` for many addresses in one question; addresses that are nobody's are left out."""
    wanted = set(filter(is_plain, uris))
    if not wanted:
        return {}
    matching = or_(
        one_of(session, FrameworkItem.target_url, wanted), one_of(session, FrameworkItem.uri, wanted)
    )
    found = session.scalars(select(FrameworkItem).where(matching)).all()
    by_uri: dict[str, FrameworkItem] = {}
    for item in sorted(found, key=_first_of_equals):
        for uri in {item.target_url, item.uri} & wanted:
            by_uri.setdefault(uri, item)
    return by_uri


def _first_of_equals(item: FrameworkItem) -> tuple[bool, bool, int]:
    return item.retired_at is not None, item.framework.origin != Origin.SHIPPED, item.id


def label_in(item: FrameworkItem, language: str, *, official: bool = False) -> Label:
    """What the item is called in `language`, or in the language it has; English is offered before any other.

    With `official` translations of our own are left out.
    """
    labels = [Label(item.label, item.language, "")]
    labels += [Label(one["text"], one["language"], one.get("origin", "")) for one in item.labels]
    labels = [label for label in labels if not (official and label.origin == OWN_TRANSLATION)]
    for wanted in (language, "en"):
        for label in labels:
            if label.language == wanted:
                return label
    return labels[0]


def alignment_of(item: FrameworkItem, language: str = "en") -> dict[str, str]:
    """What a definition's content says to be aligned to this item (OB 3.0 Alignment, without its type).

    It is signed, so it names the item as its framework does, never in a translation of ours.
    """
    return {
        "targetName": label_in(item, language, official=True).text,
        "targetUrl": item.target_url,
        "targetCode": item.code,
        "targetFramework": item.framework.alignment_name,
        "targetType": item.target_type,
    }


def definitions_using(session: Session, uris: Collection[str], *, limit: int = 500) -> list[Use]:
    """Published versions that name one of these target addresses, by title; of each definition only the newest published."""
    wanted = set(filter(is_plain, uris))
    if not wanted:
        return []
    newer = select(DefinitionVersion.sort_key).where(
        DefinitionVersion.definition_id == Definition.id,
        DefinitionVersion.state == VersionState.PUBLISHED.value,
    )
    newest = (
        newer.order_by(DefinitionVersion.sort_key.desc()).limit(1).correlate(Definition).scalar_subquery()
    )
    found = (
        select(
            VersionAlignment.target_url,
            Definition.id,
            DefinitionVersion.id,
            Definition.slug,
            DefinitionVersion.version,
            DefinitionVersion.title,
        )
        .join(DefinitionVersion, DefinitionVersion.id == VersionAlignment.version_id)
        .join(Definition, Definition.id == DefinitionVersion.definition_id)
        .where(one_of(session, VersionAlignment.target_url, wanted))
        .where(DefinitionVersion.state == VersionState.PUBLISHED.value, DefinitionVersion.sort_key == newest)
        .order_by(DefinitionVersion.title, DefinitionVersion.id, VersionAlignment.target_url)
    )
    return [Use(*row) for row in session.execute(found.limit(limit))]
