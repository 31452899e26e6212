"""The code that changes on the teacher's screen, and the page that opens for who scans it in time."""

from flask import current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from badge_service.errors import ConflictError, InvalidError, NotFoundError
from badge_service.people.viewers import own_viewer
from badge_service.storage.session import now
from badge_service.web import access
from badge_service.web.limits import limited
from badge_service.web.once import once, refused
from badge_service.web.surroundings import current_settings
from badge_service.web.unit_of_work import current_session
from badge_service.workshops import actions
from badge_service.workshops.actions import Door
from badge_service.workshops.forms import CheckInForm
from badge_service.workshops.pages.blueprint import blueprint
from badge_service.workshops.pages.check_in_door import door_blueprint, shown
from badge_service.workshops.rules.rotating import code_at, is_current, is_ticket, seconds_left, ticket_at


@blueprint.get("/<token>/check-in/screen")
@access.signed_in
def check_in_screen(token: str) -> ResponseReturnValue:
    """The code of this moment, large, for a projector; the page fetches the next one by itself."""
    session, viewer = current_session(), own_viewer()
    workshop = actions.find_workshop(session, viewer, token)
    row = actions.door_of(session, viewer, workshop)
    if row is None or not actions.find_door(session, row.token).is_open:
        raise NotFoundError(_("Open the check-in first."))
    moment = now(session)
    code = code_at(_secret(), row.screen_token, moment)
    path = url_for("check_in.scanned", screen=row.screen_token, code=code)
    return render_template(
        "workshops/check_in_screen.html",
        activity=workshop.activity,
        address=f"{current_settings().address}{path}",
        left=seconds_left(moment),
        waiting=actions.waiting_requests(session, workshop)[0],
    )


@door_blueprint.route("/screen/<screen>/<code>", methods=["GET", "POST"])
@access.public
@limited("600 per 10 minutes")  # a whole event behind one address of its hall
@once
def scanned(screen: str, code: str) -> ResponseReturnValue:
    """Say that one is in the room: the code is checked when the page opens, the ticket it gives when the form is sent."""
    session, viewer = current_session(), own_viewer()
    found = actions.find_screen(session, screen)
    ticket = _ticket(found, code)
    form = CheckInForm()
    if ticket and form.validate_on_submit():
        try:
            asked = actions.ask(
                session, viewer, found, form.said(), number_typed=form.number_typed, on_screen=True
            )
        except InvalidError as error:
            form.show_faults(error)
        except ConflictError:
            return refused(make_response(redirect(request.full_path)))
        else:
            return redirect(url_for("check_in.asked", door=found.row.token, asked=asked.token))
    page = render_template("workshops/check_in_scanned.html", form=form, ticket=ticket, **shown(found))
    return page, (422 if form.is_submitted() else 200)


def _ticket(found: Door, code: str) -> str:
    """The ticket that goes with the form: a new one for a code in its time, the one that was sent, or none."""
    moment, screen = now(current_session()), found.row.screen_token
    sent = request.form.get("ticket", "")
    if request.method == "POST":
        return sent if is_ticket(_secret(), screen, sent, moment) else ""
    return ticket_at(_secret(), screen, moment) if is_current(_secret(), screen, code, moment) else ""


def _secret() -> bytes:
    return str(current_app.config["SECRET_KEY"]).encode()
