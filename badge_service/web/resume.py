"""A form sent after the session ended is not lost: its page comes back with everything typed, ready to send again.

Nothing is stored: what was typed travels in the page itself. Secrets and files are left out.
"""

from urllib.parse import urlsplit

from flask import Response, make_response, render_template, request

from badge_service.web.addresses import sign_in_address

_SECRET_WORDS = ("password", "passphrase", "secret", "csrf", "token")


def came_from_here() -> bool:
    """Whether the browser says that this request was sent by a page of ours."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc == request.host


def can_resume() -> bool:
    """Only a form that one of our own pages sent is offered again; never one from another site."""
    is_form = request.mimetype in {"application/x-www-form-urlencoded", "multipart/form-data"}
    return request.method == "POST" and is_form and came_from_here()


def typed_fields() -> list[tuple[str, str]]:
    """What was typed, in order, without secrets and files."""
    return [
        (name, value)
        for name, values in request.form.lists()
        for value in values
        if not any(word in name.lower() for word in _SECRET_WORDS)
    ]


def page_for_lost_session() -> Response:
    """The answer to a POST by somebody whose session has ended: sign in again, then send again."""
    return _page(sign_in=sign_in_address(_referring_path()))


def page_for_stale_token() -> Response:
    """The answer to a form whose protection has run out: send again."""
    return _page(sign_in=None)


def _page(sign_in: str | None) -> Response:
    offered = can_resume()
    page = render_template(
        "web/resume.html",
        fields=typed_fields() if offered else [],
        offered=offered,
        had_files=bool(request.files),
        action=request.full_path.rstrip("?"),
        sign_in=sign_in,
    )
    response = make_response(page, 401 if sign_in else 400)
    response.headers["Cache-Control"] = "no-store"
    return response


def _referring_path() -> str | None:
    parts = urlsplit(request.referrer or "")
    return parts.path if parts.netloc == request.host else None
