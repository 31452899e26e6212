"""The single map from errors to answers: plain-words pages for people, RFC 9457 problem+json for machines."""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask, Response, current_app, g, make_response, render_template, request
from flask_babel import gettext as _
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from markupsafe import escape
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import HTTPException

from badge_service.errors import (
    BadgeServiceError,
    ConflictError,
    Fault,
    InvalidError,
    NotAllowedError,
    NotFoundError,
    QuotaError,
    UnavailableError,
)
from badge_service.web import limits, resume
from badge_service.web.i18n import current_language
from badge_service.web.sentences import translated, translated_fault
from badge_service.web.viewer import show_as_stranger

_log = logging.getLogger(__name__)

# PostgreSQL's unique_violation, and SQLite's two names for it.
_ONLY_ONCE = frozenset({"23505", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"})

STATUS_OF_FAMILY: tuple[tuple[type[BadgeServiceError], int], ...] = (
    (InvalidError, 422),
    (NotFoundError, 404),
    (NotAllowedError, 403),
    (ConflictError, 409),
    (QuotaError, 429),
    (UnavailableError, 503),
)


@dataclass(frozen=True)
class Problem:
    """What went wrong, as people and machines are told it; `wait` is in seconds."""

    status: int
    code: str
    title: str
    message: str
    hint: str = ""
    faults: Sequence[Fault] = ()
    wait: int | None = None


def problem_of(error: Exception) -> Problem:
    """The problem an exception becomes."""
    if isinstance(error, BadgeServiceError):
        return _family_problem(error)
    if _is_raced(error):
        return _raced_problem()
    if isinstance(error, CSRFError):
        return _csrf_problem()
    if isinstance(error, RateLimitExceeded):
        return _too_many_problem()
    if isinstance(error, HTTPException) and error.code is not None and error.code < 500:
        return _http_problem(error.code)
    return Problem(
        500,
        "internal",
        _("Something went wrong on our side"),
        _("It is not your fault, and nothing you sent was half saved."),
        _("Try again in a moment. If it stays, tell the people who run this service what you did."),
    )


def status_of(error: BadgeServiceError) -> int:
    """The HTTP status of an error of ours; faults of a body are 422, a request we cannot read is 400."""
    if isinstance(error, InvalidError) and not error.faults:
        return 400
    return next((status for family, status in STATUS_OF_FAMILY if isinstance(error, family)), 500)


def _family_problem(error: BadgeServiceError) -> Problem:
    status = status_of(error)
    titles = {
        400: _("We cannot use this"),
        422: _("Something needs correcting"),
        404: _("There is nothing here"),
        403: _("This is not yours to do"),
        409: _("Somebody was faster"),
        429: _("That is more than is allowed just now"),
        503: _("Not available just now"),
    }
    title = titles.get(status, _("Something went wrong on our side"))
    faults = [translated_fault(fault) for fault in error.faults]
    return Problem(status, error.code, title, translated(error.message), translated(error.hint), faults)


def _is_raced(error: Exception) -> bool:
    """Whether two requests wrote at once what may be there once; every other refusal of the database is our fault."""
    if not isinstance(error, IntegrityError):
        return False
    code = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None)
    return code in _ONLY_ONCE


def _raced_problem() -> Problem:
    return Problem(
        409,
        "raced",
        _("Somebody was faster"),
        _("Nothing was changed."),
        _("Go back, load the page again and send the form once more."),
    )


def _csrf_problem() -> Problem:
    return Problem(
        400,
        "csrf",
        _("This form was open for too long"),
        _("Nothing was changed."),
        _("Go back, load the page again and send the form once more."),
    )


def _too_many_problem() -> Problem:
    wait = limits.seconds_to_wait()
    return Problem(
        429,
        "too_many",
        _("Too many tries"),
        _("Please wait %(seconds)s seconds, then try again.", seconds=wait),
        _("We slow everybody down here, so that nobody can guess codes or passwords."),
        wait=wait,
    )


def _http_problem(status: int) -> Problem:
    words = {
        404: ("not_found", _("There is nothing here"), _("We have no page at this address."), ""),
        405: (
            "method",
            _("This address works differently"),
            _("It cannot be opened in this way."),
            _("Start again from the front page."),
        ),
        413: (
            "too_large",
            _("That is too large"),
            _("The file or form is larger than we take."),
            _("Send a smaller file, for example a smaller photo."),
        ),
        410: ("gone", _("This was taken away"), _("It is no longer available."), ""),
        415: (
            "unsupported_media_type",
            _("We cannot read this kind of file"),
            _("Its kind, or the way it is packed, is not one that we take here."),
            "",
        ),
    }
    fallback = ("bad_request", _("We cannot use this"), _("The request could not be understood."), "")
    code, title, message, hint = words.get(status, fallback)
    return Problem(status, code, title, message, hint)


def wants_json() -> bool:
    """Whether the caller is a machine: an /api/ or .json path, or an Accept header that prefers JSON."""
    if request.path.startswith("/api/") or request.path.endswith(".json"):
        return True
    accept = request.accept_mimetypes
    return accept["application/json"] > accept["text/html"] or "application/problem+json" in accept.values()


def answer(error: Exception) -> Response:
    """The whole response for an exception: problem+json for machines, a page for people."""
    if not isinstance(error, (BadgeServiceError, HTTPException)):
        show_as_stranger()
    problem = problem_of(error)
    if isinstance(error, CSRFError) and resume.can_resume():
        return resume.page_for_stale_token()
    response = json_answer(problem) if wants_json() else _page_answer(problem)
    if isinstance(error, HTTPException) and problem.status == 405:
        response.headers.extend(error.get_headers())
        response.headers["Content-Type"] = response.content_type
    if problem.wait is not None:
        response.headers["Retry-After"] = str(problem.wait)
    response.headers["Cache-Control"] = "no-store"
    return response


def json_answer(problem: Problem) -> Response:
    """A problem as RFC 9457 problem+json, with every fault."""
    body = {
        "type": "about:blank",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.message,
        "code": problem.code,
        "hint": problem.hint,
        "faults": [{"where": f.where, "message": f.message, "code": f.code} for f in problem.faults],
    }
    text = json.dumps(body, ensure_ascii=False)
    return Response(text, status=problem.status, content_type="application/problem+json")


def _page_answer(problem: Problem) -> Response:
    try:
        if g.get("problem_pages_failed") or not _can_render():
            return _bare_answer(problem)
        return make_response(render_template("web/problem.html", problem=problem), problem.status)
    except Exception:  # noqa: BLE001  a page about an error must not become a second error
        _log.exception("the problem page itself failed")
        g.problem_pages_failed = True
        return _bare_answer(problem)


def _can_render() -> bool:
    # Werkzeug gives no URL adapter when the Host header is refused, and the layout needs addresses.
    return request.routing_exception is None or getattr(request.routing_exception, "code", 0) != 400


def _bare_answer(problem: Problem) -> Response:
    lines = (problem.title, problem.message, problem.hint)
    body = "".join(f"<p>{escape(line)}</p>" for line in lines if line)
    head = f'<!doctype html><html lang="{current_language()}"><meta charset="utf-8">'
    page = f"{head}<title>{escape(problem.title)}</title>{body}"
    return Response(page, status=problem.status, content_type="text/html; charset=utf-8")


def _handle_unexpected(error: Exception) -> Response:
    original = getattr(error, "original_exception", None) or error
    expected = isinstance(original, HTTPException) or _is_raced(original)
    if current_app.config.get("PROPAGATE_EXCEPTIONS") and not expected:
        raise original
    _log.error("unexpected error at %s %s", request.method, request.path, exc_info=original)
    return answer(original)


def _handle_http(error: HTTPException) -> Response:
    if error.response is not None:
        return make_response(error.response)
    if error.code is None or error.code >= 500:
        return _handle_unexpected(error)
    if 300 <= error.code < 400:
        return make_response(error.get_response())
    return answer(error)


def init_problems(app: Flask) -> None:
    """Send every error of the app through this map."""
    app.register_error_handler(BadgeServiceError, answer)
    app.register_error_handler(HTTPException, _handle_http)
    app.register_error_handler(Exception, _handle_unexpected)
