"""The lines of the EU fact box in words."""

import re

from flask_babel import gettext as _
from flask_babel import ngettext

from badge_service.curriculum.rules import BoxRow
from badge_service.curriculum.words.vocabulary import (
    ASSESSMENTS,
    PARTICIPATION,
    STACKABILITY,
    SUPERVISION,
    word,
)

_DURATION = re.compile(r"PT(\d+)H(?:(\d+)M)?(?:, ([\d.]+) ECTS)?")


def box_value(row: BoxRow) -> list[str]:
    """The lines of an EU element's value, in the reader's words; none when nothing was recorded."""
    if not row.applies:
        return [_("does not apply"), str(row.value)]
    values = row.value if isinstance(row.value, list) else [row.value]
    vocabulary = {"M9": ASSESSMENTS, "M10": PARTICIPATION, "O2": SUPERVISION, "O4": STACKABILITY}.get(
        row.id, {}
    )
    if row.id == "M7":
        values = [workload(str(value)) for value in values if value is not None]
    if row.id == "O1" and str(row.value).casefold() == "none":
        values = [_("none")]
    return [word(vocabulary, value) for value in values if value is not None]


def workload(duration: str) -> str:
    """`PT12H` or `PT30H, 1 ECTS` in words."""
    found = _DURATION.fullmatch(duration)
    if found is None:
        return duration
    hours, minutes, ects = found.groups()
    text = str(ngettext("%(num)s hour", "%(num)s hours", int(hours)))
    if minutes:
        text += " " + _("%(minutes)s minutes", minutes=minutes)
    return f"{text}, {ects} ECTS" if ects else text
