"""What is done after an award: the mail that brings the claim link, once its delay is over."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.awards import actions
from badge_service.awards.mails import send_award_mail
from badge_service.awards.rules import AwardState
from badge_service.awards.tables import Award
from badge_service.settings import Settings
from badge_service.storage import outbox


def award_mail(settings: Settings) -> outbox.Handler:
    """The handler of outbox jobs of kind "award_mail"; it writes only for an award that still waits for its learner.

    The claim code is made here, so that it stands in clear nowhere but in the mail.
    """

    def handle(session: Session, payload: Mapping[str, Any]) -> None:
        award = session.scalar(select(Award).where(Award.token == payload["award"]))
        if award is None or award.state != AwardState.HELD:
            return
        enrolment = actions.enrolment_of(session, award)
        if enrolment is not None and enrolment.email:
            send_award_mail(session, settings, award, enrolment.name, enrolment.email)

    return handle


def handlers(settings: Settings) -> dict[str, outbox.Handler]:
    """The outbox handlers of this room, by kind."""
    return {actions.AWARD_MAIL: award_mail(settings)}
