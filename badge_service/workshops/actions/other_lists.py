"""Puts learners of another class list of the same organisation on a list, as the same persons."""

from collections.abc import Collection

from flask_babel import gettext as _
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from badge_service.alliance.tables import Activity
from badge_service.errors import NotFoundError
from badge_service.people.rules import Viewer
from badge_service.storage import audit
from badge_service.workshops.actions.enrolments import enrol, preview_enrolment
from badge_service.workshops.actions.finding import require_managed
from badge_service.workshops.actions.joining import out_of_line
from badge_service.workshops.actions.seating import seat, take_turns
from badge_service.workshops.rules import Effect, LearnerRow
from badge_service.workshops.tables import Enrolment, Workshop

MOST_LISTS = 30


def other_lists(session: Session, viewer: Viewer, workshop: Workshop) -> list[Workshop]:
    """The newest class lists of the same organisation from which learners can be taken; raises NotFoundError."""
    require_managed(viewer, workshop)
    own = workshop.activity.organisation_id
    learners = exists().where(Enrolment.workshop_id == Workshop.id, Enrolment.removed_at.is_(None))
    query = (
        select(Workshop)
        .join(Activity, Activity.id == Workshop.activity_id)
        .where(Activity.organisation_id == own, Workshop.id != workshop.id, learners)
    )
    newest = query.order_by(Activity.starts_on.desc(), Activity.id.desc()).limit(MOST_LISTS)
    return list(session.scalars(newest))


def enrol_from(
    session: Session, viewer: Viewer, workshop: Workshop, source: Workshop, numbers: Collection[int]
) -> list[Enrolment]:
    """Enrol learners of another list by their numbers there; numbers that nobody has are left out.

    They stay the persons they are, so that their badges come together. Who is on this list already stays as they are.
    Raises as `enrol`, and NotFoundError for a list of another organisation.
    """
    require_managed(viewer, source)
    if source.activity.organisation_id != workshop.activity.organisation_id:
        raise NotFoundError(_("There is no such class list."))
    there = (Enrolment.workshop_id == source.id, Enrolment.removed_at.is_(None))
    query = select(Enrolment).where(*there, Enrolment.number.in_(list(numbers))).order_by(Enrolment.number)
    chosen = {entry.number: entry for entry in session.scalars(query)}
    rows = [LearnerRow(entry.number, entry.name, entry.email) for entry in chosen.values()]
    take_turns(session, workshop)
    preview = preview_enrolment(session, viewer, workshop, rows)
    new = [] if preview.faults else preview.with_effect(Effect.NEW)
    fresh = [chosen[outcome.row.row] for outcome in new]
    others = [row for row in rows if chosen[row.row] not in fresh]
    changed = enrol(
        session, viewer, workshop, others
    )  # which refuses everything where one row cannot be taken
    seated = [_take_over(session, workshop, entry) for entry in fresh]
    if seated:
        out_of_line(session, workshop, [entry.email for entry in seated if entry.email])
        subject, given = f"activity:{workshop.activity.token}", [entry.number for entry in seated]
        audit.record(session, viewer.acting_key(), "workshop.enrol", subject, numbers=given)
    return [*changed, *seated]


def _take_over(session: Session, workshop: Workshop, there: Enrolment) -> Enrolment:
    entry = seat(session, workshop, there.person, there.name, there.email)
    entry.learner_kind = there.learner_kind
    return entry
