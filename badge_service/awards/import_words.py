"""The sentences of the pages for awards from elsewhere: columns, states of an import and of its rows, what went wrong."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from badge_service.awards.actions.items import UNDONE
from badge_service.awards.rules.imports import ImportState, RowState, level_kind
from badge_service.awards.tables import AwardImport
from badge_service.curriculum.rules import Rubric

COLUMNS = {
    "": _l("not needed"),
    "name": _l("whole name"),
    "first": _l("first name"),
    "middle": _l("middle name"),
    "last": _l("last name"),
    "last2": _l("second last name"),
    "email": _l("e-mail"),
    "date": _l("awarded on"),
    "evidence": _l("link to evidence"),
}
SEPARATORS = {
    ",": _l("comma ,"),
    ";": _l("semicolon ;"),
    "\t": _l("tab"),
    "|": _l("bar |"),
}
STATES = {
    ImportState.DRAFT: (_l("not decided"), "plain"),
    ImportState.SECOND: (_l("waits for a second person"), "wait"),
    ImportState.RUNNING: (_l("is being awarded"), "wait"),
    ImportState.STOPPED: (_l("stopped"), "bad"),
    ImportState.REFUSED: (_l("refused"), "bad"),
    ImportState.DONE: (_l("done"), "good"),
}
ROWS = {
    RowState.GOOD: (_l("gets the badge"), "good"),
    RowState.BAD: (_l("needs correcting"), "bad"),
    RowState.REPEATS: (_l("twice in the file"), "plain"),
    RowState.HAS_IT: (_l("has the badge already"), "plain"),
    RowState.WAITING: (_l("waits"), "wait"),
    RowState.AWARDED: (_l("awarded"), "good"),
    RowState.FAILED: (_l("not awarded"), "bad"),
}
_FAILURES = {
    "own": _l("Nobody awards a badge to themselves. Ask a colleague."),
    "refused": _l("A second person said no."),
    "undone": _l("Undone before the badge was given."),
}


def state_of(found: AwardImport) -> tuple[LazyString, str]:
    """What has become of an import: words, and the tone of its tag."""
    if found.state == ImportState.REFUSED and found.failure == UNDONE:
        return _l("taken back"), "bad"
    return STATES[ImportState(found.state)]


def column_choices(rubric: Rubric) -> list[tuple[str, str]]:
    """What a column may hold: (kind, words)."""
    levels = [(level_kind(one.id), _("level: %(name)s", name=one.name)) for one in rubric.criteria]
    return [*((kind, str(words)) for kind, words in COLUMNS.items()), *levels]


def why_failed(code: str | None) -> str:
    """Why one row was not awarded."""
    if code is None:
        return ""
    return str(
        _FAILURES.get(code) or _("It could not be written (%(code)s). Send this row again.", code=code)
    )
