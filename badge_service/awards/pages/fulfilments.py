"""Fulfilled pathways on the desk: who waits for a decision, one proposal or flagged badge, and standing decisions."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from badge_service.awards import actions, words
from badge_service.awards.pages.blueprint import blueprint
from badge_service.awards.rules.stacks import FulfilmentState
from badge_service.awards.signing import sign_after_commit
from badge_service.curriculum import actions as curriculum
from badge_service.people.viewers import own_viewer
from badge_service.web import access
from badge_service.web.forms import asked_page
from badge_service.web.limits import limited
from badge_service.web.surroundings import current_settings
from badge_service.web.unit_of_work import current_session


@blueprint.get("/fulfilments")
@access.roles("teacher", "let_lead")
def fulfilments() -> ResponseReturnValue:
    """What waits for a person of the viewer's organisations, or with `?which=later` what was put off."""
    later = request.args.get("which") == "later"
    states = (FulfilmentState.POSTPONED,) if later else (FulfilmentState.PROPOSED, FulfilmentState.FLAGGED)
    number = asked_page()
    page = actions.fulfilments_to_decide(current_session(), own_viewer(), states, number)

    def address(number: int) -> str:
        return url_for(".fulfilments", page=number, which="later" if later else None)

    return render_template(
        "awards/fulfilments.html",
        page=page,
        later=later,
        held=actions.held_versions(current_session(), page.rows),
        states=words.FULFILMENTS,
        previous=address(page.number - 1) if page.number > 1 else None,
        next=address(page.number + 1) if page.number < page.pages else None,
    )


@blueprint.get("/fulfilments/<token>")
@access.roles("teacher", "let_lead")
def fulfilment(token: str) -> ResponseReturnValue:
    """One fulfilled pathway with its parts, and what can be decided about it."""
    found = actions.look_at_fulfilment(current_session(), own_viewer(), token)
    return render_template(
        "awards/fulfilment.html",
        found=found,
        pathway=found.fulfilment.pathway_version,
        states=words.FULFILMENTS,
        award_states=words.STATES,
        identity=words.IDENTITY_SAID,
    )


@blueprint.post("/fulfilments/<token>/decide")
@access.roles("teacher", "let_lead")
@limited("60 per minute")
def decide_fulfilment(token: str) -> ResponseReturnValue:
    """Give the larger badge."""
    award = actions.decide_fulfilment(current_session(), own_viewer(), current_settings(), token)
    sign_after_commit([award.token])
    flash(_("The badge is given. Its learner finds it among the badges that wait."))
    return redirect(url_for(".fulfilments"))


@blueprint.post("/fulfilments/<token>/postpone")
@access.roles("teacher", "let_lead")
def postpone_fulfilment(token: str) -> ResponseReturnValue:
    """Not now."""
    actions.postpone(current_session(), own_viewer(), token)
    flash(_("Put off. You find it under “Put off” whenever you want to decide."))
    return redirect(url_for(".fulfilments"))


@blueprint.post("/fulfilments/<token>/keep")
@access.roles("teacher", "let_lead")
def keep_stack(token: str) -> ResponseReturnValue:
    """The badge stays although a part of it has ended."""
    actions.keep_stack(current_session(), own_viewer(), token)
    flash(_("The badge stays."))
    return redirect(url_for(".fulfilments"))


@blueprint.post("/fulfilments/<token>/revoke")
@access.roles("teacher", "let_lead")
def revoke_stack(token: str) -> ResponseReturnValue:
    """Withdraw the badge because a part of it has ended."""
    ended = actions.revoke_stack(current_session(), own_viewer(), token)
    if ended is not None:
        sign_after_commit([ended])
    flash(_("The badge is withdrawn. Whoever checks it is told so within a minute."))
    return redirect(url_for(".fulfilments"))


@blueprint.post("/pathways/<slug>/<version>/standing-decision")
@access.signed_in
def standing_decision(slug: str, version: str) -> ResponseReturnValue:
    """Switch a standing decision on in the viewer's own name, or off."""
    session, viewer = current_session(), own_viewer()
    found = curriculum.find_pathway_version(session, slug, version)
    if request.form.get("decision") == "off":
        actions.switch_off(session, viewer, found)
        flash(_("Switched off. From now on every fulfilled pathway waits for a person."))
    else:
        actions.switch_on(session, viewer, found)
        flash(_("Switched on, in your name."))
    return redirect(url_for("curriculum.pathway_version", slug=slug, version=version))
