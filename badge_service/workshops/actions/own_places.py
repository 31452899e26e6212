"""Where a signed-in learner takes part or waits in line, and which questions about it they can still answer."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.alliance.rules import State
from badge_service.alliance.tables import Activity
from badge_service.errors import NotFoundError
from badge_service.people.rules import Viewer
from badge_service.storage.session import now
from badge_service.surveys import actions as surveys
from badge_service.workshops.actions.feedback import SUBJECT
from badge_service.workshops.actions.joining import Taken, place_in
from badge_service.workshops.tables import Enrolment, WaitingPlace, Workshop

SHOWN_FOR = timedelta(days=60)
MOST_SHOWN, MOST_READ = 6, 60


@dataclass(frozen=True)
class OwnPlace:
    """A workshop in which somebody takes part, or waits; `survey` is the code of questions that are open now."""

    workshop: Workshop
    waits: bool
    was_there: bool
    survey: str | None = None


def own_places(session: Session, viewer: Viewer) -> list[OwnPlace]:
    """The viewer's places: what is to come first, the next one first, then what ended within two months; six at most."""
    if viewer.person_id is None:
        return []
    today = now(session).date()
    recent, newest = Activity.ends_on >= today - SHOWN_FOR, (Activity.starts_on.desc(), Activity.id.desc())
    listed = (
        select(Workshop, Enrolment.present)
        .join(Activity, Activity.id == Workshop.activity_id)
        .join(Enrolment, Enrolment.workshop_id == Workshop.id)
        .where(Enrolment.person_id == viewer.person_id, Enrolment.removed_at.is_(None), recent)
    )
    line = (
        select(Workshop)
        .join(Activity, Activity.id == Workshop.activity_id)
        .join(WaitingPlace, WaitingPlace.workshop_id == Workshop.id)
        .where(WaitingPlace.person_id == viewer.person_id, Activity.state == State.PLANNED.value, recent)
    )
    found = [
        OwnPlace(workshop, waits=False, was_there=present)
        for workshop, present in session.execute(listed.order_by(*newest).limit(MOST_READ))
    ]
    waiting = session.scalars(line.order_by(*newest).limit(MOST_READ))
    found += [OwnPlace(workshop, waits=True, was_there=False) for workshop in waiting]
    found.sort(key=lambda one: _when(one.workshop.activity, today))
    return _with_surveys(session, found[:MOST_SHOWN])


def find_own_place(session: Session, viewer: Viewer, activity_token: str) -> tuple[Workshop, Taken]:
    """The viewer's place in this workshop, on its list or in line; raises NotFoundError for who has none."""
    query = select(Workshop).join(Activity, Activity.id == Workshop.activity_id)
    workshop = session.scalar(query.where(Activity.token == activity_token))
    place = place_in(session, workshop, viewer.person_id) if workshop and viewer.person_id else None
    if workshop is None or place is None:
        raise NotFoundError(_("You are not on this list."), code="place.unknown")
    return workshop, place


def _when(activity: Activity, today: date) -> tuple[bool, timedelta]:
    is_over = activity.ends_on < today
    return is_over, today - activity.starts_on if is_over else activity.starts_on - today


def _with_surveys(session: Session, found: list[OwnPlace]) -> list[OwnPlace]:
    tokens = [one.workshop.activity.token for one in found]
    codes = surveys.open_codes(session, SUBJECT, tokens)
    return [
        replace(one, survey=codes.get(one.workshop.activity.token)) if one.was_there else one for one in found
    ]
