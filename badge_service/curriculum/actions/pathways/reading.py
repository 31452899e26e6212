"""Finds pathways: published ones by their public names or by a badge they name, own ones in any state for the desk."""

from collections.abc import Collection

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, aliased

from badge_service.curriculum.rules.pathways import FREE
from badge_service.curriculum.rules.states import VersionState
from badge_service.curriculum.tables import (
    Definition,
    DefinitionTranslation,
    DefinitionVersion,
    Let,
    ListedVersion,
    Pathway,
    PathwayPart,
    PathwayVersion,
)
from badge_service.errors import NotFoundError
from badge_service.people.rules import Role, Viewer
from badge_service.web.paging import Listing, page_of

_READABLE = (VersionState.PUBLISHED.value, VersionState.WITHDRAWN.value)


def find_pathway(session: Session, slug: str) -> PathwayVersion:
    """The newest published version of a pathway; raises `NotFoundError`."""
    found = session.scalar(_current().where(PathwayVersion.slug == slug))
    if found is None:
        raise _unknown()
    return found


def find_pathway_version(session: Session, slug: str, version: str) -> PathwayVersion:
    """A published or withdrawn version; raises `NotFoundError` for unknown ones and drafts alike."""
    found = session.scalar(
        select(PathwayVersion).where(
            PathwayVersion.slug == slug,
            PathwayVersion.version == version,
            PathwayVersion.state.in_(_READABLE),
        )
    )
    if found is None:
        raise _unknown()
    return found


def published_pathways(session: Session, page: int = 1, size: int = 24) -> Listing[PathwayVersion]:
    """The newest published version of every pathway, by title, one page of them."""
    return _page(session, _current().order_by(PathwayVersion.title, PathwayVersion.id), page, size)


def pathways_by_slug(session: Session, slugs: Collection[str]) -> list[PathwayVersion]:
    """The newest published version of each of these pathways that has one, by title."""
    if not slugs:
        return []
    found = _current().where(PathwayVersion.slug.in_(slugs))
    return list(session.scalars(found.order_by(PathwayVersion.title, PathwayVersion.id)))


def all_pathways(session: Session, most: int = 24) -> list[PathwayVersion]:
    """The newest published version of every pathway, by title, at most so many."""
    return list(published_pathways(session, size=most).rows)


def pathways_naming(session: Session, codes: Collection[str], most: int = 24) -> list[PathwayVersion]:
    """The newest published versions whose rule names one of these definitions' codes, by title."""
    naming = select(PathwayPart.version_id).where(PathwayPart.code.in_(codes))
    found = _current().where(PathwayVersion.id.in_(naming))
    return list(session.scalars(found.order_by(PathwayVersion.title, PathwayVersion.id).limit(most)))


def pathways_with(session: Session, codes: Collection[str], most: int = 24) -> list[PathwayVersion]:
    """As `pathways_naming`, with those that leave a choice free after them: where holding these badges is progress."""
    named = pathways_naming(session, codes, most)
    if not codes or len(named) >= most:
        return named
    free = pathways_naming(session, [FREE], most)
    return [*named, *(one for one in free if one not in named)][:most]


def pathway_of_badge(session: Session, badge: DefinitionVersion) -> PathwayVersion | None:
    """The version of a pathway whose stacked badge this is; none of any other definition."""
    if not badge.content.get("pathway"):
        return None
    return session.scalar(select(PathwayVersion).where(PathwayVersion.badge_version_id == badge.id))


def let_of(session: Session, pathway: PathwayVersion) -> Let:
    """The Learning Ecosystem Team that made a pathway."""
    return session.get_one(Let, pathway.let_id)


def own_pathways(session: Session, viewer: Viewer, page: int = 1, size: int = 24) -> Listing[PathwayVersion]:
    """All versions of the pathways that the viewer leads: drafts first, then by title, newest version first."""
    drafts_first = PathwayVersion.state != VersionState.DRAFT.value
    found = select(PathwayVersion).join(PathwayVersion.pathway).where(_mine(viewer))
    ordered = found.order_by(
        drafts_first, PathwayVersion.title, PathwayVersion.sort_key.desc(), PathwayVersion.id
    )
    return _page(session, ordered, page, size)


def find_own_pathway(
    session: Session, viewer: Viewer, slug: str, version: str, *, lock: bool = False
) -> PathwayVersion:
    """A version in any state that the viewer leads; raises `NotFoundError` for foreign ones. `lock` holds it until commit."""
    query = select(PathwayVersion).join(PathwayVersion.pathway).where(_mine(viewer))
    query = query.where(PathwayVersion.slug == slug, PathwayVersion.version == version)
    if lock:
        query = query.with_for_update(of=PathwayVersion).execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise _unknown()
    return found


def drafts_to_extend(session: Session, viewer: Viewer, most: int = 50) -> list[PathwayVersion]:
    """Of each pathway that the viewer leads the version that would be written on: its newest, draft or published."""
    newer = aliased(PathwayVersion)
    has_newer = (
        select(newer.id)
        .where(newer.pathway_id == PathwayVersion.pathway_id, newer.sort_key > PathwayVersion.sort_key)
        .exists()
    )
    found = select(PathwayVersion).join(PathwayVersion.pathway).where(_mine(viewer), ~has_newer)
    return list(session.scalars(found.order_by(PathwayVersion.title, PathwayVersion.id).limit(most)))


def stackable_codes(session: Session, viewer: Viewer, most: int = 500) -> list[tuple[str, str]]:
    """What a rule can name: code and title of published definitions, those of the viewer's organisations first.

    Translations are left out, because a badge of one counts as one of its original.
    """
    translated = select(DefinitionTranslation.definition_id)
    foreign = Definition.organisation_id.not_in(viewer.organisations_as(Role.LET_LEAD))
    shown = session.execute(
        select(ListedVersion.id, Definition.code)
        .join(Definition, Definition.id == ListedVersion.definition_id)
        .where(ListedVersion.in_catalogue, Definition.id.not_in(translated))
        .order_by(foreign, Definition.code)
        .limit(most)
    )
    codes = {row.id: row.code for row in shown}
    named = select(DefinitionVersion.id, DefinitionVersion.title).where(DefinitionVersion.id.in_(codes))
    titles = {row.id: row.title for row in session.execute(named)}
    return [(code, titles[version_id]) for version_id, code in codes.items()]


def _page(session: Session, found: Select[PathwayVersion], page: int, size: int) -> Listing[PathwayVersion]:
    """One page, read only when it is known which: a row holds a whole rule and a picture."""
    ids = page_of(session, found.with_only_columns(PathwayVersion.id), page, size)
    rows = session.scalars(select(PathwayVersion).where(PathwayVersion.id.in_(ids.rows)))
    versions = {one.id: one for one in rows}
    return Listing(tuple(versions[one] for one in ids.rows), ids.number, ids.total, size)


def _current() -> Select[PathwayVersion]:
    """The newest published version of each pathway."""
    newer = aliased(PathwayVersion)
    has_newer = (
        select(newer.id)
        .where(newer.pathway_id == PathwayVersion.pathway_id, newer.sort_key > PathwayVersion.sort_key)
        .where(newer.state == VersionState.PUBLISHED.value)
        .exists()
    )
    return select(PathwayVersion).where(PathwayVersion.state == VersionState.PUBLISHED.value, ~has_newer)


def _mine(viewer: Viewer) -> ColumnElement[bool]:
    return Pathway.organisation_id.in_(viewer.organisations_as(Role.LET_LEAD))


def _unknown() -> NotFoundError:
    return NotFoundError(_("There is no such pathway."), code="pathway.unknown")
