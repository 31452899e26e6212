"""Whose account a claimed badge goes to: proven by the mailed link, by a passphrase, or by being signed in."""

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from badge_service.awards.actions.codes import enrolment_of
from badge_service.awards.actions.origins import imported_row
from badge_service.awards.tables import Award, ClaimCode
from badge_service.errors import ConflictError, Fault, InvalidError
from badge_service.people import actions as people
from badge_service.people.rules import Viewer, password_faults
from badge_service.people.tables import Account


def account_for(
    session: Session, viewer: Viewer, row: ClaimCode, award: Award, password: str | None
) -> tuple[Account, bool]:
    """The account the badge goes to, and whether this claim opened it."""
    if row.sent_to is None:
        _refuse_other_account(session, viewer, award)
    if viewer.person_id is not None:
        return people.open_account(session, viewer.person_id), False
    if award.person_id is None:
        raise ConflictError(_("The school has deleted this learner's data."), code="claim.erased")
    if row.sent_to is not None:
        return _account_by_mail(session, award, award.person_id, row.sent_to)
    return _account_with_password(session, award.person_id, password), True


def _refuse_other_account(session: Session, viewer: Viewer, award: Award) -> None:
    """Whoever claims by card for a learner who has an account shows that it is theirs."""
    known = people.account_of(session, award.person_id) if award.person_id is not None else None
    if known is not None and known.person_id != viewer.person_id:
        raise ConflictError(
            _("This learner has an account already: sign in first, then type the code again."),
            code="claim.sign_in",
        )


def _account_with_password(session: Session, person_id: int, password: str | None) -> Account:
    if not password:
        message = _("Choose a passphrase, so that you can come back to your badge.")
        raise InvalidError(message, code="password", faults=[Fault("password", message, "required")])
    if faults := password_faults(people.normal_password(password), ""):
        raise InvalidError(_("Choose another passphrase."), code="password", faults=faults)
    account = people.open_account(session, person_id)
    people.set_password(session, people.load_viewer(session, person_id), password)
    return account


def _account_by_mail(session: Session, award: Award, person_id: int, email: str) -> tuple[Account, bool]:
    owner = people.person_by_email(session, email)
    if owner is not None:
        known = people.account_of(session, owner.id)
        return people.open_account(session, owner.id), known is None
    known = people.account_of(session, person_id)
    if known is not None and (known.password is not None or _has_proven_address(session, person_id)):
        person_id, known = _somebody_new(session, award, email), None
    people.verify_address(session, person_id, email)
    _write_to(session, person_id, email)
    return people.open_account(session, person_id), known is None


def _somebody_new(session: Session, award: Award, email: str) -> int:
    language = award.person.language if award.person is not None else "en"
    return people.add_claimant(session, school_name(session, award), email, language).id


def _has_proven_address(session: Session, person_id: int) -> bool:
    return any(address.verified_at for address in people.addresses(session, person_id))


def _write_to(session: Session, person_id: int, email: str) -> None:
    """The proven address is the one that opens the account, not another that somebody typed."""
    mine = people.addresses(session, person_id)
    if not any(address.primary and address.verified_at for address in mine):
        for address in mine:
            address.primary = address.email == email
        session.flush()


def school_name(session: Session, award: Award) -> str:
    """The learner's name as the school wrote it: on the class list, in a file or the case, else as the person is known here."""
    listed = enrolment_of(session, award) or imported_row(session, award) or award.case
    if listed is not None:
        return listed.name
    return award.person.name if award.person else ""
