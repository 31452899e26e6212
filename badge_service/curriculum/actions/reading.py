"""Finds what is published by its public name: one version of a micro-credential, a pathway, a LET."""

from collections.abc import Collection

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from badge_service.curriculum.rules.states import VersionState
from badge_service.curriculum.tables import Definition, DefinitionVersion, Let, PathwayVersion
from badge_service.errors import NotFoundError

_READABLE = (VersionState.PUBLISHED, VersionState.WITHDRAWN)


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


def _of_slug(slug: str) -> Select[DefinitionVersion]:
    return select(DefinitionVersion).join(DefinitionVersion.definition).where(Definition.slug == slug)
