"""The states of an import and of its rows, and the few limits that it keeps to."""

from datetime import timedelta
from enum import StrEnum

LONG_AGO = timedelta(days=365)
"""Who awards for a day longer ago than this says why."""
ROWS_AT_ONCE = 500
DRAFTS_ARE_KEPT = timedelta(days=1)
MOST_DRAFTS = 5


class ImportState(StrEnum):
    """A draft waits for its person, `second` for another one; what stopped can be resumed."""

    DRAFT = "draft"
    SECOND = "second"
    RUNNING = "running"
    STOPPED = "stopped"
    REFUSED = "refused"
    DONE = "done"


class RowState(StrEnum):
    """The first four before the button, the others after it."""

    GOOD = "good"
    BAD = "bad"
    REPEATS = "repeats"
    HAS_IT = "has_it"
    WAITING = "waiting"
    AWARDED = "awarded"
    FAILED = "failed"
