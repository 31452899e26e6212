"""The page of the second person: who was decided beyond one person's number for the day, to confirm or to strike."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from badge_service.awards import actions
from badge_service.awards.pages.blueprint import blueprint
from badge_service.awards.signing import sign_after_commit
from badge_service.curriculum.rules import rubric_of
from badge_service.errors import Fault, InvalidError
from badge_service.people.viewers import own_viewer
from badge_service.web import access
from badge_service.web.forms import asked_page, small_number
from badge_service.web.limits import limited
from badge_service.web.surroundings import current_settings
from badge_service.web.unit_of_work import current_session

ADDRESS = "/awards/batches/<token>/second"


@blueprint.get(ADDRESS)
@access.signed_in
def second_person(token: str) -> ResponseReturnValue:
    """Who waits, by name and level."""
    return _page(token)


@blueprint.post(f"{ADDRESS}/confirm")
@access.signed_in
@limited("20 per minute")
def confirm_second(token: str) -> ResponseReturnValue:
    """Award everybody on the list, as a second person; never while somebody is ticked to be struck from it."""
    session, count = current_session(), small_number(request.form.get("count", "")) or 0
    if request.form.getlist("learner"):
        return _page(token, _ticked_and_confirmed()), 422
    batch = actions.confirm_items(session, own_viewer(), current_settings(), token, count)
    sign_after_commit(actions.sign_tokens(session, batch))
    flash(_("Confirmed. The badges are awarded now."))
    return redirect(_after(token))


@blueprint.post(f"{ADDRESS}/refuse")
@access.signed_in
def refuse_second(token: str) -> ResponseReturnValue:
    """Strike the ticked learners, with a reason."""
    ticked = [small_number(text) or 0 for text in request.form.getlist("learner")]
    try:
        count = actions.refuse_items(
            current_session(), own_viewer(), token, ticked, request.form.get("reason", "")
        )
    except InvalidError as error:
        return _page(token, error), 422
    flash(
        ngettext(
            "%(num)s learner was struck from the list.", "%(num)s learners were struck from the list.", count
        )
    )
    return redirect(_after(token))


def _ticked_and_confirmed() -> InvalidError:
    message = _(
        "You ticked learners who should not get the badge. Strike them first, or take the ticks away."
    )
    return InvalidError(_("Nobody has been awarded yet."), faults=[Fault("learners", message, "ticked")])


def _after(token: str) -> str:
    """Back to the list while somebody is on it, else to the batch."""
    batch = actions.find_taught_batch(current_session(), own_viewer(), token)
    return url_for(".second_person" if batch.to_confirm else ".batch", token=token)


def _page(token: str, error: InvalidError | None = None) -> str:
    session, viewer = current_session(), own_viewer()
    batch = actions.find_taught_batch(session, viewer, token)
    asked = asked_page()
    rubric = rubric_of(batch.version.content)
    return render_template(
        "awards/second_person.html",
        batch=batch,
        listing=actions.lines_to_confirm(session, batch, asked),
        first=actions.first_person(session, batch.requested_by),
        decided_at=batch.requested_at,
        is_first=viewer.key in (batch.requested_by, batch.sent_by),
        criteria={one.id: one.name for one in rubric.criteria},
        levels={one.id: one.name for one in rubric.levels},
        ticked=request.form.getlist("learner") if error else [],
        reason=request.form.get("reason", "") if error else "",
        error=error,
    )
