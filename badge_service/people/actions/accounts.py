"""Accounts and signed-in browsers: create, set a password, sign in, sign out here and everywhere."""

import unicodedata

from flask_babel import gettext as _
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from badge_service.errors import InvalidError
from badge_service.people import passwords, rules
from badge_service.people.actions.links import end_links
from badge_service.people.actions.persons import follow_address, person_by_email, person_by_id
from badge_service.people.rules import Viewer
from badge_service.people.tables import Account, PersonAddress, SignIn
from badge_service.storage import audit
from badge_service.storage.session import hashed, now, token


def account_of(session: Session, person_id: int) -> Account | None:
    """The account of a person, if they have one."""
    return session.scalar(select(Account).where(Account.person_id == person_id))


def account_by_email(session: Session, email: str) -> Account | None:
    """Whose account this address opens: that of the person who has proven to own it; raises `InvalidError`."""
    owner = person_by_email(session, email)
    return account_of(session, owner.id) if owner else None


def open_account(session: Session, person_id: int) -> Account:
    """The account of a person, made if there is none; without a password it is opened by mailed links.

    Raises `NotFoundError`.
    """
    known = account_of(session, person_id)
    if known is not None:
        return known
    person = person_by_id(session, person_id)
    account = Account(person=person, fs_uniquifier=token(session), created_at=now(session))
    session.add(account)
    session.flush()
    follow_address(session, person_id)
    return account


def close_account(session: Session, person_id: int, email: str | None = None) -> None:
    """End a person's account with its sign-ins, and forget the address by which the wrong one had opened it."""
    account = account_of(session, person_id)
    if account is None:
        return
    session.execute(delete(SignIn).where(SignIn.account_id == account.id))
    session.delete(account)
    if email is not None:
        mine = (PersonAddress.person_id == person_id) & (PersonAddress.email == email)
        session.execute(delete(PersonAddress).where(mine))
    session.flush()


def set_password(session: Session, viewer: Viewer, password: str) -> Account:
    """Set the viewer's own password and sign out everywhere else; raises `InvalidError` with what is wrong with it."""
    actor = viewer.acting_key()
    account = open_account(session, viewer.person_id or 0)
    password = normal_password(password)
    if faults := rules.password_faults(password, account.email or ""):
        raise InvalidError(_("Choose another password."), code="password", faults=faults)
    account.password = passwords.hashed(password)
    sign_out_everywhere(session, viewer)
    audit.record(session, actor, "password.set", f"person:{actor}")
    return account


def normal_password(password: str) -> str:
    """The same letters typed on two keyboards are one password (NFKD, as Flask-Security does)."""
    return unicodedata.normalize("NFKD", password)


def begin_sign_in(session: Session, account: Account) -> str:
    """Write down a newly signed-in browser; returns the random token that its session cookie carries."""
    secret = token(session, 256)
    session.add(SignIn(account_id=account.id, token_hash=hashed(secret), started_at=now(session)))
    session.flush()
    audit.record(session, account.person.key, "sign_in", f"person:{account.person.key}")
    return secret


def is_signed_in(session: Session, account: Account, secret: str) -> bool:
    """Whether this browser's sign-in has not ended; every one ends after 30 days."""
    row = session.scalar(select(SignIn).where(SignIn.token_hash == hashed(secret)))
    if row is None or row.account_id != account.id or row.ended_at is not None:
        return False
    return now(session) < row.started_at + rules.SIGN_IN_LASTS


def end_sign_in(session: Session, secret: str) -> None:
    """End one browser's sign-in; a copy of its cookie is worthless from then on."""
    mine = update(SignIn).where(SignIn.token_hash == hashed(secret), SignIn.ended_at.is_(None))
    session.execute(mine.values(ended_at=now(session)))


def sign_out_everywhere(session: Session, viewer: Viewer) -> None:
    """End all of the viewer's sign-ins and open links."""
    actor = viewer.acting_key()
    account = open_account(session, viewer.person_id or 0)
    account.fs_uniquifier = token(session)
    theirs = update(SignIn).where(SignIn.account_id == account.id, SignIn.ended_at.is_(None))
    session.execute(theirs.values(ended_at=now(session)))
    end_links(session, viewer.person_id or 0)
    session.flush()
    audit.record(session, actor, "sign_out.everywhere", f"person:{actor}")
