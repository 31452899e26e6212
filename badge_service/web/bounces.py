"""Mails that came back days later: read from delivery reports (RFC 3464), found by their Message-ID, marked as failed.

Anybody can write such a report, but the Message-ID holds 128 random bits that only the mail itself has carried.
"""

import mailbox
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, message_from_string
from email.message import Message
from enum import StrEnum
from pathlib import Path

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from badge_service.storage import outbox
from badge_service.storage.session import now
from badge_service.storage.tables import OutboxJob, ServiceFact
from badge_service.web.mail import KIND

_READ_AT = "bounces_read_at"
_NAME = re.compile(r"<((\d{8}T\d{6}Z)-[\w-]{22})@[^<>\s]+>")
_STATUS = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})\b")
_REPORTS = ("message/delivery-status", "message/global-delivery-status")
_ORIGINALS = ("message/rfc822", "message/global")
_HEADERS = ("text/rfc822-headers", "message/rfc822-headers", "message/global-headers")


@dataclass(frozen=True)
class Returned:
    """One of our mails that did not arrive: its name, as in its Message-ID, and the status of RFC 3463, such as "5.1.1"."""

    name: str
    status: str


class Outcome(StrEnum):
    """What became of a report: the mail is marked now, was before, was followed by a newer one, or is none of ours."""

    MARKED = "marked"
    KNOWN = "known"
    OUTDATED = "outdated"
    UNKNOWN = "unknown"


def read_report(data: bytes) -> Returned | None:
    """What a mail says about one of ours; None when it is no report of a final failure. Never raises for what is in it."""
    try:
        parts = list(message_from_bytes(data).walk())
        status = next((found for part in parts if (found := _final_failure(part)) is not None), None)
        name = next((found for part in parts if (found := _name_of_ours(part))), None)
    except RecursionError:  # parts within parts within parts
        return None
    return Returned(name, status) if name is not None and status is not None else None


def _final_failure(part: Message) -> str | None:
    """The status of the first recipient for whom it is final, empty if none is given (RFC 3464, 2.3)."""
    if part.get_content_type() not in _REPORTS:
        return None
    for block in _blocks(part):
        if str(block.get("Action", "")).strip().lower() == "failed":
            status = _STATUS.match(str(block.get("Status", "")))
            return status[1] if status else ""
    return None


def _blocks(part: Message) -> Iterator[Message]:
    """The groups of fields of a report; the newer kind (RFC 6533) is not taken apart by the library."""
    inner = part.get_payload()
    groups = inner if isinstance(inner, list) else []
    if part.get_content_type() == _REPORTS[0]:
        yield from (one for one in groups if isinstance(one, Message))
        return
    text = "\n\n".join(one.as_string() if isinstance(one, Message) else str(one) for one in groups)
    for group in re.split(r"\r?\n(?:[ \t]*\r?\n)+", text or str(inner)):
        yield message_from_string(group)


def _name_of_ours(part: Message) -> str | None:
    kind, inner = part.get_content_type(), part.get_payload()
    original: Message | None = None
    if kind in _ORIGINALS and isinstance(inner, list) and inner and isinstance(inner[0], Message):
        original = inner[0]
    elif kind in _HEADERS:
        raw = part.get_payload(decode=True)
        whole = (
            raw
            if isinstance(raw, bytes)
            else b"\n".join(one.as_bytes() for one in part.walk() if one is not part)
        )
        original = message_from_bytes(whole)
    named = _NAME.search(str(original.get("Message-ID", ""))) if original is not None else None
    return named[1] if named else None


def mails_in(place: Path) -> Iterator[bytes]:
    """Every mail of a file (one mail, or an mbox), a maildir, or a folder of such files; nothing is changed in them."""
    if (place / "cur").is_dir() or (place / "new").is_dir():
        box = mailbox.Maildir(place, create=False)
        yield from (box.get_bytes(key) for key in sorted(box.keys()))
    elif place.is_dir():
        for inner in sorted(place.iterdir()):
            if inner.is_file():
                yield from mails_in(inner)
    else:
        with place.open("rb") as file:
            many = file.read(5) == b"From "
        if many:
            letters = mailbox.mbox(place, create=False)
            yield from (letters.get_bytes(key) for key in letters.keys())  # noqa: SIM118 (a mailbox is no dict)
        else:
            yield place.read_bytes()


def note_returned(session: Session, found: Iterable[Returned]) -> list[Outcome]:
    """Mark these mails as failed for good, and that reports were read now; repeating it changes nothing more."""
    outcomes = [_note(session, one) for one in found]
    fact = session.get(ServiceFact, _READ_AT) or ServiceFact(name=_READ_AT)
    fact.value = now(session).isoformat()
    session.add(fact)
    session.flush()
    return outcomes


def last_read(session: Session) -> datetime | None:
    """When reports were last read; None where nobody does."""
    fact = session.get(ServiceFact, _READ_AT)
    return datetime.fromisoformat(fact.value) if fact is not None else None


def _note(session: Session, one: Returned) -> Outcome:
    written_at = _written_at(one.name)
    if written_at is None:
        return Outcome.UNKNOWN
    this = (OutboxJob.kind == KIND, OutboxJob.payload["letter"].as_string() == one.name)
    sent = OutboxJob.done_at >= written_at - timedelta(minutes=1)
    job = session.scalar(select(OutboxJob).where(*this, sent).with_for_update())
    if job is None:
        lost = session.scalar(select(OutboxJob.id).where(*this, *outbox.given_up()))
        return Outcome.KNOWN if lost is not None else Outcome.UNKNOWN
    if _was_followed(session, job):
        return Outcome.OUTDATED
    job.done_at, job.attempts, job.due_at = None, outbox.MOST_ATTEMPTS, now(session)
    job.refusal, job.last_error = _why(one.status), f"returned {one.status}".strip()
    session.flush()
    return Outcome.MARKED


def _written_at(name: str) -> datetime | None:
    try:
        return datetime.strptime(name.partition("-")[0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None


def _was_followed(session: Session, job: OutboxJob) -> bool:
    """Whether a newer mail about the same has left or is about to: it may have gone to a better address."""
    about = job.payload.get("reference")
    if about is None:
        return False
    newer = aliased(OutboxJob)
    later = exists().where(
        newer.id > job.id,
        newer.kind == KIND,
        newer.cancelled_at.is_(None),
        newer.payload["reference"].as_string() == about,
    )
    return bool(session.scalar(select(later)))


def _why(status: str) -> str:
    """The word for whoever can mend it, by the middle number of the status (RFC 3463, 3)."""
    subject = status.split(".")[1] if status else ""
    if status.endswith(".6.7"):
        return "letters"
    return "address" if subject in ("1", "2", "4") else "content"
