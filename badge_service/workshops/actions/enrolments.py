"""Keeps a workshop's class list: foresees and does enrolments, removes, lists."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from badge_service.alliance.rules import State
from badge_service.errors import ConflictError, InvalidError, NotFoundError
from badge_service.people import actions as people
from badge_service.people.rules import Viewer
from badge_service.people.tables import Person
from badge_service.storage import audit
from badge_service.storage.session import now
from badge_service.web.paging import Listing, page_of
from badge_service.workshops.actions.finding import require_managed
from badge_service.workshops.actions.joining import forget_typed, move_up, out_of_line
from badge_service.workshops.actions.seating import seat, take_turns
from badge_service.workshops.rules import Effect, Enrolled, LearnerRow, Outcome, Preview, foresee
from badge_service.workshops.rules.kinds import LearnerKind, kind_faults
from badge_service.workshops.tables import Enrolment, Workshop

A_PAGE = 50
JOINING = (Effect.NEW, Effect.RETURNS)


def preview_enrolment(
    session: Session, viewer: Viewer, workshop: Workshop, rows: Sequence[LearnerRow]
) -> Preview:
    """What `enrol` would do with these rows; changes nothing. Raises NotFoundError for a foreign workshop."""
    require_managed(viewer, workshop)
    known = [
        Enrolled(entry.number, entry.name, entry.email, entry.removed_at is not None)
        for entry in _all_enrolments(session, workshop)
    ]
    return foresee(rows, known)


def enrol(
    session: Session,
    viewer: Viewer,
    workshop: Workshop,
    rows: Sequence[LearnerRow],
    *,
    kind: str = LearnerKind.STUDENT.value,
) -> list[Enrolment]:
    """Put learners on the class list, who is new as this kind; the same list sent twice changes nothing the second time.

    Returns the enrolments that are new, came back or got an address, in the order of the list. Raises InvalidError with
    every fault (and then enrols nobody), ConflictError for a cancelled workshop, NotFoundError for a foreign one.
    """
    _begin(session, viewer, workshop)
    preview = preview_enrolment(session, viewer, workshop, rows)
    if faults := [fault.as_fault() for fault in preview.faults] + kind_faults(kind):
        raise InvalidError(_("Some rows need correcting."), faults=faults)
    known = {entry.number: entry for entry in _all_enrolments(session, workshop)}
    changed = []
    for outcome in preview.with_effect(Effect.NEW, Effect.RETURNS, Effect.GETS_ADDRESS):
        changed.append(_settle(session, viewer, workshop, outcome, known))
        if outcome.effect is Effect.NEW:
            changed[-1].learner_kind = kind
    session.flush()
    if changed:
        out_of_line(session, workshop, [entry.email for entry in changed if entry.email])
        _write_down(session, viewer, workshop, changed)
    return changed


def enrol_person(session: Session, viewer: Viewer, workshop: Workshop, person: Person) -> Enrolment:
    """Put somebody who has an account on the class list as themself; who is on it already stays. Raises as `enrol`."""
    _begin(session, viewer, workshop)
    mine = (Enrolment.workshop_id == workshop.id, Enrolment.person_id == person.id)
    listed = session.scalar(select(Enrolment).where(*mine, Enrolment.removed_at.is_(None)))
    if listed is not None:
        return listed
    entry = seat(session, workshop, person, person.name, None)
    _write_down(session, viewer, workshop, [entry])
    return entry


def remove(session: Session, viewer: Viewer, workshop: Workshop, number: int) -> Enrolment:
    """Take a learner off the class list; enrolled anew they get their number back. The next in line gets the place.

    What somebody typed who joined by themself is forgotten, as long as no badge can be on its way. Raises NotFoundError.
    """
    require_managed(viewer, workshop)
    take_turns(session, workshop)
    entry = session.scalar(
        select(Enrolment).where(Enrolment.workshop_id == workshop.id, Enrolment.number == number)
    )
    if entry is None:
        raise NotFoundError(_("There is no learner with this number."))
    if entry.removed_at is None:
        entry.removed_at = now(session)
        joined_themself = entry.join_key or entry.leave_hash
        if joined_themself and workshop.activity.starts_on > now(session).date():
            forget_typed(session, entry)
        subject = f"activity:{workshop.activity.token}"
        facts = {"number": number, "person": entry.person.key}
        audit.record(session, viewer.acting_key(), "workshop.remove", subject, **facts)
        move_up(session, workshop)
    return entry


def learners_of(session: Session, viewer: Viewer, workshop: Workshop) -> list[Enrolment]:
    """Who is enrolled, by number; raises NotFoundError for people who have nothing to do with the workshop."""
    require_managed(viewer, workshop)
    return [entry for entry in _all_enrolments(session, workshop) if entry.removed_at is None]


def class_list(session: Session, viewer: Viewer, workshop: Workshop, page: int = 1) -> Listing[Enrolment]:
    """One page of who is enrolled, by number; raises NotFoundError as `learners_of`."""
    require_managed(viewer, workshop)
    query = select(Enrolment).where(Enrolment.workshop_id == workshop.id, Enrolment.removed_at.is_(None))
    return page_of(session, query.order_by(Enrolment.number), page, A_PAGE)


def count_absent(session: Session, workshop: Workshop) -> int:
    """How many of those enrolled were not there; for a workshop the viewer may see."""
    absent = (Enrolment.workshop_id == workshop.id, Enrolment.removed_at.is_(None), ~Enrolment.present)
    return session.scalar(select(func.count(Enrolment.id)).where(*absent)) or 0


def learner_counts(session: Session, workshops: Sequence[Workshop]) -> dict[int, int]:
    """How many are enrolled, by workshop id; for lists of workshops the viewer may see."""
    ids = [workshop.id for workshop in workshops]
    query = (
        select(Enrolment.workshop_id, func.count())
        .where(Enrolment.workshop_id.in_(ids), Enrolment.removed_at.is_(None))
        .group_by(Enrolment.workshop_id)
    )
    counts = dict.fromkeys(ids, 0)
    return counts | dict(session.execute(query).all())


def _all_enrolments(session: Session, workshop: Workshop) -> list[Enrolment]:
    query = select(Enrolment).where(Enrolment.workshop_id == workshop.id).order_by(Enrolment.number)
    return list(session.scalars(query))


def _settle(
    session: Session, viewer: Viewer, workshop: Workshop, outcome: Outcome, known: dict[int, Enrolment]
) -> Enrolment:
    row = outcome.row
    if outcome.effect is Effect.NEW:
        language = workshop.activity.language
        person = people.add_person(session, viewer, row.name, row.email, language)
        return seat(session, workshop, person, row.name, row.email, number=row.number)
    entry = known[outcome.other or 0]
    entry.removed_at = entry.untold_since = None
    entry.email = row.email or entry.email
    return entry


def _begin(session: Session, viewer: Viewer, workshop: Workshop) -> None:
    require_managed(viewer, workshop)
    take_turns(session, workshop)
    if workshop.activity.state == State.CANCELLED.value:
        raise ConflictError(_("This workshop was cancelled, so nobody can be enrolled."), code="cancelled")


def _write_down(session: Session, viewer: Viewer, workshop: Workshop, entries: Sequence[Enrolment]) -> None:
    subject, numbers = f"activity:{workshop.activity.token}", [entry.number for entry in entries]
    audit.record(session, viewer.acting_key(), "workshop.enrol", subject, numbers=numbers)
