"""Where an award's learner is written to: the address the school gave before they answer, their own afterwards."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.awards.actions.codes import enrolment_of
from badge_service.awards.actions.origins import imported_row
from badge_service.awards.actions.stacking.telling import address_of
from badge_service.awards.rules import AwardState, Channel
from badge_service.awards.tables import Award, ClaimCode
from badge_service.people import actions as people


def contact_of(session: Session, award: Award) -> str | None:
    """The address that gets the claim link: of the class list or file, the case, a part's class list, or the person themself."""
    if award.fulfilment_id is not None:
        return address_of(session, award)
    if award.case is not None:
        return award.case.email
    listed = enrolment_of(session, award) or imported_row(session, award)
    if listed is not None:
        return listed.email
    return people.address_to_write_to(session, award.person_id) if award.person_id is not None else None


def address_told(session: Session, award: Award, news_of: datetime) -> str | None:
    """An address at which the learner knew of the badge before some news about it; None if there is none."""
    if award.state == AwardState.ACCEPTED:
        return people.address_to_write_to(session, award.person_id) if award.person_id is not None else None
    mailed = select(ClaimCode.sent_to).where(
        ClaimCode.award_id == award.id,
        ClaimCode.channel == Channel.MAIL.value,
        ClaimCode.ended_at.is_(None),
        ClaimCode.created_at < news_of,
    )
    return session.scalars(mailed.order_by(ClaimCode.id.desc())).first()
