"""Two people who change one thing: the second is told, and nothing of the first is written over unseen."""

from typing import Any, Protocol

from sqlalchemy.orm import Session

from badge_service.errors import N_, ConflictError


class Revised(Protocol):
    """A row that counts how often it was changed."""

    revision: Any


class StaleError(ConflictError):
    """Somebody saved `saved` after it was opened here."""

    def __init__(self, saved: Any) -> None:
        super().__init__(N_("Somebody else has changed this meanwhile."), code="stale")
        self.saved = saved


def begin_change(session: Session, row: Revised, opened: int) -> None:
    """Hold a row until the commit and count the change; raises StaleError when `opened` is not its revision any more."""
    session.refresh(row, with_for_update={"of": type(row)})
    if row.revision != opened:
        raise StaleError(row)
    row.revision = opened + 1
