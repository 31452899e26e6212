"""How a mail about somebody's place in a workshop is called, so that one that did not arrive is found and named."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.storage import outbox
from badge_service.storage.tables import OutboxJob
from badge_service.web import mail
from badge_service.workshops.tables import Enrolment, WaitingPlace, Workshop

PLACE, WAITING_PLACE = "place", "waiting"


def reference_of(session: Session, place: Enrolment | WaitingPlace) -> str:
    """The reference of mails about this place: its kind, the activity's token, its number."""
    workshop = session.get_one(Workshop, place.workshop_id)
    kind = WAITING_PLACE if isinstance(place, WaitingPlace) else PLACE
    return f"{kind}:{workshop.activity.token}:{place.id}"


def name_of_place(session: Session, reference: str) -> str:
    """Who has or waits for the place of a reference; empty once nobody does, or nobody can be written to any more."""
    kind, _token, number = reference.split(":")
    found: Enrolment | WaitingPlace | None = (
        session.get(WaitingPlace, int(number))
        if kind == WAITING_PLACE
        else session.scalar(
            select(Enrolment).where(Enrolment.id == int(number), Enrolment.removed_at.is_(None))
        )
    )
    return found.name if found is not None and found.email else ""


def unreached_places(session: Session, workshop: Workshop) -> frozenset[int]:
    """The learners on the class list (ids of enrolments) whom the last mail about their place did not reach."""
    reference = OutboxJob.payload["reference"].as_string()
    named = reference.startswith(f"{PLACE}:{workshop.activity.token}:", autoescape=True)
    lost = select(reference).where(OutboxJob.kind == mail.KIND, *outbox.given_up(), named)
    return frozenset(int(one.rpartition(":")[2]) for one in session.scalars(lost))
