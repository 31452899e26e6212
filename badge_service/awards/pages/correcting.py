"""Correcting a badge: what stands in it is filled in, what is changed becomes a new edition."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from badge_service.awards import actions
from badge_service.awards.forms import CorrectionForm, correction_form
from badge_service.awards.pages.blueprint import blueprint
from badge_service.awards.rules import identity_check, levels_in
from badge_service.awards.signing import sign_after_commit
from badge_service.awards.tables import Award
from badge_service.errors import InvalidError
from badge_service.people.viewers import own_viewer
from badge_service.web import access
from badge_service.web.limits import limited
from badge_service.web.unit_of_work import current_session


@blueprint.route("/awards/<token>/correct", methods=["GET", "POST"])
@access.signed_in
@limited("60 per minute")
def correct(token: str) -> ResponseReturnValue:
    """Correct levels, identity check, evidence or name of a badge that stands."""
    session = current_session()
    award = actions.find_teachers_award(session, own_viewer(), token)
    levels = levels_in(actions.latest_content(session, award))
    name = actions.school_name(session, award)
    form = correction_form(award.version, levels, name=name, identity_check=award.identity_check)
    status = 200
    if request.method == "POST":
        try:
            _correct(award, form, list(levels))
        except InvalidError as error:
            form.show_faults(error)
            status = 422
        else:
            sign_after_commit([token])
            flash(_("The badge is corrected, and its learner is told."))
            return redirect(url_for(".show", token=token))
    pieces = actions.evidence_now(session, award)
    page = render_template(
        "awards/correct.html",
        award=award,
        name=name,
        form=form,
        levels=levels,
        pieces=None if pieces is None else len(pieces),
    )
    return page, status


def _correct(award: Award, form: CorrectionForm, criteria: list[str]) -> None:
    session = current_session()
    actions.correct_award(
        session,
        own_viewer(),
        award.token,
        levels={one: str(form[f"level:{one}"].data or "") for one in criteria},
        identity_check=identity_check(form.identity_check.data or award.identity_check),
        evidence=actions.evidence_now(session, award) if form.evidence.data else None,
        name=form.name.data or "",
        reason=form.reason.data or "",
    )
