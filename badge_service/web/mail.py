"""Mails: promised in the caller's transaction, then laid into a folder as .eml files or sent by SMTP.

mail.send(session, to=address, subject=_("…"), text=_("…"))       # in an action or page
{mail.KIND: mail.deliver(settings)}                               # among the outbox handlers, in the door
"""

import smtplib
import ssl
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.orm import Session

from badge_service.errors import InvalidError, UnavailableError
from badge_service.settings import Settings
from badge_service.storage import outbox
from badge_service.storage.session import now, token
from badge_service.storage.tables import OutboxJob

KIND = "mail"
_WIDTH = 72
_SECONDS_FOR_SMTP = 10
_LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


def send(
    session: Session,
    *,
    to: str,
    subject: str,
    text: str,
    due_at: datetime | None = None,
    reference: str | None = None,
) -> OutboxJob:
    """Promise a plain-text mail, from `due_at` on; `reference` (such as `award:<token>`) lets it be cancelled.

    Address, subject and text are forgotten once it is sent: they may carry one-time links.
    Raises `InvalidError` for an address that could forge headers.
    """
    if not to.isprintable() or to.count("@") != 1 or any(sign in to for sign in ' ,;<>"\\'):
        raise InvalidError(_("This is not one e-mail address."), code="email")
    moment = now(session)
    letter = {
        "to": to,
        "subject": one_line(subject),
        "text": wrapped(text),
        "name": f"{moment:%Y%m%dT%H%M%SZ}-{token(session)}",
        "written_at": moment.isoformat(),
    }
    return outbox.promise(session, KIND, {"reference": reference, outbox.ONCE: letter}, due_at=due_at)


def cancel(session: Session, reference: str) -> int:
    """Take back every mail with this reference that has not been sent; returns how many."""
    waiting = update(OutboxJob).where(
        OutboxJob.kind == KIND,
        OutboxJob.done_at.is_(None),
        OutboxJob.cancelled_at.is_(None),
        OutboxJob.payload["reference"].as_string() == reference,
    )
    cancelled = waiting.values(cancelled_at=now(session), payload={"reference": reference})
    return len(session.execute(cancelled.returning(OutboxJob.id)).all())


def one_line(text: str) -> str:
    """Text that can be a header: control characters and line breaks become single spaces."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def wrapped(text: str) -> str:
    """Lines of at most 72 characters; a link is never broken, however long."""
    return "\n".join(
        textwrap.fill(line, _WIDTH, break_long_words=False, break_on_hyphens=False)
        for line in text.splitlines()
    )


def deliver(settings: Settings) -> outbox.Handler | outbox.Outside:
    """The handler of outbox jobs of kind "mail": by SMTP if `settings.smtp_url` is set, else into `mail_folder`."""
    url = settings.smtp_url
    if url:
        return outbox.Outside(lambda payload: _send_by_smtp(_message(payload[outbox.ONCE], settings), url))

    def lay_down(_session: Session, payload: Mapping[str, Any]) -> None:
        letter = payload[outbox.ONCE]
        _lay_down(_message(letter, settings), settings.mail_folder, letter["name"])

    return lay_down


def _message(letter: Mapping[str, str], settings: Settings) -> EmailMessage:
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = settings.mail_from
    message["To"] = letter["to"]
    message["Subject"] = letter["subject"]
    message["Date"] = format_datetime(datetime.fromisoformat(letter["written_at"]))
    # The same id at every try, so that a mail server can see a repetition.
    message["Message-ID"] = f"<{letter['name']}@{settings.host.partition(':')[0]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter["text"] + "\n")
    return message


def _lay_down(message: EmailMessage, folder: Path, name: str) -> None:
    """A repeated try overwrites the same file, so nothing is doubled."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = folder / f".{name}"
    unfinished.write_bytes(message.as_bytes())
    unfinished.replace(folder / f"{name}.eml")


def _send_by_smtp(message: EmailMessage, url: str) -> None:
    try:
        with _connection(url) as server:
            server.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        # The library's words may hold the password of the mail server or the whole address list.
        raise UnavailableError(
            f"The mail server does not take mail: {type(error).__name__}", code="mail"
        ) from error


def _connection(url: str) -> smtplib.SMTP:
    """smtps://… is TLS from the start; smtp://… must offer STARTTLS unless it is this machine."""
    parts = urlsplit(url)
    host, secure = parts.hostname or "localhost", ssl.create_default_context()
    server: smtplib.SMTP
    if parts.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, parts.port or 465, timeout=_SECONDS_FOR_SMTP, context=secure)
    else:
        server = smtplib.SMTP(host, parts.port or 587, timeout=_SECONDS_FOR_SMTP)
        if host not in _LOCAL_HOSTS:
            server.starttls(context=secure)
    if parts.username:
        server.login(unquote(parts.username), unquote(parts.password or ""))
    return server


@dataclass(frozen=True)
class LaidMail:
    """One mail in the folder, as a mailbox page shows it; `name` is its file without ending."""

    name: str
    to: str
    subject: str
    text: str
    written_at: datetime


def laid_mails(folder: Path) -> list[LaidMail]:
    """All mails of the folder, the newest first."""
    return [_read(path) for path in sorted(folder.glob("[!.]*.eml"), reverse=True)]


def laid_mail(folder: Path, name: str) -> LaidMail | None:
    """The mail of this name, or None."""
    return next((_read(path) for path in folder.glob("[!.]*.eml") if path.stem == name), None)


def _read(path: Path) -> LaidMail:
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    return LaidMail(
        name=path.stem,
        to=str(message["To"]),
        subject=str(message["Subject"]),
        text=message.get_content().replace("\r\n", "\n"),
        written_at=parsedate_to_datetime(str(message["Date"])),
    )
