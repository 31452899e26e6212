"""The matrix of learners and criteria: all cells by one save button, or cell by cell with the script."""

from collections.abc import Mapping, Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from badge_service.awards import actions, words
from badge_service.awards.actions import Clash, LearnerRow
from badge_service.awards.pages.blueprint import asked_for, blueprint
from badge_service.awards.pages.sheets import changed_fields
from badge_service.curriculum.rules import rubric_of
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.curriculum.words import pass_rule_words, ready_words
from badge_service.errors import InvalidError
from badge_service.people.viewers import own_viewer
from badge_service.web import access
from badge_service.web.forms import asked_page
from badge_service.web.unit_of_work import current_session, keep
from badge_service.workshops.tables import Workshop

ADDRESS = "/workshops/<token>/assess/<slug>/<version>"
LEARNERS_A_PAGE = 50


@blueprint.get(ADDRESS)
@access.signed_in
def assess(token: str, slug: str, version: str) -> ResponseReturnValue:
    """The matrix, who is ready, and why others are not."""
    workshop, taught = asked_for(token, slug, version)
    rows = actions.readiness_of(current_session(), workshop, taught, decider=own_viewer())
    return render_template("awards/assess.html", **_shown(workshop, taught, rows))


@blueprint.post(ADDRESS)
@access.signed_in
def save(token: str, slug: str, version: str) -> ResponseReturnValue:
    """Save the whole matrix; with `group` also a level for everybody present who has none yet."""
    workshop, taught = asked_for(token, slug, version)
    session, viewer = current_session(), own_viewer()
    group = request.form.get("group")
    try:
        clashes = _save(workshop, taught, request.form)
        if group:
            count = actions.set_levels_for_group(session, viewer, workshop, taught, group)
            flash(ngettext("%(num)s cell was filled in.", "%(num)s cells were filled in.", count))
    except InvalidError as error:
        return _again(workshop, taught, error=error, typed=request.form), 422
    if clashes:
        keep()
        return _again(workshop, taught, clashes=clashes), 409
    if request.form.get("go") == "award":
        return redirect(url_for(".confirm", token=token, slug=slug, version=version))
    if not group:
        flash(_("Saved."))
    number = asked_page()
    return redirect(
        url_for(".assess", token=token, slug=slug, version=version, page=number if number > 1 else None)
    )


@blueprint.post(f"{ADDRESS}/learner/<int(max=9999):number>")
@access.signed_in
def save_learner(token: str, slug: str, version: str, number: int) -> ResponseReturnValue:
    """Save one learner's cells and reason; answers with their new standing and the count, for the script.

    `theirs` are the fields, with what stands in them, that somebody else has changed meanwhile; `notice` says so.
    """
    workshop, taught = asked_for(token, slug, version)
    try:
        clashes = _save(workshop, taught, request.form)
    except InvalidError as error:
        return {"problem": " ".join(fault.message for fault in error.faults) or error.message}, 422
    current_session().flush()
    rows = actions.readiness_of(current_session(), workshop, taught, decider=own_viewer())
    shown = _shown(workshop, taught, rows) | {"clashes": clashes}
    row = next((row for row in rows if row.learner.number == number), None)
    return {
        "status": render_template("awards/_standing.html", row=row, **shown) if row else "",
        "summary": render_template("awards/_summary.html", **shown) if row else "",
        "notice": render_template("awards/_clashes.html", **shown) if clashes else "",
        "theirs": {f"{clash.number}:{clash.criterion}": clash.stored for clash in clashes},
    }


def _save(workshop: Workshop, version: DefinitionVersion, typed: Mapping[str, str]) -> list[Clash]:
    session, viewer = current_session(), own_viewer()
    numbers = {learner.number: learner.person_id for learner in actions.learners_in(session, workshop)}
    return actions.save_sheet(session, viewer, workshop, version, changed_fields(typed, numbers))


def _again(
    workshop: Workshop,
    version: DefinitionVersion,
    *,
    error: InvalidError | None = None,
    typed: Mapping[str, str] | None = None,
    clashes: Sequence[Clash] = (),
) -> str:
    """The matrix once more: with everything typed and its faults, or as it stands with what two people set differently."""
    current_session().flush()
    rows = actions.readiness_of(current_session(), workshop, version, decider=own_viewer())
    shown = _shown(workshop, version, rows) | {"error": error, "typed": typed or {}, "clashes": clashes}
    return render_template("awards/assess.html", **shown)


def _shown(workshop: Workshop, version: DefinitionVersion, rows: list[LearnerRow]) -> dict[str, object]:
    rubric = rubric_of(version.content)
    pages = max(1, -(-len(rows) // LEARNERS_A_PAGE))
    number = min(asked_page(), pages)
    return {
        "shown": rows[(number - 1) * LEARNERS_A_PAGE : number * LEARNERS_A_PAGE],
        "page": number,
        "pages": pages,
        "workshop": workshop,
        "activity": workshop.activity,
        "version": version,
        "address": {
            "token": workshop.activity.token,
            "slug": version.definition.slug,
            "version": version.version,
        },
        "rubric": rubric,
        "names": {one.id: one.name for one in rubric.criteria} | {one.id: one.name for one in rubric.levels},
        "rows": rows,
        "typed": {},
        "error": None,
        "clashes": (),
        "why_not": words.why_not,
        "ready_words": ready_words,
        "pass_rule": pass_rule_words(version.content),
        "ready": sum(row.ready for row in rows),
        "awarded": sum("awarded" in row.why for row in rows),
        "evidence_count": len(actions.evidence_of(current_session(), workshop, version)),
        "batches": actions.batches_of(current_session(), workshop, version),
    }
