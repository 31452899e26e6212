"""Each step of the editor: shown, saved, saved as you go; a clash with somebody else's change leads to the merge page."""

import json
from typing import Any

from flask import flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from badge_service.curriculum import actions
from badge_service.curriculum.actions import StaleFieldsError, Typed
from badge_service.curriculum.forms import fields_from
from badge_service.curriculum.pages import blueprint
from badge_service.curriculum.pages.desk import lead
from badge_service.curriculum.pages.editor.deeds import done
from badge_service.curriculum.pages.editor.merging import merge_page
from badge_service.curriculum.pages.editor.places import Done, field_id, own_draft
from badge_service.curriculum.pages.editor.room import new_size_faults, with_room
from badge_service.curriculum.pages.editor.showing import has_wrong_entries, panel, step_page
from badge_service.curriculum.pages.room import OFTEN, person, refuse_large
from badge_service.curriculum.rules import fingerprints
from badge_service.curriculum.rules.steps import FIRST_STEP, STEPS, next_step
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.errors import NotFoundError
from badge_service.web import access
from badge_service.web.limits import limited
from badge_service.web.unit_of_work import current_session

CHOICE = "keep:"


@blueprint.get("/definitions/<slug>/<version>/edit")
@access.roles("let_lead")
def edit(slug: str, version: str) -> ResponseReturnValue:
    """The editor's one address, which leads to its first step."""
    own_draft(slug, version)
    return redirect(url_for(".edit_step", slug=slug, version=version, step=FIRST_STEP))


@blueprint.get("/definitions/<slug>/<version>/edit/<step>")
@access.roles("let_lead")
def edit_step(slug: str, version: str, step: str) -> ResponseReturnValue:
    """One step as saved; with `?check=1` everything to correct in it stands beside its field."""
    found = own_draft(slug, version)
    return step_page(found, _known(step)), {"Cache-Control": "no-store"}


@blueprint.post("/definitions/<slug>/<version>/edit/<step>")
@access.roles("let_lead")
def save_step(slug: str, version: str, step: str) -> ResponseReturnValue:
    """Save this step's fields, with a row more or less where a button says so, and go where the button leads."""
    refuse_large()
    found, step = own_draft(slug, version), _known(step)
    here: dict[str, Any] = {"slug": slug, "version": version}
    before = actions.document(found)
    fields = fields_from(request.form, STEPS[step], before)
    if too_much := new_size_faults(fields, before):
        return step_page(found, step, typed=fields, faults=too_much, opened=_opened()), 422
    deed = request.form.get("do", "stay")
    act = with_room(done(deed, fields, before), fields, before)
    try:
        saved = actions.save_fields(
            current_session(), lead(), found.id, Typed(act.fields if act else fields, _opened(), _given_up())
        )
    except StaleFieldsError as error:
        return merge_page(error, step, _opened()), 409
    if act:
        return _to_place(act, step, here)
    return redirect(_way_on(saved, step, deed, here), 303)


@blueprint.post("/definitions/<slug>/<version>/edit/<step>/autosave")
@access.roles("let_lead")
@limited(OFTEN, key=person)
def autosave(slug: str, version: str, step: str) -> ResponseReturnValue:
    """Save what is typed so far; says what the page must know to save again, and how the checklist stands now."""
    refuse_large()
    found, step = own_draft(slug, version), _known(step)
    before = actions.document(found)
    fields = fields_from(request.form, STEPS[step], before)
    if too_much := new_size_faults(fields, before):
        return jsonify(faults=[{"where": one.where, "message": one.message} for one in too_much]), 422
    try:
        saved = actions.save_fields(current_session(), lead(), found.id, Typed(fields, _opened()))
    except StaleFieldsError:
        return jsonify(stale=True), 409
    # Of what this page shows, not of what is saved: another's change in a field it shows as it was stays another's.
    return jsonify(opened=json.dumps(fingerprints(fields, STEPS[step])), **panel(saved, step))


def _known(step: str) -> str:
    if step not in STEPS:
        raise NotFoundError(_("There is no such step."), code="step.unknown")
    return step


def _opened() -> dict[str, str]:
    """The fingerprints that the page carries; nothing is known of what somebody sends in another shape."""
    try:
        sent: Any = json.loads(request.form.get("opened", ""))
    except (ValueError, RecursionError):
        return {}
    return {str(place): str(digest) for place, digest in sent.items()} if isinstance(sent, dict) else {}


def _given_up() -> frozenset[str]:
    """The places of the merge page at which the other side's words were chosen."""
    chosen = {
        name.removeprefix(CHOICE): value for name, value in request.form.items() if name.startswith(CHOICE)
    }
    return frozenset(place for place, side in chosen.items() if side == "theirs")


def _to_place(act: Done, step: str, here: dict[str, Any]) -> ResponseReturnValue:
    if act.refused:
        flash(act.refused, "bad")
    asked: dict[str, Any] = {**here, **act.asked}
    return redirect(url_for(".edit_step", step=step, _anchor=field_id(act.place), **asked), 303)


def _way_on(saved: DefinitionVersion, step: str, deed: str, here: dict[str, Any]) -> str:
    """A typed value that cannot be right keeps one on the page; what is only missing does not."""
    if deed == "preview":
        return url_for(".preview", **here)
    following = next_step(step)
    if has_wrong_entries(saved, step):
        flash(_("Saved. Something here needs correcting before it can be published."), "warning")
        return url_for(".edit_step", step=step, check=1, **here)
    if deed != "save":
        flash(_("Saved as a draft."))
        return url_for(".edit_step", step=step, **here)
    return url_for(".edit_step", step=following, **here) if following else url_for(".publish", **here)
