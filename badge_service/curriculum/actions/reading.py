"""Finds what is published by its public name: one version of a micro-credential, a pathway, a LET."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session, aliased

from badge_service.curriculum.rules.states import VersionState
from badge_service.curriculum.tables import Definition, DefinitionVersion, Let
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


def published_of(
    session: Session, organisation_id: int, after: str | None, most: int
) -> Sequence[DefinitionVersion]:
    """The newest published version of each definition of an organisation, by slug, those that follow the slug `after`."""
    newer = aliased(DefinitionVersion)
    is_behind = exists().where(
        newer.definition_id == DefinitionVersion.definition_id,
        newer.state == VersionState.PUBLISHED,
        newer.sort_key > DefinitionVersion.sort_key,
    )
    found = (
        select(DefinitionVersion)
        .join(DefinitionVersion.definition)
        .where(Definition.organisation_id == organisation_id, Definition.slug > (after or ""))
        .where(DefinitionVersion.state == VersionState.PUBLISHED, ~is_behind)
    )
    return session.scalars(found.order_by(Definition.slug).limit(most)).all()


def published_versions_of(session: Session, slug: str, organisation_id: int) -> Sequence[DefinitionVersion]:
    """The published versions of a definition of this organisation, newest first; none for a foreign one."""
    found = _of_slug(slug).where(Definition.organisation_id == organisation_id)
    published = found.where(DefinitionVersion.state == VersionState.PUBLISHED)
    return session.scalars(published.order_by(DefinitionVersion.sort_key.desc())).all()


def find_let(session: Session, slug: str) -> Let:
    """A Learning Ecosystem Team; raises `NotFoundError`."""
    found = session.scalar(select(Let).where(Let.slug == slug))
    if found is None:
        raise NotFoundError(_("There is no such Learning Ecosystem Team."), code="let.unknown")
    return found


def _of_slug(slug: str) -> Select[DefinitionVersion]:
    return select(DefinitionVersion).join(DefinitionVersion.definition).where(Definition.slug == slug)
