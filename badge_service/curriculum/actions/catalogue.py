"""Lists of micro-credentials, each a page of it: the catalogue with its filters, a desk, a LET, what can be chosen in a form.

Every list reads the narrow rows of `ListedVersion` along an index, and only then the versions of its one page, so that it
takes about as long with ten thousand definitions as with a hundred.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from badge_service.curriculum.rules.frameworks.folding import words_of
from badge_service.curriculum.tables import (
    LISTED_WORDS,
    Definition,
    DefinitionVersion,
    ListedVersion,
    Pathway,
)
from badge_service.people.rules import Role, Viewer
from badge_service.people.tables import Region
from badge_service.storage import word_index
from badge_service.web.paging import Listing

PAGE_SIZE = 24
MOST_CHOICES = 60
"""So many a form offers at once; more are found by a word."""
_MOST_WORDS = 8


@dataclass(frozen=True)
class Filters:
    """What a visitor looks for; an empty field does not filter. `region` is a region's slug, `kind` an achievement type."""

    topic: str = ""
    category: str = ""
    level: int | None = None
    region: str = ""
    language: str = ""
    kind: str = ""
    text: str = ""


@dataclass(frozen=True)
class Choices:
    """What the catalogue can be filtered by, given what is in it: regions as (slug, name)."""

    topics: Sequence[str]
    categories: Sequence[str]
    levels: Sequence[int]
    regions: Sequence[tuple[str, str]]
    languages: Sequence[str]
    kinds: Sequence[str]


def catalogue(session: Session, filters: Filters | None = None, page: int = 1) -> Listing[DefinitionVersion]:
    """The newest published version of every definition that fits, by title; a page too far gives the last one."""
    asked = filters or Filters()
    found = _shown().where(*_equalities(asked))
    if asked.region:
        region = select(Region.id).where(Region.slug == asked.region).scalar_subquery()
        found = found.where(ListedVersion.region_id == region)
    return _page(session, _with_words(session, found, asked.text), page)


def catalogue_choices(session: Session) -> Choices:
    """The topics, categories, levels, regions, languages and kinds of what is published now."""
    regions = _distinct(session, ListedVersion.region_id)
    named = select(Region.slug, Region.name).where(Region.id.in_(regions)).order_by(Region.name)
    return Choices(
        topics=_distinct(session, ListedVersion.topic),
        categories=_distinct(session, ListedVersion.category),
        levels=[level for level in _distinct(session, ListedVersion.level) if level],
        regions=[(slug, name) for slug, name in session.execute(named)],
        languages=_distinct(session, ListedVersion.language),
        kinds=_distinct(session, ListedVersion.kind),
    )


def versions_of_let(session: Session, let_id: int, page: int = 1) -> Listing[DefinitionVersion]:
    """The newest published version of each definition that a LET created, by title."""
    return _page(session, _shown().where(ListedVersion.let_id == let_id), page)


def own_versions(
    session: Session, viewer: Viewer, page: int = 1, *, text: str = ""
) -> Listing[DefinitionVersion]:
    """Of each definition that the viewer leads the draft, or else the newest version: drafts first, then by title.

    A definition is found by the words of any of its versions.
    """
    other = aliased(ListedVersion)
    ahead = or_(
        other.place < ListedVersion.place,
        and_(other.place == ListedVersion.place, other.sort_key > ListedVersion.sort_key),
    )
    is_behind = exists().where(other.definition_id == ListedVersion.definition_id, ahead)
    found = select(ListedVersion.id).where(_led_by(viewer), ~is_behind)
    if text.strip():
        named = _with_words(session, select(ListedVersion.definition_id).where(_led_by(viewer)), text)
        found = found.where(ListedVersion.definition_id.in_(named))
    return _page(session, found, page, ListedVersion.place)


def other_versions(
    session: Session, listed: Collection[DefinitionVersion]
) -> dict[int, list[tuple[str, str, datetime]]]:
    """For each definition of these versions its other versions, newest first: number, state, when it was changed."""
    found = (
        select(
            DefinitionVersion.definition_id,
            DefinitionVersion.version,
            DefinitionVersion.state,
            DefinitionVersion.changed_at,
        )
        .where(DefinitionVersion.definition_id.in_([one.definition_id for one in listed]))
        .where(DefinitionVersion.id.not_in([one.id for one in listed]))
        .order_by(DefinitionVersion.definition_id, DefinitionVersion.sort_key.desc())
    )
    others: dict[int, list[tuple[str, str, datetime]]] = {}
    for definition_id, version, state, changed_at in session.execute(found):
        others.setdefault(definition_id, []).append((version, state, changed_at))
    return others


def own_drafts(session: Session, viewer: Viewer, most: int = MOST_CHOICES) -> Sequence[DefinitionVersion]:
    """The open drafts of the definitions that the viewer leads, the last changed first."""
    drafts = select(ListedVersion.id).where(_led_by(viewer), ListedVersion.place == 0)
    found = select(DefinitionVersion).where(DefinitionVersion.id.in_(drafts))
    return session.scalars(found.order_by(DefinitionVersion.changed_at.desc()).limit(most)).all()


def published_versions(
    session: Session,
    organisation_ids: Collection[int] | None = None,
    *,
    text: str = "",
    most: int = MOST_CHOICES,
) -> Sequence[DefinitionVersion]:
    """The newest published version of each definition (of these organisations), by title, found by the words in `text`.

    What can be taught, awarded or copied; at most `most` of them, as a form offers them. Stacked badges are none of it.
    """
    stacks = select(Pathway.definition_id).where(Pathway.definition_id.is_not(None))
    found = _shown().where(ListedVersion.definition_id.not_in(stacks))
    if organisation_ids is not None:
        found = found.where(ListedVersion.organisation_id.in_(organisation_ids))
    return _page(session, _with_words(session, found, text), 1, size=most).rows


def published_by_code(session: Session, codes: Collection[str]) -> dict[str, DefinitionVersion]:
    """The newest published version for each of these definition codes that has one."""
    found = (
        select(DefinitionVersion)
        .join(DefinitionVersion.definition)
        .join(ListedVersion, ListedVersion.id == DefinitionVersion.id)
        .where(Definition.code.in_(codes), ListedVersion.in_catalogue)
    )
    return {version.definition.code: version for version in session.scalars(found)}


def _shown() -> Select[int]:
    return select(ListedVersion.id).where(ListedVersion.in_catalogue)


def _led_by(viewer: Viewer) -> ColumnElement[bool]:
    return ListedVersion.organisation_id.in_(sorted(viewer.organisations_as(Role.LET_LEAD)))


def _equalities(asked: Filters) -> list[ColumnElement[bool]]:
    wanted: dict[InstrumentedAttribute[Any], Any] = {
        ListedVersion.topic: asked.topic,
        ListedVersion.category: asked.category,
        ListedVersion.language: asked.language,
        ListedVersion.kind: asked.kind,
        ListedVersion.level: asked.level,
    }
    return [column == value for column, value in wanted.items() if value not in ("", None)]


def _with_words(session: Session, found: Select[int], text: str) -> Select[int]:
    """Every word of the text must begin a word of the version, in any order."""
    words = words_of(text, _MOST_WORDS)
    if not words:
        return found.where(false()) if text.strip() else found
    beginnings = [[word_index.Term(word, is_beginning=True)] for word in words]
    return found.where(word_index.holds(session, LISTED_WORDS, beginnings))


def _page(
    session: Session, found: Select[int], page: int, *first: Any, size: int = PAGE_SIZE
) -> Listing[DefinitionVersion]:
    total = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    number = min(max(1, page), max(1, -(-total // size)))
    order = (*first, ListedVersion.sort_title, ListedVersion.definition_id, ListedVersion.sort_key.desc())
    ids = session.scalars(found.order_by(*order).limit(size).offset((number - 1) * size)).all()
    versions = {
        one.id: one for one in session.scalars(select(DefinitionVersion).where(DefinitionVersion.id.in_(ids)))
    }
    return Listing(tuple(versions[one] for one in ids), number, total, size)


def _distinct(session: Session, column: InstrumentedAttribute[Any]) -> list[Any]:
    """The values of a column in the catalogue, each found by one step along its index."""
    least = select(func.min(column)).where(ListedVersion.in_catalogue)
    steps = least.add_columns().cte("steps", recursive=True)
    value = steps.c[0]
    steps = steps.union_all(
        select(least.where(column > value).correlate(steps).scalar_subquery()).where(value.is_not(None))
    )
    return list(session.scalars(select(steps.c[0]).where(steps.c[0].is_not(None))))
