"""How much one page of a draft may send, and how often: enough for every definition, too little to fill the disk."""

from flask import request
from flask import session as cookie
from werkzeug.exceptions import RequestEntityTooLarge

from badge_service.web.limits import network

MOST_BYTES = 512 * 1024
OFTEN = "120 per minute"


def person() -> str:
    """Whose saving is counted: the signed-in person's, without asking the database for them."""
    return str(cookie.get("sign_in") or network())


def refuse_large() -> None:
    """Raises `RequestEntityTooLarge` for a form of more than 512 kB."""
    sent = sum(len(name) + len(value) for name, value in request.form.items(multi=True))
    if max(request.content_length or 0, sent) > MOST_BYTES:
        raise RequestEntityTooLarge
