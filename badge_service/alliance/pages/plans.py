"""The action plan of a team: on the desk, on paper, as a table, and what of it belongs to an alliance."""

from collections.abc import Iterator

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from badge_service.alliance import actions
from badge_service.alliance.forms.plans import STATE_WORDS, STEP_WORDS, TRACK_WORDS, ActionForm, shown_action
from badge_service.alliance.pages.blueprint import blueprint
from badge_service.alliance.pages.here import page_asked, today, viewer_here
from badge_service.alliance.rules import STEPS, ActionState, action_faults, is_late
from badge_service.alliance.tables import Action
from badge_service.curriculum import actions as curriculum
from badge_service.curriculum.tables import Let
from badge_service.errors import InvalidError
from badge_service.storage.revisions import StaleError
from badge_service.web import access
from badge_service.web.csv_files import write_csv
from badge_service.web.unit_of_work import current_session

WORDS = {"tracks": TRACK_WORDS, "states": STATE_WORDS, "steps": STEP_WORDS, "is_late": is_late}
HEADINGS = ("track", "action", "goal", "owner", "due", "state", "alliance")


def own_team(slug: str) -> Let:
    """One of the viewer's own teams by the name in the address."""
    return curriculum.find_own_let(current_session(), viewer_here(), slug)


@blueprint.get("/plans")
@access.roles("let_lead")
def plans() -> ResponseReturnValue:
    """The plans of the viewer's teams; with one team, its plan at once."""
    found = curriculum.own_lets(current_session(), viewer_here())
    if len(found) == 1:
        return redirect(url_for(".plan", slug=found[0].slug))
    return render_template("alliance/plans.html", teams=found)


@blueprint.get("/teams/<slug>/plan")
@access.roles("let_lead")
def plan(slug: str) -> ResponseReturnValue:
    """The plan of a team, unfinished actions first."""
    session, let = current_session(), own_team(slug)
    state = request.args.get("state", "")
    state = state if state in STATE_WORDS else ""
    found = actions.plan_of(session, let, page_asked(), state=state)
    counts = actions.state_counts(session, let)
    return render_template(
        "alliance/team_plan.html", let=let, actions=found, counts=counts, state=state, today=today(), **WORDS
    )


@blueprint.get("/teams/<slug>/plan/print")
@access.roles("let_lead")
def plan_on_paper(slug: str) -> ResponseReturnValue:
    """The whole plan on one page, for paper."""
    let = own_team(slug)
    found = actions.whole_plan(current_session(), let)
    return render_template("alliance/plan_on_paper.html", let=let, actions=found, today=today(), **WORDS)


@blueprint.get("/teams/<slug>/plan.csv")
@access.roles("let_lead")
def plan_as_table(slug: str) -> ResponseReturnValue:
    """The whole plan as CSV."""
    let = own_team(slug)
    text = write_csv(HEADINGS, _plan_rows(let))
    name = f"attachment; filename=plan-{let.slug}.csv"
    return Response(text, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": name})


@blueprint.route("/teams/<slug>/plan/new", methods=["GET", "POST"])
@access.roles("let_lead")
def plan_action(slug: str) -> ResponseReturnValue:
    """Put an action into the plan."""
    session, let = current_session(), own_team(slug)
    form = _form(let, None)
    if form.is_submitted() and form.validate():
        try:
            actions.plan_action(session, viewer_here(), let, form.facts())
        except InvalidError as error:
            form.show_faults(error)
        else:
            flash(_("It is in the plan."))
            return redirect(url_for(".plan", slug=slug))
    elif form.is_submitted():
        form.show_more(action_faults(form.facts(), today()))
    page = render_template("alliance/action_new.html", let=let, form=form)
    return page, (422 if form.is_submitted() else 200)


@blueprint.route("/teams/<slug>/plan/<action_token>", methods=["GET", "POST"])
@access.roles("let_lead")
def action(slug: str, action_token: str) -> ResponseReturnValue:
    """One action: its history, its next steps, and the form that changes it."""
    session, let = current_session(), own_team(slug)
    found = actions.find_own_action(session, viewer_here(), let, action_token)
    form = _form(let, found)
    if not form.is_submitted():
        form.show(found)
    elif form.validate():
        try:
            actions.edit_action(session, viewer_here(), found, form.facts(), form.opened)
        except InvalidError as error:
            form.show_faults(error)
        except StaleError:
            form.show_meanwhile(shown_action(found), found.revision)
        else:
            flash(_("Saved."))
            return redirect(url_for(".action", slug=slug, action_token=action_token))
    else:
        form.show_more(action_faults(form.facts(), today()))
    return _action_page(found, form), (422 if form.is_submitted() else 200)


@blueprint.post("/teams/<slug>/plan/<action_token>/step")
@access.roles("let_lead")
def move_action(slug: str, action_token: str) -> ResponseReturnValue:
    """Move an action on, with a reason where it is dropped."""
    session, let = current_session(), own_team(slug)
    found = actions.find_own_action(session, viewer_here(), let, action_token)
    reason = request.form.get("reason", "")
    try:
        actions.move_action(session, viewer_here(), found, request.form.get("to", ""), reason)
    except InvalidError as error:
        form = _form(let, found)
        form.show(found)
        return _action_page(found, form, error.message, reason), 422
    flash(_("Now: %(state)s.", state=STATE_WORDS[found.state]))
    return redirect(url_for(".action", slug=slug, action_token=action_token))


@blueprint.get("/alliances/<slug>/plan")
@access.signed_in
def alliance_plan(slug: str) -> ResponseReturnValue:
    """What teams do for an alliance, for people of its members."""
    session = current_session()
    found = actions.find_alliance(session, slug)
    listing = actions.actions_of_alliance(session, viewer_here(), found, page_asked())
    return render_template(
        "alliance/alliance_plan.html", alliance=found, actions=listing, today=today(), **WORDS
    )


def _form(let: Let, found: Action | None) -> ActionForm:
    session, form = current_session(), ActionForm()
    members = {one.token: one.shown_name for one in curriculum.current_members(session, let)}
    alliances = {one.slug: one.name for one in actions.alliances_of(session, viewer_here())}
    if found is not None and found.owner is not None:
        members.setdefault(found.owner.token, found.owner.shown_name)
    if found is not None and found.alliance is not None:
        alliances.setdefault(found.alliance.slug, found.alliance.name)
    form.offer(list(members.items()), list(alliances.items()))
    return form


def _action_page(found: Action, form: ActionForm, fault: str = "", reason: str = "") -> str:
    return render_template(
        "alliance/action.html",
        action=found,
        let=found.let,
        form=form,
        history=actions.history_of(current_session(), found),
        next_steps=[state.value for state in STEPS[ActionState(found.state)]],
        fault=fault,
        reason=reason,
        today=today(),
        **WORDS,
    )


def _plan_rows(let: Let) -> Iterator[tuple[str, ...]]:
    for one in actions.whole_plan(current_session(), let):
        owner = one.owner.shown_name if one.owner else one.owner_organisation
        alliance = one.alliance.name if one.alliance else ""
        yield one.track, one.title, one.goal, owner, one.due_on.isoformat(), one.state, alliance
