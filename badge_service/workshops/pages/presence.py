"""Who was there on which day: all, but those whose mark is taken away."""

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from badge_service.people.viewers import own_viewer
from badge_service.web import access
from badge_service.web.forms import asked_page, small_number
from badge_service.web.once import once
from badge_service.web.unit_of_work import current_session
from badge_service.workshops import actions
from badge_service.workshops.actions.dates import day_named
from badge_service.workshops.pages.blueprint import blueprint
from badge_service.workshops.tables import Workshop


@blueprint.route("/<token>/presence", methods=["GET", "POST"])
@access.signed_in
@once
def presence(token: str) -> ResponseReturnValue:
    """Say who was there: only those whose mark differs from what the page showed are changed."""
    session, viewer = current_session(), own_viewer()
    workshop = actions.find_workshop(session, viewer, token)
    day = _asked_day(workshop)
    if request.method == "POST":
        actions.mark_presence(session, viewer, workshop, day, _changed_marks())
        flash(_("Presence is written down."))
        if request.args.get("page"):  # a long list goes on
            return redirect(url_for(".presence", token=token, day=day.isoformat(), page=asked_page()))
        return redirect(url_for(".show", token=token))
    days = actions.days_of(workshop)
    return render_template(
        "workshops/presence.html",
        workshop=workshop,
        listing=actions.presence_page(session, viewer, workshop, asked_page()),
        marks=actions.marks_on(session, workshop, day),
        missed=actions.days_missed(session, workshop) if len(days) > 1 else {},
        day=day,
        days=days,
        open_days=actions.days_to_mark(session, workshop),
        needed=actions.needed_days(session, workshop),
    )


def _asked_day(workshop: Workshop) -> date:
    """The day that was asked for, or the last one that has come; raises NotFoundError for one that is not its day."""
    asked = request.args.get("day")
    if asked is None:
        return actions.days_to_mark(current_session(), workshop)[-1]
    return day_named(workshop, asked)


def _changed_marks() -> dict[int, bool]:
    """By number, what was ticked otherwise than the page showed it: what others changed meanwhile is left alone."""
    ticked, shown = _numbers("present"), _numbers("was")
    return {
        number: number in ticked for number in _numbers("listed") if (number in ticked) != (number in shown)
    }


def _numbers(name: str) -> set[int]:
    read = (small_number(value) for value in request.form.getlist(name))
    return {number for number in read if number is not None}
