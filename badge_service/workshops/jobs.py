"""What is done after somebody joined: the mail about their place, with a link that stands in clear nowhere else."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from badge_service.alliance.rules import State
from badge_service.settings import Settings
from badge_service.storage import outbox
from badge_service.web import mail
from badge_service.workshops import actions
from badge_service.workshops.actions.place_mails import reference_of
from badge_service.workshops.mails import place_letter
from badge_service.workshops.tables import Enrolment, WaitingPlace, Workshop


def place_mail(settings: Settings) -> outbox.Handler:
    """The handler of outbox jobs of kind "place_mail"; it writes only about a place that is still taken."""

    def handle(session: Session, payload: Mapping[str, Any]) -> None:
        place = _place(session, payload)
        if place is None or not place.email:
            return
        workshop = session.get_one(Workshop, place.workshop_id)
        called_off = payload["news"] == actions.CALLED_OFF
        if called_off != (workshop.activity.state == State.CANCELLED.value):
            return  # it was called off, or planned again, since this was promised
        link = "" if called_off else actions.fresh_link(session, place)  # an earlier link goes on working
        link = f"{settings.address}/workshops/places/{link}"
        language, reference = place.person.language, reference_of(session, place)
        letter = place_letter(language, payload["news"], workshop, link)
        mail.cancel(session, reference)  # an older one that did not arrive says less than this
        mail.send(
            session,
            to=place.email,
            subject=letter.subject,
            text=letter.text,
            language=language,
            reference=reference,
        )

    return handle


def _place(session: Session, payload: Mapping[str, Any]) -> Enrolment | WaitingPlace | None:
    if payload["kind"] == "waiting":
        return session.get(WaitingPlace, payload["id"])
    entry = session.get(Enrolment, payload["id"])
    return entry if entry is not None and entry.removed_at is None else None


def handlers(settings: Settings) -> dict[str, outbox.Handler]:
    """The outbox handlers of this room, by kind."""
    return {actions.PLACE_MAIL: place_mail(settings)}
