"""Serves what machines fetch, byte for byte as the register published it: no cookies, no redirect."""

from flask import Blueprint, Response, request
from flask_babel import gettext as _
from werkzeug.exceptions import Gone

from badge_service.errors import NotFoundError
from badge_service.openbadges.proofs.vc_jwt import BADGE_MEDIA_TYPE, MEDIA_TYPE
from badge_service.register.actions import read_published
from badge_service.register.rules import Published, as_jwt
from badge_service.web import access
from badge_service.web.unit_of_work import current_session

_ASK_FOR_JSON = {"application/json", "application/ld+json", "application/vc+ld+json", "application/vc+json"}

published_pages = Blueprint("published", __name__)


@published_pages.get("/.well-known/<path:rest>")
@published_pages.get("/images/<path:rest>")
@published_pages.get("/credentials/<rest>.json")
@published_pages.get("/credentials/<rest>.jwt")
@published_pages.get("/issuers/<path:rest>.json")
@published_pages.get("/issuers/<path:rest>.jwt")
@published_pages.get("/achievements/<path:rest>.json")
@published_pages.get("/<path:rest>.json")
@access.public
def serve(rest: str) -> Response:
    """The published bytes of this path with their own media type; 404 when unknown or hidden, 410 when taken away."""
    found = _as_asked_for() or read_published(current_session(), request.path)
    if found is None:
        raise NotFoundError(_("There is nothing published at this address."))
    if found.gone:
        raise Gone
    response = Response(found.body, content_type=found.media_type)
    response.set_etag(found.etag)
    if _has_two_forms():
        response.vary.add("Accept")
    response.headers["Cache-Control"] = "public, max-age=60"
    if request.path.startswith("/credentials/"):
        response.headers["X-Robots-Tag"] = "noindex"  # a badge is found, if at all, by its page
        response.headers["Cache-Control"] = "no-cache"  # hidden again means hidden at once
    return response.make_conditional(request)  # type: ignore[return-value]


def _as_asked_for() -> Published | None:
    """Status lists and badges have a VC-JWT form beside them, for whoever asks for that alone (decisions 6, 7)."""
    asked = set(request.accept_mimetypes.values())
    if not _has_two_forms() or not asked & {MEDIA_TYPE, BADGE_MEDIA_TYPE} or asked & _ASK_FOR_JSON:
        return None
    return read_published(current_session(), as_jwt(request.path))


def _has_two_forms() -> bool:
    of_two = "/status/" in request.path or request.path.startswith("/credentials/")
    return of_two and request.path.endswith(".json")


@published_pages.after_request
def open_to_all_origins(response: Response) -> Response:
    """A verifier in somebody else's web page may read these addresses, their 404 and 410 too."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
