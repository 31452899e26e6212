"""Evidence of a workshop: what was handed in, for the group or one learner; files are served as attachments to its teachers."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from badge_service.awards import actions, words
from badge_service.awards.actions import HandedIn, took_place
from badge_service.awards.actions.grounds import Place
from badge_service.awards.case_forms import HandInForm
from badge_service.awards.forms import EvidenceForm
from badge_service.awards.pages.assessing import ADDRESS
from badge_service.awards.pages.blueprint import asked_for, blueprint
from badge_service.awards.tables import Evidence
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.errors import Fault, InvalidError, NotFoundError
from badge_service.people.viewers import own_viewer
from badge_service.web import access
from badge_service.web.attachments import attachment
from badge_service.web.limits import limited
from badge_service.web.surroundings import current_settings
from badge_service.web.unit_of_work import after_commit, current_session
from badge_service.web.uploads import cleaned, cleaned_files
from badge_service.workshops.tables import Workshop


@blueprint.route(f"{ADDRESS}/evidence", methods=["GET", "POST"])
@access.signed_in
@limited("60 per minute")
@cleaned("file")
def evidence(token: str, slug: str, version: str) -> ResponseReturnValue:
    """What was handed in so far, and the form to add more."""
    session = current_session()
    workshop, taught = asked_for(token, slug, version)
    learners = actions.learners_in(session, workshop)
    form = EvidenceForm()
    form.offer(learners)
    if form.validate_on_submit():
        try:
            numbers = {str(learner.number): learner.person_id for learner in learners}
            handed_in = handed_in_of(form, numbers.get(form.learner.data or ""))
            folder = current_settings().evidence_folder
            actions.add_evidence(session, own_viewer(), workshop, taught, handed_in, folder)
        except InvalidError as error:
            form.show_faults(error)
        else:
            flash(_("The evidence is kept."))
            return redirect(url_for(".evidence", token=token, slug=slug, version=version))
    return _page(workshop, taught, form), (422 if form.is_submitted() else 200)


@blueprint.post(f"{ADDRESS}/evidence/activity")
@access.signed_in
@limited("60 per minute")
def add_activity(token: str, slug: str, version: str) -> ResponseReturnValue:
    """Let something that took place stand in badges as evidence."""
    session, viewer = current_session(), own_viewer()
    workshop, taught = asked_for(token, slug, version)
    numbers = {str(one.number): one.person_id for one in actions.learners_in(session, workshop)}
    chosen = request.form.get("activity_learner", "")
    try:
        if chosen and chosen not in numbers:
            message = _("This learner is not in this group.")
            raise InvalidError(message, faults=[Fault("activity", message, "learner")])
        held, person_id = request.form.get("activity", ""), numbers.get(chosen)
        took_place.add_activity(session, viewer, current_settings(), workshop, taught, held, person_id)
    except InvalidError as error:
        form = EvidenceForm(formdata=None)
        form.offer(actions.learners_in(session, workshop))
        return _page(workshop, taught, form, error), 422
    flash(_("It stands in every badge given from now on."))
    return redirect(url_for(".evidence", token=token, slug=slug, version=version))


def _page(
    workshop: Workshop,
    taught: DefinitionVersion,
    form: EvidenceForm,
    wrong_activity: InvalidError | None = None,
) -> str:
    session, viewer = current_session(), own_viewer()
    learners = actions.learners_in(session, workshop)
    address = {
        "token": workshop.activity.token,
        "slug": taught.definition.slug,
        "version": taught.version,
    }
    return render_template(
        "awards/evidence.html",
        activity=workshop.activity,
        version=taught,
        address=address,
        form=form,
        kept=actions.evidence_of(session, workshop, taught),
        names={learner.person_id: learner.name for learner in learners},
        learners=learners,
        held=took_place.took_place(session, viewer, workshop),
        wrong_activity=wrong_activity,
        typed=request.form,
        genres=words.GENRES,
    )


@blueprint.post("/workshops/<token>/evidence/<piece>/withdraw")
@access.signed_in
def withdraw_evidence(token: str, piece: str) -> ResponseReturnValue:
    """Take a piece of evidence back."""
    workshop = actions.find_taught(current_session(), own_viewer(), token)
    row = actions.find_evidence(current_session(), workshop, piece)
    taught = next((one.version for one in workshop.versions if one.version_id == row.version_id), None)
    if taught is None:
        raise NotFoundError(_("There is no such evidence."), code="evidence.missing")
    actions.withdraw_evidence(current_session(), own_viewer(), workshop, piece)
    folder = current_settings().evidence_folder
    after_commit(lambda: actions.delete_file(folder, row.token))
    flash(_("The evidence is taken back."))
    return redirect(url_for(".evidence", token=token, slug=taught.definition.slug, version=taught.version))


@blueprint.post("/workshops/<token>/evidence/<piece>/in-badge")
@access.signed_in
def let_into_badge(token: str, piece: str) -> ResponseReturnValue:
    """Let the words of a piece stand in badges given from now on, or not."""
    session, viewer = current_session(), own_viewer()
    workshop = actions.find_taught(session, viewer, token)
    row = actions.find_evidence(session, workshop, piece)
    flash(told_into_badge(workshop, piece))
    taught = next(one.version for one in workshop.versions if one.version_id == row.version_id)
    return redirect(url_for(".evidence", token=token, slug=taught.definition.slug, version=taught.version))


@blueprint.get("/workshops/<token>/evidence/<piece>")
@access.signed_in
def evidence_file(token: str, piece: str) -> ResponseReturnValue:
    """The file of a piece of evidence, always as an attachment."""
    workshop = actions.find_taught(current_session(), own_viewer(), token)
    row = actions.find_evidence(current_session(), workshop, piece)
    return file_answer(row)


def told_into_badge(place: Place, piece: str) -> str:
    """Do as the form wants, whether the words of a piece stand in the badge; returns what to tell."""
    wanted = request.form.get("wanted") == "y"
    try:
        actions.let_into_badge(current_session(), own_viewer(), place, piece, wanted=wanted)
    except InvalidError as error:
        return " ".join([error.message, *(fault.message for fault in error.faults)])
    if wanted:
        return str(_("Its words will stand in the badge."))
    return str(_("Its words will not stand in the badge."))


def file_answer(row: Evidence) -> Response:
    """The file of a piece of evidence; raises `NotFoundError` where there is none."""
    content = actions.read_file(current_settings().evidence_folder, row)
    return attachment(content, row.media_type, f"evidence-{row.id}")


def handed_in_of(form: EvidenceForm | HandInForm, person_id: int | None) -> HandedIn:
    """What a form says, with the file that was sent beside it; raises InvalidError for one that cannot be taken."""
    return HandedIn(
        title=form.title.data or "",
        genre=form.genre.data or "other",
        text=form.text.data or "",
        url=(form.url.data or "").strip() or None,
        cleaned=cleaned_files().one(),
        person_id=person_id,
        in_credential=isinstance(form, EvidenceForm) and bool(form.in_credential.data),
    )
