"""Saves one step of a draft: what two people changed in different fields is kept of both, what clashes is asked."""

import copy
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.curriculum.actions.drafts import find_own_version, save_draft
from badge_service.curriculum.rules import VersionState
from badge_service.curriculum.rules.kinds import is_assessed
from badge_service.curriculum.rules.merging import Clash, merged
from badge_service.curriculum.tables import Definition, DefinitionVersion
from badge_service.errors import ConflictError
from badge_service.people.rules import Viewer

OPTIONAL = ("level_not_applicable", "look")
"""Fields that a content leaves out when they are empty."""


class StaleFieldsError(ConflictError):
    """Somebody changed the same fields of this draft since they were opened; `clashes` shows both sides of each."""

    def __init__(self, clashes: tuple[Clash, ...], saved: DefinitionVersion) -> None:
        super().__init__(_("Somebody else saved this draft in the meantime."), code="definition.stale")
        self.clashes = clashes
        self.saved = saved


@dataclass(frozen=True)
class Typed:
    """What one page sends: its fields, their fingerprints as it opened them, and the places given up to the other side."""

    fields: Mapping[str, Any]
    opened: Mapping[str, str]
    theirs: Collection[str] = frozenset()


def document(version: DefinitionVersion) -> dict[str, Any]:
    """A version's content with the text that is shown but not signed, as the editor writes them."""
    return {**copy.deepcopy(version.content), "further_text": version.further_text}


def save_fields(session: Session, viewer: Viewer, version_id: int, typed: Typed) -> DefinitionVersion:
    """Keep these fields of a draft, complete or not, beside what others changed in it since it was opened.

    Raises `NotFoundError`, `ConflictError` (published), `StaleFieldsError` when the same place was changed twice.
    """
    version = find_own_version(session, viewer, version_id, lock=True)
    if version.state != VersionState.DRAFT:
        raise ConflictError(
            _("A published version is never changed. Begin a new version."), code="definition.published"
        )
    before = document(version)
    found = merged(before, typed.fields, typed.opened, list(typed.fields), typed.theirs)
    if found.clashes:
        raise StaleFieldsError(found.clashes, version)
    content = _tidy(found.content, before)
    if content == before:
        return version
    further = content.pop("further_text")
    return save_draft(session, viewer, version_id, content, version.revision, further_text=further)


def _tidy(content: dict[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    for name in OPTIONAL:
        if isinstance(content.get(name), dict):
            content[name] = {member: value for member, value in content[name].items() if value is not None}
        if not content.get(name):
            content.pop(name, None)
    if is_assessed(before) and not is_assessed(content):
        _leave_out_unwritten(content)
    _forget_outcomes(content, before)
    return content


def _leave_out_unwritten(content: dict[str, Any]) -> None:
    """A certificate of completion needs no outcome, so the empty row that each draft begins with is not asked for."""
    content["learning_outcomes"] = [
        one for one in content["learning_outcomes"] if one["text"].strip() or one["alignments"]
    ]


def _forget_outcomes(content: dict[str, Any], before: Mapping[str, Any]) -> None:
    """An outcome that was removed is no longer judged by any criterion."""
    gone = {one["id"] for one in before["learning_outcomes"]} - {
        one["id"] for one in content["learning_outcomes"]
    }
    for criterion in content["rubric"]["criteria"]:
        criterion["outcomes"] = [one for one in criterion["outcomes"] if one not in gone]


def published_rubrics(session: Session, organisation_id: int, *, limit: int = 24) -> list[DefinitionVersion]:
    """The published versions of an organisation whose rubrics can be copied, the last published first."""
    found = select(DefinitionVersion).join(DefinitionVersion.definition)
    mine = found.where(
        Definition.organisation_id == organisation_id,
        DefinitionVersion.state == VersionState.PUBLISHED.value,
    )
    return list(session.scalars(mine.order_by(DefinitionVersion.published_at.desc()).limit(limit)))
