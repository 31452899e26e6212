"""Does something with many rows at once, and where a bad one is among them, with all but that one."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from badge_service.errors import InvalidError

BAD_ROW = (IntegrityError, DataError, InvalidError, LookupError, TypeError, ValueError)
"""What one row can be at fault for; everything else concerns all of them, and is the caller's."""

Row = TypeVar("Row")
Done = TypeVar("Done")


def all_but_bad(
    session: Session, rows: Sequence[Row], work: Callable[[Sequence[Row]], list[Done]]
) -> tuple[list[Done], list[tuple[Row, Exception]]]:
    """What `work` has done, and each bad row with why: halves are tried until it stands alone, all in savepoints."""
    if not rows:
        return [], []
    try:
        with session.begin_nested():
            return work(rows), []
    except BAD_ROW as error:
        if len(rows) == 1:
            return [], [(rows[0], error)]
    half = len(rows) // 2
    done, bad = all_but_bad(session, rows[:half], work)
    more, bad_too = all_but_bad(session, rows[half:], work)
    return done + more, bad + bad_too
