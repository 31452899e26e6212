"""The pages of activities: a public one that lists nobody, and forms for those who plan."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from badge_service.alliance import actions
from badge_service.alliance.forms import ActivityFields, ActivityForm, chosen_host
from badge_service.alliance.pages.blueprint import blueprint
from badge_service.alliance.pages.here import PLANNERS, today, viewer_here
from badge_service.alliance.rules import Kind, State, may_move, may_plan
from badge_service.alliance.tables import Activity
from badge_service.curriculum.words.teams import SECTORS
from badge_service.curriculum.words.vocabulary import CATEGORIES
from badge_service.errors import InvalidError, NotFoundError
from badge_service.web import access
from badge_service.web.unit_of_work import current_session


@blueprint.get("/activities/<token>")
@access.public
def activity(token: str) -> ResponseReturnValue:
    """The public page of an activity, which badges name as evidence; it lists nobody."""
    session = current_session()
    found = actions.find_activity(session, token)
    work = actions.co_creation_of(session, found) if found.kind == Kind.CO_CREATION.value else None
    agreement = actions.newest_agreement(session, work) if work else None
    return render_template(
        "alliance/activity.html",
        work=work,
        is_co_creation=work is not None,
        agreement=agreement,
        assents=actions.count_assents(session, agreement) if agreement else 0,
        sectors=[SECTORS[one] for one in work.sectors] if work else [],
        topics=[str(CATEGORIES[one]) for one in found.topics if one in CATEGORIES],
        activity=found,
        own=may_plan(viewer_here(), found.organisation_id),
        can_be_held=may_move(found.state, State.HELD) and found.starts_on <= today(),
        can_be_cancelled=may_move(found.state, State.CANCELLED),
        can_be_planned=may_move(found.state, State.PLANNED),
        is_workshop=found.kind == Kind.WORKSHOP.value,
    )


@blueprint.route("/activities/new", methods=["GET", "POST"])
@access.roles(*PLANNERS)
def plan_activity() -> ResponseReturnValue:
    """Plan a meeting or a guest lecture."""
    session, viewer = current_session(), viewer_here()
    hosts = actions.hosts(session, viewer)
    form = ActivityForm()
    form.offer(hosts)
    if not form.is_submitted():
        form.language.data = viewer.language
    elif form.validate():
        try:
            alliance, organisation = chosen_host(hosts, form.host.data)
            facts = form.activity_facts(form.kind.data, today())
            planned = actions.create_activity(session, viewer, alliance, organisation, facts)
        except InvalidError as error:
            form.show_faults(error)
        else:
            flash(_("The activity is planned. This is its public page."))
            return redirect(url_for(".activity", token=planned.token))
    else:
        form.judge(form.kind.data or Kind.MEETING.value, today())
    return render_template("alliance/plan.html", form=form, hosts=hosts), (
        422 if form.is_submitted() else 200
    )


@blueprint.route("/activities/<token>/edit", methods=["GET", "POST"])
@access.roles(*PLANNERS)
def edit_activity(token: str) -> ResponseReturnValue:
    """Change what an activity says about itself."""
    session, viewer = current_session(), viewer_here()
    found = actions.find_own_activity(session, viewer, token)
    if found.kind == Kind.CO_CREATION.value:
        return redirect(url_for(".edit_co_creation", token=token))
    form = ActivityFields()
    form.offer_languages()
    if not form.is_submitted():
        form.show_activity(found)
    elif form.validate():
        try:
            actions.edit_activity(session, viewer, found, form.activity_facts(found.kind, today()))
        except InvalidError as error:
            form.show_faults(error)
        else:
            flash(_("Saved."))
            return redirect(url_for(".activity", token=token))
    else:
        form.judge(found.kind, today())
    page = render_template("alliance/edit.html", form=form, activity=found)
    return page, (422 if form.is_submitted() else 200)


@blueprint.post("/activities/<token>/state")
@access.roles(*PLANNERS)
def change_state(token: str) -> ResponseReturnValue:
    """Mark an activity held, call it off, or take the cancellation back."""
    session, viewer = current_session(), viewer_here()
    found = actions.find_own_activity(session, viewer, token)
    flash(_move(found, request.form.get("to", "")))
    return redirect(url_for(".activity", token=token))


def _move(found: Activity, to: str) -> str:
    session, viewer = current_session(), viewer_here()
    if to == State.HELD.value:
        actions.mark_held(session, viewer, found)
        return str(_("Marked as held."))
    if to == State.CANCELLED.value:
        actions.cancel(session, viewer, found)
        return str(_("Called off. Its page stays and says so."))
    if to == State.PLANNED.value:
        actions.plan_again(session, viewer, found)
        return str(_("It is planned again."))
    raise NotFoundError(_("There is no such step."))
