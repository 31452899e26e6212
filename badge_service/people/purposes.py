"""What a mailed one-time link can be for: each purpose has its words, its mail and its deed; rooms add theirs in app.py."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from badge_service.errors import NotFoundError
from badge_service.people import accounts, actions, mails
from badge_service.people.actions import IssuedLink, Link
from badge_service.settings import Settings
from badge_service.web import mail
from badge_service.web.addresses import safe_next

_EXTENSION = "link_purposes"

Writer = Callable[[str, str, str, IssuedLink], mails.Letter]


@dataclass(frozen=True)
class Purpose:
    """One purpose: the page's `title` and `button`, `write(language, name, address, link)` and `act(session, link)`.

    `act` runs when the link was spent and returns the address to go to. With `needs_owner` only the person whom the
    link is about may press the button.
    """

    name: str
    title: Any
    sentence: Any
    button: Any
    write: Writer
    act: Callable[[Session, Link], str]
    needs_owner: bool = False


def use_purpose(app: Flask, purpose: Purpose) -> None:
    """Let links of this purpose be followed."""
    app.extensions.setdefault(_EXTENSION, {})[purpose.name] = purpose


def purpose_of(name: str) -> Purpose:
    """The purpose of this name; raises `NotFoundError`."""
    purpose: Purpose | None = current_app.extensions.get(_EXTENSION, {}).get(name)
    if purpose is None:
        raise NotFoundError(_("We do not know this link."), code="link.unknown")
    return purpose


def mail_link(
    session: Session,
    settings: Settings,
    purpose: Purpose,
    email: str,
    person_id: int,
    payload: Mapping[str, Any] | None = None,
) -> IssuedLink:
    """Issue a link of this purpose and promise the mail that carries it, in the person's language."""
    link = actions.issue_link(session, purpose.name, email, person_id, payload)
    send_link(session, settings, purpose, email, person_id, link)
    return link


def send_link(
    session: Session, settings: Settings, purpose: Purpose, email: str, person_id: int, link: IssuedLink
) -> None:
    """Promise the mail for a link that has just been issued."""
    person = actions.person_by_id(session, person_id)
    letter = purpose.write(person.language, person.name, settings.address, link)
    mail.send(session, to=email, subject=letter.subject, text=letter.text, language=person.language)


def _sign_in(session: Session, link: Link) -> str:
    person_id = link.person_id or 0
    actions.verify_address(session, person_id, link.email)
    accounts.sign_in_as(actions.person_by_id(session, person_id))
    return safe_next(link.payload.get("next"))


def _confirm(session: Session, link: Link) -> str:
    actions.verify_address(session, link.person_id or 0, link.email)
    return "/account"


SIGN_IN = Purpose(
    "sign_in",
    _l("Sign in"),
    _l("Press the button and you are signed in on this device."),
    _l("Sign me in"),
    mails.sign_in_letter,
    _sign_in,
)
CONFIRM_ADDRESS = Purpose(
    "confirm_address",
    _l("Confirm your e-mail address"),
    _l("Press the button to add this address to your account. Badges sent to it will be yours."),
    _l("This is my address"),
    mails.confirm_letter,
    _confirm,
    needs_owner=True,
)


def init_purposes(app: Flask) -> None:
    """The purposes of this room."""
    use_purpose(app, SIGN_IN)
    use_purpose(app, CONFIRM_ADDRESS)
