"""The matrix of learners and criteria: all cells by one save button, or cell by cell with the script."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from badge_service.awards import actions, words
from badge_service.awards.actions import LearnerRow
from badge_service.awards.pages.blueprint import asked_for, blueprint
from badge_service.curriculum.rules import rubric_of
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.people.viewers import own_viewer
from badge_service.web import access
from badge_service.web.unit_of_work import current_session
from badge_service.workshops.tables import Workshop

ADDRESS = "/workshops/<token>/assess/<slug>/<version>"


@blueprint.get(ADDRESS)
@access.signed_in
def assess(token: str, slug: str, version: str) -> ResponseReturnValue:
    """The matrix, who is ready, and why others are not."""
    workshop, taught = asked_for(token, slug, version)
    rows = actions.readiness_of(current_session(), workshop, taught)
    return render_template("awards/assess.html", **_shown(workshop, taught, rows))


@blueprint.post(ADDRESS)
@access.signed_in
def save(token: str, slug: str, version: str) -> ResponseReturnValue:
    """Save the whole matrix; with `group` also a level for everybody present who has none yet."""
    workshop, taught = asked_for(token, slug, version)
    session, viewer = current_session(), own_viewer()
    _save(workshop, taught, request.form)
    if request.form.get("group"):
        count = actions.set_levels_for_group(session, viewer, workshop, taught, request.form["group"])
        flash(ngettext("%(num)s cell was filled in.", "%(num)s cells were filled in.", count))
    elif request.form.get("go") == "award":
        return redirect(url_for(".confirm", token=token, slug=slug, version=version))
    else:
        flash(_("Saved."))
    return redirect(url_for(".assess", token=token, slug=slug, version=version))


@blueprint.post(f"{ADDRESS}/learner/<int:number>")
@access.signed_in
def save_learner(token: str, slug: str, version: str, number: int) -> ResponseReturnValue:
    """Save one learner's cells and reason; answers with their new standing and the count, for the script."""
    workshop, taught = asked_for(token, slug, version)
    _save(workshop, taught, request.form)
    current_session().flush()
    rows = actions.readiness_of(current_session(), workshop, taught)
    shown = _shown(workshop, taught, rows)
    row = next((row for row in rows if row.learner.number == number), None)
    if row is None:
        return {"status": "", "summary": ""}
    return {
        "status": render_template("awards/_standing.html", row=row, **shown),
        "summary": render_template("awards/_summary.html", **shown),
    }


def _save(workshop: Workshop, version: DefinitionVersion, typed: Mapping[str, str]) -> None:
    """Fields are called `<number>:<criterion>` (a level id or nothing) and `<number>:reason`."""
    session, viewer = current_session(), own_viewer()
    numbers = {learner.number: learner.person_id for learner in actions.learners_in(session, workshop)}
    cells: dict[tuple[int, str], str | None] = {}
    for name, value in typed.items():
        number, colon, criterion = name.partition(":")
        if not colon or not number.isdecimal() or int(number) not in numbers:
            continue
        if criterion == "reason":
            actions.give_reason(session, viewer, workshop, version, numbers[int(number)], value)
        else:
            cells[numbers[int(number)], criterion] = value or None
    actions.set_levels(session, viewer, workshop, version, cells)


def _shown(workshop: Workshop, version: DefinitionVersion, rows: list[LearnerRow]) -> dict[str, object]:
    rubric = rubric_of(version.content)
    return {
        "workshop": workshop,
        "activity": workshop.activity,
        "version": version,
        "address": {
            "token": workshop.activity.token,
            "slug": version.definition.slug,
            "version": version.version,
        },
        "rubric": rubric,
        "rows": rows,
        "why_not": words.why_not,
        "ready": sum(row.ready for row in rows),
        "awarded": sum("awarded" in row.why for row in rows),
        "evidence_count": len(actions.evidence_of(current_session(), workshop, version)),
        "batches": actions.batches_of(current_session(), workshop, version),
    }
