"""Pages of a list by cursor: a page goes on after the last thing of the one before, whatever was added meanwhile."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from flask_babel import gettext as _

from badge_service.errors import Fault, InvalidError

Row = TypeVar("Row")


def after(cursor: str | None) -> str | None:
    """The public name of the last thing on the page before, None on the first page; raises `InvalidError`."""
    if cursor is None:
        return None
    try:
        name = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        name = ""
    if not name or "\0" in name:
        raise bad_cursor()
    return name


def bad_cursor() -> InvalidError:
    """What is said of a cursor that we did not make."""
    message = _("This cursor is none of ours. Take `next` of the page before as it is.")
    return InvalidError(message, faults=[Fault("cursor", message, "cursor")])


def page(
    rows: Sequence[Row], limit: int, name: Callable[[Row], str], told: Callable[[Row], dict[str, Any]]
) -> dict[str, Any]:
    """One page as it is answered, of at most `limit + 1` rows: the one too many only tells that there are more."""
    shown = rows[:limit]
    more = len(rows) > limit
    following = base64.urlsafe_b64encode(name(shown[-1]).encode()).rstrip(b"=").decode() if more else None
    return {"items": [told(row) for row in shown], "next": following}
