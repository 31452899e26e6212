"""The learner's side of checking in: say “I am here”, or later “I was there”, and see what became of it."""

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from badge_service.errors import ConflictError, Fault, InvalidError
from badge_service.people.viewers import own_viewer
from badge_service.web import access
from badge_service.web.limits import limited
from badge_service.web.once import once, refused
from badge_service.web.surroundings import current_settings
from badge_service.web.unit_of_work import current_session
from badge_service.web.uploads import cleaned, cleaned_files
from badge_service.workshops import actions
from badge_service.workshops.actions import Door
from badge_service.workshops.forms import CheckInForm, LateClaimForm
from badge_service.workshops.rules import MOST_PIECES

door_blueprint = Blueprint("check_in", __name__, template_folder="../templates", url_prefix="/check-in")


@door_blueprint.route("/<door>", methods=["GET", "POST"])
@access.public
@limited("300 per 10 minutes")  # a whole class behind one address of its school
@once
def here(door: str) -> ResponseReturnValue:
    """Say that one is here: typed, or with one press by who is signed in."""
    session, viewer = current_session(), own_viewer()
    found = actions.find_door(session, door)
    form = CheckInForm()
    if form.validate_on_submit():
        try:
            asked = actions.ask(session, viewer, found, form.said(), number_typed=form.number_typed)
        except InvalidError as error:
            form.show_faults(error)
        except ConflictError as error:
            flash(error.message, "warning")
            return refused(make_response(redirect(url_for(".here", door=door))))
        else:
            return redirect(url_for(".asked", door=door, asked=asked.token))
    page = render_template("workshops/check_in_here.html", form=form, **shown(found))
    return page, (422 if form.is_submitted() else 200)


@door_blueprint.route("/<door>/late", methods=["GET", "POST"])
@access.public
@limited("60 per 10 minutes")
@cleaned("files", most=MOST_PIECES)
@once
def late(door: str) -> ResponseReturnValue:
    """Say afterwards that one was there, and what one did."""
    session, viewer = current_session(), own_viewer()
    found = actions.find_door(session, door)
    if not found.is_open or not found.claimable:
        return refused(make_response(redirect(url_for(".here", door=door))))
    form = LateClaimForm()
    form.offer(found.claimable)
    if form.validate_on_submit():
        try:
            asked = actions.claim(
                session,
                viewer,
                found,
                form.claimed(),
                form.chosen_day(found.claimable),
                number_typed=form.number_typed,
                files=cleaned_files(),
                folder=current_settings().evidence_folder,
            )
        except InvalidError as error:
            form.show_faults(error)
        except ConflictError as error:
            form.show_faults(
                InvalidError(error.message, faults=[Fault("account", error.message, error.code)])
            )
        else:
            flash(_("Your teacher has it now."))
            return redirect(url_for(".asked", door=door, asked=asked.token))
    page = render_template("workshops/check_in_late.html", form=form, **shown(found))
    return page, (422 if form.is_submitted() else 200)


@door_blueprint.get("/<door>/asked/<asked>")
@access.public
def asked(door: str, asked: str) -> ResponseReturnValue:
    """What became of it; whoever asked is the only one who has this address."""
    session = current_session()
    found = actions.find_door(session, door)
    request_ = actions.asked_at(session, found, asked)
    return render_template("workshops/check_in_asked.html", asked=request_, **shown(found))


def shown(found: Door) -> dict[str, object]:
    """What every page of the door shows."""
    return {
        "door": found.row,
        "is_open": found.is_open,
        "phase": found.phase.value if found.is_open else "closed",
        "claimable": found.claimable,
        "days": actions.days_of(found.workshop),
        "activity": found.workshop.activity,
    }
