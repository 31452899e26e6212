"""What several pages of badges answer alike: files with clean names, and the one answer for whatever is not open."""

from urllib.parse import urlsplit

from flask import Response, make_response, render_template

from badge_service.backpack.rules import file_name

MEDIA_TYPES = {
    "json": "application/vc+ld+json",
    "jwt": "text/plain",
    "png": "image/png",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
}
_LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")


def phones_cannot_reach(address: str) -> bool:
    """Whether the address means “this very machine”, so that a phone that scans it would ask itself."""
    return urlsplit(address).hostname in _LOCAL_HOSTS


def file_answer(body: bytes, ending: str, title: str, *, download: bool = True, label: str = "") -> Response:
    """A file with its media type; its name is made of the badge's title (and `label`), never of a person's name."""
    response = Response(body, content_type=MEDIA_TYPES[ending])
    disposition = "attachment" if download else "inline"
    response.headers.set(
        "Content-Disposition", disposition, filename=file_name(f"{title} {label}".strip(), ending)
    )
    return response


def no_open_badge() -> Response:
    """The same page and status for unknown, held, declined and private badges (decisions 16)."""
    return unlisted(make_response(render_template("backpack/no_open_badge.html"), 404))


def withdrawn_badge() -> Response:
    """For a badge that was erased while its page was open (decisions 16)."""
    return unlisted(make_response(render_template("backpack/withdrawn_badge.html"), 410))


def no_open_evidence() -> Response:
    """The same page and status for unknown, closed and withdrawn evidence."""
    return unlisted(make_response(render_template("backpack/no_open_evidence.html"), 404))


def unlisted(response: Response) -> Response:
    """The same answer, which no search engine lists and nobody keeps."""
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "no-store"
    return response
