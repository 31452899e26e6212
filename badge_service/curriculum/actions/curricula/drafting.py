"""Curricula begun, written and continued: drafts, saved complete or not."""

import copy
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from badge_service.curriculum.actions.curricula.reading import find_own_curriculum_version
from badge_service.curriculum.actions.slugs import unused_slug
from badge_service.curriculum.rules.curricula import MOST_TITLE, blank_curriculum, definitions_in
from badge_service.curriculum.rules.findings import text_faults
from badge_service.curriculum.rules.states import VersionState
from badge_service.curriculum.rules.versions import FIRST, Step, Version, parse_version
from badge_service.curriculum.tables import (
    Curriculum,
    CurriculumDefinition,
    CurriculumVersion,
    Definition,
    Let,
)
from badge_service.errors import ConflictError, InvalidError, NotFoundError
from badge_service.people.rules import Role, Viewer
from badge_service.storage import audit
from badge_service.storage.session import now


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
        slug=unused_slug(session, title, "curriculum", Curriculum.slug),
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
    """A line in the audit log about a version of a curriculum."""
    subject = f"curriculum:{version.curriculum.slug}/{version.version}"
    audit.record(session, viewer.acting_key(), f"curriculum.{deed}", subject)
