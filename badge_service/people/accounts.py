"""Joins Flask-Security to this house: its accounts live in our session, its cookies carry our sign-ins, our door commits."""

from typing import Any, cast

import flask
from flask import Flask, request
from flask_babel import gettext as _
from flask_login import current_user
from flask_security import Security, UserDatastore
from flask_security.utils import login_user, logout_user, verify_and_update_password, verify_password
from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.errors import InvalidError, NotAllowedError, NotFoundError
from badge_service.people import actions, passwords
from badge_service.people.rules import Viewer
from badge_service.people.tables import Account, Person, RoleGrant
from badge_service.web.i18n import LANGUAGES
from badge_service.web.unit_of_work import current_database, current_session, looking
from badge_service.web.viewer import forget_viewer

_COOKIE_KEY = "sign_in"
_CONFIGURATION = {
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_DEPRECATED_PASSWORD_SCHEMES": [],
    # One hash, not two: `passwords.py` makes the same without an app, for the command line.
    "SECURITY_PASSWORD_SINGLE_HASH": {"argon2"},
    "SECURITY_RETURN_GENERIC_RESPONSES": True,
    "SECURITY_PASSWORDLESS": False,
    "SECURITY_USE_REGISTER_V2": True,
    "SECURITY_CLI_USERS_NAME": None,
    "SECURITY_CLI_ROLES_NAME": None,
}


class RequestDatastore(UserDatastore):
    """Flask-Security's view of accounts: the session of the current request, which only the door commits."""

    def put(self, model: Any) -> Any:
        """Keep a changed account in this request's transaction."""
        current_session().add(model)
        return model

    def delete(self, model: Any) -> None:
        """Remove an account in this request's transaction."""
        current_session().delete(model)

    def find_user(self, case_insensitive: bool = False, **wanted: Any) -> Any:
        """The account with this one attribute (stored e-mail addresses are lower case already)."""
        with looking() as session:
            return session.scalar(select(Account).filter_by(**wanted))

    def find_role(self, role: str) -> None:
        """Roles are ours (`people.rules.Role`); Flask-Security knows none."""


def init_accounts(app: Flask) -> None:
    """Set up Flask-Security without its pages (docs/decisions/0005-sign-in.md); call it after `init_shell`."""
    app.config.update(_CONFIGURATION)
    Security(app, RequestDatastore(cast(Any, Account), cast(Any, RoleGrant)), register_blueprint=False)


def viewer_loader() -> Viewer:
    """Who is signed in on this browser, or a stranger who reads the language of the browser.

    Every page asks this, so it only looks: a POST that waits for strangers must not hold the one place to write.
    """
    secret = flask.session.get(_COOKIE_KEY)
    if not secret or not current_user.is_authenticated:
        return _stranger()
    account = _own_account()
    with looking() as session:
        if not actions.is_signed_in(session, account, secret):
            return _stranger()
        try:
            return actions.load_viewer(session, account.person_id)
        except NotFoundError:
            return _stranger()


def check_password(email: str, password: str) -> Account | None:
    """The account that this address and password open, or None; takes as long when there is no such account.

    The check reads in a session of its own, so that slow hashing never holds the database's one writing place.
    """
    with current_database().reading() as session:
        account = _account_if_address(session, email)
    return _checked(account, password)


def check_passphrase(person_id: int, password: str) -> Account | None:
    """The account of a person known otherwise (by the code of a card), if this is its passphrase."""
    with current_database().reading() as session:
        account = actions.account_of(session, person_id)
    return _checked(account, password)


def sign_in_account(account: Account) -> None:
    """Sign this browser in: everything in its old session cookie is dropped and its sign-in gets a new random token.

    Raises `NotAllowedError` for an account that was closed.
    """
    if not account.active:
        raise NotAllowedError(_("This account is closed."), code="account.closed")
    flask.session.clear()
    flask.session[_COOKIE_KEY] = actions.begin_sign_in(current_session(), account)
    login_user(cast(Any, account), remember=False)
    forget_viewer()


def sign_in_as(person: Person) -> None:
    """Sign this browser in as a person without any proof: for the demo's door and for what has proven it otherwise."""
    sign_in_account(actions.open_account(current_session(), person.id))


def sign_out_here() -> None:
    """End this browser's sign-in; a copied cookie is worthless afterwards."""
    if secret := flask.session.get(_COOKIE_KEY):
        actions.end_sign_in(current_session(), secret)
    logout_user()
    flask.session.clear()
    forget_viewer()


def _own_account() -> Account:
    account: Account = current_user._get_current_object()
    return account


def _stranger() -> Viewer:
    return Viewer(language=request.accept_languages.best_match(list(LANGUAGES)) or "en")


def _account_if_address(session: Session, email: str) -> Account | None:
    try:
        return actions.account_by_email(session, email)
    except InvalidError:
        return None


def _checked(account: Account | None, password: str) -> Account | None:
    plain = actions.normal_password(password)
    if account is None or account.password is None:
        verify_password(plain, passwords.nobodys_hash())
        return None
    return account if verify_and_update_password(plain, cast(Any, account)) else None
