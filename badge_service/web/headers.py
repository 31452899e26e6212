"""What every answer says to the browser about safety: content policy, cookies, hosts, sizes, caching."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, request, session
from werkzeug.datastructures import MultiDict

from badge_service.web.viewer import viewer_if_known

_MEBIBYTE = 1024 * 1024
_SURROGATE = re.compile("[\ud800-\udfff]")

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob:",
        "media-src 'self' blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
    )
)

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


def refuse_unstorable() -> None:
    """Before each request: 400 for text with NUL or with half a character, which no database of ours takes."""
    asked = (request.path, *_texts(request.args), *_texts(request.form))
    if any("\0" in text or _SURROGATE.search(text) for text in asked):
        abort(400)


def _texts(values: MultiDict[str, str]) -> Iterator[str]:
    for name, value in values.items(multi=True):
        yield from (name, value)


def set_headers(response: Response) -> Response:
    """Add the safety headers; a view that set one of them itself keeps its own."""
    response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if current_app.config["SESSION_COOKIE_SECURE"] and request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    # Merely looking at the session adds "Vary: Cookie", which published files must not carry: look for pages only.
    is_page = response.mimetype == "text/html"
    if viewer_if_known().is_signed_in or (is_page and session.modified):
        response.headers["Cache-Control"] = "no-store"
    elif is_page:  # it depends on the reader's language
        response.headers.setdefault("Cache-Control", "private, no-cache")
    return response


def init_headers(app: Flask) -> None:
    """Cookie flags and size limits from PUBLIC_URL's scheme, and the headers after every request.

    `TRUSTED_HOSTS` is set by app.py from PUBLIC_URL; unset, Flask takes any Host header.
    """
    secure = urlsplit(app.config.get("PUBLIC_URL") or "").scheme == "https"
    app.config.update(
        SESSION_COOKIE_NAME="__Host-session" if secure else "session",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        REMEMBER_COOKIE_NAME="__Host-remember" if secure else "remember",
        REMEMBER_COOKIE_SECURE=secure,
        REMEMBER_COOKIE_HTTPONLY=True,
        REMEMBER_COOKIE_SAMESITE="Lax",
    )
    if app.config["MAX_CONTENT_LENGTH"] is None:
        app.config["MAX_CONTENT_LENGTH"] = 12 * _MEBIBYTE  # a photo from a phone
    app.config["MAX_FORM_PARTS"] = 10_000  # a matrix of 200 learners and 12 criteria, and room
    app.config["MAX_FORM_MEMORY_SIZE"] = 2 * _MEBIBYTE
    app.before_request(refuse_unstorable)
    app.after_request(set_headers)
