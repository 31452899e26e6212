"""The teacher's pages of workshops: their own list, planning, the class list, enrolling and presence."""

from datetime import date
from typing import cast

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from badge_service.alliance import actions as alliance_actions
from badge_service.alliance.forms import chosen_host
from badge_service.alliance.rules import Kind, State, may_move, may_plan
from badge_service.errors import InvalidError, NotFoundError
from badge_service.people.rules import Viewer
from badge_service.storage.session import now
from badge_service.web import access
from badge_service.web.forms import small_number
from badge_service.web.limits import limited
from badge_service.web.unit_of_work import current_session
from badge_service.web.viewer import current_viewer
from badge_service.workshops import actions
from badge_service.workshops.forms import LearnersForm, WorkshopFields, WorkshopForm
from badge_service.workshops.pages.blueprint import blueprint
from badge_service.workshops.rules import LearnerList, as_csv, parse_csv, parse_learners
from badge_service.workshops.rules.learners import MOST_BYTES
from badge_service.workshops.tables import Workshop

PLANNERS = ("teacher", "let_lead", "organisation_admin")
STEPS = {state.value: state for state in State}


@blueprint.get("")
@access.signed_in
def workshops() -> ResponseReturnValue:
    """The viewer's own workshops: open ones, or those that are over."""
    session, viewer, past = current_session(), _viewer(), request.args.get("show") == "past"
    listing = actions.workshops_of(session, viewer, _page(), past=past)
    return render_template(
        "workshops/list.html",
        listing=listing,
        counts=actions.learner_counts(session, listing.rows),
        past=past,
        today=_today(),
        may_plan=any(viewer.has_role(role) for role in PLANNERS),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@access.roles(*PLANNERS)
def plan() -> ResponseReturnValue:
    """Plan a workshop."""
    session, viewer = current_session(), _viewer()
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
            facts = form.activity_facts(Kind.WORKSHOP.value, _today())
            workshop = actions.plan_workshop(session, viewer, alliance, organisation, facts, form.plan())
        except InvalidError as error:
            form.show_faults(error)
        else:
            flash(_("The workshop is planned. Now enrol the learners."))
            return redirect(url_for(".show", token=workshop.activity.token))
    else:
        form.judge_all(_today())
    page = render_template("workshops/plan.html", form=form, hosts=hosts, versions=versions or asked)
    return page, (422 if form.is_submitted() and asked is None else 200)


@blueprint.get("/<token>")
@access.signed_in
def show(token: str) -> ResponseReturnValue:
    """Where a workshop stands: who is enrolled, and what comes next."""
    session, viewer = current_session(), _viewer()
    workshop = actions.find_workshop(session, viewer, token)
    activity = workshop.activity
    plans = may_plan(viewer, activity.organisation_id)
    return render_template(
        "workshops/show.html",
        workshop=workshop,
        activity=activity,
        learners=actions.learners_of(session, viewer, workshop),
        begun=activity.starts_on <= _today(),
        can_be_held=plans and may_move(activity.state, State.HELD) and activity.starts_on <= _today(),
        can_be_cancelled=plans and may_move(activity.state, State.CANCELLED),
        can_be_planned=plans and may_move(activity.state, State.PLANNED),
        plans=plans,
    )


@blueprint.route("/<token>/edit", methods=["GET", "POST"])
@access.signed_in
def edit(token: str) -> ResponseReturnValue:
    """Change both sides of a workshop."""
    session, viewer = current_session(), _viewer()
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
            facts = form.activity_facts(Kind.WORKSHOP.value, _today())
            actions.edit(session, viewer, workshop, facts, form.plan())
        except InvalidError as error:
            form.show_faults(error)
        else:
            flash(_("Saved."))
            return redirect(url_for(".show", token=token))
    else:
        form.judge_all(_today())
    page = render_template("workshops/edit.html", form=form, activity=workshop.activity)
    return page, (422 if form.is_submitted() and asked is None else 200)


@blueprint.post("/<token>/state")
@access.signed_in
def change_state(token: str) -> ResponseReturnValue:
    """Mark the workshop held, call it off, or take the cancellation back."""
    session, viewer = current_session(), _viewer()
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


@blueprint.route("/<token>/enrol", methods=["GET", "POST"])
@access.signed_in
@limited("60 per minute")
def enrol(token: str) -> ResponseReturnValue:
    """Take a list, show what enrolling it would do with every fault in it, and do it once confirmed."""
    workshop = actions.find_workshop(current_session(), _viewer(), token)
    form = LearnersForm()
    if not form.is_submitted():
        return render_template("workshops/enrol.html", form=form, workshop=workshop, preview=None)
    if "confirmed" in request.form:
        return _confirmed(workshop, form)
    if not form.validate():
        return render_template("workshops/enrol.html", form=form, workshop=workshop, preview=None), 422
    return _previewed(workshop, form, _read(form))


def _read(form: LearnersForm) -> LearnerList:
    if form.file.data:
        return parse_csv(form.file.data.stream.read(MOST_BYTES + 1))
    return parse_learners(form.learners.data)


def _previewed(workshop: Workshop, form: LearnersForm, found: LearnerList) -> ResponseReturnValue:
    session, viewer = current_session(), _viewer()
    preview = actions.preview_enrolment(session, viewer, workshop, found.rows)
    faults = sorted((*found.faults, *preview.faults), key=lambda fault: fault.row)
    good = [outcome.row for outcome in preview.outcomes]
    enrolled = len(actions.learners_of(session, viewer, workshop))
    page = render_template(
        "workshops/enrol.html",
        form=form,
        workshop=workshop,
        preview=preview,
        faults=faults,
        ignored=found.ignored_columns,
        confirmed=as_csv(good),
        total=enrolled + len(preview.with_effect(*actions.JOINING)),
    )
    return page, (422 if faults else 200)


def _confirmed(workshop: Workshop, form: LearnersForm) -> ResponseReturnValue:
    found = parse_csv(request.form["confirmed"].encode())
    if found.faults:
        return _previewed(workshop, form, found)
    try:
        changed = actions.enrol(current_session(), _viewer(), workshop, found.rows)
    except InvalidError:  # the class list has changed since the preview: show what would happen now
        return _previewed(workshop, form, found)
    said = ngettext("%(num)s learner is enrolled.", "%(num)s learners are enrolled.", len(changed))
    flash(said if changed else _("They were all enrolled before. Nothing was changed."))
    return redirect(url_for(".show", token=workshop.activity.token))


@blueprint.post("/<token>/learners/<int(max=9999):number>/remove")
@access.signed_in
def remove(token: str, number: int) -> ResponseReturnValue:
    """Take a learner off the class list."""
    session, viewer = current_session(), _viewer()
    workshop = actions.find_workshop(session, viewer, token)
    entry = actions.remove(session, viewer, workshop, number)
    flash(_("%(name)s is off the list. Enrol the same person again to undo that.", name=entry.name))
    return redirect(url_for(".show", token=token))


@blueprint.route("/<token>/presence", methods=["GET", "POST"])
@access.signed_in
def presence(token: str) -> ResponseReturnValue:
    """Say who was there: all, but those whose mark is taken away."""
    session, viewer = current_session(), _viewer()
    workshop = actions.find_workshop(session, viewer, token)
    learners = actions.learners_of(session, viewer, workshop)
    if request.method == "GET":
        return render_template("workshops/presence.html", workshop=workshop, learners=learners)
    listed, ticked = _numbers("listed"), _numbers("present")
    late = {entry.number for entry in learners if entry.present} - listed
    actions.mark_present(session, viewer, workshop, ticked | late)
    flash(_("Presence is written down."))
    return redirect(url_for(".show", token=token))


def _numbers(name: str) -> set[int]:
    read = (small_number(value) for value in request.form.getlist(name))
    return {number for number in read if number is not None}


def _viewer() -> Viewer:
    return cast(Viewer, current_viewer())


def _today() -> date:
    return now(current_session()).date()


def _page() -> int:
    return small_number(request.args.get("page", "")) or 1
