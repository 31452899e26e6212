"""Definitions and pathways in and out as files: everybody may save what is published, a LET lead also drafts, and bring in."""

from collections.abc import Sequence
from urllib.parse import quote

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms.fields import SelectChoice

from badge_service.curriculum import actions, words
from badge_service.curriculum.actions import exporting, incoming, incoming_pathways, pathways
from badge_service.curriculum.actions.exporting import Exported
from badge_service.curriculum.actions.frameworks import keep_upload, open_upload
from badge_service.curriculum.exchange_forms import BringForm
from badge_service.curriculum.pages import blueprint
from badge_service.curriculum.pages.desk import address_of, lead, own
from badge_service.curriculum.pages.showing import public_url
from badge_service.curriculum.rules import elm
from badge_service.curriculum.rules.formats import COLUMNS, MOST_BYTES, ReadFile, read_file
from badge_service.curriculum.tables import Let
from badge_service.errors import InvalidError, NotFoundError
from badge_service.people.tables import Organisation
from badge_service.web import access
from badge_service.web.forms import small_number
from badge_service.web.limits import limited
from badge_service.web.sentences import translated
from badge_service.web.unit_of_work import current_session, looking


@blueprint.get("/achievements/<slug>/<version>/export/<form>")
@access.public
def export_public(slug: str, version: str, form: str) -> ResponseReturnValue:
    """A published version as a file."""
    found = actions.find_version(current_session(), slug, version)
    return _file(exporting.export_version(found, form, public_url()))


@blueprint.get("/definitions/<slug>/<version>/export/<form>")
@access.roles("let_lead")
def export_own(slug: str, version: str, form: str) -> ResponseReturnValue:
    """An own version as a file, drafts too."""
    return _file(exporting.export_version(own(slug, version), form, public_url()))


@blueprint.get("/definitions/<slug>/<version>/export")
@access.roles("let_lead")
def export_choices(slug: str, version: str) -> ResponseReturnValue:
    """The files that can be saved of an own version, with what each is for."""
    return render_template("curriculum/export.html", version=own(slug, version), elm=elm, words=words)


@blueprint.get("/definitions/definitions.csv")
@access.roles("let_lead")
def export_table() -> ResponseReturnValue:
    """The newest version of every own definition as one table."""
    return _file(exporting.export_own_table(current_session(), lead()))


@blueprint.get("/pathways/<slug>/<version>/export")
@access.public
def export_pathway(slug: str, version: str) -> ResponseReturnValue:
    """A published version of a pathway as a file; its own LET lead may save a draft too."""
    session, viewer = current_session(), lead()
    try:
        found = pathways.find_pathway_version(session, slug, version)
    except NotFoundError:
        if not viewer.is_signed_in:
            raise
        found = pathways.find_own_pathway(session, viewer, slug, version)
    return _file(exporting.export_pathway(found))


@blueprint.route("/definitions/import", methods=["GET", "POST"])
@access.roles("let_lead")
@limited("20 per minute")
def bring() -> ResponseReturnValue:
    """Take a file; nothing is drafted before the next page has shown what it would do."""
    form, faults = BringForm(), []
    with looking() as session:
        has_place = _offer_places(form, actions.lets_of(session, lead()))
    if has_place and form.validate_on_submit():
        data = form.file.data.stream.read(MOST_BYTES + 1)
        found = read_file(data)
        if found.definitions or found.pathway:
            upload = keep_upload(current_session(), lead(), form.file.data.filename or "", data)
            return redirect(url_for(".look_at_file", upload=upload.token, place=form.place.data))
        faults = list(found.faults)
    page = render_template(
        "curriculum/import.html",
        form=form,
        faults=faults,
        has_place=has_place,
        columns=[(column.name, translated(column.holds)) for column in COLUMNS],
    )
    return page, (422 if form.is_submitted() else 200)


@blueprint.route("/definitions/import/<upload>", methods=["GET", "POST"])
@access.roles("let_lead")
@limited("60 per minute")
def look_at_file(upload: str) -> ResponseReturnValue:
    """What would become of each definition or the pathway of a file, and every fault; on the button it is done."""
    with looking() as session:
        filename, data = open_upload(session, lead(), upload)
    found, (organisation_id, let_id) = read_file(data), _place(request.values.get("place"))
    if request.method == "POST":
        try:
            return _brought(found, organisation_id, let_id)
        except InvalidError as error:
            return _look(found, filename, organisation_id, error), 422
    return _look(found, filename, organisation_id, None)


def _brought(found: ReadFile, organisation_id: int, let_id: int) -> ResponseReturnValue:
    session = current_session()
    if found.pathway is not None:
        draft = incoming_pathways.import_pathway(session, lead(), organisation_id, let_id, found.pathway)
        flash(_("A draft of the pathway “%(title)s” is made.", title=draft.title))
        return redirect(url_for(".edit_pathway", slug=draft.slug, version=draft.version))
    made = incoming.import_drafts(session, lead(), organisation_id, let_id, found.definitions)
    flash(ngettext("%(num)s draft is made.", "%(num)s drafts are made.", len(made)))
    return redirect(address_of(".edit", made[0]) if len(made) == 1 else url_for(".definitions"))


def _look(found: ReadFile, filename: str, organisation_id: int, error: InvalidError | None) -> str:
    with looking() as session:
        pathway = found.pathway and incoming_pathways.plan_pathway(
            session, lead(), organisation_id, found.pathway
        )
        plans = incoming.plan_drafts(session, lead(), organisation_id, found.definitions)
        return render_template(
            "curriculum/import_look.html",
            file=found,
            filename=filename,
            pathway=pathway,
            plans=plans,
            ready=[one for one in plans if one.fate in (incoming.Fate.NEW, incoming.Fate.NEW_VERSION)],
            place=request.values.get("place", ""),
            error=error,
            words=words,
        )


def _offer_places(form: BringForm, places: Sequence[tuple[Organisation, Let]]) -> bool:
    form.place.choices = [
        SelectChoice(f"{school.id}:{let.id}", f"{school.name}, {let.name}") for school, let in places
    ]
    if places and not form.place.data:
        form.place.data = str(form.place.choices[0].value)
    return bool(places)


def _place(typed: str | None) -> tuple[int, int]:
    """The organisation and the team that were chosen; the viewer's first where nothing was."""
    if typed is None:
        with looking() as session:
            school, let = next(iter(actions.lets_of(session, lead())), (None, None))
            return (school.id, let.id) if school and let else (0, 0)
    organisation_id, _colon, let_id = typed.partition(":")
    return small_number(organisation_id) or 0, small_number(let_id) or 0


def _file(exported: Exported) -> Response:
    answer = Response(exported.body, content_type=exported.media_type)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(exported.name)}"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
