"""What learners say about a workshop: the teacher opens the questions, closes them, reads results and makes findings."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields import SelectChoice

from badge_service.alliance.rules import Quality
from badge_service.alliance.tables import Activity
from badge_service.errors import InvalidError
from badge_service.people.rules import Role
from badge_service.people.viewers import own_viewer
from badge_service.surveys.actions import form_of, words_of
from badge_service.surveys.rules import LEAST, LOW_RATE, said
from badge_service.surveys.showing import shown
from badge_service.surveys.tables import SurveyRun
from badge_service.web import access
from badge_service.web.forms import small_number
from badge_service.web.i18n import current_language
from badge_service.web.limits import limited
from badge_service.web.sentences import translated
from badge_service.web.surroundings import current_settings
from badge_service.web.texts import plain
from badge_service.web.unit_of_work import current_session
from badge_service.workshops import actions
from badge_service.workshops.actions import feedback as asking
from badge_service.workshops.actions import feedback_findings as findings
from badge_service.workshops.forms.feedback import FeedbackFindingForm
from badge_service.workshops.pages.blueprint import blueprint
from badge_service.workshops.pages.here import today
from badge_service.workshops.rules.feedback import FEW_LEARNERS, MOST_OUTCOMES, FeedbackForm, follow_up_days
from badge_service.workshops.tables import Workshop


@blueprint.get("/<token>/feedback")
@access.signed_in
def feedback(token: str) -> ResponseReturnValue:
    """Where the questions stand: not asked yet, open with its code, or what was counted; and when it is asked again."""
    workshop = actions.find_workshop(current_session(), own_viewer(), token)
    return _page(workshop)


@blueprint.post("/<token>/feedback/open")
@access.signed_in
@limited("30 per minute")
def open_feedback(token: str) -> ResponseReturnValue:
    """Open the questions for the room."""
    session, viewer = current_session(), own_viewer()
    workshop = actions.find_workshop(session, viewer, token)
    chosen = request.form.getlist("outcomes")
    try:
        asking.ask_for_feedback(session, viewer, workshop, chosen, ask_later="later" in request.form)
    except InvalidError as error:
        return _page(workshop, chosen, translated(error.message)), 422
    flash(_("The questions are open. Show the code, or send the link."))
    return redirect(url_for(".feedback", token=token))


@blueprint.post("/<token>/feedback/<form>/close")
@access.signed_in
def close_feedback(token: str, form: str) -> ResponseReturnValue:
    """End the questions and count."""
    session, viewer = current_session(), own_viewer()
    workshop = actions.find_workshop(session, viewer, token)
    asking.close_feedback(session, viewer, workshop, form)
    flash(_("The questions are closed and the answers counted."))
    return redirect(url_for(".feedback", token=token))


@blueprint.post("/<token>/feedback/<form>/call-off")
@access.signed_in
def call_off_follow_up(token: str, form: str) -> ResponseReturnValue:
    """Do not ask again by mail."""
    session, viewer = current_session(), own_viewer()
    workshop = actions.find_workshop(session, viewer, token)
    asking.call_off_follow_up(session, viewer, workshop, form)
    flash(_("These questions will not be sent."))
    return redirect(url_for(".feedback", token=token))


@blueprint.route("/<token>/feedback/finding", methods=["GET", "POST"])
@access.signed_in
@limited("60 per minute")
def feedback_finding(token: str) -> ResponseReturnValue:
    """A finding of the curriculum, filled in by the result that the address names and kept by a second press."""
    session, viewer = current_session(), own_viewer()
    workshop = actions.find_workshop(session, viewer, token)
    found = _prefilled(workshop)
    typed = FeedbackFindingForm()
    choices = findings.about_choices(session, workshop)
    typed.about.choices = [SelectChoice(key, title) for key, title in choices]
    if not typed.is_submitted():
        typed.text.data, typed.kind.data = found.text, found.kind
        typed.about.data = found.about if found.about in dict(choices) else next(iter(dict(choices)), "")
    elif typed.validate() and _kept(workshop, typed, found.n):
        flash(_("The finding is kept. The team of the curriculum decides what to do about it."))
        return redirect(url_for(".feedback", token=token))
    page = render_template(
        "workshops/feedback_finding.html",
        workshop=workshop,
        form=typed,
        n=found.n,
        choices=choices,
        others=findings.curriculum_of_others(workshop),
    )
    return page, (422 if typed.is_submitted() else 200)


def _prefilled(workshop: Workshop) -> findings.Prefilled:
    """What the named result says; nothing yet when the address names none. Raises NotFoundError for no such result."""
    form = request.args.get("form")
    if form is None:
        return findings.BLANK
    asked = asking.asked_by(current_session(), own_viewer(), workshop, form)
    place = small_number(request.args.get("place", ""))
    return findings.prefill(
        current_session(), asked, request.args.get("result", ""), current_language(), place
    )


def _kept(workshop: Workshop, typed: FeedbackFindingForm, n: int | None) -> bool:
    """Whether it was kept; else the form says why not."""
    activity = url_for("alliance.activity", token=workshop.activity.token)
    told = findings.Told(
        about=typed.about.data or "",
        kind=typed.kind.data or "",
        severity=typed.severity.data or "",
        text=plain(typed.text.data),
        language=current_language(),
    )
    try:
        findings.keep_finding(
            current_session(), own_viewer(), workshop, told, n=n,
            public_url=f"{current_settings().public_url}{activity}",
        )  # fmt: skip
    except InvalidError as error:
        typed.show_faults(error)
        return False
    return True


def _page(workshop: Workshop, chosen: list[str] | None = None, fault: str = "") -> str:
    session, viewer, language = current_session(), own_viewer(), current_language()
    asked = asking.feedback_of(session, viewer, workshop)
    outcomes = [] if asked else asking.outcomes_taught(workshop)
    first = [one.key for one in outcomes[:MOST_OUTCOMES]]
    return render_template(
        "workshops/feedback.html",
        workshop=workshop,
        activity=workshop.activity,
        asked=asked,
        results={one.run.id: shown(one.run, language) for one in asked},
        words={one.run.id: _words(one.run, language) for one in asked if one.run.closed_at},
        title_of=lambda run: said(form_of(run).title, language),
        outcomes=outcomes,
        chosen=first if chosen is None else chosen,
        fault=fault,
        most=MOST_OUTCOMES,
        learners=asking.present(session, workshop),
        few=FEW_LEARNERS,
        least=LEAST,
        low=LOW_RATE,
        begun=workshop.activity.starts_on <= today(),
        later=follow_up_days(workshop.activity.ends_on, today()),
        first_form=FeedbackForm.AFTERWARDS.value,
        address=current_app.config["PUBLIC_URL"],
        planned=_planned(workshop.activity),
        may_find=bool(findings.about_choices(session, workshop)),
        leads=viewer.has_role(Role.LET_LEAD, workshop.activity.organisation_id),
    )


def _planned(activity: Activity) -> dict[str, str]:
    """For each question about a quality whether the plan had it; nothing where nobody has said how it is to be."""
    if not activity.qualities and activity.group_size is None:
        return {}
    found = {
        one.value: str(_("This was planned.") if one in activity.qualities else _("This was not planned."))
        for one in Quality
    }
    if activity.group_size is not None:
        together = _("Group size as planned: %(n)s.", n=activity.group_size)
        found[Quality.COLLABORATIVE] += f" {together}"
    return found


def _words(run: SurveyRun, language: str) -> list[tuple[str, tuple[str, str], list[str]]]:
    """What people wrote: key and text of each question, and the answers."""
    written = words_of(current_session(), run)
    form = form_of(run)
    return [
        (key, said(item.text, language), texts) for key, texts in written.items() if (item := form.item(key))
    ]
