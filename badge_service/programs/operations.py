"""One operation of the API: what it is for, asks and answers is said once, and is route, check and description alike.

pages = Blueprint("workshops_api", __name__)

@operation(pages, "/api/v1/workshops", Operation("GET", "List workshops", Scope.WORKSHOPS_READ, WORKSHOPS, query=PAGED))
def workshops(call: Call) -> dict[str, Any]: ...
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, TypeVar, cast

from flask import Blueprint, Response, request
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from badge_service.errors import Fault, InvalidError
from badge_service.openbadges import strict_json
from badge_service.programs import actions
from badge_service.programs.actions import Caller
from badge_service.programs.door import current_caller, rate_key
from badge_service.programs.rules import Scope
from badge_service.programs.rules.shapes import Schema, body_faults, object_of, query_values
from badge_service.storage import audit
from badge_service.web import access
from badge_service.web.forms import csrf
from badge_service.web.limits import limited
from badge_service.web.unit_of_work import current_session

MOST_BYTES = 512 * 1024
ONCE_HEADER = "Idempotency-Key"
LONGEST_ONCE = 255
_MARK = "__operation__"
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Operation:
    """What the description says of one route and verb; `once` asks for an Idempotency-Key.

    `scope` is None for what anybody may ask; `path` says what the parts of the address look like, where they are not just
    a token. `raw` are further media types of the body, which is then only described.
    """

    method: str
    summary: str
    scope: Scope | None
    answer: Schema
    status: int = 200
    body: Schema | None = None
    query: Mapping[str, Schema] = field(default_factory=dict)
    path: Mapping[str, Schema] = field(default_factory=dict)
    headers: Mapping[str, Schema] = field(default_factory=dict)
    raw: Mapping[str, Schema] = field(default_factory=dict)
    once: bool = False
    refusals: tuple[int, ...] = ()


@dataclass(frozen=True)
class Call:
    """One request to an operation after its checks: who calls, the body, the query with what it leaves out filled in."""

    caller: Caller
    body: Mapping[str, Any]
    query: Mapping[str, Any]


def described(made: Operation) -> Callable[[View], View]:
    """Give a route that keeps its own rules a place in the description."""

    def mark(view: View) -> View:
        setattr(view, _MARK, made)
        return view

    return mark


def operation_of(view: Callable[..., Any] | None) -> Operation | None:
    """What the description says of a view, if it is part of the API."""
    found = getattr(view, _MARK, None)
    return found if isinstance(found, Operation) else None


def operation(
    pages: Blueprint, path: str, made: Operation
) -> Callable[[Callable[..., dict[str, Any]]], Callable[..., Response]]:
    """Make a function `(call, **path parts) -> answer` a route of the API under `path` of `pages`."""

    def make(function: Callable[..., dict[str, Any]]) -> Callable[..., Response]:
        def view(**parts: str) -> Response:
            return _answer(made, function, parts)

        view.__name__, view.__doc__ = function.__name__, function.__doc__
        marked = described(made)(view)
        assert made.scope is not None
        marked = access.keyed(made.scope.value)(cast(Callable[..., Response], csrf.exempt(marked)))
        marked = limited(
            "600 per minute", methods=("GET", "HEAD", "POST", "PUT", "DELETE"), key=rate_key, shared="api"
        )(marked)
        pages.add_url_rule(path, function.__name__, marked, methods=[made.method])
        return marked

    return make


def _answer(made: Operation, function: Callable[..., dict[str, Any]], parts: Mapping[str, str]) -> Response:
    caller = current_caller()
    query = query_values(made.query, request.args)
    raw = _raw_body(made)
    call = Call(caller, _body(made, raw), query)
    name = _once_name(made)
    if name is None:
        answer = function(call, **parts)
        return _respond(json.dumps(answer, ensure_ascii=False), made.status)
    session = current_session()
    digest = sha256(b"\n".join((request.method.encode(), request.full_path.encode(), raw))).hexdigest()
    before = actions.answered_before(session, caller, name, digest)
    if before is not None:
        response = _respond(before[1], before[0])
        response.headers["Idempotent-Replayed"] = "true"
        return response
    text = json.dumps(function(call, **parts), ensure_ascii=False)
    actions.remember_answer(session, caller, name, digest, made.status, text)
    return _respond(text, made.status)


def note(call: Call, action: str, subject: str, **details: Any) -> None:
    """Write down that a program did it, beside the entry of the deed, which names the person in whose name it was done."""
    key = f"api_key:{call.caller.key_token}"
    audit.record(current_session(), call.caller.viewer.key, f"api.{action}", subject, key=key, **details)


def _respond(text: str, status: int) -> Response:
    response = Response(text, status=status, content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response


def _raw_body(made: Operation) -> bytes:
    if made.body is None:
        return b""
    if request.mimetype != "application/json" or request.content_encoding not in (None, "", "identity"):
        raise UnsupportedMediaType
    if (request.content_length or 0) > MOST_BYTES:
        raise RequestEntityTooLarge
    raw = request.get_data(cache=False)
    if len(raw) > MOST_BYTES:
        raise RequestEntityTooLarge
    return raw


def _body(made: Operation, raw: bytes) -> Mapping[str, Any]:
    if made.body is None:
        return {}
    read = strict_json.loads(raw, max_bytes=MOST_BYTES)
    if faults := body_faults(made.body, read):
        raise InvalidError(_("This request cannot be carried out as it is."), faults=faults)
    return object_of(read)


def _once_name(made: Operation) -> str | None:
    if made.method == "GET":
        return None
    name = request.headers.get(ONCE_HEADER, "")
    if not name and made.once:
        raise InvalidError(
            _("Send an Idempotency-Key header with a new random value for each request."),
            code="idempotency_key_required",
            hint=_("If the answer gets lost, send the same request with the same value again."),
        )
    if len(name) > LONGEST_ONCE or not name.isprintable():
        message = _("An Idempotency-Key has at most %(most)s characters.", most=LONGEST_ONCE)
        raise InvalidError(message, faults=[Fault(ONCE_HEADER, message, "too_long")])
    return name or None
