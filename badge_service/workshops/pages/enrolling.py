"""Enrolling learners by list: checked first, written once confirmed; and taking one off the list again."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from badge_service.errors import InvalidError
from badge_service.people.viewers import own_viewer
from badge_service.web import access
from badge_service.web.forms import asked_page
from badge_service.web.limits import limited
from badge_service.web.unit_of_work import current_session
from badge_service.workshops import actions
from badge_service.workshops.forms import LearnersForm
from badge_service.workshops.pages.blueprint import blueprint
from badge_service.workshops.rules import LearnerKind, LearnerList, as_csv, parse_csv, parse_learners
from badge_service.workshops.rules.kinds import KINDS_OF_LEARNERS
from badge_service.workshops.rules.learners import MOST_BYTES
from badge_service.workshops.tables import Workshop


@blueprint.route("/<token>/enrol", methods=["GET", "POST"])
@access.signed_in
@limited("60 per minute")
def enrol(token: str) -> ResponseReturnValue:
    """Take a list, show what enrolling it would do with every fault in it, and do it once confirmed."""
    session, viewer = current_session(), own_viewer()
    workshop = actions.find_workshop(session, viewer, token)
    form = LearnersForm()
    if not form.is_submitted():
        others = actions.other_lists(session, viewer, workshop)
        return render_template(
            "workshops/enrol.html", form=form, workshop=workshop, preview=None, others=others
        )
    if "confirmed" in request.form:
        return _confirmed(workshop, form)
    if not form.validate():
        return render_template("workshops/enrol.html", form=form, workshop=workshop, preview=None), 422
    return _previewed(workshop, form, _read(form))


def _read(form: LearnersForm) -> LearnerList:
    if form.file.data:
        return parse_csv(form.file.data.stream.read(MOST_BYTES + 1))
    return parse_learners(form.learners.data)


def _previewed(workshop: Workshop, form: LearnersForm, found: LearnerList) -> ResponseReturnValue:
    session, viewer = current_session(), own_viewer()
    preview = actions.preview_enrolment(session, viewer, workshop, found.rows)
    faults = sorted((*found.faults, *preview.faults), key=lambda fault: fault.row)
    good = [outcome.row for outcome in preview.outcomes]
    enrolled = len(actions.learners_of(session, viewer, workshop))
    page = render_template(
        "workshops/enrol.html",
        form=form,
        workshop=workshop,
        preview=preview,
        faults=faults,
        ignored=found.ignored_columns,
        confirmed=as_csv(good),
        total=enrolled + len(preview.with_effect(*actions.JOINING)),
    )
    return page, (422 if faults else 200)


def _confirmed(workshop: Workshop, form: LearnersForm) -> ResponseReturnValue:
    found = parse_csv(request.form["confirmed"].encode())
    if found.faults:
        return _previewed(workshop, form, found)
    try:
        kind = form.kind.data or LearnerKind.STUDENT.value
        changed = actions.enrol(current_session(), own_viewer(), workshop, found.rows, kind=kind)
    except InvalidError:  # the class list has changed since the preview: show what would happen now
        return _previewed(workshop, form, found)
    said = ngettext("%(num)s learner is enrolled.", "%(num)s learners are enrolled.", len(changed))
    flash(said if changed else _("They were all enrolled before. Nothing was changed."))
    return redirect(url_for(".show", token=workshop.activity.token))


@blueprint.post("/<token>/learners/<int(max=9999):number>/remove")
@access.signed_in
def remove(token: str, number: int) -> ResponseReturnValue:
    """Take a learner off the class list."""
    session, viewer = current_session(), own_viewer()
    workshop = actions.find_workshop(session, viewer, token)
    entry = actions.remove(session, viewer, workshop, number)
    flash(_("%(name)s is off the list. Enrol the same person again to undo that.", name=entry.name))
    return redirect(url_for(".show", token=token))


@blueprint.post("/<token>/learners/<int(max=9999):number>")
@access.signed_in
def change_learner(token: str, number: int) -> ResponseReturnValue:
    """Say as what a learner comes, or that they were told of their place."""
    session, viewer = current_session(), own_viewer()
    workshop = actions.find_workshop(session, viewer, token)
    if request.form.get("do") == "told":
        entry = actions.note_told(session, viewer, workshop, number)
        flash(_("Written down: %(name)s knows.", name=entry.name))
    else:
        entry = actions.set_kind(session, viewer, workshop, number, request.form.get("kind", ""))
        words = KINDS_OF_LEARNERS[LearnerKind(entry.learner_kind)]
        flash(_("%(name)s is among the %(kind)s now.", name=entry.name, kind=words))
    return redirect(url_for(".show", token=token, page=asked_page()) + "#learners")
