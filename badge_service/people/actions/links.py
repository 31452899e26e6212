"""One-time links that are mailed: issued, looked at as often as a mail scanner likes, spent once (decisions 18)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from badge_service.errors import ConflictError, Fault, InvalidError, NotFoundError
from badge_service.people import rules
from badge_service.people.tables import LinkToken
from badge_service.storage.session import hashed, now, random_bytes, token

_NO_DIGITS = "none"


class LinkState(StrEnum):
    """What can be done with a link now."""

    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"


@dataclass(frozen=True)
class IssuedLink:
    """A fresh link: `token` and `digits` go into the mail only, `page` names the page on which the digits are typed."""

    token: str
    digits: str
    page: str


@dataclass(frozen=True)
class Link:
    """What a link is for; looking at it changes nothing."""

    purpose: str
    email: str
    person_id: int | None
    payload: Mapping[str, Any]
    expires_at: datetime
    state: LinkState


def issue_link(
    session: Session,
    purpose: str,
    email: str,
    person_id: int | None,
    payload: Mapping[str, Any] | None = None,
) -> IssuedLink:
    """Make a link of 256 bits that works once within 30 minutes; only hashes of it are stored.

    `payload` must be plain JSON. The caller mails `token` and `digits` and shows the page `page`.
    """
    _forget_old(session)
    fresh = IssuedLink(token(session, 256), _six_digits(session), token(session))
    _write_down(
        session,
        fresh,
        hashed(f"{fresh.page}:{fresh.digits}"),
        purpose,
        rules.normal_email(email),
        person_id,
        payload,
    )
    return fresh


def issue_nothing(session: Session) -> IssuedLink:
    """What an unknown address gets: the same rows and the same page, but no digits ever fit and nothing is mailed."""
    _forget_old(session)
    fresh = IssuedLink(token(session, 256), _six_digits(session), token(session))
    _write_down(session, fresh, _NO_DIGITS, "nothing", "", None, None)
    return fresh


def look_at_link(session: Session, link_token: str) -> Link:
    """What the link would do, without spending it; raises `NotFoundError` for an unknown one."""
    return _shown(session, _by_token(session, link_token))


def look_at_page(session: Session, page: str) -> LinkState:
    """Whether digits may still be typed on this page; says nothing of whose they are. Raises `NotFoundError`."""
    return _state(session, _by_page(session, page))


def spend_link(session: Session, link_token: str) -> Link:
    """Use the link up and return what it is for, as it was.

    Raises `NotFoundError`, or `ConflictError` with code `link.used` or `link.expired`.
    """
    return _spend(session, _by_token(session, link_token))


def spend_digits(session: Session, page: str, digits: str) -> Link:
    """Use the link up by its six digits, typed on its page; five wrong tries end it.

    Raises `InvalidError` (wrong: the caller must keep the counted try by committing), `NotFoundError`, `ConflictError`.
    """
    row = _by_page(session, page, lock=True)
    _refuse_unless_open(_state(session, row))
    typed = "".join(digits.split())
    if not rules.is_six_digits(typed) or row.digits_hash != hashed(f"{page}:{typed}"):
        row.wrong_tries += 1
        session.flush()
        message = _("These are not the six digits of the newest mail. Look once more.")
        raise InvalidError(message, code="link.digits", faults=[Fault("digits", message, "link.digits")])
    return _spend(session, row)


def renew_link(session: Session, link_token: str) -> tuple[Link, IssuedLink]:
    """A fresh link in place of an expired one, for the same address and purpose; the caller mails it.

    Raises `NotFoundError`, or `ConflictError` (`link.used`) for one that did its work or was ended.
    """
    old = look_at_link(session, link_token)
    if old.state is not LinkState.EXPIRED:
        raise ConflictError(_("This link does not need to be renewed."), code=f"link.{old.state.value}")
    _mark_used(session, _by_token(session, link_token))
    return old, issue_link(session, old.purpose, old.email, old.person_id, old.payload)


def end_links(session: Session, person_id: int) -> None:
    """End all open links of a person (password changed, signed out everywhere)."""
    open_ones = update(LinkToken).where(LinkToken.person_id == person_id, LinkToken.used_at.is_(None))
    session.execute(open_ones.values(used_at=now(session)))


def _write_down(
    session: Session,
    fresh: IssuedLink,
    digits_hash: str,
    purpose: str,
    email: str,
    person_id: int | None,
    payload: Mapping[str, Any] | None,
) -> None:
    moment = now(session)
    row = LinkToken(
        token_hash=hashed(fresh.token),
        page_hash=hashed(fresh.page),
        digits_hash=digits_hash,
        purpose=purpose,
        person_id=person_id,
        email=email,
        payload=dict(payload or {}),
        created_at=moment,
        expires_at=moment + rules.LINK_LIFETIME,
    )
    session.add(row)
    session.flush()


def _spend(session: Session, row: LinkToken) -> Link:
    shown = _shown(session, row)
    _refuse_unless_open(shown.state)
    _mark_used(session, row)
    return shown


def _mark_used(session: Session, row: LinkToken) -> None:
    """One statement decides who was first, so that two requests at once cannot both win."""
    claimed = update(LinkToken).where(LinkToken.id == row.id, LinkToken.used_at.is_(None))
    result = session.execute(claimed.values(used_at=now(session)).returning(LinkToken.id)).all()
    if not result:
        _refuse_unless_open(LinkState.USED)


def _refuse_unless_open(state: LinkState) -> None:
    if state is LinkState.USED:
        raise ConflictError(
            _("This link has been used."), code="link.used", hint=_("Ask for a new one: it takes a minute.")
        )
    if state is LinkState.EXPIRED:
        raise ConflictError(
            _("This link is too old."), code="link.expired", hint=_("Ask for a new one: it takes a minute.")
        )


def _state(session: Session, row: LinkToken) -> LinkState:
    if row.used_at is not None or row.wrong_tries >= rules.MOST_WRONG_TRIES:
        return LinkState.USED
    return LinkState.EXPIRED if row.expires_at <= now(session) else LinkState.OPEN


def _shown(session: Session, row: LinkToken) -> Link:
    state = _state(session, row)
    return Link(row.purpose, row.email, row.person_id, dict(row.payload), row.expires_at, state)


def _by_token(session: Session, link_token: str) -> LinkToken:
    return _found(session.scalar(select(LinkToken).where(LinkToken.token_hash == hashed(link_token))))


def _by_page(session: Session, page: str, *, lock: bool = False) -> LinkToken:
    wanted = select(LinkToken).where(LinkToken.page_hash == hashed(page))
    return _found(session.scalar(wanted.with_for_update() if lock else wanted))


def _found(row: LinkToken | None) -> LinkToken:
    if row is None:
        raise NotFoundError(
            _("We do not know this link."),
            code="link.unknown",
            hint=_("Copy the whole address from the mail, or ask for a new link."),
        )
    return row


def _forget_old(session: Session) -> None:
    session.execute(delete(LinkToken).where(LinkToken.expires_at < now(session) - rules.LINKS_ARE_KEPT))


def _six_digits(session: Session) -> str:
    return f"{int.from_bytes(random_bytes(session, 8), 'big') % 1_000_000:06d}"
