"""Where an award's learner is written to: the address the school gave before they answer, their own afterwards."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from badge_service.awards.actions.codes import enrolment_of
from badge_service.awards.actions.origins import imported_row
from badge_service.awards.actions.stacking.telling import address_of
from badge_service.awards.rules import AwardState, Channel
from badge_service.awards.tables import Award, ClaimCode, ClaimReminder, ImportRow, RecognitionCase
from badge_service.people import actions as people
from badge_service.people.tables import PersonAddress
from badge_service.workshops.tables import Enrolment

Listed = Enrolment | ImportRow | RecognitionCase


def listed_as(session: Session, award: Award) -> Listed | None:
    """Where the school wrote name and address: the class list, the row of a file, or the case."""
    return enrolment_of(session, award) or imported_row(session, award) or award.case


def contact_of(session: Session, award: Award) -> str | None:
    """The address that gets the claim link: of the class list, the case, the file, or a part's class list."""
    if award.fulfilment_id is not None:
        return address_of(session, award)
    listed = listed_as(session, award)
    return listed.email if listed is not None else None


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


def write_address(session: Session, award: Award, email: str) -> None:
    """Put another address in the place of the school's; what nobody has proven goes with it."""
    listed = listed_as(session, award)
    if listed is None:
        return
    before, listed.email = listed.email, email
    unproven = (PersonAddress.person_id == award.person_id, PersonAddress.verified_at.is_(None))
    known = {one.email for one in people.addresses(session, award.person_id or 0)}
    old = (*unproven, PersonAddress.email == before)
    session.execute(
        delete(PersonAddress).where(*old)
        if email in known
        else update(PersonAddress).where(*old).values(email=email)
    )
    session.flush()


def forget_contact(session: Session, award: Award) -> None:
    """Forget where the school wrote to this learner, and what nobody has proven, unless another award needs it.

    One that was unanswered for so long that its contact ended needs none.
    """
    listed = listed_as(session, award)
    others = (
        select(Award.id)
        .outerjoin(ClaimReminder, ClaimReminder.award_id == Award.id)
        .where(
            Award.person_id == award.person_id,
            Award.ended_at.is_(None),
            Award.id != award.id,
            ClaimReminder.contact_ended_at.is_(None),
        )
        .limit(1)
    )
    same_list = others.where(Award.state == AwardState.HELD.value, Award.activity_id == award.activity_id)
    if listed is not None and session.scalar(same_list) is None:
        listed.email = None
    if people.account_of(session, award.person_id or 0) is None and session.scalar(others) is None:
        session.execute(
            delete(PersonAddress).where(
                PersonAddress.person_id == award.person_id, PersonAddress.verified_at.is_(None)
            )
        )
    session.flush()
