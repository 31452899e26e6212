"""Lets the teachers of a workshop decide who of those who say that they are or were there is whom, and counts as present."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.errors import Fault, InvalidError
from badge_service.people.actions import person_by_id
from badge_service.people.rules import Viewer
from badge_service.storage import audit, outbox
from badge_service.storage.session import now
from badge_service.web.texts import LONGEST_REASON, text_faults
from badge_service.workshops.actions.check_in import FORGET, REFUSED_ARE_KEPT, refuse_faults
from badge_service.workshops.actions.enrolments import enrol, enrol_person
from badge_service.workshops.actions.finding import require_managed
from badge_service.workshops.actions.presence import days_of, mark_presence
from badge_service.workshops.rules import (
    CheckIn,
    Decision,
    LearnerRow,
    Listed,
    Said,
    who_it_is,
)
from badge_service.workshops.tables import CheckInRequest, Enrolment, Workshop


def likely_learners(
    session: Session, workshop: Workshop, requests: Collection[CheckInRequest]
) -> dict[int, Listed]:
    """Whom of the class list each request most likely is of, by the id of the request, where only one can be meant."""
    listed = _listed(session, workshop) if requests else []
    found = {one.id: who_it_is(Said(one.name, one.number), one.person_id, listed) for one in requests}
    return {number: match for number, match in found.items() if match}


def approve(
    session: Session, viewer: Viewer, workshop: Workshop, chosen: Mapping[int, int | None]
) -> list[CheckInRequest]:
    """Write down as present those of these requests that still wait: each as the learner with this number, or (None) as new.

    Nobody is asked of a request decided meanwhile. Raises InvalidError naming every number that nobody has and every
    request for a day that was moved away (and then approves nothing), ConflictError for a cancelled workshop, NotFoundError for a foreign one.
    """
    waiting = _waiting(session, viewer, workshop, chosen)
    by_number = {one.number: one for one in _listed(session, workshop)}
    days = days_of(workshop)
    faults = [
        Fault(f"number:{one.id}", _("Nobody on the class list has this number."), "number")
        for one in waiting
        if chosen[one.id] is not None and chosen[one.id] not in by_number
    ]
    gone = _("The workshop does not meet on this day any more. Refuse it, or put the day back.")
    faults += [Fault(f"number:{one.id}", gone, "day") for one in waiting if one.day not in days]
    refuse_faults(faults)
    marks: dict[tuple[date, str], dict[int, bool]] = defaultdict(dict)
    for one in waiting:
        number = chosen[one.id]
        entry = _enrolled(session, viewer, workshop, one) if number is None else None
        one.enrolment_id = entry.id if entry else by_number[number or 0].enrolment_id
        marks[one.day, one.kind][entry.number if entry else number or 0] = True
        _decide(session, viewer, workshop, one, Decision.APPROVED)
    session.flush()
    for (day, kind), present in marks.items():
        mark_presence(session, viewer, workshop, day, present, kind)
    return waiting


def approve_certain(session: Session, viewer: Viewer, workshop: Workshop) -> list[CheckInRequest]:
    """Approve at once everybody who says that they are here and of whom it is clear who they are; late claims wait."""
    require_managed(viewer, workshop)
    waiting = session.scalars(
        select(CheckInRequest).where(
            CheckInRequest.workshop_id == workshop.id,
            CheckInRequest.state == Decision.WAITING.value,
            CheckInRequest.kind != CheckIn.LATE.value,
            CheckInRequest.day.in_(days_of(workshop)),
        )
    ).all()
    certain = likely_learners(session, workshop, waiting)
    return approve(session, viewer, workshop, {number: one.number for number, one in certain.items()})


def refuse(
    session: Session, viewer: Viewer, workshop: Workshop, ids: Collection[int], reason: str
) -> list[CheckInRequest]:
    """Refuse those of these requests that still wait; the reason stands on the page of who asked.

    Raises InvalidError without a usable reason, NotFoundError for a foreign workshop.
    """
    waiting = _waiting(session, viewer, workshop, ids)
    refuse_faults(text_faults("reason", reason, LONGEST_REASON, lines=True))
    for one in waiting:
        one.reason = reason.strip()
        _decide(session, viewer, workshop, one, Decision.REFUSED)
        due = now(session) + REFUSED_ARE_KEPT
        outbox.promise(session, FORGET, {"request": one.id}, due_at=due)
    return waiting


def _waiting(
    session: Session, viewer: Viewer, workshop: Workshop, ids: Collection[int]
) -> list[CheckInRequest]:
    """Those that still wait, locked, so that two teachers at once decide each of them only once."""
    require_managed(viewer, workshop)
    query = select(CheckInRequest).where(
        CheckInRequest.workshop_id == workshop.id,
        CheckInRequest.id.in_(list(ids)),
        CheckInRequest.state == Decision.WAITING.value,
    )
    return list(session.scalars(query.order_by(CheckInRequest.id).with_for_update()))


def _decide(
    session: Session, viewer: Viewer, workshop: Workshop, request: CheckInRequest, decision: Decision
) -> None:
    request.state, request.decided_at = decision.value, now(session)
    request.decided_by = viewer.acting_key()
    subject = f"activity:{workshop.activity.token}"
    audit.record(session, viewer.key, f"check_in.{decision.value}", subject, request=request.id)


def _listed(session: Session, workshop: Workshop) -> list[Listed]:
    query = select(Enrolment.id, Enrolment.person_id, Enrolment.number, Enrolment.name)
    rows = session.execute(query.where(Enrolment.workshop_id == workshop.id, Enrolment.removed_at.is_(None)))
    return [Listed(*row) for row in rows]


def _enrolled(session: Session, viewer: Viewer, workshop: Workshop, request: CheckInRequest) -> Enrolment:
    """Put somebody on the class list who was not on it; a signed-in person as themself."""
    if request.person_id is not None:
        return enrol_person(session, viewer, workshop, person_by_id(session, request.person_id))
    row = LearnerRow(1, request.name or f"№ {request.number}", None, request.number)
    changed = enrol(session, viewer, workshop, [row])
    if changed:
        return changed[0]
    said = who_it_is(Said(row.name), None, _listed(session, workshop))
    if said is None:
        message = _("Several on the class list have this name. Write the number of the one who is meant.")
        raise InvalidError(message, faults=[Fault(f"number:{request.id}", message, "number")])
    return session.get_one(Enrolment, said.enrolment_id)
