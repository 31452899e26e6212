"""Our own style sheets, scripts and pictures: addresses that change with their content, and an organisation's accent colour."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Blueprint, Flask, Response, request, url_for
from flask_babel import gettext as _

from badge_service.errors import NotFoundError
from badge_service.web import access

STATIC = Path(__file__).parent / "static"
_FOREVER = "public, max-age=31536000, immutable"
_HEX_DIGITS = frozenset("0123456789abcdef")

accent_pages = Blueprint("accents", __name__)


@cache
def _digest(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


def asset(name: str) -> str:
    """The address of a file in `web/static/`, with its digest so that browsers may keep it."""
    return url_for("web.static", filename=name, v=_digest(name))


def accent_sheet(colour: str) -> str:
    """The style sheet that changes the accent to `colour` (six hex digits), readable on light and on dark."""
    light, dark = _readable(colour, on_dark=False), _readable(colour, on_dark=True)
    ink = "#ffffff"
    return (
        f":root{{--accent:#{light};--accent-ink:{ink}}}\n"
        f"@media (prefers-color-scheme:dark){{:root{{--accent:#{dark};--accent-ink:#14110d}}}}\n"
    )


def accent_address(colour: str) -> str:
    """The digest address of the sheet of an organisation's colour."""
    digest = hashlib.sha256(accent_sheet(colour).encode()).hexdigest()[:12]
    return url_for("accents.sheet", colour=colour.lower(), digest=digest)


@accent_pages.get("/static/accents/<colour>-<digest>.css")
@access.public
def sheet(colour: str, digest: str) -> Response:
    """One organisation's accent as a style sheet."""
    if len(colour) != 6 or not set(colour) <= _HEX_DIGITS:
        raise NotFoundError(_("There is no such style sheet."))
    text = accent_sheet(colour)
    if hashlib.sha256(text.encode()).hexdigest()[:12] != digest:
        raise NotFoundError(_("There is no such style sheet."))
    return Response(text, mimetype="text/css", headers={"Cache-Control": _FOREVER})


def _readable(colour: str, *, on_dark: bool) -> str:
    """The colour, made darker (or lighter) until text in it has a contrast of 5.2 to 1 with the page."""
    channels = [int(colour[i : i + 2], 16) for i in (0, 2, 4)]
    ground = 0.012 if on_dark else 0.93
    while _contrast(_luminance(channels), ground) < 5.2:
        channels = [c + max(1, (255 - c) // 12) if on_dark else c - max(1, c // 12) for c in channels]
        channels = [min(255, max(0, c)) for c in channels]
    return "".join(f"{c:02x}" for c in channels)


def _luminance(channels: list[int]) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    linear = [c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: float, other: float) -> float:
    lighter, darker = max(one, other), min(one, other)
    return (lighter + 0.05) / (darker + 0.05)


def _long_cache(response: Response) -> Response:
    if request.endpoint == "web.static" and "v" in request.args and response.status_code == 200:
        response.headers["Cache-Control"] = _FOREVER
    return response


def init_assets(app: Flask) -> None:
    """Give templates `asset(name)` and `accent_address(colour)`."""
    app.register_blueprint(accent_pages)
    app.after_request(_long_cache)
    app.jinja_env.globals.update(asset=asset, accent_address=accent_address)
