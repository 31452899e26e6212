"""Planning a workshop, changing the plan, and saying that it was held or called off."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from badge_service.alliance import actions as alliance_actions
from badge_service.alliance.forms import chosen_host
from badge_service.alliance.rules import Kind, State
from badge_service.errors import InvalidError, NotFoundError
from badge_service.people.viewers import own_viewer
from badge_service.web import access
from badge_service.web.unit_of_work import current_session
from badge_service.workshops import actions
from badge_service.workshops.forms import WorkshopFields, WorkshopForm
from badge_service.workshops.pages.blueprint import blueprint
from badge_service.workshops.pages.here import PLANNERS, today

STEPS = {state.value: state for state in State}


@blueprint.route("/new", methods=["GET", "POST"])
@access.roles(*PLANNERS)
def plan() -> ResponseReturnValue:
    """Plan a workshop."""
    session, viewer = current_session(), own_viewer()
    hosts = alliance_actions.hosts(session, viewer)
    organisations = {organisation.id for _alliance, organisation in hosts}
    form = WorkshopForm()
    form.offer_hosts(hosts)
    asked = form.asked_to_find
    versions = actions.version_choices(
        session, organisations, ticked=form.versions.data or (), text=asked or ""
    )
    form.offer_teaching(versions, actions.trainer_choices(session, organisations))
    if not form.is_submitted():
        form.language.data, form.trainers.data = viewer.language, [viewer.person_id]
    elif asked is not None:
        pass
    elif form.validate():
        try:
            alliance, organisation = chosen_host(hosts, form.host.data)
            facts = form.activity_facts(Kind.WORKSHOP.value, today())
            workshop = actions.plan_workshop(session, viewer, alliance, organisation, facts, form.plan())
        except InvalidError as error:
            form.show_faults(error)
        else:
            flash(_("The workshop is planned. Now enrol the learners."))
            return redirect(url_for(".show", token=workshop.activity.token))
    else:
        form.judge_all(today())
    page = render_template("workshops/plan.html", form=form, hosts=hosts, versions=versions or asked)
    return page, (422 if form.is_submitted() and asked is None else 200)


@blueprint.route("/<token>/edit", methods=["GET", "POST"])
@access.signed_in
def edit(token: str) -> ResponseReturnValue:
    """Change both sides of a workshop."""
    session, viewer = current_session(), own_viewer()
    workshop = actions.find_workshop(session, viewer, token)
    form = WorkshopFields()
    organisation = [workshop.activity.organisation_id]
    taught = [entry.version_id for entry in workshop.versions]
    trainers = [entry.person_id for entry in workshop.trainers]
    asked = form.asked_to_find
    form.offer_teaching(
        actions.version_choices(
            session, organisation, taught, ticked=form.versions.data or (), text=asked or ""
        ),
        actions.trainer_choices(session, organisation, trainers),
    )
    if not form.is_submitted():
        form.show(workshop)
    elif asked is not None:
        pass
    elif form.validate():
        try:
            facts = form.activity_facts(Kind.WORKSHOP.value, today())
            actions.edit(session, viewer, workshop, facts, form.plan())
        except InvalidError as error:
            form.show_faults(error)
        else:
            flash(_("Saved."))
            return redirect(url_for(".show", token=token))
    else:
        form.judge_all(today())
    page = render_template("workshops/edit.html", form=form, activity=workshop.activity)
    return page, (422 if form.is_submitted() and asked is None else 200)


@blueprint.post("/<token>/state")
@access.signed_in
def change_state(token: str) -> ResponseReturnValue:
    """Mark the workshop held, call it off, or take the cancellation back."""
    session, viewer = current_session(), own_viewer()
    activity = actions.find_workshop(session, viewer, token).activity
    to = STEPS.get(request.form.get("to", ""))
    if to is None:
        raise NotFoundError(_("There is no such step."))
    if to is State.HELD:
        alliance_actions.mark_held(session, viewer, activity)
    else:
        alliance_actions.change_state(session, viewer, activity, to)
    flash(_("Saved."))
    return redirect(url_for(".show", token=token))
