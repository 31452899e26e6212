"""Recognition of prior learning for the learner: ask for it, hand in a portfolio, see what became of it, take it back."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from badge_service.awards import actions, words
from badge_service.awards.actions.cases import (
    ask_for_recognition,
    find_own_case,
    is_recognisable,
    own_cases,
    withdraw_case,
)
from badge_service.awards.actions.handing_in import find_own_piece, hand_in, handed_in_by, take_back
from badge_service.awards.case_forms import AskForm, HandInForm
from badge_service.awards.pages.blueprint import blueprint
from badge_service.awards.pages.evidence import file_answer, handed_in_of
from badge_service.awards.rules.cases import BEING_LOOKED_AT, NOT_ENDED
from badge_service.awards.tables import RecognitionCase
from badge_service.curriculum import actions as curriculum
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.errors import ConflictError, InvalidError
from badge_service.people.viewers import own_viewer
from badge_service.web import access
from badge_service.web.limits import limited
from badge_service.web.surroundings import current_settings
from badge_service.web.unit_of_work import after_commit, current_session
from badge_service.web.uploads import cleaned


@blueprint.get("/recognition")
@access.signed_in
def recognition() -> ResponseReturnValue:
    """What I have asked for."""
    found = own_cases(current_session(), own_viewer())
    return render_template("awards/recognition.html", cases=found, states=words.CASES)


@blueprint.route("/recognition/ask/<slug>/<version>", methods=["GET", "POST"])
@access.signed_in
@limited("10 per minute")
def ask_for_case(slug: str, version: str) -> ResponseReturnValue:
    """Ask for one badge; a portfolio is handed in afterwards."""
    session, viewer = current_session(), own_viewer()
    wanted = curriculum.find_version(session, slug, version)
    if not is_recognisable(session, wanted):
        raise ConflictError(
            _("This badge cannot be earned by what was learnt before."), code="case.not_recognisable"
        )
    if (asked := _asked_already(wanted)) is not None:
        flash(_("There is an open case for this badge already."))
        return redirect(url_for(".own_case", token=asked.token))
    form = AskForm()
    if form.validate_on_submit():
        try:
            case = ask_for_recognition(session, viewer, wanted, form.statement.data or "")
        except InvalidError as error:
            form.show_faults(error)
        else:
            flash(_("Asked. Now show what you can do: hand in your evidence."))
            return redirect(url_for(".own_case", token=case.token))
    page = render_template("awards/ask.html", form=form, version=wanted)
    return page, (422 if form.is_submitted() else 200)


@blueprint.route("/recognition/<token>", methods=["GET", "POST"])
@access.signed_in
@limited("60 per minute")
@cleaned("file")
def own_case(token: str) -> ResponseReturnValue:
    """One case of mine, and the form to hand in evidence."""
    session, viewer = current_session(), own_viewer()
    case = find_own_case(session, viewer, token)
    form = HandInForm()
    if form.validate_on_submit():
        try:
            handed_in = handed_in_of(form, viewer.person_id)
            hand_in(session, viewer, case, case.version, handed_in, current_settings().evidence_folder)
        except InvalidError as error:
            form.show_faults(error)
        else:
            flash(_("Handed in."))
            return redirect(url_for(".own_case", token=token))
    return _page(case, form), (422 if form.is_submitted() else 200)


@blueprint.post("/recognition/<token>/withdraw")
@access.signed_in
def withdraw_own_case(token: str) -> ResponseReturnValue:
    """Take the request back."""
    withdraw_case(current_session(), own_viewer(), token)
    flash(_("Taken back. Nobody judges it any more."))
    return redirect(url_for(".own_case", token=token))


@blueprint.get("/recognition/<token>/evidence/<piece>")
@access.signed_in
def own_case_file(token: str, piece: str) -> ResponseReturnValue:
    """A file that I handed in, always as an attachment."""
    session, viewer = current_session(), own_viewer()
    return file_answer(find_own_piece(session, viewer, find_own_case(session, viewer, token), piece))


@blueprint.post("/recognition/<token>/evidence/<piece>/withdraw")
@access.signed_in
def withdraw_own_case_evidence(token: str, piece: str) -> ResponseReturnValue:
    """Take a piece of my portfolio back."""
    session, viewer = current_session(), own_viewer()
    take_back(session, viewer, find_own_case(session, viewer, token), piece)
    folder = current_settings().evidence_folder
    after_commit(lambda: actions.delete_file(folder, piece))
    flash(_("The evidence is taken back."))
    return redirect(url_for(".own_case", token=token))


def _asked_already(version: DefinitionVersion) -> RecognitionCase | None:
    mine = own_cases(current_session(), own_viewer())
    return next((one for one in mine if one.version_id == version.id and one.state in NOT_ENDED), None)


def _page(case: RecognitionCase, form: HandInForm) -> str:
    return render_template(
        "awards/own_case.html",
        case=case,
        version=case.version,
        form=form,
        kept=handed_in_by(current_session(), own_viewer(), case, case.version),
        is_open=case.state in BEING_LOOKED_AT,
        states=words.CASES,
        required=case.version.content.get("evidence_required", []),
        genres=words.GENRES,
    )
