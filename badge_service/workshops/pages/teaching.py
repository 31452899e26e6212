"""What learners can earn at a guest lecture, a meeting or a co-creation session, and whom of another class list it teaches."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from badge_service.errors import InvalidError
from badge_service.people.viewers import own_viewer
from badge_service.web import access
from badge_service.web.forms import small_number
from badge_service.web.unit_of_work import current_session
from badge_service.workshops import actions
from badge_service.workshops.forms import TeachingForm
from badge_service.workshops.pages.blueprint import blueprint


@blueprint.route("/<token>/teaching", methods=["GET", "POST"])
@access.signed_in
def teaching(token: str) -> ResponseReturnValue:
    """Say what can be earned at an activity that is no workshop; it then has a class list."""
    session, viewer = current_session(), own_viewer()
    activity, workshop = actions.find_to_teach(session, viewer, token)
    taught = [entry.version_id for entry in workshop.versions] if workshop else []
    form = TeachingForm()
    text = (form.find.data or "")[:100] if form.only_finds else ""
    own = {activity.organisation_id}
    form.offer(actions.version_choices(session, own, taught, ticked=form.versions.data or (), text=text))
    if not form.is_submitted():
        form.versions.data = taught
    elif not form.only_finds and form.validate():
        try:
            actions.teach(session, viewer, token, form.versions.data or ())
        except InvalidError as error:
            form.show_faults(error)
        else:
            flash(
                _("Saved.") if workshop else _("It has a class list now. Name the learners who were there.")
            )
            return redirect(url_for(".show" if workshop else ".enrol", token=token))
    page = render_template("workshops/teaching.html", form=form, activity=activity, workshop=workshop)
    return page, (422 if form.is_submitted() and not form.only_finds else 200)


@blueprint.route("/<token>/enrol/from/<source>", methods=["GET", "POST"])
@access.signed_in
def enrol_from(token: str, source: str) -> ResponseReturnValue:
    """Tick those of another class list of the same organisation who take part here too."""
    session, viewer = current_session(), own_viewer()
    workshop, there = (actions.find_workshop(session, viewer, one) for one in (token, source))
    error = None
    if request.method == "POST":
        ticked = [number for one in request.form.getlist("pick") if (number := small_number(one)) is not None]
        try:
            changed = actions.enrol_from(session, viewer, workshop, there, ticked)
        except InvalidError as refused:
            session.rollback()
            error = refused
        else:
            said = ngettext("%(num)s learner is enrolled.", "%(num)s learners are enrolled.", len(changed))
            flash(said if changed else _("They were all enrolled before. Nothing was changed."))
            return redirect(url_for(".show", token=token))
    here = {entry.person_id for entry in actions.learners_of(session, viewer, workshop)}
    page = render_template(
        "workshops/enrol_from.html",
        workshop=workshop,
        source=there,
        learners=actions.learners_of(session, viewer, there),
        here=here,
        picked=request.form.getlist("pick"),
        error=error,
    )
    return page, (422 if error else 200)
