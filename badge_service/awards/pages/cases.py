"""Recognition of prior learning at the school: the list of cases, opening one, its portfolio, levels and decision."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from badge_service.awards import actions, words
from badge_service.awards.actions import case_second
from badge_service.awards.actions.cases import (
    assessor_choices,
    cases_of,
    find_case,
    name_assessor,
    open_case,
)
from badge_service.awards.actions.recognising import note_assessed, recognise, refuse
from badge_service.awards.actions.teaching import may_assess
from badge_service.awards.case_forms import CaseForm
from badge_service.awards.forms import EvidenceForm
from badge_service.awards.pages.blueprint import blueprint
from badge_service.awards.pages.evidence import file_answer, handed_in_of, told_into_badge
from badge_service.awards.pages.sheets import changed_fields
from badge_service.awards.rules import identity_check
from badge_service.awards.rules.cases import BEING_LOOKED_AT, NOT_ENDED, CaseState
from badge_service.awards.signing import sign_after_commit
from badge_service.awards.tables import RecognitionCase
from badge_service.curriculum import actions as curriculum
from badge_service.curriculum.rules import rubric_of
from badge_service.curriculum.words import pass_rule_words, ready_words
from badge_service.errors import InvalidError
from badge_service.people.rules import Role
from badge_service.people.viewers import own_viewer
from badge_service.web import access
from badge_service.web.forms import asked_page, small_number
from badge_service.web.limits import limited
from badge_service.web.surroundings import current_settings
from badge_service.web.unit_of_work import after_commit, current_session
from badge_service.web.uploads import cleaned

_ENDED = (CaseState.AWARDED, CaseState.REFUSED, CaseState.WITHDRAWN)


@blueprint.get("/recognition/cases")
@access.roles("teacher")
def cases() -> ResponseReturnValue:
    """The cases of the viewer's organisations: those being looked at, or with `?which=closed` the others."""
    closed = request.args.get("which") == "closed"
    number = asked_page()
    page = cases_of(current_session(), own_viewer(), _ENDED if closed else NOT_ENDED, number)

    def address(number: int) -> str:
        return url_for(".cases", page=number, which="closed" if closed else None)

    return render_template(
        "awards/cases.html",
        page=page,
        closed=closed,
        states=words.CASES,
        me=own_viewer().person_id,
        previous=address(page.number - 1) if page.number > 1 else None,
        next=address(page.number + 1) if page.number < page.pages else None,
    )


@blueprint.route("/recognition/cases/new", methods=["GET", "POST"])
@access.roles("teacher")
@limited("30 per minute")
def new_case() -> ResponseReturnValue:
    """Open a case for somebody who asks in person."""
    session, viewer = current_session(), own_viewer()
    published = curriculum.published_versions(session, sorted(viewer.organisations_as(Role.TEACHER)))
    offered = [one for one in published if rubric_of(one.content).criteria]
    form = CaseForm()
    form.offer(offered)
    if form.validate_on_submit():
        version = next(one for one in offered if str(one.id) == form.version.data)
        try:
            case = open_case(
                session,
                viewer,
                version,
                name=form.name.data or "",
                email=(form.email.data or "").strip() or None,
            )
        except InvalidError as error:
            form.show_faults(error)
        else:
            flash(_("The case is open, and you are its assessor."))
            return redirect(url_for(".case", token=case.token))
    return render_template("awards/new_case.html", form=form, offered=offered), (
        422 if form.is_submitted() else 200
    )


@blueprint.get("/recognition/cases/<token>")
@access.roles("teacher")
def case(token: str) -> ResponseReturnValue:
    """One case: who asks for what, the portfolio, the levels, the decision."""
    return _page(find_case(current_session(), own_viewer(), token))


@blueprint.post("/recognition/cases/<token>/assessor")
@access.roles("teacher")
def case_assessor(token: str) -> ResponseReturnValue:
    """Name who judges this case."""
    session, viewer = current_session(), own_viewer()
    try:
        found = name_assessor(session, viewer, token, small_number(request.form.get("assessor", "")))
    except InvalidError as error:
        return _page(find_case(session, viewer, token), error=error), 422
    flash(_("%(name)s is the assessor now.", name=found.assessor.name if found.assessor else ""))
    return redirect(url_for(".case", token=token))


@blueprint.post("/recognition/cases/<token>/levels")
@access.roles("teacher")
def case_levels(token: str) -> ResponseReturnValue:
    """Save the levels, the reason and the comments of the one learner."""
    session, viewer = current_session(), own_viewer()
    found = find_case(session, viewer, token, lock=True)
    try:
        sheet = changed_fields(request.form, {1: found.person_id})
        actions.save_sheet(session, viewer, found, found.version, sheet)
    except InvalidError as error:
        return _page(found, error=error, typed=dict(request.form)), 422
    note_assessed(session, viewer, found)
    flash(_("Saved."))
    return redirect(url_for(".case", token=token, _anchor="decision"))


@blueprint.post("/recognition/cases/<token>/evidence")
@access.roles("teacher")
@limited("60 per minute")
@cleaned("file")
def case_evidence(token: str) -> ResponseReturnValue:
    """What the assessor adds to the portfolio, such as notes of a conversation."""
    session, viewer = current_session(), own_viewer()
    found = find_case(session, viewer, token)
    form = EvidenceForm()
    form.offer(actions.learners_in(session, found))
    if form.validate():
        try:
            handed_in = handed_in_of(form, found.person_id)
            actions.add_evidence(
                session, viewer, found, found.version, handed_in, current_settings().evidence_folder
            )
        except InvalidError as error:
            form.show_faults(error)
        else:
            flash(_("The evidence is kept."))
            return redirect(url_for(".case", token=token, _anchor="portfolio"))
    return _page(found, form=form), 422


@blueprint.get("/recognition/cases/<token>/evidence/<piece>")
@access.roles("teacher")
def case_file(token: str, piece: str) -> ResponseReturnValue:
    """A file of the portfolio, always as an attachment."""
    found = find_case(current_session(), own_viewer(), token)
    return file_answer(actions.find_evidence(current_session(), found, piece))


@blueprint.post("/recognition/cases/<token>/evidence/<piece>/withdraw")
@access.roles("teacher")
def withdraw_case_evidence(token: str, piece: str) -> ResponseReturnValue:
    """Take a piece out of the portfolio."""
    session, viewer = current_session(), own_viewer()
    actions.withdraw_evidence(session, viewer, find_case(session, viewer, token), piece)
    folder = current_settings().evidence_folder
    after_commit(lambda: actions.delete_file(folder, piece))
    flash(_("The evidence is taken back."))
    return redirect(url_for(".case", token=token, _anchor="portfolio"))


@blueprint.post("/recognition/cases/<token>/evidence/<piece>/in-badge")
@access.roles("teacher")
def let_case_piece_into_badge(token: str, piece: str) -> ResponseReturnValue:
    """Let the words of a piece of the portfolio stand in the badge, or not."""
    session, viewer = current_session(), own_viewer()
    flash(told_into_badge(find_case(session, viewer, token), piece))
    return redirect(url_for(".case", token=token, _anchor="portfolio"))


@blueprint.post("/recognition/cases/<token>/award")
@access.roles("teacher")
@limited("20 per minute")
def award_case(token: str) -> ResponseReturnValue:
    """Give the badge."""
    session, viewer = current_session(), own_viewer()
    try:
        award = recognise(
            session,
            viewer,
            current_settings(),
            token,
            identity_check=identity_check(request.form.get("identity_check")),
            seen_elsewhere=bool(request.form.get("seen")),
        )
    except InvalidError as error:
        return _page(find_case(session, viewer, token), error=error, typed=dict(request.form)), 422
    if award is None:
        sign_after_commit([])
        flash(_("Your decision is written down. A second person confirms it."))
        return redirect(url_for(".case", token=token))
    sign_after_commit([award.token])
    flash(_("The badge is given."))
    return redirect(url_for(".show", token=award.token))


@blueprint.post("/recognition/cases/<token>/second")
@access.roles("teacher")
@limited("20 per minute")
def confirm_case(token: str) -> ResponseReturnValue:
    """A second person confirms what the assessor decided, or sends it back."""
    session, viewer = current_session(), own_viewer()
    if request.form.get("answer") != "yes":
        case_second.send_back_case(session, viewer, token)
        sign_after_commit([])
        flash(_("Sent back. Nobody has been awarded."))
        return redirect(url_for(".case", token=token))
    award = case_second.confirm_case(session, viewer, current_settings(), token)
    sign_after_commit([award.token])
    flash(_("Confirmed. The badge is given."))
    return redirect(url_for(".show", token=award.token))


@blueprint.post("/recognition/cases/<token>/undo")
@access.roles("teacher")
@limited("20 per minute")
def undo_case(token: str) -> ResponseReturnValue:
    """Take the badge back while its mail has not left, and judge again."""
    actions.undo_case(current_session(), own_viewer(), current_settings(), token)
    sign_after_commit([])
    flash(_("The badge is taken back. Correct the levels and decide again."))
    return redirect(url_for(".case", token=token))


@blueprint.post("/recognition/cases/<token>/refuse")
@access.roles("teacher")
def refuse_case(token: str) -> ResponseReturnValue:
    """Close the case without a badge."""
    session, viewer = current_session(), own_viewer()
    try:
        refuse(session, viewer, token, request.form.get("refusal", ""))
    except InvalidError as error:
        return _page(find_case(session, viewer, token), error=error, typed=dict(request.form)), 422
    flash(_("The case is closed. The learner reads your reason on their page."))
    return redirect(url_for(".case", token=token))


def _page(
    found: RecognitionCase,
    *,
    form: EvidenceForm | None = None,
    error: InvalidError | None = None,
    typed: dict[str, str] | None = None,
) -> str:
    session, viewer = current_session(), own_viewer()
    (row,) = actions.readiness_of(session, found, found.version)
    if form is None:
        form = EvidenceForm(formdata=None)
        form.offer([])
    rubric = rubric_of(found.version.content)
    return render_template(
        "awards/case.html",
        case=found,
        version=found.version,
        rubric=rubric,
        row=row,
        mine=may_assess(viewer, found) and found.state in BEING_LOOKED_AT,
        undo_until=actions.case_undo_until(session, current_settings(), found)
        if may_assess(viewer, found)
        else None,
        is_open=found.state in BEING_LOOKED_AT,
        is_first=found.decided_by == viewer.key,
        states=words.CASES,
        teachers=assessor_choices(session, found),
        kept=actions.evidence_of(session, found, found.version),
        needed=actions.pieces_needed(found.version),
        required=found.version.content.get("evidence_required", []),
        genres=words.GENRES,
        identity=words.IDENTITY,
        why_not=words.why_not,
        ready_words=ready_words,
        pass_rule=pass_rule_words(found.version.content),
        allowed=actions.allowance(session, found.organisation_id, viewer.acting_key()),
        typed=typed or {},
        form=form,
        error=error,
    )
