"""Tells a learner by mail that a stacked badge waits: at their own confirmed address, else where a part's mail went."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.awards.actions.mailing import AWARD_MAIL
from badge_service.awards.tables import Award, FulfilmentPart
from badge_service.people import actions as people
from badge_service.settings import Settings
from badge_service.storage import outbox
from badge_service.storage.session import now
from badge_service.workshops.tables import Enrolment, Workshop


def promise_stack_mails(session: Session, settings: Settings, award_tokens: Sequence[str]) -> None:
    """One outbox job an award; whether there is an address is asked when the mail is written."""
    due_at = now(session) + timedelta(minutes=settings.mail_delay_minutes)
    outbox.promise_all(
        session, AWARD_MAIL, [{"award": one, "batch": ""} for one in award_tokens], due_at=due_at
    )


def address_of(session: Session, award: Award) -> str | None:
    """Where to write about a stacked award: the learner's confirmed address, else one from the class list of a part."""
    if award.person_id is None:
        return None
    known = people.addresses(session, award.person_id)
    confirmed = sorted((one for one in known if one.verified_at), key=lambda one: not one.primary)
    if confirmed:
        return confirmed[0].email
    part = Award.__table__.alias("part")
    return session.scalar(
        select(Enrolment.email)
        .join(Workshop, Workshop.id == Enrolment.workshop_id)
        .join(part, (part.c.activity_id == Workshop.activity_id) & (part.c.person_id == Enrolment.person_id))
        .join(FulfilmentPart, FulfilmentPart.award_id == part.c.id)
        .where(FulfilmentPart.fulfilment_id == award.fulfilment_id, Enrolment.email.is_not(None))
        .order_by(part.c.id.desc())
        .limit(1)
    )
