"""Sets the levels of the rubric, one cell or a whole group at once, and keeps the assessor's written reason."""

from collections.abc import Mapping

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.awards.actions.grounds import Ground, Place, ground_of
from badge_service.awards.actions.teaching import learners_in, require_taught
from badge_service.awards.tables import Assessment, AssessmentReason
from badge_service.curriculum.rules import rubric_of
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.errors import Fault, InvalidError
from badge_service.people.rules import Viewer
from badge_service.storage import audit
from badge_service.storage.session import now
from badge_service.web.texts import LONGEST_REASON, text_faults

Cell = tuple[int, str]


def set_levels(
    session: Session,
    viewer: Viewer,
    place: Place,
    version: DefinitionVersion,
    cells: Mapping[Cell, str | None],
    *,
    for_group: bool = False,
) -> int:
    """Set many cells (person id, criterion id) at once; returns how many changed; `None` takes a level back.

    Raises `InvalidError` for unknown ones and for the viewer's own, `NotFoundError` for a foreign place.
    """
    actor = viewer.acting_key()
    require_taught(viewer, place)
    _refuse_unknown(session, viewer, place, version, cells)
    ground = ground_of(place)
    standing = {
        (row.person_id, row.criterion): row
        for row in session.scalars(
            select(Assessment).where(ground.of(Assessment), Assessment.version_id == version.id)
        )
    }
    changed = 0
    for cell, level in cells.items():
        changed += _set_cell(session, actor, ground, version, standing.get(cell), cell, level, for_group)
    if changed:
        session.flush()
        audit.record(
            session, actor, "assess", ground.subject, version=version.id, cells=changed, for_group=for_group
        )
    return changed


def set_levels_for_group(
    session: Session, viewer: Viewer, place: Place, version: DefinitionVersion, level: str
) -> int:
    """Give everybody present this level wherever none is set yet, stored as set for the group; returns how many cells.

    A teacher who is on the list themselves is left out.
    """
    rows = session.execute(
        select(Assessment.person_id, Assessment.criterion).where(
            ground_of(place).of(Assessment), Assessment.version_id == version.id
        )
    )
    standing = {(person_id, criterion) for person_id, criterion in rows}
    cells: dict[Cell, str | None] = {
        (learner.person_id, criterion.id): level
        for learner in learners_in(session, place)
        if learner.present and learner.person_id != viewer.person_id
        for criterion in rubric_of(version.content).criteria
        if (learner.person_id, criterion.id) not in standing
    }
    return set_levels(session, viewer, place, version, cells, for_group=True)


def give_reason(
    session: Session,
    viewer: Viewer,
    place: Place,
    version: DefinitionVersion,
    person_id: int,
    text: str,
) -> None:
    """Write down why a learner passes with one criterion a level below; an empty text takes it back.

    The reason stays with the school and is never signed. Raises `InvalidError`.
    """
    actor = viewer.acting_key()
    require_taught(viewer, place)
    _refuse_unknown(session, viewer, place, version, {(person_id, ""): None})
    if faults := reason_faults(text):
        raise InvalidError(faults[0].message, faults=faults)
    ground = ground_of(place)
    row = session.scalar(
        select(AssessmentReason).where(
            ground.of(AssessmentReason),
            AssessmentReason.version_id == version.id,
            AssessmentReason.person_id == person_id,
        )
    )
    if not text.strip():
        if row is not None:
            session.delete(row)
    elif row is None:
        key = {**ground.key, "version_id": version.id, "person_id": person_id}
        session.add(AssessmentReason(**key, text=text.strip(), written_by=actor, written_at=now(session)))
    elif row.text != text.strip():
        row.text, row.written_by, row.written_at = text.strip(), actor, now(session)
    session.flush()


def reason_faults(text: str, where: str = "reason") -> list[Fault]:
    """What is wrong with the words of a reason."""
    return text_faults(where, text, LONGEST_REASON, lines=True, needed=False)


def _set_cell(
    session: Session,
    actor: str,
    ground: Ground,
    version: DefinitionVersion,
    row: Assessment | None,
    cell: Cell,
    level: str | None,
    for_group: bool,
) -> bool:
    if (row.level if row else None) == level:
        return False
    if row is not None and level is None:
        session.delete(row)
    elif row is not None and level is not None:
        row.level, row.set_for_group, row.set_by, row.set_at = level, for_group, actor, now(session)
    else:
        session.add(
            Assessment(
                **ground.key,
                version_id=version.id,
                person_id=cell[0],
                criterion=cell[1],
                level=level,
                set_for_group=for_group,
                set_by=actor,
                set_at=now(session),
            )
        )
    return True


def _refuse_unknown(
    session: Session,
    viewer: Viewer,
    place: Place,
    version: DefinitionVersion,
    cells: Mapping[Cell, str | None],
) -> None:
    rubric = rubric_of(version.content)
    criteria = {criterion.id for criterion in rubric.criteria} | {""}
    levels = {level.id for level in rubric.levels} | {None}
    people = {learner.person_id for learner in learners_in(session, place)}
    faults = []
    if any(person_id == viewer.person_id for person_id, _criterion in cells):
        faults.append(Fault("learner", _("Nobody sets their own levels. Ask a colleague."), "own"))
    for (person_id, criterion), level in cells.items():
        if person_id not in people:
            faults.append(Fault("learner", _("This learner is not in this group."), "learner"))
        if criterion not in criteria:
            faults.append(Fault("criterion", _("There is no such criterion in this rubric."), "criterion"))
        if level not in levels:
            faults.append(Fault("level", _("There is no such level in this rubric."), "level"))
    if faults:
        raise InvalidError(_("These levels cannot be saved."), code="assessment", faults=faults)
