"""Mails: promised in the caller's transaction, then laid into a folder as .eml files or sent by SMTP.

mail.send(session, to=address, subject=_("…"), text=_("…"), language="nl")       # in an action or page
{mail.KIND: mail.deliver(settings)}                               # among the outbox handlers, in the door
"""

import re
import smtplib
import ssl
import textwrap
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime, parsedate_to_datetime
from html import escape
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote, urlsplit

from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.orm import Session

from badge_service.errors import InvalidError, UnavailableError
from badge_service.settings import Settings
from badge_service.storage import outbox
from badge_service.storage.bulk import one_of
from badge_service.storage.session import now, token
from badge_service.storage.tables import OutboxJob

KIND = "mail"
_WIDTH = 72
_SECONDS_FOR_SMTP = 10
_LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class Mail:
    """One mail to be written; `text` as `send` takes it."""

    to: str
    subject: str
    text: str
    language: str = ""
    reference: str | None = None


def send(
    session: Session,
    *,
    to: str,
    subject: str,
    text: str,
    language: str = "",
    due_at: datetime | None = None,
    reference: str | None = None,
) -> OutboxJob:
    """Promise a mail as text and as HTML, from `due_at` on; `reference` (such as `award:<token>`) lets it be cancelled.

    Empty lines of `text` part its paragraphs; a line that is a link becomes one. `language` is the text's. Address, subject and text are forgotten once it is sent: they may carry one-time links.
    Raises `InvalidError` for an address that could forge headers.
    """
    payload = _payload(session, Mail(to, subject, text, language, reference))
    return outbox.promise(session, KIND, payload, due_at=due_at)


def send_all(session: Session, mails: Sequence[Mail]) -> None:
    """Promise many mails in one statement; raises `InvalidError` as `send`."""
    outbox.promise_all(session, KIND, [_payload(session, one) for one in mails], due_at=now(session))


def _payload(session: Session, mail: Mail) -> dict[str, Any]:
    to = mail.to
    if not to.isprintable() or to.count("@") != 1 or any(sign in to for sign in ' ,;<>"\\'):
        raise InvalidError(_("This is not one e-mail address."), code="email")
    moment = now(session)
    letter = {
        "to": to,
        "subject": one_line(mail.subject),
        "text": mail.text,
        "language": mail.language,
        "name": f"{moment:%Y%m%dT%H%M%SZ}-{token(session)}",
        "written_at": moment.isoformat(),
    }
    return {"reference": mail.reference, "letter": letter["name"], outbox.ONCE: letter}


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


def cancel_all(session: Session, references: Collection[str]) -> None:
    """The same for many references in one statement."""
    named = cast(Any, OutboxJob.payload["reference"].as_string())
    waiting = update(OutboxJob).where(
        OutboxJob.kind == KIND,
        OutboxJob.done_at.is_(None),
        OutboxJob.cancelled_at.is_(None),
        one_of(session, named, references),
    )
    cancelled = waiting.values(cancelled_at=now(session), payload={})
    session.execute(cancelled, execution_options={"synchronize_session": False})


def one_line(text: str) -> str:
    """Text that can be a header: control characters and line breaks become single spaces."""
    shown = text if text.isprintable() else "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(shown.split())


def wrapped(text: str) -> str:
    """Lines of at most 72 characters; a link is never broken, however long."""
    return "\n".join(
        textwrap.fill(line, _WIDTH, break_long_words=False, break_on_hyphens=False)
        for line in text.splitlines()
    )


def as_html(subject: str, text: str, language: str) -> str:
    """The same words as a page of HTML without any style, picture or other remote content."""
    blocks = [block.strip() for block in re.split(r"\n\s*\n", text)]
    paragraphs = "\n".join(
        f"<p>{'<br>'.join(map(_line, block.splitlines()))}</p>" for block in blocks if block
    )
    spoken = f' lang="{escape(language)}"' if language else ""
    head = f'<meta charset="utf-8"><title>{escape(subject)}</title>'
    return f"<!doctype html>\n<html{spoken}><head>{head}</head><body>\n{paragraphs}\n</body></html>\n"


def _line(line: str) -> str:
    words = escape(line.strip())
    is_link = re.fullmatch(r"https?://\S+", line.strip()) is not None
    return f'<a href="{words}">{words}</a>' if is_link else words


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
    message.set_content(wrapped(letter["text"]) + "\n")
    page = as_html(letter["subject"], letter["text"], letter.get("language", ""))
    message.add_alternative(page, subtype="html")
    return message


def _lay_down(message: EmailMessage, folder: Path, name: str) -> None:
    """A repeated try overwrites the same file, so nothing is doubled."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = folder / f".{name}"
    unfinished.write_bytes(message.as_bytes())
    unfinished.replace(folder / f"{name}.eml")


def _send_by_smtp(message: EmailMessage, url: str) -> None:
    try:
        server = _connection(url)
        try:
            server.send_message(message)
        finally:
            _leave(server)
    except (OSError, smtplib.SMTPException) as error:
        # The library's words may hold the password of the mail server or the whole address list.
        said = f"{type(error).__name__} {_answer(error)}".strip()
        if why := _why_never(error):
            raise outbox.RefusedForGoodError(
                f"The mail server refuses this mail: {said}", code=why
            ) from error
        raise UnavailableError(f"The mail server does not take mail: {said}", code="mail") from error


def _leave(server: smtplib.SMTP) -> None:
    """However the goodbye goes: a mail that was taken is not sent a second time for it."""
    with suppress(OSError, smtplib.SMTPException):
        server.quit()
    server.close()


def _why_never(error: Exception) -> str | None:
    """Why trying again cannot help: the address or the mail itself is refused with a final answer (RFC 5321, 4.2.1)."""
    final = _code(error) >= 500
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "address" if final else None
    if isinstance(error, smtplib.SMTPDataError):
        return "content" if final else None
    return (
        "letters" if isinstance(error, smtplib.SMTPNotSupportedError) and "SMTPUTF8" in str(error) else None
    )


def _answer(error: Exception) -> str:
    """The server's answer by its numbers alone, such as “550 5.1.1”: the words may name the address."""
    code = _code(error)
    detail = re.match(rb"\s*([245]\.\d{1,3}\.\d{1,3})\b", _words(error))
    return f"{code} {detail[1].decode() if detail else ''}".strip() if code else ""


def _code(error: Exception) -> int:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max((code for code, _words in error.recipients.values()), default=0)
    return int(error.smtp_code) if isinstance(error, smtplib.SMTPResponseException) else 0


def _words(error: Exception) -> bytes:
    said: str | bytes = b""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        said = next((words for _code, words in error.recipients.values()), b"")
    elif isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
    return said if isinstance(said, bytes) else said.encode()


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


def _plain(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    return str(body.get_content()) if body is not None else ""


def _read(path: Path) -> LaidMail:
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    return LaidMail(
        name=path.stem,
        to=str(message["To"]),
        subject=str(message["Subject"]),
        text=_plain(message).replace("\r\n", "\n"),
        written_at=parsedate_to_datetime(str(message["Date"])),
    )
