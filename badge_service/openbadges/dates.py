"""Dates as the standard writes them: read strictly with a time zone, written in whole seconds with `Z`.

Follows: Open Badges 3.0, DateTimeZ; Verifiable Credentials 2.0, section 4.9.
"""

import re
from datetime import UTC, datetime

from badge_service.errors import InvalidError

_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)\Z", re.ASCII)


def write(moment: datetime) -> str:
    """`moment` (with a time zone) as `2026-11-20T10:00:00Z`; fractions of a second are cut off."""
    if moment.tzinfo is None:
        raise InvalidError("A date needs a time zone.", code="date")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read(text: object) -> datetime:
    """The moment, in UTC, that `text` (a date-time with zone) names; raises InvalidError `date`."""
    if not isinstance(text, str) or not _DATE_TIME.match(text):
        raise InvalidError("This is not a date with a time and a time zone.", code="date")
    if "." in text:
        text = re.sub(r"\.(\d{1,6})\d*", r".\1", text)
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InvalidError("There is no such date.", code="date") from error
