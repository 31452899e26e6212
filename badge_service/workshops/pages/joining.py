"""The public side of joining: what a workshop is, one form to get on its list, and the way to leave again; it lists nobody."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from badge_service.alliance.rules import State
from badge_service.errors import InvalidError
from badge_service.people.viewers import own_viewer
from badge_service.storage.session import token as fresh_token
from badge_service.web import access
from badge_service.web.addresses import sign_in_address
from badge_service.web.i18n import current_language
from badge_service.web.limits import limited
from badge_service.web.unit_of_work import current_session
from badge_service.workshops import actions
from badge_service.workshops.forms import JoinForm
from badge_service.workshops.pages.blueprint import blueprint
from badge_service.workshops.rules import Joining, Place
from badge_service.workshops.rules.consents import AGREEMENT_WORDS
from badge_service.workshops.rules.kinds import KIND_TELLS, KIND_WORDS, LearnerKind
from badge_service.workshops.tables import Workshop


@blueprint.get("/<token>/join")
@access.public
def join(token: str) -> ResponseReturnValue:
    """What the workshop is, and how to get on its list."""
    session, viewer = current_session(), own_viewer()
    workshop = actions.find_to_join(session, token)
    place = actions.own_place(session, viewer, workshop)
    if place is not None:
        answers = actions.own_answers(session, workshop, viewer.person_id or 0)
        return _place_page(workshop, place, answers, url_for(".leave_own", token=token))
    return _form_page(workshop, JoinForm(formdata=None))


@blueprint.post("/<token>/join")
@access.public
@limited("40 per minute")
@limited("1000 per hour", key=lambda: request.path)
def send_join(token: str) -> ResponseReturnValue:
    """Get on the list, or in line."""
    session = current_session()
    workshop, form = actions.find_to_join(session, token), JoinForm()
    try:
        place = actions.join(session, own_viewer(), workshop, form.asked(), current_language())
    except InvalidError as error:
        form.show_faults(error)
        return _form_page(workshop, form), 422
    return redirect(url_for(".joined", token=token, place=place.value))


@blueprint.get("/<token>/joined")
@access.public
def joined(token: str) -> ResponseReturnValue:
    """What comes next for somebody who has just joined."""
    workshop = actions.find_to_join(current_session(), token)
    waits = request.args.get("place") == Place.WAITING.value
    return render_template(
        "workshops/joined.html", workshop=workshop, activity=workshop.activity, waits=waits
    )


@blueprint.post("/<token>/join/leave")
@access.signed_in
def leave_own(token: str) -> ResponseReturnValue:
    """The signed-in person gives their place back, or takes back what they agreed to."""
    session, viewer = current_session(), own_viewer()
    workshop = actions.find_to_join(session, token)
    if kind := request.form.get("kind"):
        actions.take_back(session, workshop, actions.own_person(session, viewer), kind)
        flash(_("You have taken that back."))
    else:
        actions.leave_own(session, viewer, workshop)
        flash(_("You have given your place back."))
    return redirect(url_for(".join", token=token))


@blueprint.route("/<token>/place", methods=["GET", "POST"])
@access.signed_in
def my_place(token: str) -> ResponseReturnValue:
    """The own place of who is signed in, however they got it: what they agreed to, and giving it back."""
    session, viewer = current_session(), own_viewer()
    workshop, taken = actions.find_own_place(session, viewer, token)
    if request.method == "GET":
        answers = actions.own_answers(session, workshop, taken.person_id)
        action = url_for(".my_place", token=token)
        return _place_page(workshop, actions.state_of(taken), answers, action, taken.learner_kind)
    if kind := request.form.get("kind"):
        actions.take_back(session, workshop, taken.person, kind)
        flash(_("You have taken that back."))
        return redirect(url_for(".my_place", token=token))
    actions.leave_own(session, viewer, workshop)
    flash(_("You have given your place back."))
    return redirect(url_for("alliance.activity", token=token))


@blueprint.get("/places/<token>")
@access.public
@limited("20 per minute", methods=("GET", "HEAD"), failures_only=True, shared="place-links")
def place(token: str) -> ResponseReturnValue:
    """Where the mailed link leads: whose place it is is not said, looking changes nothing."""
    session = current_session()
    found = actions.find_place(session, token)
    workshop = actions.workshop_with(session, found)
    answers = actions.own_answers(session, workshop, found.person_id)
    return _place_page(workshop, actions.state_of(found), answers, url_for(".leave", token=token))


@blueprint.post("/places/<token>")
@access.public
@limited("20 per minute", failures_only=True, shared="place-links")
def leave(token: str) -> ResponseReturnValue:
    """Give the place back, once, or take back what was agreed to."""
    session = current_session()
    if kind := request.form.get("kind"):
        found = actions.find_place(session, token)
        actions.take_back(session, actions.workshop_with(session, found), found.person, kind)
        flash(_("You have taken that back."))
        return redirect(url_for(".place", token=token))
    workshop = actions.leave(session, token)
    return render_template("workshops/left.html", workshop=workshop, activity=workshop.activity)


def _form_page(workshop: Workshop, form: JoinForm) -> str:
    session, viewer = current_session(), own_viewer()
    texts = actions.texts_asked(session, workshop)
    form.offer(texts, fresh_token(session))
    return render_template(
        "workshops/join.html",
        workshop=workshop,
        activity=workshop.activity,
        versions=actions.taught_in(session, workshop.activity),
        form=form,
        texts=texts,
        joining=actions.joining_state(session, workshop),
        states=Joining,
        kinds=KIND_WORDS,
        kind_tells=KIND_TELLS,
        viewer=viewer,
        sign_in=sign_in_address(url_for(".join", token=workshop.join_token)),
    )


def _place_page(
    workshop: Workshop, place: Place, answers: set[str], action: str, kind: str | None = None
) -> str:
    return render_template(
        "workshops/place.html",
        workshop=workshop,
        activity=workshop.activity,
        waits=place is Place.WAITING,
        kind_tells=KIND_TELLS[LearnerKind(kind)] if kind else None,
        can_leave=workshop.activity.state != State.HELD.value,
        answers=[(kind, AGREEMENT_WORDS[kind]) for kind in AGREEMENT_WORDS if kind in answers],
        action=action,
    )
