"""Lets programs in: by the key in the Authorization header alone, never by a cookie, never by a key in an address."""

from typing import cast

from flask import Flask, Response, g, request
from flask_babel import gettext as _

from badge_service.errors import InvalidError, NotAllowedError
from badge_service.programs import actions
from badge_service.programs.actions import Caller
from badge_service.programs.rules import key_in, looks_like_key
from badge_service.storage.session import hashed
from badge_service.web.access import use_key_door
from badge_service.web.limits import network
from badge_service.web.problems import Problem, json_answer
from badge_service.web.unit_of_work import current_database
from badge_service.web.viewer import show_as_stranger


def init_door(app: Flask) -> None:
    """Let routes marked `access.keyed(scope)` be entered with a key of this room."""
    use_key_door(app, let_in)


def let_in(scope: str) -> Response | None:
    """Before each request to a keyed route: None for a key with this scope, else the refusal as an answer.

    Raises `InvalidError` for a key in the address, `NotAllowedError` for a key without the scope.
    """
    show_as_stranger()  # nobody's cookie counts here
    if any(looks_like_key(name, value) for name, value in request.args.items(multi=True)):
        raise InvalidError(
            _("A key must not stand in an address, where logs and histories keep it."),
            code="key_in_url",
            hint=_("Revoke this key, make a new one, and send it in the header “Authorization: Bearer …”."),
        )
    caller = _caller()
    if caller is None:
        return _who_are_you()
    if scope not in caller.scopes:
        message = _("This key is not for that: it lacks “%(scope)s”.", scope=scope)
        raise NotAllowedError(message, code="scope", hint=_("Make a key with what the program needs."))
    g.program = caller
    return None


def current_caller() -> Caller:
    """The program that was let in."""
    return cast(Caller, g.program)


def rate_key() -> str:
    """Requests are counted by key; without one by network."""
    secret = key_in(request.headers.get("Authorization", ""))
    return f"key:{hashed(secret)}" if secret else f"network:{network()}"


def _caller() -> Caller | None:
    """Reads in a session of its own; the last use is written before the request opens its own session."""
    secret = key_in(request.headers.get("Authorization", ""))
    if secret is None:
        return None
    database = current_database()
    with database.reading() as session:
        caller = actions.caller_of(session, secret)
    if caller is not None and caller.use_is_old:
        with database.writing() as session:
            actions.note_use(session, caller)
    return caller


def _who_are_you() -> Response:
    refused = Problem(
        401,
        "key",
        _("Which program is this?"),
        _("There is no key here that is known and in use."),
        _("Send the header “Authorization: Bearer …” with a key of your organisation."),
    )
    answer = json_answer(refused)
    answer.headers["WWW-Authenticate"] = 'Bearer realm="badge-service"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
