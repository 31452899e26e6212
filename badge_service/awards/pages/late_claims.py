"""Yes to late claims with one press more: their files become evidence of their learners."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from badge_service.awards import actions
from badge_service.awards.actions import late_claims
from badge_service.awards.pages.blueprint import blueprint
from badge_service.errors import InvalidError, NotFoundError
from badge_service.people.viewers import own_viewer
from badge_service.web import access
from badge_service.web.forms import small_number
from badge_service.web.surroundings import current_settings
from badge_service.web.unit_of_work import current_session
from badge_service.workshops import actions as workshops
from badge_service.workshops.pages.check_in import check_in_page, picked_requests


@blueprint.post("/workshops/<token>/check-in/evidence")
@access.signed_in
def take_claims(token: str) -> ResponseReturnValue:
    """Approve the ticked late claims and take their files into the evidence; sent twice it is done once."""
    session, viewer = current_session(), own_viewer()
    workshop = actions.find_taught(session, viewer, token)
    wanted = small_number(request.form.get("version", ""))
    taught = next((one.version for one in workshop.versions if one.version_id == wanted), None)
    if taught is None:
        raise NotFoundError(_("This workshop does not teach that."), code="version.missing")
    picked = picked_requests()
    try:
        workshops.approve(session, viewer, workshop, picked)
        session.flush()
        folder = current_settings().evidence_folder
        taken = late_claims.take_claims(session, viewer, workshop, taught, list(picked), folder)
    except InvalidError as error:
        session.rollback()
        return check_in_page(workshop, error=error, picked=list(picked)), 422
    flash(ngettext("%(num)s file is in the evidence.", "%(num)s files are in the evidence.", len(taken)))
    return redirect(url_for("workshops.check_in", token=token, late=1))
