"""Addresses inside the service: which ones a redirect may go to, and where signing in lives."""

from urllib.parse import urlsplit

from flask import current_app, request, url_for
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import BuildError, RequestRedirect


def safe_next(target: str | None, fallback: str = "/") -> str:
    """`target` if it is a path of this service that GET answers, else `fallback`; never another host."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return fallback
    if "\\" in target or any(ord(character) < 0x20 for character in target):
        return fallback
    parts = urlsplit(target)
    if parts.scheme or parts.netloc:
        return fallback
    return target if _is_routed(parts.path) else fallback


def _is_routed(path: str) -> bool:
    adapter = current_app.url_map.bind(request.host)
    try:
        adapter.match(path, method="GET")
    except (NotFound, MethodNotAllowed, RequestRedirect, HTTPException):
        return False
    return True


def address_of(endpoint: str, **values: object) -> str | None:
    """The address of an endpoint, or None when its room is not there."""
    try:
        return url_for(endpoint, **values)  # type: ignore[arg-type]
    except BuildError:
        return None


def sign_in_address(next_path: str | None = None) -> str:
    """The sign-in page, coming back to `next_path` when that is a safe one."""
    endpoint = current_app.config["SIGN_IN_ENDPOINT"]
    back = safe_next(next_path, "")
    return address_of(endpoint, next=back or None) or "/"
