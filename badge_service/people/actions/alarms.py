"""The alarms of the last days, for the operator: too many wrong claim codes within an hour (decisions 19)."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.storage.session import now
from badge_service.storage.tables import AuditEntry

SHOWN_FOR = timedelta(days=7)


def recent_alarms(session: Session) -> Sequence[AuditEntry]:
    """The newest first; each has its time `at` and in `details["wrong_codes"]` how many codes were wrong by then."""
    alarms = select(AuditEntry).where(
        AuditEntry.subject == "claim",
        AuditEntry.action == "claim.alarm",
        AuditEntry.at > now(session) - SHOWN_FOR,
    )
    return session.scalars(alarms.order_by(AuditEntry.id.desc())).all()
