"""The teacher's side of joining: open the public page and print its code, see who waits, ask learners to agree."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from badge_service.errors import ConflictError, InvalidError, NotFoundError
from badge_service.people.viewers import own_viewer
from badge_service.web import access
from badge_service.web.forms import asked_page
from badge_service.web.limits import limited
from badge_service.web.surroundings import current_settings
from badge_service.web.unit_of_work import current_session
from badge_service.workshops import actions
from badge_service.workshops.forms import ConsentTextForm, OpeningForm
from badge_service.workshops.join_poster import join_address, join_poster
from badge_service.workshops.pages.blueprint import blueprint
from badge_service.workshops.pages.here import today
from badge_service.workshops.rules.consents import AGREEMENT_WORDS
from badge_service.workshops.rules.joining import is_open
from badge_service.workshops.tables import Workshop


@blueprint.get("/<token>/joining")
@access.signed_in
def joining(token: str) -> ResponseReturnValue:
    """The public page's link and code, up to when it is open, and who waits in line."""
    workshop = actions.find_workshop(current_session(), own_viewer(), token)
    form = OpeningForm(formdata=None)
    form.until.data = workshop.join_until or max(today(), workshop.activity.starts_on)
    return _joining_page(workshop, form)


@blueprint.post("/<token>/joining")
@access.signed_in
def change_joining(token: str) -> ResponseReturnValue:
    """Open the public page up to a day, close it, or give it a new link."""
    session, viewer = current_session(), own_viewer()
    workshop = actions.find_workshop(session, viewer, token)
    form = OpeningForm()
    wish = request.form.get("do")
    if wish == "close":
        actions.close_joining(session, viewer, workshop)
        flash(_("Nobody can join by the page now."))
    elif wish == "renew":
        actions.renew_join_link(session, viewer, workshop)
        flash(_("The link is new. Print and send it again: the old one leads nowhere."))
    else:
        try:
            form.validate()
            actions.open_joining(session, viewer, workshop, form.until.data)
        except InvalidError as error:
            form.show_more(error.faults)
            return _joining_page(workshop, form), 422
        flash(_("Learners can join by the link now."))
    return redirect(url_for(".joining", token=token))


@blueprint.get("/<token>/joining/poster.pdf")
@access.signed_in
@limited("30 per minute", methods=("GET",))
def print_invitation(token: str) -> ResponseReturnValue:
    """The invitation to hang up, as PDF."""
    workshop = actions.find_workshop(current_session(), own_viewer(), token)
    if workshop.join_token is None:
        raise ConflictError(_("Open the page for joining first, then print its code."), code="join.closed")
    answer = Response(join_poster(current_settings(), workshop), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = 'inline; filename="join.pdf"'
    return answer


@blueprint.post("/<token>/waiting/<int(max=999999999):number>")
@access.signed_in
def decide_waiting(token: str, number: int) -> ResponseReturnValue:
    """Give somebody in line a place, or take them out of the line."""
    session, viewer = current_session(), own_viewer()
    workshop = actions.find_workshop(session, viewer, token)
    if request.form.get("do") == "strike":
        actions.strike(session, viewer, workshop, number)
        flash(_("Taken out of the line."))
    else:
        entry = actions.admit(session, viewer, workshop, number)
        flash(_("%(name)s is on the class list now.", name=entry.name))
    return redirect(url_for(".joining", token=token) + "#line")


@blueprint.route("/<token>/agreements", methods=["GET", "POST"])
@access.signed_in
def agreements(token: str) -> ResponseReturnValue:
    """What learners are asked to agree to, and who has."""
    session, viewer = current_session(), own_viewer()
    workshop = actions.find_workshop(session, viewer, token)
    form = ConsentTextForm()
    form.offer()
    if not form.is_submitted():
        form.language.data = workshop.activity.language
        return _agreements_page(workshop, form)
    try:
        form.validate()
        actions.write_consent_text(session, viewer, workshop, *form.words())
    except InvalidError as error:
        form.show_more(error.faults)
        return _agreements_page(workshop, form), 422
    flash(_("Who joins from now on is asked this. They can join without saying yes."))
    return redirect(url_for(".agreements", token=token))


@blueprint.post("/<token>/agreements/<kind>")
@access.signed_in
def change_agreement(token: str, kind: str) -> ResponseReturnValue:
    """Ask this no more, or write down that a learner has taken their yes back."""
    session, viewer = current_session(), own_viewer()
    workshop = actions.find_workshop(session, viewer, token)
    number = request.form.get("number")
    if number is None:
        actions.end_consent_text(session, viewer, workshop, kind)
        flash(_("Learners are not asked this any more."))
    else:
        agreed = actions.agreed_by(session, viewer, workshop).get(kind, [])
        entry = next((one for one in agreed if str(one.number) == number), None)
        if entry is None:
            raise NotFoundError(_("There is no such consent."), code="consent.missing")
        actions.take_back(session, workshop, entry.person, kind, told=viewer)
        flash(_("Written down: %(name)s has taken that back.", name=entry.name))
    return redirect(url_for(".agreements", token=token))


def _joining_page(workshop: Workshop, form: OpeningForm) -> str:
    session, viewer = current_session(), own_viewer()
    activity = workshop.activity
    return render_template(
        "workshops/joining.html",
        workshop=workshop,
        activity=activity,
        form=form,
        address=join_address(current_settings(), workshop) if workshop.join_token else None,
        is_open=is_open(activity.state, workshop.join_until, today()),
        places=actions.places_of(session, workshop),
        line=actions.waiting_list(session, viewer, workshop, asked_page()),
    )


def _agreements_page(workshop: Workshop, form: ConsentTextForm) -> str:
    session, viewer = current_session(), own_viewer()
    agreed = actions.agreed_by(session, viewer, workshop)
    texts = {one.kind: one for one in actions.texts_asked(session, workshop)}
    return render_template(
        "workshops/agreements.html",
        workshop=workshop,
        activity=workshop.activity,
        form=form,
        rows=[
            (kind, words, texts.get(kind), agreed.get(kind, [])) for kind, words in AGREEMENT_WORDS.items()
        ],
    )
