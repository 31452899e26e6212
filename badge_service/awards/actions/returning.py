"""Lets a learner without e-mail come back after card or passphrase were lost: by a return card from the school."""

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.awards.actions.addresses import contact_of
from badge_service.awards.actions.codes import (
    IssuedCode,
    end_codes,
    enrolment_of,
    find_code,
    first_name,
    issue_code,
)
from badge_service.awards.actions.locking import lock_award
from badge_service.awards.actions.teaching import hold_teachers_award
from badge_service.awards.rules import AwardState, Channel
from badge_service.awards.tables import Award, ClaimCode
from badge_service.errors import ConflictError, InvalidError
from badge_service.people import actions as people
from badge_service.people.rules import Viewer, password_faults
from badge_service.people.tables import Account
from badge_service.storage import audit, outbox
from badge_service.storage.session import now

RETURN_MAIL = "return_mail"
"""The outbox job that tells the school's address of a learner that a return card was made."""


def may_return_by_card(session: Session, award: Award) -> bool:
    """Whether the school may give a return card: the badge is accepted, and nothing that is not the school's could be taken.

    That is so without a role here and without a proven address of the learner's own. The one address that the school itself
    gave does not count (it may be dead), as long as all badges there are the school's.
    """
    if award.state != AwardState.ACCEPTED or award.person_id is None:
        return False
    if people.account_of(session, award.person_id) is None:
        return False
    if people.load_viewer(session, award.person_id).grants:
        return False
    proven = {one.email for one in people.addresses(session, award.person_id) if one.verified_at}
    return not proven or (proven == {contact_of(session, award)} and not _has_others(session, award))


def _has_others(session: Session, award: Award) -> bool:
    others = select(Award.id).where(
        Award.person_id == award.person_id,
        Award.organisation_id != award.organisation_id,
        Award.state != AwardState.DECLINED.value,
    )
    return session.scalar(others.limit(1)) is not None


def return_card(session: Session, viewer: Viewer, award_token: str) -> IssuedCode:
    """A card by which the learner of an accepted badge sets a new passphrase; every older code of the badge ends.

    Whoever reads the school's address of the learner is told by mail. Raises `NotFoundError` for a foreign award,
    `ConflictError` when its learner has a proven address of their own or a role here.
    """
    award = hold_teachers_award(session, viewer, award_token)
    if not may_return_by_card(session, award):
        raise _no_return()
    standing = _standing_code(session, award)
    end_codes(session, [award.id])
    code = issue_code(session, award, Channel.CARD)
    if standing is not None:
        _follow(session, find_code(session, code), standing)
    for address in people.addresses(session, award.person_id or 0):
        if address.verified_at is not None:
            letter = {"award": award.token, outbox.ONCE: {"to": address.email}}
            outbox.promise(session, RETURN_MAIL, letter)
    enrolment = enrolment_of(session, award)
    audit.record(session, viewer.acting_key(), "cards.return", f"award:{award.token}")
    name = enrolment.name if enrolment else (award.person.name if award.person else "")
    language = award.person.language if award.person else award.version.language
    return IssuedCode(award.token, code, first_name(name), enrolment.number if enrolment else None, language)


def come_back(session: Session, code: str, password: str) -> Account:
    """Set a new passphrase by a return card; every old sign-in ends. The door signs the account in.

    Raises `InvalidError` with what is wrong with the passphrase, `NotFoundError`, `ConflictError` for a used card.
    """
    award = session.get_one(Award, find_code(session, code).award_id)
    lock_award(session, award.token)
    row = find_code(session, code, for_update=True)
    if row.used_at is not None or not may_return_by_card(session, award):
        raise _no_return()
    if faults := password_faults(people.normal_password(password), ""):
        raise InvalidError(_("Choose another passphrase."), code="password", faults=faults)
    holder = people.load_viewer(session, award.person_id)
    people.forget_addresses(session, holder)
    account = people.set_password(session, holder, password)
    row.used_at = now(session)
    audit.record(session, holder.acting_key(), "claim.return", f"award:{award.token}")
    session.flush()
    return account


def _standing_code(session: Session, award: Award) -> ClaimCode | None:
    """The code that claimed the badge, or an earlier return card: it knows what an undo has to take back."""
    mine = select(ClaimCode).where(ClaimCode.award_id == award.id, ClaimCode.ended_at.is_(None))
    return session.scalar(mine.order_by(ClaimCode.id.desc()))


def _follow(session: Session, row: ClaimCode, before: ClaimCode) -> None:
    row.moved_from_id, row.opened_account = before.moved_from_id, before.opened_account
    before.ended_at, before.sent_to = now(session), None
    session.flush()


def _no_return() -> ConflictError:
    return ConflictError(
        _("This badge needs no return card: its learner can sign in."),
        code="claim.no_return",
    )
