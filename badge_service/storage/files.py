"""Files that belong to rows: written in the transaction of their row, and gone again when it comes to nothing."""

from pathlib import Path

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction


def keep_file(session: Session, folder: Path, name: str, content: bytes) -> None:
    """Write `content` under `folder` for a row of this transaction; rolled back, the file is removed.

    Whoever is killed in between leaves a file that no row names, and never a row without its file.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / name
    path.write_bytes(content)
    over = False

    @event.listens_for(session, "after_commit")
    def _committed(session: Session) -> None:
        nonlocal over
        over = over or not session.in_nested_transaction()

    @event.listens_for(session, "after_transaction_end")
    def _ended(_session: Session, transaction: SessionTransaction) -> None:
        nonlocal over
        if transaction.parent is None and not over:
            over = True
            path.unlink(missing_ok=True)
