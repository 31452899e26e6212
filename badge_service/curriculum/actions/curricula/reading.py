"""Curricula found again: one's own in any state, and published ones by everybody."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from badge_service.curriculum.rules.states import VersionState
from badge_service.curriculum.tables import Curriculum, CurriculumDefinition, CurriculumVersion
from badge_service.errors import NotFoundError
from badge_service.people.rules import Role, Viewer
from badge_service.web.paging import Listing, page_of

PAGE_SIZE = 24


def find_own_curriculum_version(
    session: Session, viewer: Viewer, version_id: int, *, lock: bool = False
) -> CurriculumVersion:
    """A version in any state that the viewer leads; raises `NotFoundError`. `lock` holds it until commit."""
    held = {"of": CurriculumVersion} if lock else None
    version = session.get(CurriculumVersion, version_id, with_for_update=held, populate_existing=lock)
    return _refuse_foreign(viewer, version)


def own_curriculum(session: Session, viewer: Viewer, slug: str, version: str) -> CurriculumVersion:
    """An own version in any state by its public names; raises `NotFoundError`."""
    found = session.scalar(_of_slug(slug).where(CurriculumVersion.version == version))
    return _refuse_foreign(viewer, found)


def own_curricula(session: Session, viewer: Viewer, page: int = 1) -> Listing[CurriculumVersion]:
    """One page of all versions of the curricula that the viewer leads: drafts first, then by address."""
    found = select(CurriculumVersion).join(CurriculumVersion.curriculum)
    found = found.where(Curriculum.organisation_id.in_(viewer.organisations_as(Role.LET_LEAD)))
    drafts_first = CurriculumVersion.published_at.is_not(None)
    ordered = found.order_by(drafts_first, Curriculum.slug, CurriculumVersion.sort_key.desc())
    return page_of(session, ordered, page, PAGE_SIZE)


def published_curricula(session: Session, page: int = 1) -> Listing[CurriculumVersion]:
    """One page of the newest published version of every curriculum, by title."""
    shown = _newest().order_by(CurriculumVersion.title, CurriculumVersion.id)
    return page_of(session, shown, page, PAGE_SIZE)


def curricula_with(session: Session, definition_id: int) -> Sequence[CurriculumVersion]:
    """The newest published curricula with a unit that leads to this definition, by title; at most one page."""
    found = _newest().join(
        CurriculumDefinition, CurriculumDefinition.curriculum_version_id == CurriculumVersion.id
    )
    found = found.where(CurriculumDefinition.definition_id == definition_id)
    return session.scalars(found.order_by(CurriculumVersion.title).limit(PAGE_SIZE)).all()


def find_curriculum(session: Session, slug: str, version: str | None = None) -> CurriculumVersion:
    """A published version, the newest when none is named; raises `NotFoundError` for unknown ones and drafts alike."""
    found = _of_slug(slug).where(CurriculumVersion.published_at.is_not(None))
    if version is not None:
        found = found.where(CurriculumVersion.version == version)
    newest = session.scalar(found.order_by(CurriculumVersion.sort_key.desc()).limit(1))
    if newest is None:
        raise NotFoundError(_("There is no such curriculum."), code="curriculum.unknown")
    return newest


def _refuse_foreign(viewer: Viewer, version: CurriculumVersion | None) -> CurriculumVersion:
    if version is None or not viewer.has_role(Role.LET_LEAD, version.curriculum.organisation_id):
        raise NotFoundError(_("There is no such curriculum."), code="curriculum.unknown")
    return version


def _of_slug(slug: str) -> Select[CurriculumVersion]:
    return select(CurriculumVersion).join(CurriculumVersion.curriculum).where(Curriculum.slug == slug)


def _newest() -> Select[CurriculumVersion]:
    newer = aliased(CurriculumVersion)
    has_newer = (
        select(newer.id)
        .where(newer.curriculum_id == CurriculumVersion.curriculum_id)
        .where(newer.published_at.is_not(None), newer.sort_key > CurriculumVersion.sort_key)
        .exists()
    )
    return select(CurriculumVersion).where(
        CurriculumVersion.state == VersionState.PUBLISHED.value, ~has_newer
    )
