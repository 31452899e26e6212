"""Publishes a curriculum: refuses it while anything is missing or a change has no reason, then freezes it."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from badge_service.curriculum.actions.changes import change_faults, compared, keep_notes
from badge_service.curriculum.actions.curricula import (
    fill_curriculum,
    find_own_curriculum_version,
    note_deed,
    pinned,
    published_by_slug,
)
from badge_service.curriculum.rules.curricula import curriculum_faults, definitions_in
from badge_service.curriculum.rules.findings import Note
from badge_service.curriculum.rules.states import VersionState
from badge_service.curriculum.rules.versions import Step, parse_version
from badge_service.curriculum.tables import CurriculumVersion
from badge_service.errors import ConflictError, Fault, InvalidError
from badge_service.people.rules import Viewer
from badge_service.storage.session import now


def curriculum_publishing_faults(session: Session, version: CurriculumVersion) -> list[Fault]:
    """Everything that keeps this draft from being published; a missing approach or impact is a warning and not among it."""
    faults = curriculum_faults(version.content)
    published = published_by_slug(session, definitions_in(version.content))
    for index, unit in enumerate(version.content["units"]):
        for one in unit["definitions"]:
            if one["slug"] not in published:
                words = _("“%(slug)s” is not published yet. Publish it first or untick it.", slug=one["slug"])
                faults.append(Fault(f"units[{index}].definitions", words, "definition.unpublished"))
    return faults


def publish_curriculum(
    session: Session,
    viewer: Viewer,
    version_id: int,
    *,
    changes: Sequence[Note] = (),
    step: Step | None = None,
    number_reason: str = "",
) -> CurriculumVersion:
    """Freeze a draft, each definition named with its newest version; from the second version on with a reason a change.

    Raises `NotFoundError` (not theirs), `ConflictError` (no draft), `InvalidError` with every fault at once.
    """
    version = find_own_curriculum_version(session, viewer, version_id, lock=True)
    if version.state != VersionState.DRAFT:
        raise ConflictError(_("This version is published already."), code="curriculum.published")
    comparison = compared(session, version)
    step = comparison.step if step is None else step
    faults = curriculum_publishing_faults(session, version)
    faults += change_faults(session, comparison, changes, step, number_reason)
    if faults:
        raise InvalidError(_("This curriculum cannot be published yet."), code="curriculum", faults=faults)
    keep_notes(session, version, changes)
    if comparison.before is not None:
        number = parse_version(comparison.numbers[step])
        version.version, version.sort_key = str(number), number.sort_key
    fill_curriculum(session, version, pinned(session, version.content))
    version.number_reason = number_reason.strip() or None
    version.state = VersionState.PUBLISHED
    version.published_at = version.changed_at = now(session)
    version.published_by = viewer.acting_key()
    note_deed(session, viewer, "published", version)
    session.flush()
    return version
