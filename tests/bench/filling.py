"""Fills a service with awards of earlier days, row by row what the real action leaves, only faster: straight into the tables."""

import json
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from badge_service.alliance.tables import Activity
from badge_service.awards.tables import Award
from badge_service.people.tables import Person
from badge_service.register.rules import STATUS_LIST_SIZE, EditionState
from badge_service.register.tables import Document, Edition, Publication, StatusEntry, StatusList
from badge_service.storage import audit
from badge_service.storage.bulk import insert_rows
from badge_service.storage.session import Database, now, random_bytes, token
from badge_service.storage.tables import OutboxJob

AT_ONCE = 20_000
DAYS = 1_000
CLASS = 20
OPEN_ONE_IN = 100
ENOUGH_FREE = 10 * 1024**3


def add_people(session: Session, count: int) -> list[int]:
    """New persons; their numbers."""
    before = session.scalar(select(func.max(Person.id))) or 0
    same = {"name": "Learner Demo", "language": "en", "created_at": now(session)}
    insert_rows(session, Person, same=same, varying={"key": [token(session) for _ in range(count)]})
    return list(range(before + 1, before + 1 + count))


def how_many(folder: Path) -> int:
    """A million awards of real size where there is room for them, else a tenth."""
    return 1_000_000 if shutil.disk_usage(folder).free >= ENOUGH_FREE else 100_000


def fill(database: Database, count: int) -> str:
    """Store `count` awards given over the last thousand days; returns the token of one whose page is open.

    Copies the newest signed edition of the database: it must be one of a bulk.
    """
    with database.reading() as session:
        pattern = _Pattern(session)
    open_one = ""
    for start in range(0, count, AT_ONCE):
        with database.writing() as session:
            if database.is_sqlite:
                session.connection().exec_driver_sql("PRAGMA cache_size=-300000")
            day = now(session) - timedelta(days=DAYS - start * DAYS // count)
            open_one = _some(session, pattern, start, min(AT_ONCE, count - start), day)
    return open_one


class _Pattern:
    """What is copied: an award with its edition, and the published bytes of such a badge."""

    def __init__(self, session: Session) -> None:
        found = session.execute(
            select(Award, Edition, Document.issuer_id)
            .join(Document, Document.token == Award.token)
            .join(Edition, Edition.document_id == Document.id)
            .where(Edition.state == EditionState.SIGNED.value)
            .order_by(Edition.id.desc())
            .limit(1)
        ).one()
        award, edition, self.issuer_id = found
        self.token, self.activity_id = award.token, award.activity_id
        self.award = {
            name: getattr(award, name)
            for name in ("version_id", "organisation_id", "identity_check", "decided_by")
        }
        self.edition = {"form_id": edition.form_id, "key_id": edition.key_id, "proof": edition.proof}
        self.patch, self.text = edition.patch, edition.signed_text or ""


def _some(session: Session, pattern: _Pattern, start: int, count: int, day: datetime) -> str:
    prefix = f"{(day - datetime(1970, 1, 1, tzinfo=day.tzinfo)).days:04x}"
    tokens = [prefix + token(session) for _ in range(count)]
    people = add_people(session, count)
    _awards(session, pattern, tokens, people, day)
    _editions(session, pattern, tokens, start, day)
    audit.record_each(
        session, pattern.award["decided_by"], "award", [f"award:{one}" for one in tokens], version=1
    )
    _mails(session, tokens, day)
    shown = tokens[::OPEN_ONE_IN]
    insert_rows(
        session,
        Publication,
        same={"media_type": "application/vc+ld+json", "digest": "0" * 64, "visible": True, "changed_at": day},
        varying={
            "path": [f"/credentials/{one}.json" for one in shown],
            "body": [pattern.text.replace(pattern.token, one).encode() for one in shown],
        },
    )
    return shown[-1]


def _activities(session: Session, like: int, count: int) -> list[int]:
    """New activities like the one that is copied; their numbers."""
    before = session.scalar(select(func.max(Activity.id))) or 0
    row = session.get_one(Activity, like)
    unlike = ("id", "token")
    same = {
        column.name: getattr(row, column.name) for column in Activity.__table__.c if column.name not in unlike
    }
    insert_rows(session, Activity, same=same, varying={"token": [token(session) for _ in range(count)]})
    return list(range(before + 1, before + 1 + count))


def _awards(session: Session, pattern: _Pattern, tokens: list[str], people: list[int], day: datetime) -> None:
    activities = _activities(session, pattern.activity_id, len(tokens) // CLASS + 1)
    insert_rows(
        session,
        Award,
        same=pattern.award | {"decided_at": day, "accepted_at": day, "state": "accepted", "sharing": "link"},
        varying={
            "token": tokens,
            "person_id": people,
            "activity_id": [activities[place // CLASS] for place in range(len(tokens))],
            "subject": [f"urn:uuid:{random_bytes(session, 16).hex()}" for _ in tokens],
            "share_code": [random_bytes(session, 7).hex() for _ in tokens],
        },
    )


def _editions(session: Session, pattern: _Pattern, tokens: list[str], start: int, day: datetime) -> None:
    before = session.scalar(select(Document.id).order_by(Document.id.desc()).limit(1)) or 0
    same: dict[str, Any] = {"issuer_id": pattern.issuer_id, "created_at": day}
    insert_rows(session, Document, same=same, varying={"token": tokens})
    list_id, positions = _status(session, pattern, len(tokens), day)
    insert_rows(
        session,
        Edition,
        same=pattern.edition
        | {"number": 1, "status_list_id": list_id, "visible": False, "intended_at": day, "signed_at": day}
        | {"state": EditionState.SIGNED.value},
        varying={
            "document_id": list(range(before + 1, before + 1 + len(tokens))),
            "patch": [pattern.patch.replace(pattern.token, one) for one in tokens],
            "status_position": positions,
        },
    )


def _status(session: Session, pattern: _Pattern, count: int, day: datetime) -> tuple[int, list[int]]:
    """A closed list of their own for each lot; the open list stays as it is."""
    last = session.scalar(select(StatusList.number).order_by(StatusList.number.desc()).limit(1)) or 0
    made = StatusList(
        issuer_id=pattern.issuer_id,
        number=last + 1,
        size=STATUS_LIST_SIZE,
        opened_at=day,
        closed_at=day,
        given=count,
        signed_changes=0,
        signed_at=now(session),
    )
    session.add(made)
    session.flush()
    positions = list(range(0, count * 5, 5))
    insert_rows(session, StatusEntry, same={"list_id": made.id}, varying={"position": positions})
    return made.id, positions


def _mails(session: Session, tokens: list[str], day: datetime) -> None:
    same = {"kind": "award_mail", "due_at": day, "created_at": day, "attempts": 0, "done_at": day}
    payloads = [json.dumps({"award": one, "batch": "-" * 22}) for one in tokens]
    insert_rows(session, OutboxJob, same=same, varying={"payload": payloads})


def settle_lists(database: Database) -> None:
    """Copied lists are not published: they count as fresh, so that nobody signs them during a measurement."""
    with database.writing() as session:
        session.execute(
            update(StatusList).where(StatusList.closed_at.is_not(None)).values(signed_at=now(session))
        )
