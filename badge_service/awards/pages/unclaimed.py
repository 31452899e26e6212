"""Badges that nobody answers: the learner's link that stops reminders, and the school's list after a year."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from badge_service.awards import actions
from badge_service.awards.pages.blueprint import blueprint
from badge_service.people.rules import Role
from badge_service.people.viewers import own_viewer
from badge_service.web import access
from badge_service.web.forms import asked_page
from badge_service.web.limits import limited
from badge_service.web.surroundings import current_settings
from badge_service.web.unit_of_work import current_session


@blueprint.route("/reminders/<stop>", methods=["GET", "POST"])
@access.public
@limited("30 per minute", methods=("GET", "HEAD", "POST"), failures_only=True)
def stop_reminders(stop: str) -> ResponseReturnValue:
    """Ask, then stop; opening the link changes nothing, so that no mail scanner can press the button."""
    if request.method == "POST":
        award = actions.stop_reminders(current_session(), stop)
    else:
        award = actions.reminded_award(current_session(), stop)
    return render_template(
        "awards/stop_reminders.html", title=award.version.title, stopped=request.method == "POST"
    )


@blueprint.get("/awards/unclaimed")
@access.roles(Role.TEACHER, Role.ADMIN)
def unclaimed() -> ResponseReturnValue:
    """What has waited for its learner for a year."""
    session, settings = current_session(), current_settings()
    listing = actions.unclaimed_awards(session, own_viewer(), settings, asked_page())
    return render_template(
        "awards/unclaimed.html",
        listing=listing,
        shown=[
            (award, actions.school_name(session, award), actions.contact_ended_at(session, award))
            for award in listing.rows
        ],
        days=settings.contact_kept_days,
    )
