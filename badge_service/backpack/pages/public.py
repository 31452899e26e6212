"""What a stranger gets of an open badge beside its page: the files, and the way from a typed share code to the page."""

from collections.abc import Callable

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from badge_service.awards.actions import read_file
from badge_service.awards.words import GENRES
from badge_service.backpack import actions, files
from badge_service.backpack.pages.answers import (
    file_answer,
    no_open_badge,
    no_open_evidence,
    unlisted,
    withdrawn_badge,
)
from badge_service.errors import InvalidError, NotFoundError
from badge_service.register.rules import credential_path
from badge_service.web import access
from badge_service.web.attachments import attachment
from badge_service.web.limits import limited
from badge_service.web.sentences import translated
from badge_service.web.surroundings import current_settings
from badge_service.web.unit_of_work import current_session

public_pages = Blueprint("shared_badges", __name__, template_folder="../templates")


@public_pages.get("/credentials/<token>.png")
@access.public
def png_file(token: str) -> Response:
    """The picture with the badge inside, as PNG."""
    return _file(token, "png", files.png_file)


@public_pages.get("/credentials/<token>.svg")
@access.public
def svg_file(token: str) -> Response:
    """The picture with the badge inside, as SVG."""
    return _file(token, "svg", files.svg_file)


@public_pages.get("/credentials/<token>/certificate.pdf")
@access.public
def certificate(token: str) -> Response:
    """The certificate in the reader's language (`?lang=bg`)."""
    return _file(token, "pdf", lambda material: files.certificate_file(material, current_settings()))


@public_pages.get("/credentials/<token>/qr.png")
@access.public
def qr_as_png(token: str) -> Response:
    """The QR code of the share link."""
    return _file(
        token, "png", lambda material: files.qr_png_file(material.token, current_settings()), label="qr"
    )


@public_pages.get("/credentials/<token>/qr.svg")
@access.public
def qr_as_svg(token: str) -> Response:
    """The QR code of the share link."""
    return _file(
        token, "svg", lambda material: files.qr_svg_file(material.token, current_settings()), label="qr"
    )


@public_pages.get("/evidence/<token>")
@access.public
def evidence(token: str) -> Response:
    """A piece of evidence that its learner has opened by link."""
    try:
        found = actions.open_evidence(current_session(), token)
    except NotFoundError:
        return no_open_evidence()
    genre = GENRES.get(found.piece.genre, found.piece.genre)
    page = render_template(
        "backpack/open_evidence.html", piece=found.piece, version=found.version, genre=genre
    )
    return unlisted(make_response(page))


@public_pages.get("/evidence/<token>/file")
@access.public
def evidence_file(token: str) -> Response:
    """Its file, always as an attachment that runs nothing."""
    try:
        found = actions.open_evidence(current_session(), token)
    except NotFoundError:
        return no_open_evidence()
    piece = found.piece
    content = read_file(current_settings().evidence_folder, piece)
    return unlisted(attachment(content, piece.media_type, f"evidence-{piece.id}"))


@public_pages.get("/v")
@access.public
def code_form() -> ResponseReturnValue:
    """Where a share code from a certificate is typed; `?code=` is the form's own way to send it, without a cookie."""
    typed = request.args.get("code", "").strip()
    if typed:
        return redirect(url_for(".by_code", code=typed[:40]), 303)
    return render_template("backpack/share_code.html", typed="", mistake="")


@public_pages.get("/v/<code>")
@access.public
@limited("10 per minute", methods=("GET", "HEAD"), failures_only=True)
def by_code(code: str) -> ResponseReturnValue:
    """To the page of the open badge with this share code; a typing mistake is told from a code that leads nowhere."""
    try:
        badge = actions.find_by_share_code(current_session(), code)
    except InvalidError as error:
        mistake = translated(error.faults[0].message)
        return render_template("backpack/share_code.html", typed=code, mistake=mistake), 422
    if badge is None:
        return no_open_badge()
    return redirect(credential_path(badge.token), 303)


def _file(
    token: str, ending: str, make: Callable[[actions.BadgeMaterial], bytes], *, label: str = ""
) -> Response:
    session = current_session()
    badge = actions.open_badge(session, token)
    if badge is None:
        return withdrawn_badge() if actions.was_erased(session, token) else no_open_badge()
    material = actions.open_material(session, token)
    response = file_answer(make(material), ending, badge.title, download=False, label=label)
    if badge.noindex:
        response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "no-cache"  # hidden again means hidden at once
    return response
