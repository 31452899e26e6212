"""Finds published micro-credentials: the catalogue with its filters, one version, a pathway, a LET."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from badge_service.curriculum.rules.states import VersionState
from badge_service.curriculum.tables import Definition, DefinitionVersion, Let, PathwayVersion
from badge_service.errors import NotFoundError
from badge_service.people.tables import Region

PAGE_SIZE = 24
_READABLE = (VersionState.PUBLISHED, VersionState.WITHDRAWN)


@dataclass(frozen=True)
class Filters:
    """What a visitor of the catalogue looks for; an empty field does not filter. `region` is a region's slug."""

    topic: str = ""
    level: int | None = None
    region: str = ""
    language: str = ""
    text: str = ""


@dataclass(frozen=True)
class Page:
    """One page of results; `number` counts from 1."""

    items: Sequence[DefinitionVersion]
    number: int
    pages: int
    total: int


@dataclass(frozen=True)
class Choices:
    """What the catalogue can be filtered by, given what is in it: regions as (slug, name)."""

    topics: Sequence[str]
    levels: Sequence[int]
    regions: Sequence[tuple[str, str]]
    languages: Sequence[str]


def catalogue(session: Session, filters: Filters | None = None, page: int = 1) -> Page:
    """The newest published version of every definition that fits, by title; a page too far gives the last one."""
    found = _filtered(_newest(), filters or Filters())
    total = session.scalar(select(func.count()).select_from(found.order_by(None).subquery())) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    number = min(max(1, page), pages)
    shown = found.order_by(DefinitionVersion.title, DefinitionVersion.id)
    items = session.scalars(shown.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)).all()
    return Page(items, number, pages, total)


def catalogue_choices(session: Session) -> Choices:
    """The topics, levels, regions and languages of what is published now."""
    newest = _newest().with_only_columns(DefinitionVersion.id)
    mine = DefinitionVersion.id.in_(newest)

    def distinct(column: Any) -> Sequence[Any]:
        return session.scalars(select(column).where(mine).distinct().order_by(column)).all()

    regions = (
        select(Region.slug, Region.name)
        .join(Let, Let.region_id == Region.id)
        .join(Definition, Definition.let_id == Let.id)
        .join(DefinitionVersion, DefinitionVersion.definition_id == Definition.id)
    )
    found = session.execute(regions.where(mine).distinct().order_by(Region.name)).all()
    return Choices(
        distinct(DefinitionVersion.topic),
        [level for level in distinct(DefinitionVersion.level) if level],
        [(slug, name) for slug, name in found],
        distinct(DefinitionVersion.language),
    )


def find_version(session: Session, slug: str, version: str) -> DefinitionVersion:
    """A published or withdrawn version; raises `NotFoundError` for unknown ones and drafts alike."""
    found = session.scalar(
        _of_slug(slug).where(DefinitionVersion.version == version, DefinitionVersion.state.in_(_READABLE))
    )
    if found is None:
        raise NotFoundError(_("There is no such micro-credential."), code="definition.unknown")
    return found


def newest_or_none(session: Session, slug: str) -> DefinitionVersion | None:
    """The newest published version of a definition, if it has one."""
    return session.scalar(
        _of_slug(slug)
        .where(DefinitionVersion.state == VersionState.PUBLISHED)
        .order_by(DefinitionVersion.sort_key.desc())
        .limit(1)
    )


def newest_version(session: Session, slug: str) -> DefinitionVersion:
    """The newest published version of a definition; raises `NotFoundError`."""
    found = newest_or_none(session, slug)
    if found is None:
        raise NotFoundError(_("There is no such micro-credential."), code="definition.unknown")
    return found


def published_versions(
    session: Session, organisation_ids: Collection[int] | None = None
) -> Sequence[DefinitionVersion]:
    """The newest published version of each definition (of these organisations), by title: what can be taught and awarded."""
    found = _newest()
    if organisation_ids is not None:
        found = found.where(Definition.organisation_id.in_(organisation_ids))
    return session.scalars(found.order_by(DefinitionVersion.title)).all()


def published_by_code(session: Session, codes: Collection[str]) -> dict[str, DefinitionVersion]:
    """The newest published version for each of these definition codes that has one."""
    found = session.scalars(_newest().where(Definition.code.in_(codes)))
    return {version.definition.code: version for version in found}


def find_pathway(session: Session, slug: str) -> PathwayVersion:
    """The newest version of a pathway; raises `NotFoundError`."""
    found = session.scalar(
        select(PathwayVersion)
        .where(PathwayVersion.slug == slug)
        .order_by(PathwayVersion.published_at.desc(), PathwayVersion.id.desc())
        .limit(1)
    )
    if found is None:
        raise NotFoundError(_("There is no such pathway."), code="pathway.unknown")
    return found


def pathways_by_slug(session: Session, slugs: Collection[str]) -> list[PathwayVersion]:
    """The newest version of each of these pathways that exists, by title."""
    newest: dict[str, PathwayVersion] = {}
    found = select(PathwayVersion).where(PathwayVersion.slug.in_(slugs))
    for pathway in session.scalars(found.order_by(PathwayVersion.published_at, PathwayVersion.id)):
        newest[pathway.slug] = pathway
    return sorted(newest.values(), key=lambda pathway: pathway.title)


def all_pathways(session: Session) -> list[PathwayVersion]:
    """The newest version of every pathway, by title."""
    return pathways_by_slug(session, session.scalars(select(PathwayVersion.slug).distinct()).all())


def let_of(session: Session, pathway: PathwayVersion) -> Let:
    """The Learning Ecosystem Team that made a pathway."""
    return session.get_one(Let, pathway.let_id)


def find_let(session: Session, slug: str) -> Let:
    """A Learning Ecosystem Team; raises `NotFoundError`."""
    found = session.scalar(select(Let).where(Let.slug == slug))
    if found is None:
        raise NotFoundError(_("There is no such Learning Ecosystem Team."), code="let.unknown")
    return found


def versions_of_let(session: Session, let_id: int) -> Sequence[DefinitionVersion]:
    """The newest published version of each definition that a LET created, by title."""
    return session.scalars(
        _newest().where(Definition.let_id == let_id).order_by(DefinitionVersion.title)
    ).all()


def _of_slug(slug: str) -> Select[DefinitionVersion]:
    return select(DefinitionVersion).join(DefinitionVersion.definition).where(Definition.slug == slug)


def _newest() -> Select[DefinitionVersion]:
    newer = aliased(DefinitionVersion)
    has_newer = (
        select(newer.id)
        .where(newer.definition_id == DefinitionVersion.definition_id)
        .where(newer.state == VersionState.PUBLISHED, newer.sort_key > DefinitionVersion.sort_key)
        .exists()
    )
    return (
        select(DefinitionVersion)
        .join(DefinitionVersion.definition)
        .where(DefinitionVersion.state == VersionState.PUBLISHED, ~has_newer)
    )


def _filtered(found: Select[DefinitionVersion], filters: Filters) -> Select[DefinitionVersion]:
    if filters.topic:
        found = found.where(DefinitionVersion.topic == filters.topic)
    if filters.level is not None:
        found = found.where(DefinitionVersion.level == filters.level)
    if filters.language:
        found = found.where(DefinitionVersion.language == filters.language)
    if filters.region:
        found = found.join(Let, Let.id == Definition.let_id).join(Region, Region.id == Let.region_id)
        found = found.where(Region.slug == filters.region)
    if filters.text.strip():
        found = found.where(_has_words(filters.text.strip()))
    return found


def _has_words(text: str) -> Any:
    # SQLite folds only ASCII letters, so Cyrillic is tried as typed, in small letters and with a capital.
    spellings = {text, text.lower(), text.capitalize(), text.title()}
    return or_(
        *(DefinitionVersion.title.icontains(one, autoescape=True) for one in spellings),
        Definition.code == text.upper(),
    )
