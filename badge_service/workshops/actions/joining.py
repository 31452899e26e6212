"""Learners at a workshop's own page: they join, wait in line when it is full, and leave again by their mailed link."""

from collections.abc import Sequence
from dataclasses import replace

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from badge_service.alliance.rules import State
from badge_service.errors import ConflictError, InvalidError, NotFoundError
from badge_service.people import actions as people
from badge_service.people.rules import Viewer, normal_email
from badge_service.people.tables import Person
from badge_service.storage import audit, outbox
from badge_service.storage.session import hashed, now, token
from badge_service.workshops.actions.consents import write_down_answers
from badge_service.workshops.actions.seating import seat, take_turns
from badge_service.workshops.rules import Joining, JoinRequest, Place, Places, folded
from badge_service.workshops.rules.joining import join_faults, joining
from badge_service.workshops.rules.kinds import kind_faults
from badge_service.workshops.tables import Enrolment, WaitingPlace, Workshop

PLACE_MAIL = "place_mail"
"""Outbox jobs of this kind write to a learner about their place: `{"kind": "enrolment"|"waiting", "id", "news"}`."""

JOINED, WAITS, MOVED_UP, CALLED_OFF = "joined", "waits", "moved_up", "cancelled"
Taken = Enrolment | WaitingPlace


def find_to_join(session: Session, join_token: str) -> Workshop:
    """The workshop whose public page this is, open or closed; raises NotFoundError."""
    workshop = session.scalar(select(Workshop).where(Workshop.join_token == join_token))
    if workshop is None:
        raise NotFoundError(
            _("There is no workshop to join at this address."),
            code="join.unknown",
            hint=_("The link may be an old one. Ask your teacher for the new one."),
        )
    return workshop


def places_of(session: Session, workshop: Workshop) -> Places:
    """How many are enrolled and how many wait."""
    return Places(
        session.scalar(select(func.count(Enrolment.id)).where(_enrolled(workshop))) or 0,
        session.scalar(select(func.count(WaitingPlace.id)).where(WaitingPlace.workshop_id == workshop.id))
        or 0,
        workshop.capacity,
    )


def joining_state(session: Session, workshop: Workshop) -> Joining:
    """What the public page says to somebody who comes now; never how many there are, let alone who."""
    today = now(session).date()
    return joining(workshop.activity.state, workshop.join_until, today, places_of(session, workshop))


def join(session: Session, viewer: Viewer, workshop: Workshop, asked: JoinRequest, language: str) -> Place:
    """Put somebody on the class list, or in line when no place is free; once, however often the form is sent.

    Who is signed in joins as themself. Otherwise a typed address says nothing about whose it is: a new person gets it,
    unproven, and one that is on the list already changes nothing; the answer is the one anybody would get.
    Raises InvalidError with every fault, ConflictError when the page is closed.
    """
    take_turns(session, workshop)
    if faults := kind_faults(asked.kind) + (join_faults(asked) if viewer.person_id is None else []):
        raise InvalidError(_("Something needs correcting."), faults=faults)
    known = _sent_before(session, workshop, asked.key)
    if known is not None and folded(known.name) == folded(asked.name):
        return state_of(known)
    if known is not None:  # the next learner on the same device, by the browser's way back
        asked = replace(asked, key="")
    opened = joining_state(session, workshop)
    if opened is Joining.CLOSED:
        raise ConflictError(_("This workshop takes no more learners by this page."), code="join.closed")
    if not _is_known(session, viewer, workshop, asked):
        person = _person(session, viewer, asked, language)
        if viewer.person_id is not None:
            asked = replace(
                asked, name=person.name, email=people.address_to_write_to(session, person.id) or ""
            )
        _seat(session, workshop, person, opened, asked)
        write_down_answers(session, workshop, person, asked.agreed)
    return Place.JOINED if opened is Joining.FREE else Place.WAITING


def own_place(session: Session, viewer: Viewer, workshop: Workshop) -> Place | None:
    """Where the signed-in person is already."""
    if viewer.person_id is None:
        return None
    taken = place_in(session, workshop, viewer.person_id)
    return state_of(taken) if taken is not None else None


def place_in(session: Session, workshop: Workshop, person_id: int) -> Taken | None:
    """The place of a person in this workshop, on its list or in line."""
    found: Taken | None = session.scalar(
        select(Enrolment).where(_enrolled(workshop), Enrolment.person_id == person_id)
    )
    line = select(WaitingPlace).where(WaitingPlace.workshop_id == workshop.id)
    return found or session.scalar(line.where(WaitingPlace.person_id == person_id))


def find_place(session: Session, leave_token: str) -> Taken:
    """The place that a mailed link speaks of; looking changes nothing. Raises NotFoundError for a used or unknown link."""
    kept = hashed(leave_token)
    found: Taken | None = session.scalar(select(Enrolment).where(Enrolment.leave_hash == kept))
    found = found or session.scalar(select(WaitingPlace).where(WaitingPlace.leave_hash == kept))
    if found is None:
        raise NotFoundError(
            _("This link has been used, or a newer mail has replaced it."), code="place.unknown"
        )
    return found


def workshop_with(session: Session, place: Taken) -> Workshop:
    """The workshop in which this place is."""
    return session.get_one(Workshop, place.workshop_id)


def state_of(place: Taken) -> Place:
    """Whether this is a place on the class list or one in line."""
    return Place.JOINED if isinstance(place, Enrolment) else Place.WAITING


def leave(session: Session, leave_token: str) -> Workshop:
    """Give the place back and forget the address; works once. Raises NotFoundError, ConflictError once it was held."""
    return _give_back(session, find_place(session, leave_token))


def leave_own(session: Session, viewer: Viewer, workshop: Workshop) -> Workshop:
    """The signed-in person gives their place back; raises NotFoundError where they have none, and as `leave`."""
    taken = place_in(session, workshop, viewer.person_id) if viewer.person_id else None
    if taken is None:
        raise NotFoundError(_("You are not on this list."), code="place.unknown")
    return _give_back(session, taken)


def own_person(session: Session, viewer: Viewer) -> Person:
    """Who is signed in."""
    return people.person_by_id(session, viewer.person_id or 0)


def _give_back(session: Session, place: Taken) -> Workshop:
    workshop = workshop_with(session, place)
    take_turns(session, workshop)
    if workshop.activity.state == State.HELD.value:
        raise ConflictError(
            _("This workshop was held already."), code="place.held", hint=_("Ask your teacher, please.")
        )
    audit.record(session, place.person.key, "workshop.leave", f"activity:{workshop.activity.token}")
    if isinstance(place, Enrolment):
        place.removed_at = now(session)
    forget_typed(session, place)
    if isinstance(place, WaitingPlace):
        session.delete(place)
    session.flush()
    move_up(session, workshop)
    return workshop


def move_up(session: Session, workshop: Workshop) -> int:
    """Give free places to those first in line, and write to them; returns how many moved up."""
    if workshop.activity.state != State.PLANNED.value or workshop.activity.ends_on < now(session).date():
        return 0
    places = places_of(session, workshop)
    free = min(places.most - places.joined, places.waiting)
    line = select(WaitingPlace).where(WaitingPlace.workshop_id == workshop.id).order_by(WaitingPlace.id)
    first = session.scalars(line.limit(free)).all() if free > 0 else []
    for waiting in first:
        give_place(session, None, workshop, waiting)
    return len(first)


def tell_cancelled(session: Session, workshop: Workshop) -> None:
    """Write to everybody with an address who is on the class list or in line that it does not take place."""
    line = select(WaitingPlace).where(WaitingPlace.workshop_id == workshop.id)
    for place in (*session.scalars(select(Enrolment).where(_enrolled(workshop))), *session.scalars(line)):
        _promise_mail(session, place, CALLED_OFF)


def give_place(session: Session, actor: str | None, workshop: Workshop, waiting: WaitingPlace) -> Enrolment:
    """Put somebody who waits on the class list, free place or not; `actor` is the key of who did so by hand, if anybody."""
    session.delete(waiting)
    session.flush()
    asked = JoinRequest(waiting.name, waiting.email or "", waiting.join_key or "", kind=waiting.learner_kind)
    entry = _enrol(session, workshop, waiting.person, asked)
    entry.untold_since = None if waiting.email else now(session)
    deed, subject = "workshop.admit" if actor else "workshop.move_up", f"activity:{workshop.activity.token}"
    audit.record(session, actor, deed, subject, number=entry.number)
    _promise_mail(session, entry, MOVED_UP)
    return entry


def out_of_line(session: Session, workshop: Workshop, emails: Sequence[str]) -> None:
    """Let those wait no more whom the teacher has put on the class list with the same address."""
    theirs = (WaitingPlace.workshop_id == workshop.id, WaitingPlace.email.in_(emails))
    for waiting in session.scalars(select(WaitingPlace).where(*theirs)).all():
        forget_typed(session, waiting)
        session.delete(waiting)


def forget_typed(session: Session, place: Taken) -> None:
    """Forget the address that somebody typed to get this place, and the link that was mailed to it."""
    if place.email:
        people.forget_unproven_address(session, place.person_id, place.email)
    place.email = place.leave_hash = place.join_key = None


def fresh_link(session: Session, place: Taken) -> str:
    """A new link for leaving; earlier ones end."""
    secret = token(session, 256)
    place.leave_hash = hashed(secret)
    return secret


def _is_known(session: Session, viewer: Viewer, workshop: Workshop, asked: JoinRequest) -> bool:
    """Whether this person, or this address, is on the list or in line already."""
    if viewer.person_id is not None:
        return place_in(session, workshop, viewer.person_id) is not None
    if not asked.email:
        return False  # two learners may have one name
    email = normal_email(asked.email)
    enrolled = select(Enrolment.id).where(_enrolled(workshop), Enrolment.email == email)
    waits = select(WaitingPlace.id).where(
        WaitingPlace.workshop_id == workshop.id, WaitingPlace.email == email
    )
    return session.scalar(enrolled) is not None or session.scalar(waits) is not None


def _seat(session: Session, workshop: Workshop, person: Person, opened: Joining, asked: JoinRequest) -> None:
    place: Taken
    if opened is Joining.FREE:
        place = _enrol(session, workshop, person, asked)
        _promise_mail(session, place, JOINED)
    else:
        place = WaitingPlace(
            workshop_id=workshop.id, person_id=person.id, name=asked.name, email=_email(asked), since=now(session),
            join_key=asked.key or None, learner_kind=asked.kind,
        )  # fmt: skip
        session.add(place)
        session.flush()
        _promise_mail(session, place, WAITS)
    subject = f"activity:{workshop.activity.token}"
    audit.record(session, person.key, "workshop.join", subject, place=state_of(place).value, kind=asked.kind)


def _enrol(session: Session, workshop: Workshop, person: Person, asked: JoinRequest) -> Enrolment:
    entry = seat(session, workshop, person, asked.name, _email(asked))
    entry.email, entry.join_key, entry.learner_kind = _email(asked), asked.key or None, asked.kind
    session.flush()
    return entry


def _person(session: Session, viewer: Viewer, asked: JoinRequest, language: str) -> Person:
    if viewer.person_id is not None:
        return people.person_by_id(session, viewer.person_id)
    return people.add_joiner(session, asked.name, asked.email or None, language)


def _sent_before(session: Session, workshop: Workshop, key: str) -> Taken | None:
    if not key:
        return None
    found: Taken | None = session.scalar(
        select(Enrolment).where(_enrolled(workshop), Enrolment.join_key == key)
    )
    line = select(WaitingPlace).where(WaitingPlace.workshop_id == workshop.id)
    return found or session.scalar(line.where(WaitingPlace.join_key == key))


def _promise_mail(session: Session, place: Taken, news: str) -> None:
    if place.email:
        kind = "enrolment" if isinstance(place, Enrolment) else "waiting"
        outbox.promise(session, PLACE_MAIL, {"kind": kind, "id": place.id, "news": news})


def _enrolled(workshop: Workshop) -> ColumnElement[bool]:
    return (Enrolment.workshop_id == workshop.id) & Enrolment.removed_at.is_(None)


def _email(asked: JoinRequest) -> str | None:
    return normal_email(asked.email) if asked.email else None
