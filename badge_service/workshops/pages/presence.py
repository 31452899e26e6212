"""Who was there: all, but those whose mark is taken away."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from badge_service.people.viewers import own_viewer
from badge_service.web import access
from badge_service.web.forms import small_number
from badge_service.web.unit_of_work import current_session
from badge_service.workshops import actions
from badge_service.workshops.pages.blueprint import blueprint


@blueprint.route("/<token>/presence", methods=["GET", "POST"])
@access.signed_in
def presence(token: str) -> ResponseReturnValue:
    """Say who was there: all, but those whose mark is taken away."""
    session, viewer = current_session(), own_viewer()
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
