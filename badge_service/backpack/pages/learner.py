"""A learner's own pages: the shelf, one badge with its switch, its files, its LinkedIn form."""

from functools import partial

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from badge_service.awards.actions import delete_file, pathway_progress
from badge_service.awards.rules import AgeBand, AgeQuestion, Sharing
from badge_service.awards.words import CORRECTED
from badge_service.backpack import actions, files
from badge_service.backpack.forms import AgeForm
from badge_service.backpack.pages.answers import file_answer, phones_cannot_reach
from badge_service.backpack.rules import linkedin_form, share_address
from badge_service.errors import UnavailableError
from badge_service.keyring.rules import Keyring
from badge_service.people import actions as people
from badge_service.people.viewers import own_viewer
from badge_service.register.actions import sign_intended
from badge_service.storage.session import Database
from badge_service.web import access
from badge_service.web.forms import asked_page
from badge_service.web.i18n import LANGUAGES
from badge_service.web.surroundings import current_keyring, current_settings
from badge_service.web.unit_of_work import after_commit, current_database, current_session

learner_pages = Blueprint(
    "backpack", __name__, template_folder="../templates", static_folder="../static", url_prefix="/badges"
)


@learner_pages.get("")
@access.signed_in
def badges() -> ResponseReturnValue:
    """My badges, and those waiting for an answer."""
    page = asked_page()
    session, viewer = current_session(), own_viewer()
    shelf = actions.badges_of(session, viewer, page)
    confirmed = [one for one in people.addresses(session, viewer.person_id or 0) if one.verified_at]
    return render_template("backpack/shelf.html", shelf=shelf, asks_address=len(confirmed) < 2)


@learner_pages.get("/pathways")
@access.signed_in
def pathways() -> ResponseReturnValue:
    """The pathways I am on: what is done, what is still needed."""
    return render_template("backpack/pathways.html", found=pathway_progress(current_session(), own_viewer()))


@learner_pages.get("/<token>")
@access.signed_in
def show(token: str) -> ResponseReturnValue:
    """One badge: who can see it, how to show it, what is in it."""
    return _page(token)


@learner_pages.post("/<token>/sharing")
@access.signed_in
def share(token: str) -> ResponseReturnValue:
    """Open, list or hide the page of one badge; whoever was never asked is asked first when they were born."""
    session, viewer = current_session(), own_viewer()
    wanted = request.form.get("sharing", "")
    badge = actions.find_own(session, viewer, token)
    if badge.age is not None and wanted != Sharing.PRIVATE:
        form = _age_form(badge.age)
        if not form.validate():
            return _page(token, form), 422
        actions.answer_age(session, viewer, AgeBand(form.age.data))
        if actions.find_own(session, viewer, token).refusal is not None:
            return redirect(url_for(".show", token=token, _anchor="who"), 303)  # where the reason stands
    chosen = actions.set_sharing(session, viewer, token, wanted)
    words = {
        Sharing.PRIVATE: _("Hidden. Only you can see this badge now."),
        Sharing.LINK: _("Open. People who have your link can see this badge now."),
        Sharing.LISTED: _("Listed. Everybody can find this badge now."),
    }
    flash(words[chosen])
    return redirect(url_for(".show", token=token), 303)


@learner_pages.post("/<token>/name")
@access.signed_in
def name(token: str) -> ResponseReturnValue:
    """Put the learner's name into the badge, or take it out; the new edition is signed after the commit."""
    with_name = request.form.get("name") == "with"
    if actions.set_name(current_session(), own_viewer(), token, with_name=with_name):
        algorithm = current_settings().jwt_algorithm
        after_commit(partial(_sign, current_database(), current_keyring(), token, algorithm))
        flash(_("Your name is in this badge now.") if with_name else _("Your name is out of this badge now."))
    return redirect(url_for(".show", token=token), 303)


@learner_pages.post("/<token>/evidence/<piece>")
@access.signed_in
def own_piece(token: str, piece: str) -> ResponseReturnValue:
    """Open one piece of my evidence by link, close it, or take it back; the file of one taken back is deleted."""
    wanted = actions.set_piece(
        current_session(), own_viewer(), token, piece, request.form.get("evidence", "")
    )
    if wanted is actions.Wish.WITHDRAWN:
        folder = current_settings().evidence_folder
        after_commit(lambda: delete_file(folder, piece))
    words = {
        actions.Wish.OPEN: _("Open. People who have its link can see this evidence now."),
        actions.Wish.CLOSED: _("Closed. Only you and your teachers can see this evidence now."),
        actions.Wish.WITHDRAWN: _("Taken back. Nobody can see it any more."),
    }
    flash(words[wanted])
    return redirect(url_for(".show", token=token, _anchor="evidence"), 303)


@learner_pages.get("/<token>/badge.json")
@access.signed_in
def json_file(token: str) -> Response:
    """The exact signed text."""
    session, viewer = current_session(), own_viewer()
    text = actions.signed_text(session, viewer, token)
    title = actions.find_own(session, viewer, token).entry.title
    return file_answer(text.encode(), "json", title)


@learner_pages.get("/<token>/badge.jwt")
@access.signed_in
def jwt_file(token: str) -> Response:
    """The same edition as a compact JWT, for readers that know no embedded proofs."""
    session, viewer = current_session(), own_viewer()
    text = actions.signed_jwt(session, viewer, token)
    title = actions.find_own(session, viewer, token).entry.title
    return file_answer(text.encode(), "jwt", title)


@learner_pages.get("/<token>/badge.png")
@access.signed_in
def png_file(token: str) -> Response:
    """The picture with the badge inside, as PNG."""
    material = _material(token)
    return file_answer(files.png_file(material), "png", material.title)


@learner_pages.get("/<token>/badge.svg")
@access.signed_in
def svg_file(token: str) -> Response:
    """The picture with the badge inside, as SVG."""
    material = _material(token)
    return file_answer(files.svg_file(material), "svg", material.title)


@learner_pages.get("/<token>/certificate.pdf")
@access.signed_in
def certificate(token: str) -> Response:
    """The certificate in the language of the request (`?lang=bg`)."""
    material = _material(token)
    return file_answer(files.certificate_file(material, current_settings()), "pdf", material.title)


@learner_pages.get("/<token>/qr.png")
@access.signed_in
def qr_as_png(token: str) -> Response:
    """The QR code of the share link, to print."""
    title = actions.find_own(current_session(), own_viewer(), token).entry.title
    return file_answer(files.qr_png_file(token, current_settings()), "png", title, label="qr")


@learner_pages.get("/<token>/qr.svg")
@access.signed_in
def qr_as_svg(token: str) -> Response:
    """The QR code of the share link, to print at any size."""
    title = actions.find_own(current_session(), own_viewer(), token).entry.title
    return file_answer(files.qr_svg_file(token, current_settings()), "svg", title, label="qr")


@learner_pages.get("/<token>/linkedin")
@access.signed_in
def linkedin(token: str) -> ResponseReturnValue:
    """LinkedIn's form, field by field, to copy."""
    badge = actions.find_own(current_session(), own_viewer(), token)
    if badge.contents is None:
        raise UnavailableError(
            _("This badge is still being signed. Try again in a minute."), code="badge.unsigned"
        )
    form = linkedin_form(
        title=badge.contents.title,
        issuer=badge.contents.issuer,
        awarded=badge.contents.awarded,
        expires=badge.contents.valid_until,
        share_code=badge.share_code,
        share_url=share_address(current_settings().address, token),
    )
    return render_template("backpack/linkedin.html", badge=badge, form=form)


def _page(token: str, form: AgeForm | None = None) -> str:
    session, viewer = current_session(), own_viewer()
    badge = actions.find_own(session, viewer, token)
    address = current_settings().address
    is_signed = badge.contents is not None
    return render_template(
        "backpack/badge.html",
        badge=badge,
        address=address,
        pieces=actions.own_pieces(session, viewer, token) if is_signed else [],
        signed_pieces=actions.evidence_now(session, token) if is_signed else [],
        age_form=form or (_age_form(badge.age) if badge.age else None),
        sharing=badge.entry.sharing.value,
        refusal=actions.refusal_words(badge.refusal) if badge.refusal else "",
        share_url=share_address(address, token),
        check_address=f"{address.split('://', 1)[-1]}/v",
        only_this_machine=phones_cannot_reach(address),
        languages=LANGUAGES,
        changed=CORRECTED,
    )


def _age_form(question: AgeQuestion) -> AgeForm:
    form = AgeForm()
    form.offer(question)
    return form


def _sign(database: Database, keyring: Keyring, token: str, jwt_algorithm: str) -> None:
    sign_intended(database, keyring, document_tokens=[token], jwt_algorithm=jwt_algorithm)


def _material(token: str) -> actions.BadgeMaterial:
    return actions.own_material(current_session(), own_viewer(), token)
