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
from badge_service.web.forms import small_number
from badge_service.web.unit_of_work import current_session
from badge_service.workshops import actions
from badge_service.workshops.forms import Offer, WorkshopFields, WorkshopForm
from badge_service.workshops.pages.blueprint import blueprint
from badge_service.workshops.pages.here import PLANNERS, today
from badge_service.workshops.tables import Workshop

STEPS = {state.value: state for state in State}


@blueprint.route("/new", methods=["GET", "POST"])
@access.roles(*PLANNERS)
def plan() -> ResponseReturnValue:
    """Plan a workshop."""
    session, viewer = current_session(), own_viewer()
    hosts = alliance_actions.hosts(session, viewer)
    form = WorkshopForm()
    form.offer_hosts(hosts)
    offer = _offer(form, {one.id for one, _ in hosts}, {one.id for _, one in hosts})
    form.offer_teaching(offer)
    if not form.is_submitted():
        form.language.data, form.trainers.data = viewer.language, [viewer.person_id]
    elif _is_sent(form):
        try:
            alliance, organisation = chosen_host(hosts, form.host.data)
            facts, teaching = form.facts(today()), form.plan(today())
            workshop = actions.plan_workshop(session, viewer, alliance, organisation, facts, teaching)
        except InvalidError as error:
            form.show_faults(error)
        else:
            flash(_("The workshop is planned. Now enrol the learners."))
            return redirect(url_for(".show", token=workshop.activity.token))
    page = render_template(
        "workshops/plan.html", form=form, hosts=hosts, versions=offer.versions or form.asked
    )
    return page, _status(form)


@blueprint.route("/<token>/edit", methods=["GET", "POST"])
@access.signed_in
def edit(token: str) -> ResponseReturnValue:
    """Change both sides of a workshop."""
    session, viewer = current_session(), own_viewer()
    workshop = actions.find_workshop(session, viewer, token)
    activity = workshop.activity
    if activity.kind != Kind.WORKSHOP.value:
        return redirect(url_for(".teaching", token=token))
    form = WorkshopFields()
    form.offer_teaching(_offer(form, {activity.alliance_id}, {activity.organisation_id}, workshop))
    if not form.is_submitted():
        form.show(workshop, actions.meetings_of(workshop))
    elif _is_sent(form):
        try:
            actions.edit(session, viewer, workshop, form.facts(today()), form.plan(today()))
        except InvalidError as error:
            form.show_faults(error)
        else:
            flash(_("Saved."))
            return redirect(url_for(".show", token=token))
    return render_template("workshops/edit.html", form=form, activity=activity), _status(form)


def _offer(
    form: WorkshopFields, alliances: set[int], organisations: set[int], workshop: Workshop | None = None
) -> Offer:
    """What these organisations can choose from, and what the workshop has already."""
    session = current_session()
    taught = [entry.version_id for entry in workshop.versions] if workshop else []
    trainers = [entry.person_id for entry in workshop.trainers] if workshop else []
    curricula = actions.curriculum_choices(
        session, organisations, workshop.curriculum_version_id if workshop else None
    )
    led_to = actions.taught_by(session, curricula, organisations)
    chosen = small_number(form.curriculum.data or "") or 0
    ticked = [*(form.versions.data or ()), *led_to.get(chosen, ())]
    return Offer(
        versions=actions.version_choices(
            session, organisations, taught, ticked=ticked, text=form.asked_to_find
        ),
        trainers=actions.trainer_choices(session, organisations, trainers),
        curricula=curricula,
        hubs=actions.hub_choices(session, organisations, workshop.hub_id if workshop else None),
        partners=actions.partner_choices(session, alliances, organisations),
        led_to=led_to,
        iterations=actions.next_iterations(session, organisations),
    )


def _is_sent(form: WorkshopFields) -> bool:
    """Whether a plan was sent that its fields accept; a helping button only changes what the form shows."""
    if form.asked is not None:
        if form.asked == "curriculum":
            form.take_curriculum()
        return False
    if form.validate():
        return True
    form.judge_all(today())
    return False


def _status(form: WorkshopFields) -> int:
    return 422 if form.is_submitted() and form.asked is None else 200


@blueprint.post("/<token>/state")
@access.signed_in
def change_state(token: str) -> ResponseReturnValue:
    """Mark the workshop held, call it off, or take the cancellation back."""
    session, viewer = current_session(), own_viewer()
    workshop = actions.find_workshop(session, viewer, token)
    to = STEPS.get(request.form.get("to", ""))
    if to is None:
        raise NotFoundError(_("There is no such step."))
    actions.move_on(session, viewer, workshop, to)
    flash(_("Saved."))
    return redirect(url_for(".show", token=token))
