"""A form that arrives twice is done once: its random key is remembered with its answer, for the person who sent it.

    @blueprint.post("/<token>/presence")
    @access.signed_in
    @once
    def write_presence(token: str) -> ResponseReturnValue: ...

The template puts `{{ once_field() }}` into the form. A view that did something answers with a redirect; that answer is
given again for the same person, key, address and content, and nothing is done twice. A view that says no by a redirect
answers `refused(redirect(…))`: the same form may be sent again. `static/keeping.js` rests on this
when it sends again what a bad connection may have swallowed; to it a redirect is told as JSON: `{"go": "/address"}`.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask, Response, current_app, flash, g, jsonify, make_response, redirect, request
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import delete
from sqlalchemy.orm import Session

from badge_service.storage.session import alone, now
from badge_service.web.tables import AnsweredForm
from badge_service.web.unit_of_work import current_database, current_session
from badge_service.web.viewer import current_viewer

FIELD = "once"
BY_SCRIPT = "X-Kept-Form"
KEPT_FOR = timedelta(days=7)
_KEY = re.compile(r"[0-9a-f]{32}")
View = TypeVar("View", bound=Callable[..., Any])


def once(view: View) -> View:
    """Do what `view` does once for each form: the same form again gets the same redirect, and a sentence that says so."""

    @wraps(view)
    def answer(*args: Any, **values: Any) -> Response:
        name = _name_of_form() if request.method == "POST" else None
        if name is None:
            return _told(make_response(view(*args, **values)))
        session = current_session()
        alone(session, name)
        earlier = session.get(AnsweredForm, name)
        if earlier is not None and earlier.expires_at > now(session):
            flash(_("This arrived before. It was done once."))
            return _told(make_response(redirect(earlier.address)))
        given = make_response(view(*args, **values))
        if _is_redirect(given) and "form_refused" not in g:
            _remember(session, name, given.location or request.path)
        return _told(given)

    return cast(View, answer)


def refused(answer: Response) -> Response:
    """A redirect by which a view says no: nothing was done, so the same form sent again is looked at again."""
    g.form_refused = True
    return answer


def once_field() -> Markup:
    """The hidden field with the key of a form; a form shown again with its faults keeps its key."""
    typed = request.form.get(FIELD, "")
    key = typed if _KEY.fullmatch(typed) else current_database().random(16).hex()
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, key)


def keeper() -> str:
    """What this browser's notes are kept under: another for each person, empty for strangers, and no name of anybody."""
    person = current_viewer().person_key
    secret = str(current_app.config["SECRET_KEY"])
    return hashlib.sha256(f"keeper:{secret}:{person}".encode()).hexdigest()[:16] if person else ""


def init_once(app: Flask) -> None:
    """Make both words known to templates."""
    app.jinja_env.globals.update(once_field=once_field, keeper=keeper)


def _name_of_form() -> str | None:
    """The hash of who sent what where under which key; None for a form without key."""
    if not _KEY.fullmatch(request.form.get(FIELD, "")):
        return None
    said = hashlib.sha256()
    for part in (current_viewer().person_key or "", request.full_path, *_content()):
        said.update(f"{len(part)}:{part}".encode())
    return said.hexdigest()


def _content() -> Iterator[str]:
    for name, value in request.form.items(multi=True):
        if name != "csrf_token":
            yield from (name, value)
    for name, file in request.files.items(multi=True):
        yield from (name, file.filename or "", hashlib.sha256(file.stream.read()).hexdigest())
        file.stream.seek(0)


def _remember(session: Session, name: str, address: str) -> None:
    session.execute(delete(AnsweredForm).where(AnsweredForm.expires_at <= now(session)))
    session.add(AnsweredForm(name=name, address=address, expires_at=now(session) + KEPT_FOR))
    session.flush()


def _is_redirect(answer: Response) -> bool:
    return 300 <= answer.status_code < 400


def _told(answer: Response) -> Response:
    """To the script a redirect is told in a word, so that the sentence it flashes waits for the page that is gone to."""
    if request.headers.get(BY_SCRIPT) and _is_redirect(answer):
        return jsonify(go=answer.location)
    return answer
