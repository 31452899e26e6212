"""A teacher's own workshops: the list of them, and the page of each, from which everything else is reached."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from badge_service.alliance import actions as alliance_actions
from badge_service.alliance.rules import State, may_move, may_plan
from badge_service.people.viewers import own_viewer
from badge_service.web import access
from badge_service.web.forms import asked_page
from badge_service.web.unit_of_work import current_session
from badge_service.workshops import actions
from badge_service.workshops.actions.place_mails import unreached_places
from badge_service.workshops.pages.blueprint import blueprint
from badge_service.workshops.pages.here import PLANNERS, today


@blueprint.get("")
@access.signed_in
def workshops() -> ResponseReturnValue:
    """The viewer's own workshops: open ones, or those that are over."""
    session, viewer, past = current_session(), own_viewer(), request.args.get("show") == "past"
    listing = actions.workshops_of(session, viewer, asked_page(), past=past)
    return render_template(
        "workshops/list.html",
        listing=listing,
        counts=actions.learner_counts(session, listing.rows),
        past=past,
        today=today(),
        hosts=alliance_actions.hosts(session, viewer),
        may_plan=any(viewer.has_role(role) for role in PLANNERS),
    )


@blueprint.get("/<token>")
@access.signed_in
def show(token: str) -> ResponseReturnValue:
    """Where a workshop stands: who is enrolled, and what comes next."""
    session, viewer = current_session(), own_viewer()
    workshop = actions.find_workshop(session, viewer, token)
    activity = workshop.activity
    plans = may_plan(viewer, activity.organisation_id)
    return render_template(
        "workshops/show.html",
        workshop=workshop,
        activity=activity,
        listing=actions.class_list(session, viewer, workshop, asked_page()),
        absent=actions.count_absent(session, workshop),
        untold=actions.untold_learners(session, viewer, workshop),
        unreached=unreached_places(session, workshop),
        waiting=actions.places_of(session, workshop).waiting,
        begun=activity.starts_on <= today(),
        can_be_held=plans and may_move(activity.state, State.HELD) and activity.starts_on <= today(),
        can_be_cancelled=plans and may_move(activity.state, State.CANCELLED),
        can_be_planned=plans and may_move(activity.state, State.PLANNED),
        plans=plans,
    )
