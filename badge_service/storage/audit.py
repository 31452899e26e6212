"""Writes the audit log: who did what to what, in the same transaction as the deed."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from badge_service.storage.bulk import insert_rows
from badge_service.storage.session import now
from badge_service.storage.tables import AuditEntry


def record(session: Session, actor: str | None, action: str, subject: str, **details: Any) -> None:
    """Add one line: `actor` is a random person key (never a name), `subject` such as `award:<token>`."""
    session.add(AuditEntry(at=now(session), actor=actor, action=action, subject=subject, details=details))


def record_each(
    session: Session, actor: str | None, action: str, subjects: Sequence[str], **details: Any
) -> None:
    """Add one line a subject for the same deed, in one statement."""
    same = {"at": now(session), "actor": actor, "action": action, "details": details}
    insert_rows(session, AuditEntry, same=same, varying={"subject": subjects})
