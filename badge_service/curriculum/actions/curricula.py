"""Curricula: begun, written, published in frozen versions, and found again by everybody."""

import copy
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, and_, delete, or_, select
from sqlalchemy.orm import Session, aliased

from badge_service.curriculum.actions.drafts import words_for_address
from badge_service.curriculum.rules.curricula import (
    MOST_TITLE,
    Coverage,
    blank_curriculum,
    coverage,
    definitions_in,
)
from badge_service.curriculum.rules.findings import text_faults
from badge_service.curriculum.rules.states import VersionState
from badge_service.curriculum.rules.versions import FIRST, Step, Version, parse_version
from badge_service.curriculum.tables import (
    Curriculum,
    CurriculumDefinition,
    CurriculumVersion,
    Definition,
    DefinitionVersion,
    Let,
    ListedVersion,
)
from badge_service.errors import ConflictError, InvalidError, NotFoundError
from badge_service.people.rules import Role, Viewer
from badge_service.storage import audit
from badge_service.storage.session import now
from badge_service.web.paging import Listing, page_of

PAGE_SIZE = 24
MOST_CHOICES = 500


class StaleCurriculumError(ConflictError):
    """Somebody saved this draft after it was opened: `typed` is what was sent now, `saved` what stands there."""

    def __init__(self, typed: Mapping[str, Any], saved: CurriculumVersion) -> None:
        super().__init__(_("Somebody else saved this draft in the meantime."), code="curriculum.stale")
        self.typed = typed
        self.saved = saved


def create_curriculum(
    session: Session, viewer: Viewer, *, organisation_id: int, let_id: int, title: str, language: str
) -> CurriculumVersion:
    """Begin a curriculum at version 1.0.0; raises `InvalidError` (title), `NotFoundError`."""
    if not viewer.has_role(Role.LET_LEAD, organisation_id) or session.get(Let, let_id) is None:
        raise NotFoundError(_("There is no such organisation."), code="organisation.unknown")
    faults = text_faults("title", title, MOST_TITLE)
    if faults:
        raise InvalidError(_("The curriculum cannot be begun like this."), code="curriculum", faults=faults)
    curriculum = Curriculum(
        slug=_free_slug(session, title),
        let_id=let_id,
        organisation_id=organisation_id,
        created_at=now(session),
    )
    session.add(curriculum)
    session.flush()
    version = _add(session, curriculum, blank_curriculum(title.strip(), language), FIRST)
    note_deed(session, viewer, "drafted", version)
    return version


def save_curriculum(
    session: Session, viewer: Viewer, version_id: int, content: Mapping[str, Any], revision: int
) -> CurriculumVersion:
    """Keep what was typed, complete or not; `revision` is the one that was opened.

    Raises `NotFoundError`, `ConflictError` (published), `StaleCurriculumError`.
    """
    version = find_own_curriculum_version(session, viewer, version_id, lock=True)
    if version.state != VersionState.DRAFT:
        raise ConflictError(
            _("A published version is never changed. Begin a new version."), code="curriculum.published"
        )
    if version.revision != revision:
        raise StaleCurriculumError(content, version)
    fill_curriculum(session, version, content)
    version.revision += 1
    version.changed_at = now(session)
    session.flush()
    return version


def new_curriculum_version(
    session: Session, viewer: Viewer, version_id: int, *, step: Step = Step.MINOR
) -> CurriculumVersion:
    """A draft that begins as a copy of a published version; the open draft of that curriculum, if there is one."""
    source = find_own_curriculum_version(session, viewer, version_id, lock=True)
    siblings = session.scalars(
        select(CurriculumVersion).where(CurriculumVersion.curriculum_id == source.curriculum_id)
    ).all()
    for sibling in siblings:
        if sibling.state == VersionState.DRAFT:
            return sibling
    newest = max(parse_version(sibling.version) for sibling in siblings)
    version = _add(session, source.curriculum, copy.deepcopy(source.content), newest.next(step))
    note_deed(session, viewer, "drafted", version)
    return version


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


def curricula_of_let(session: Session, let_id: int) -> Sequence[CurriculumVersion]:
    """The newest published curricula of a LET, by title; at most one page."""
    found = _newest().join(Curriculum, Curriculum.id == CurriculumVersion.curriculum_id)
    found = found.where(Curriculum.let_id == let_id)
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


def published_by_slug(session: Session, slugs: Collection[str]) -> dict[str, DefinitionVersion]:
    """The newest published version of each of these definitions that has one, by slug."""
    found = session.scalars(
        select(DefinitionVersion)
        .join(DefinitionVersion.definition)
        .join(ListedVersion, ListedVersion.id == DefinitionVersion.id)
        .where(Definition.slug.in_(slugs), ListedVersion.in_catalogue)
    )
    return {version.definition.slug: version for version in found} if slugs else {}


def definitions_of(session: Session, content: Mapping[str, Any]) -> dict[str, DefinitionVersion]:
    """The versions to which a curriculum's units lead, by slug: the named one, or the newest published one."""
    named = {
        (one["slug"], one["version"])
        for unit in content["units"]
        for one in unit["definitions"]
        if one.get("version")
    }
    newest = published_by_slug(session, definitions_in(content))
    older = {slug for slug, version in named if slug not in newest or newest[slug].version != version}
    if not older:
        return newest
    found = session.scalars(
        select(DefinitionVersion)
        .join(DefinitionVersion.definition)
        .where(Definition.slug.in_(older), DefinitionVersion.published_at.is_not(None))
    )
    fixed = {(one.definition.slug, one.version): one for one in found}
    return newest | {slug: fixed[slug, version] for slug, version in named if (slug, version) in fixed}


def definitions_to_choose(session: Session, version: CurriculumVersion) -> dict[str, str]:
    """What a unit can lead to: title by slug of the definitions of the same school or LET, and of those named already."""
    curriculum, named = version.curriculum, definitions_in(version.content)
    found = (
        select(Definition.slug, DefinitionVersion.title)
        .join(DefinitionVersion, DefinitionVersion.definition_id == Definition.id)
        .where(
            or_(
                Definition.organisation_id == curriculum.organisation_id,
                and_(Definition.let_id == curriculum.let_id, DefinitionVersion.published_at.is_not(None)),
                Definition.slug.in_(named),
            )
        )
        .order_by(DefinitionVersion.sort_key)
        .limit(MOST_CHOICES)
    )
    titles = {row.slug: row.title for row in session.execute(found)}
    return dict(sorted(titles.items(), key=lambda item: item[1]))


def pinned(session: Session, content: Mapping[str, Any]) -> dict[str, Any]:
    """The content with each definition's newest published version named; empty where none is published."""
    newest, fixed = published_by_slug(session, definitions_in(content)), copy.deepcopy(dict(content))
    for unit in fixed["units"]:
        for one in unit["definitions"]:
            one["version"] = newest[one["slug"]].version if one["slug"] in newest else ""
    return fixed


def coverage_of(session: Session, content: Mapping[str, Any]) -> tuple[Coverage, ...]:
    """How the curriculum covers the three approaches and the three impacts, with the outcomes of its definitions."""
    found = definitions_of(session, content)
    return coverage(content, {slug: version.content for slug, version in found.items()})


def _add(
    session: Session, curriculum: Curriculum, content: Mapping[str, Any], number: Version
) -> CurriculumVersion:
    at = now(session)
    version = CurriculumVersion(
        curriculum_id=curriculum.id,
        curriculum=curriculum,
        version=str(number),
        sort_key=number.sort_key,
        state=VersionState.DRAFT,
        content={},
        title="",
        language="",
        created_at=at,
        changed_at=at,
    )
    session.add(version)
    session.flush()
    fill_curriculum(session, version, content)
    session.flush()
    return version


def fill_curriculum(session: Session, version: CurriculumVersion, content: Mapping[str, Any]) -> None:
    """Set the content and what repeats parts of it for lists; the one place that does."""
    version.content = dict(content)
    version.title, version.language = str(content["title"]), str(content["language"])
    session.execute(
        delete(CurriculumDefinition).where(CurriculumDefinition.curriculum_version_id == version.id)
    )
    slugs = definitions_in(content)
    ids = session.scalars(select(Definition.id).where(Definition.slug.in_(slugs))) if slugs else ()
    session.add_all(CurriculumDefinition(curriculum_version_id=version.id, definition_id=one) for one in ids)


def note_deed(session: Session, viewer: Viewer, deed: str, version: CurriculumVersion) -> None:
    subject = f"curriculum:{version.curriculum.slug}/{version.version}"
    audit.record(session, viewer.acting_key(), f"curriculum.{deed}", subject)


def _free_slug(session: Session, title: str) -> str:
    stem = words_for_address(title) or "curriculum"
    taken = set(
        session.scalars(select(Curriculum.slug).where(Curriculum.slug.startswith(stem, autoescape=True)))
    )
    names = (stem if number == 1 else f"{stem}-{number}" for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


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
