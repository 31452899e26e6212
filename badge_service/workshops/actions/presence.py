"""Writes down who was there on which day: everybody, but for the exceptions."""

from collections.abc import Collection, Mapping
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from badge_service.errors import NotFoundError
from badge_service.people.rules import Viewer
from badge_service.storage import audit
from badge_service.storage.session import now
from badge_service.web.paging import Listing, page_of
from badge_service.workshops.actions.finding import require_managed
from badge_service.workshops.rules import begun, counts_as_present, days_that_count
from badge_service.workshops.tables import Attendance, CheckInDoor, Enrolment, Workshop

A_PAGE = 100
BY_HAND, BY_CODE, ON_SCREEN, LATE = "hand", "code", "screen", "late"


def days_of(workshop: Workshop) -> list[date]:
    """The days of a workshop, the first one first; of another activity its first and its last day."""
    activity = workshop.activity
    return [one.day for one in workshop.dates] or sorted({activity.starts_on, activity.ends_on})


def days_to_mark(session: Session, workshop: Workshop) -> list[date]:
    """The days on which somebody can be marked by now."""
    return begun(days_of(workshop), now(session).date())


def presence_page(session: Session, viewer: Viewer, workshop: Workshop, page: int = 1) -> Listing[Enrolment]:
    """One page of those whose presence is written down, by number. Raises NotFoundError for a foreign workshop."""
    require_managed(viewer, workshop)
    query = select(Enrolment).where(Enrolment.workshop_id == workshop.id, Enrolment.removed_at.is_(None))
    return page_of(session, query.order_by(Enrolment.number), page, A_PAGE)


def marks_on(session: Session, workshop: Workshop, day: date) -> dict[int, Attendance]:
    """What was written down for one day, by the id of the enrolment; who is not in it counts as present."""
    query = select(Attendance).join(Enrolment, Enrolment.id == Attendance.enrolment_id)
    found = session.scalars(query.where(Enrolment.workshop_id == workshop.id, Attendance.day == day))
    return {mark.enrolment_id: mark for mark in found}


def days_missed(session: Session, workshop: Workshop) -> dict[int, int]:
    """How many of its days somebody missed, by the id of the enrolment, for those who missed any."""
    query = (
        select(Attendance.enrolment_id, func.count())
        .join(Enrolment, Enrolment.id == Attendance.enrolment_id)
        .where(Enrolment.workshop_id == workshop.id, Attendance.day.in_(days_of(workshop)))
        .where(~Attendance.present)
        .group_by(Attendance.enrolment_id)
    )
    return dict(session.execute(query).all())


def mark_presence(
    session: Session,
    viewer: Viewer,
    workshop: Workshop,
    day: date,
    marks: Mapping[int, bool],
    how: str = BY_HAND,
) -> int:
    """Write down by number who was there on one day and who was not; returns how many marks changed.

    Whoever is not in `marks`, and numbers that nobody has, stay as they are. Raises NotFoundError for a foreign workshop
    and for a day that is none of its days.
    """
    require_managed(viewer, workshop)
    if day not in days_of(workshop):
        raise NotFoundError(_("The workshop does not meet on this day."), code="day.missing")
    query = select(Enrolment).where(Enrolment.workshop_id == workshop.id, Enrolment.removed_at.is_(None))
    wanted = [entry for entry in session.scalars(query) if entry.number in marks]
    known = marks_on(session, workshop, day)
    changed = [
        entry for entry in wanted if _is_news(known.get(entry.id), present=marks[entry.number], how=how)
    ]
    for entry in changed:
        _mark(session, viewer, entry, known.get(entry.id), day, marks[entry.number], how)
    session.flush()
    recount_presence(session, workshop, [entry.id for entry in changed])
    if changed:
        _write_down(session, viewer, workshop, day, {entry.number: marks[entry.number] for entry in changed})
    return len(changed)


def recount_presence(
    session: Session, workshop: Workshop, enrolment_ids: Collection[int] | None = None
) -> None:
    """Settle anew who counts as present, of these or of all: after marks, or days, or what is needed have changed."""
    query = select(Enrolment).where(Enrolment.workshop_id == workshop.id)
    if enrolment_ids is not None:
        query = query.where(Enrolment.id.in_(enrolment_ids))
    days, needed = days_of(workshop), needed_days(session, workshop)
    missed: dict[int, set[date]] = {}
    entries = session.scalars(query).all()
    absences = select(Attendance.enrolment_id, Attendance.day).join(Enrolment)
    absent = absences.where(Enrolment.workshop_id == workshop.id, ~Attendance.present)
    for enrolment_id, day in session.execute(absent):
        missed.setdefault(enrolment_id, set()).add(day)
    for entry in entries:
        entry.present = counts_as_present(days, missed.get(entry.id, ()), needed)


def needed_days(session: Session, workshop: Workshop) -> int:
    """On how many days of this workshop one must have been there to count as present."""
    door = session.get(CheckInDoor, workshop.id)
    return days_that_count(len(days_of(workshop)), door.days_needed if door else None)


def _is_news(mark: Attendance | None, *, present: bool, how: str) -> bool:
    """Whether a mark says more than what stands there; who checks in is written down although all count as present."""
    if mark is None:
        return not present or how != BY_HAND
    return mark.present != present


def _mark(
    session: Session,
    viewer: Viewer,
    entry: Enrolment,
    known: Attendance | None,
    day: date,
    present: bool,
    how: str,
) -> None:
    mark = known or Attendance(enrolment_id=entry.id, day=day)
    mark.present, mark.how = present, how
    mark.marked_by, mark.marked_at = viewer.key, now(session)
    session.add(mark)


def _write_down(
    session: Session, viewer: Viewer, workshop: Workshop, day: date, marks: Mapping[int, bool]
) -> None:
    audit.record(
        session,
        viewer.acting_key(),
        "workshop.presence",
        f"activity:{workshop.activity.token}",
        day=day.isoformat(),
        absent=[number for number, present in marks.items() if not present],
        present=[number for number, present in marks.items() if present],
    )
