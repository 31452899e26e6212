"""The teacher's side of checking in: open it, print its code, decide who is meant, look at late claims."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from badge_service.errors import Fault, InvalidError, NotFoundError
from badge_service.people.viewers import own_viewer
from badge_service.web import access
from badge_service.web.attachments import attachment
from badge_service.web.forms import asked_page, small_number
from badge_service.web.once import once
from badge_service.web.surroundings import current_settings
from badge_service.web.unit_of_work import current_session
from badge_service.workshops import actions
from badge_service.workshops.check_in_poster import poster_of
from badge_service.workshops.forms import CheckInRulesForm
from badge_service.workshops.pages.blueprint import blueprint
from badge_service.workshops.rules import LATE_DAYS
from badge_service.workshops.tables import CheckInDoor, Workshop


@blueprint.get("/<token>/check-in")
@access.signed_in
def check_in(token: str) -> ResponseReturnValue:
    """Who says that they are here or were here, and how they can say it."""
    return check_in_page(actions.find_workshop(current_session(), own_viewer(), token))


@blueprint.post("/<token>/check-in")
@access.signed_in
@once
def decide(token: str) -> ResponseReturnValue:
    """Approve or refuse the ticked ones, or approve at once all of whom it is clear who they are."""
    session, viewer = current_session(), own_viewer()
    workshop = actions.find_workshop(session, viewer, token)
    picked = picked_requests()
    try:
        if request.form.get("do") == "refuse":
            decided = actions.refuse(session, viewer, workshop, picked, request.form.get("reason", ""))
            flash(ngettext("%(num)s was refused.", "%(num)s were refused.", len(decided)))
        else:
            if request.form.get("do") == "all":
                decided = actions.approve_certain(session, viewer, workshop)
            else:
                decided = actions.approve(session, viewer, workshop, picked)
            flash(ngettext("%(num)s counts as present.", "%(num)s count as present.", len(decided)))
    except InvalidError as error:
        session.rollback()
        return check_in_page(workshop, error=error, picked=list(picked)), 422
    late = request.args.get("late") and "1"
    return redirect(url_for(".check_in", token=token, late=late or None))


@blueprint.post("/<token>/check-in/door")
@access.signed_in
def change_door(token: str) -> ResponseReturnValue:
    """Open the check-in, close it, or give it a new code."""
    session, viewer = current_session(), own_viewer()
    workshop = actions.find_workshop(session, viewer, token)
    what = request.form.get("do", "")
    if what in ("open", "renew"):
        actions.open_door(session, viewer, workshop, renew=what == "renew")
        flash(_("The check-in is open.") if what == "open" else _("Print the new code: the old one is dead."))
    elif what == "close":
        actions.close_door(session, viewer, workshop)
        flash(_("The check-in is closed. Opened again, the printed code works as before."))
    else:
        raise NotFoundError(_("There is no such step."))
    return redirect(url_for(".check_in", token=token))


@blueprint.post("/<token>/check-in/rules")
@access.signed_in
def set_check_in_rules(token: str) -> ResponseReturnValue:
    """Set how long late claims are taken and on how many days one must have been there."""
    session, viewer = current_session(), own_viewer()
    workshop = actions.find_workshop(session, viewer, token)
    form = CheckInRulesForm()
    if form.validate_on_submit():
        try:
            actions.set_check_in_rules(session, viewer, workshop, form.late_days.data, form.days_needed.data)
        except InvalidError as error:
            form.show_faults(error)
        else:
            flash(_("Saved."))
            return redirect(url_for(".check_in", token=token))
    return check_in_page(workshop, rules=form), 422


@blueprint.get("/<token>/check-in/poster.pdf")
@access.signed_in
def check_in_poster(token: str) -> ResponseReturnValue:
    """The code to print and hang up, in the language of the workshop."""
    session, viewer = current_session(), own_viewer()
    workshop = actions.find_workshop(session, viewer, token)
    door = actions.door_of(session, viewer, workshop)
    if door is None:
        raise NotFoundError(_("Open the check-in first."))
    answer = Response(poster_of(current_settings(), workshop, door), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = 'inline; filename="check-in.pdf"'
    return answer


@blueprint.get("/<token>/check-in/files/<piece>")
@access.signed_in
def check_in_file(token: str, piece: str) -> ResponseReturnValue:
    """A file of a late claim, always as an attachment."""
    session, viewer = current_session(), own_viewer()
    workshop = actions.find_workshop(session, viewer, token)
    row = actions.find_piece(session, viewer, workshop, piece)
    path = current_settings().evidence_folder / row.token
    if not path.is_file():
        raise NotFoundError(_("There is no such file."))
    return attachment(path.read_bytes(), row.media_type, f"claim-{row.id}")


def picked_requests() -> dict[int, int | None]:
    """The ticked requests, each with the number typed beside it."""
    picked = [number for text in request.form.getlist("pick") if (number := small_number(text)) is not None]
    return {one: _typed_number(one) for one in picked}


def _typed_number(request_id: int) -> int | None:
    """The number typed beside a request; None for nothing, 0 (which nobody has) for what is no number."""
    text = request.form.get(f"number:{request_id}", "").strip()
    return (small_number(text) or 0) if text else None


def check_in_page(
    workshop: Workshop,
    *,
    rules: CheckInRulesForm | None = None,
    error: InvalidError | None = None,
    picked: list[int] | None = None,
) -> str:
    """What waits for a decision, with what was typed and what is wrong with it."""
    session, viewer = current_session(), own_viewer()
    late = bool(request.args.get("late"))
    listing = actions.requests_of(session, viewer, workshop, late=late, page=asked_page())
    door = actions.door_of(session, viewer, workshop)
    likely = actions.likely_learners(session, workshop, listing.rows)
    return render_template(
        "workshops/check_in.html",
        workshop=workshop,
        activity=workshop.activity,
        door=door,
        address=f"{current_settings().address}{url_for('check_in.here', door=door.token)}" if door else "",
        late=late,
        listing=listing,
        likely=likely,
        waiting=actions.waiting_requests(session, workshop),
        decided=actions.decided_requests(session, viewer, workshop),
        days=actions.days_of(workshop),
        rules=rules or _rules_form(door),
        wrong=_by_field(error),
        error=error,
        typed=request.form,
        picked=list(likely) if picked is None and not late else picked or [],
    )


def _rules_form(door: CheckInDoor | None) -> CheckInRulesForm:
    late_days = door.late_days if door else LATE_DAYS
    return CheckInRulesForm(
        formdata=None, late_days=late_days, days_needed=door.days_needed if door else None
    )


def _by_field(error: InvalidError | None) -> dict[str, Fault]:
    return {fault.where: fault for fault in error.faults} if error else {}
