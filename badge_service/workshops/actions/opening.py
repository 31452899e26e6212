"""The teacher's side of joining: opens the public page, renews its link, and sees who waits in line."""

from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.alliance import actions as alliance_actions
from badge_service.alliance.rules import State
from badge_service.errors import ConflictError, InvalidError, NotFoundError
from badge_service.people.rules import Viewer
from badge_service.storage import audit
from badge_service.storage.session import now, token
from badge_service.web.paging import Listing, page_of
from badge_service.workshops.actions.finding import require_managed
from badge_service.workshops.actions.joining import forget_typed, give_place, move_up, tell_cancelled
from badge_service.workshops.actions.seating import take_turns
from badge_service.workshops.rules.joining import opening_faults
from badge_service.workshops.tables import Enrolment, WaitingPlace, Workshop

PAGE_SIZE = 50


def open_joining(session: Session, viewer: Viewer, workshop: Workshop, until: date | None) -> Workshop:
    """Let learners join by the public page up to and on a day; the link stays the one it was.

    Raises InvalidError for an impossible day, ConflictError for a workshop that is not planned, NotFoundError.
    """
    require_managed(viewer, workshop)
    if workshop.activity.state != State.PLANNED.value:
        raise ConflictError(_("Only a planned workshop can be joined."), code="join.state")
    faults = opening_faults(until, now(session).date(), workshop.activity.ends_on)
    if faults:
        raise InvalidError(_("Something needs correcting."), faults=faults)
    workshop.join_until = until
    workshop.join_token = workshop.join_token or token(session)
    return _note(session, viewer, workshop, "workshop.open_joining")


def close_joining(session: Session, viewer: Viewer, workshop: Workshop) -> Workshop:
    """Take no more learners by the public page; its link stays and says so. Raises NotFoundError."""
    require_managed(viewer, workshop)
    workshop.join_until = None
    return _note(session, viewer, workshop, "workshop.close_joining")


def renew_join_link(session: Session, viewer: Viewer, workshop: Workshop) -> Workshop:
    """A new link; what was printed or sent before leads nowhere. Raises NotFoundError."""
    require_managed(viewer, workshop)
    workshop.join_token = token(session)
    return _note(session, viewer, workshop, "workshop.renew_link")


def waiting_list(
    session: Session, viewer: Viewer, workshop: Workshop, page: int = 1
) -> Listing[WaitingPlace]:
    """One page of those who wait, the first one first; raises NotFoundError for a foreign workshop."""
    require_managed(viewer, workshop)
    line = select(WaitingPlace).where(WaitingPlace.workshop_id == workshop.id).order_by(WaitingPlace.id)
    return page_of(session, line, page, PAGE_SIZE)


def admit(session: Session, viewer: Viewer, workshop: Workshop, place_id: int) -> Enrolment:
    """Give somebody in line a place by hand, even beyond the capacity; raises NotFoundError."""
    take_turns(session, workshop)
    waiting = _in_line(session, viewer, workshop, place_id)
    return give_place(session, viewer.acting_key(), workshop, waiting)


def strike(session: Session, viewer: Viewer, workshop: Workshop, place_id: int) -> None:
    """Take somebody out of the line and forget the address they typed; raises NotFoundError."""
    waiting = _in_line(session, viewer, workshop, place_id)
    forget_typed(session, waiting)
    struck = waiting.person.key
    session.delete(waiting)
    _note(session, viewer, workshop, "workshop.strike", person=struck)


def move_on(session: Session, viewer: Viewer, workshop: Workshop, to: State) -> None:
    """Mark a workshop held, call it off, or plan it again; who joined or waits is told by mail when it is called off.

    Planned again, those first in line get the places that are free. Raises ConflictError for a step that does not exist.
    """
    require_managed(viewer, workshop)
    take_turns(session, workshop)
    activity, before = workshop.activity, workshop.activity.state
    if to is State.HELD:
        alliance_actions.mark_held(session, viewer, activity)
    else:
        alliance_actions.change_state(session, viewer, activity, to)
    if before == activity.state:
        return
    if to is State.CANCELLED:
        tell_cancelled(session, workshop)
    elif to is State.PLANNED:
        move_up(session, workshop)


def _in_line(session: Session, viewer: Viewer, workshop: Workshop, place_id: int) -> WaitingPlace:
    require_managed(viewer, workshop)
    waiting = session.get(WaitingPlace, place_id)
    if waiting is None or waiting.workshop_id != workshop.id:
        raise NotFoundError(_("Nobody waits at this place any more."), code="place.unknown")
    return waiting


def _note(session: Session, viewer: Viewer, workshop: Workshop, deed: str, **facts: str) -> Workshop:
    session.flush()
    audit.record(session, viewer.acting_key(), deed, f"activity:{workshop.activity.token}", **facts)
    return workshop
