"""Where a learner of a workshop hands in evidence: own files, links and words, seen by the teachers alone."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from badge_service.awards import actions, words
from badge_service.awards.actions.handing_in import (
    find_attended,
    find_own_piece,
    hand_in,
    handed_in_by,
    take_back,
)
from badge_service.awards.case_forms import HandInForm
from badge_service.awards.pages.blueprint import blueprint
from badge_service.awards.pages.evidence import file_answer, handed_in_of
from badge_service.errors import InvalidError
from badge_service.people.viewers import own_viewer
from badge_service.web import access
from badge_service.web.limits import limited
from badge_service.web.surroundings import current_settings
from badge_service.web.unit_of_work import after_commit, current_session
from badge_service.web.uploads import cleaned

ADDRESS = "/workshops/<token>/hand-in"


@blueprint.route(f"{ADDRESS}/<slug>/<version>", methods=["GET", "POST"])
@access.signed_in
@limited("60 per minute")
@cleaned("file")
def own_evidence(token: str, slug: str, version: str) -> ResponseReturnValue:
    """What I have handed in, and the form to hand in more."""
    session, viewer = current_session(), own_viewer()
    workshop = find_attended(session, viewer, token)
    taught = actions.find_taught_version(session, workshop, slug, version)
    form = HandInForm()
    if form.validate_on_submit():
        try:
            handed_in = handed_in_of(form, viewer.person_id)
            hand_in(session, viewer, workshop, taught, handed_in, current_settings().evidence_folder)
        except InvalidError as error:
            form.show_faults(error)
        else:
            flash(_("Handed in."))
            return redirect(url_for(".own_evidence", token=token, slug=slug, version=version))
    page = render_template(
        "awards/own_evidence.html",
        activity=workshop.activity,
        version=taught,
        form=form,
        kept=handed_in_by(session, viewer, workshop, taught),
        required=taught.content.get("evidence_required", []),
        genres=words.GENRES,
    )
    return page, (422 if form.is_submitted() else 200)


@blueprint.get(f"{ADDRESS}/evidence/<piece>")
@access.signed_in
def own_evidence_file(token: str, piece: str) -> ResponseReturnValue:
    """A file that I handed in, always as an attachment."""
    session, viewer = current_session(), own_viewer()
    return file_answer(find_own_piece(session, viewer, find_attended(session, viewer, token), piece))


@blueprint.post(f"{ADDRESS}/evidence/<piece>/withdraw")
@access.signed_in
def withdraw_own_evidence(token: str, piece: str) -> ResponseReturnValue:
    """Take a piece back."""
    session, viewer = current_session(), own_viewer()
    workshop = find_attended(session, viewer, token)
    version_id = find_own_piece(session, viewer, workshop, piece).version_id
    take_back(session, viewer, workshop, piece)
    folder = current_settings().evidence_folder
    after_commit(lambda: actions.delete_file(folder, piece))
    flash(_("The evidence is taken back."))
    taught = next(one.version for one in workshop.versions if one.version_id == version_id)
    return redirect(
        url_for(".own_evidence", token=token, slug=taught.definition.slug, version=taught.version)
    )
