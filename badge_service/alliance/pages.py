"""The pages of alliances and their activities: public ones that list nobody, and forms for those who plan."""

from datetime import date
from typing import cast

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from badge_service.alliance import actions
from badge_service.alliance.forms import (
    ActivityFields,
    ActivityForm,
    AllianceForm,
    IssuerForm,
    chosen_host,
)
from badge_service.alliance.rules import Kind, State, may_move, may_plan
from badge_service.alliance.tables import Activity
from badge_service.errors import ConflictError, InvalidError, NotFoundError
from badge_service.people import actions as people
from badge_service.people.rules import Viewer
from badge_service.storage.session import now
from badge_service.web import access
from badge_service.web.forms import small_number
from badge_service.web.unit_of_work import current_session
from badge_service.web.viewer import current_viewer

blueprint = Blueprint("alliance", __name__, template_folder="templates")

PLANNERS = ("teacher", "let_lead", "organisation_admin")
OPENERS = ("let_lead", "organisation_admin", "operator")


@blueprint.get("/alliances")
@access.public
def alliances() -> ResponseReturnValue:
    """All alliances."""
    found = actions.alliances(current_session())
    return render_template("alliance/list.html", alliances=found, may_open=_holds(OPENERS))


@blueprint.route("/alliances/new", methods=["GET", "POST"])
@access.roles(*OPENERS)
def open_alliance() -> ResponseReturnValue:
    """Open the alliance of a region."""
    session, viewer = current_session(), _viewer()
    form = AllianceForm()
    form.offer(actions.openable_regions(session, viewer))
    if form.validate_on_submit():
        try:
            alliance = actions.open_alliance(session, viewer, form.facts())
        except InvalidError as error:
            form.show_faults(error)
        except ConflictError as error:
            form.show_faults(InvalidError(error.message, faults=error.faults))
        else:
            flash(_("The alliance is open. Now give its members their seats."))
            return redirect(url_for(".alliance", slug=alliance.slug))
    return render_template("alliance/open.html", form=form), (422 if form.is_submitted() else 200)


@blueprint.get("/alliances/<slug>")
@access.public
def alliance(slug: str) -> ResponseReturnValue:
    """One alliance: its region and members, what comes and what was."""
    session = current_session()
    found = actions.find_alliance(session, slug)
    seats_people = _holds(OPENERS) and actions.may_add_members(session, _viewer(), found)
    return render_template(
        "alliance/show.html",
        alliance=found,
        members=actions.members_of(session, found),
        upcoming=actions.activities_of(session, found, _page("upcoming")),
        past=actions.activities_of(session, found, _page("past"), past=True),
        to_add=actions.organisations_to_add(session, found) if seats_people else [],
        issuers=actions.issuers_of(session, found),
        keeps_issuers=seats_people,
        may_plan=_holds(PLANNERS),
    )


@blueprint.post("/alliances/<slug>/members")
@access.roles(*OPENERS)
def add_member(slug: str) -> ResponseReturnValue:
    """Give an organisation its seat."""
    session = current_session()
    found = actions.find_alliance(session, slug)
    organisation = people.organisation_by_slug(session, request.form.get("organisation", ""))
    actions.add_member(session, _viewer(), found, organisation)
    flash(_("%(name)s has its seat.", name=organisation.name))
    return redirect(url_for(".alliance", slug=slug))


@blueprint.route("/alliances/<slug>/issuers", methods=["GET", "POST"])
@access.roles(*OPENERS)
def issuers(slug: str) -> ResponseReturnValue:
    """Keep the list of issuers elsewhere that the alliance knows; only for those who give seats in it."""
    session, viewer = current_session(), _viewer()
    found = actions.find_alliance(session, slug)
    if not actions.may_add_members(session, viewer, found):
        raise NotFoundError(_("There is no alliance at this address."))
    form = IssuerForm()
    if form.validate_on_submit():
        try:
            entry = actions.list_issuer(session, viewer, found, form.did.data or "", form.name.data or "")
        except InvalidError as error:
            form.show_faults(error)
        else:
            flash(_("%(name)s is on the list.", name=entry.name))
            return redirect(url_for(".issuers", slug=slug))
    page = render_template(
        "alliance/issuers.html", alliance=found, form=form, issuers=actions.issuers_of(session, found)
    )
    return page, (422 if form.is_submitted() else 200)


@blueprint.post("/alliances/<slug>/issuers/strike")
@access.roles(*OPENERS)
def strike_issuer(slug: str) -> ResponseReturnValue:
    """Take an issuer off the list."""
    session = current_session()
    found = actions.find_alliance(session, slug)
    actions.strike_issuer(session, _viewer(), found, request.form.get("did", ""))
    flash(_("Taken off the list."))
    return redirect(url_for(".issuers", slug=slug))


@blueprint.get("/activities/<token>")
@access.public
def activity(token: str) -> ResponseReturnValue:
    """The public page of an activity, which badges name as evidence; it lists nobody."""
    found = actions.find_activity(current_session(), token)
    return render_template(
        "alliance/activity.html",
        activity=found,
        own=may_plan(_viewer(), found.organisation_id),
        can_be_held=may_move(found.state, State.HELD) and found.starts_on <= _today(),
        can_be_cancelled=may_move(found.state, State.CANCELLED),
        can_be_planned=may_move(found.state, State.PLANNED),
        is_workshop=found.kind == Kind.WORKSHOP.value,
    )


@blueprint.route("/activities/new", methods=["GET", "POST"])
@access.roles(*PLANNERS)
def plan_activity() -> ResponseReturnValue:
    """Plan a meeting or a guest lecture."""
    session, viewer = current_session(), _viewer()
    hosts = actions.hosts(session, viewer)
    form = ActivityForm()
    form.offer(hosts)
    if not form.is_submitted():
        form.language.data = viewer.language
    elif form.validate():
        try:
            alliance, organisation = chosen_host(hosts, form.host.data)
            facts = form.activity_facts(form.kind.data, _today())
            planned = actions.create_activity(session, viewer, alliance, organisation, facts)
        except InvalidError as error:
            form.show_faults(error)
        else:
            flash(_("The activity is planned. This is its public page."))
            return redirect(url_for(".activity", token=planned.token))
    else:
        form.judge(form.kind.data or Kind.MEETING.value, _today())
    return render_template("alliance/plan.html", form=form, hosts=hosts), (
        422 if form.is_submitted() else 200
    )


@blueprint.route("/activities/<token>/edit", methods=["GET", "POST"])
@access.roles(*PLANNERS)
def edit_activity(token: str) -> ResponseReturnValue:
    """Change what an activity says about itself."""
    session, viewer = current_session(), _viewer()
    found = actions.find_own_activity(session, viewer, token)
    form = ActivityFields()
    form.offer_languages()
    if not form.is_submitted():
        form.show_activity(found)
    elif form.validate():
        try:
            actions.edit_activity(session, viewer, found, form.activity_facts(found.kind, _today()))
        except InvalidError as error:
            form.show_faults(error)
        else:
            flash(_("Saved."))
            return redirect(url_for(".activity", token=token))
    else:
        form.judge(found.kind, _today())
    page = render_template("alliance/edit.html", form=form, activity=found)
    return page, (422 if form.is_submitted() else 200)


@blueprint.post("/activities/<token>/state")
@access.roles(*PLANNERS)
def change_state(token: str) -> ResponseReturnValue:
    """Mark an activity held, call it off, or take the cancellation back."""
    session, viewer = current_session(), _viewer()
    found = actions.find_own_activity(session, viewer, token)
    flash(_move(found, request.form.get("to", "")))
    return redirect(url_for(".activity", token=token))


def _move(found: Activity, to: str) -> str:
    session, viewer = current_session(), _viewer()
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


def _viewer() -> Viewer:
    return cast(Viewer, current_viewer())


def _holds(roles: tuple[str, ...]) -> bool:
    viewer = current_viewer()
    return any(viewer.has_role(role) for role in roles)


def _today() -> date:
    return now(current_session()).date()


def _page(name: str) -> int:
    return small_number(request.args.get(name, "")) or 1
