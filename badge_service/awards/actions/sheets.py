"""Saves a page of the matrix: only what was changed on it, and never over what somebody else has changed meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from badge_service.awards.actions.assessing import Cell, give_reason, reason_faults, set_levels
from badge_service.awards.actions.comments import comment_faults, comment_field, is_comment, write_comments
from badge_service.awards.actions.grounds import Place, take_turns
from badge_service.awards.actions.readiness import readiness_of
from badge_service.awards.actions.teaching import require_taught
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.errors import InvalidError
from badge_service.people.rules import Viewer

REASON = "reason"


@dataclass(frozen=True)
class Typed:
    """One field of a page: what it says, and what it said when the page was opened (None: not known, so it is set)."""

    value: str
    was: str | None = None


@dataclass(frozen=True)
class Clash:
    """A field that two people changed differently: what this page says and what is stored; nothing was overwritten.

    `criterion` is its id, `reason`, or the field of a comment; both values are level ids (empty: not judged) or words.
    """

    number: int
    name: str
    criterion: str
    yours: str
    stored: str


def save_sheet(
    session: Session,
    viewer: Viewer,
    place: Place,
    version: DefinitionVersion,
    sheet: Mapping[Cell, Typed],
) -> list[Clash]:
    """Save the fields (person id, criterion id, `reason` or a comment's field) that were changed on a page; returns those left alone.

    Raises `InvalidError` before anything is written, `NotFoundError` for a foreign place.
    """
    require_taught(viewer, place)
    take_turns(session, place)
    changed: dict[Cell, str] = {}
    clashes = []
    for row in readiness_of(session, place, version):
        comments = {comment_field(criterion): text for criterion, text in row.comments.items()}
        stands = {**row.levels, **comments, REASON: row.reason}
        for (person_id, criterion), typed in sheet.items():
            if person_id != row.learner.person_id:
                continue
            stored = stands.get(criterion, "")
            if typed.value in (typed.was, stored):
                continue
            if typed.was in (None, stored):
                changed[person_id, criterion] = typed.value
            else:
                clashes.append(Clash(row.learner.number, row.learner.name, criterion, typed.value, stored))
    _write(session, viewer, place, version, changed)
    return clashes


def _write(
    session: Session,
    viewer: Viewer,
    place: Place,
    version: DefinitionVersion,
    changed: Mapping[Cell, str],
) -> None:
    reasons = {person: text for (person, criterion), text in changed.items() if criterion == REASON}
    comments = {
        (person, field.partition(":")[2]): text
        for (person, field), text in changed.items()
        if is_comment(field)
    }
    faults = [
        fault for person, text in reasons.items() for fault in reason_faults(text, f"{person}:{REASON}")
    ]
    faults += comment_faults(version, comments)
    if faults:
        raise InvalidError(_("These levels cannot be saved."), code="assessment", faults=faults)
    levels = {
        cell: level or None
        for cell, level in changed.items()
        if cell[1] != REASON and not is_comment(cell[1])
    }
    set_levels(session, viewer, place, version, levels)
    for person, text in reasons.items():
        give_reason(session, viewer, place, version, person, text)
    if comments:
        write_comments(session, viewer, place, version, comments)
