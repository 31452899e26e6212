"""Curricula on the desk: begun, written with the checker beside, published with a reason for every change."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from badge_service.curriculum import actions, words
from badge_service.curriculum.actions import StaleCurriculumError
from badge_service.curriculum.curriculum_form import clashes, content_from, merged, with_deed
from badge_service.curriculum.feedback_forms import CurriculumStartForm
from badge_service.curriculum.pages import blueprint
from badge_service.curriculum.pages.desk import lead
from badge_service.curriculum.pages.reasons import asked, typed_reasons
from badge_service.curriculum.pages.trail import neighbours, page_number
from badge_service.curriculum.rules import VersionState
from badge_service.curriculum.rules.curricula import Approach, Impact
from badge_service.curriculum.tables import CurriculumVersion
from badge_service.errors import ConflictError, Fault, InvalidError
from badge_service.web import access
from badge_service.web.forms import small_number
from badge_service.web.i18n import current_language, language_choices
from badge_service.web.unit_of_work import current_session


@blueprint.get("/studio/curricula")
@access.roles("let_lead")
def own_curricula() -> ResponseReturnValue:
    """The viewer's own curricula with all their versions."""
    listing = actions.own_curricula(current_session(), lead(), page_number())
    return render_template(
        "curriculum/own_curricula.html", listing=listing, words=words, **neighbours(listing)
    )


@blueprint.route("/studio/curricula/new", methods=["GET", "POST"])
@access.roles("let_lead")
def begin_curriculum() -> ResponseReturnValue:
    """Begin a curriculum."""
    session, form = current_session(), CurriculumStartForm()
    places = {
        f"{organisation.id}:{let.id}": (organisation, let)
        for organisation, let in actions.lets_of(session, lead())
    }
    form.place.choices = [(key, f"{school.name}, {let.name}") for key, (school, let) in places.items()]
    if not form.is_submitted():
        form.language.data = current_language()
    if form.validate_on_submit() and form.place.data in places:
        school, let = places[form.place.data]
        try:
            version = actions.create_curriculum(
                session,
                lead(),
                organisation_id=school.id,
                let_id=let.id,
                title=form.title.data or "",
                language=form.language.data or "en",
            )
        except InvalidError as error:
            form.show_faults(error)
        else:
            return redirect(_address(".edit_curriculum", version))
    status = 422 if form.is_submitted() else 200
    page = render_template("curriculum/begin_curriculum.html", form=form, has_place=bool(places))
    return page, status


@blueprint.get("/studio/curricula/<slug>/<version>/edit")
@access.roles("let_lead")
def edit_curriculum(slug: str, version: str) -> ResponseReturnValue:
    """The form as saved; with `?check=1` everything to correct stands beside its field."""
    found = _draft(slug, version)
    faults = actions.curriculum_publishing_faults(current_session(), found) if "check" in request.args else []
    return _form(found, found.content, faults)


@blueprint.post("/studio/curricula/<slug>/<version>/edit")
@access.roles("let_lead")
def save_curriculum(slug: str, version: str) -> ResponseReturnValue:
    """Save, add, remove or move a row; whatever was typed stays on the page, also when somebody else saved meanwhile."""
    session, found = current_session(), _draft(slug, version)
    known = actions.definitions_to_choose(session, found)
    content = content_from(request.form, found.content, known)
    theirs = {name.removeprefix("keep:") for name, choice in request.form.items() if choice == "theirs"}
    content = merged(content, found.content, theirs) if theirs else content
    deed = request.form.get("do", "save")
    changed = with_deed(content, deed)
    if changed is not None:
        return _form(found, changed, [], revision=small_number(request.form.get("revision", "")) or 0)
    try:
        revision = small_number(request.form.get("revision", "")) or 0
        actions.save_curriculum(session, lead(), found.id, content, revision)
    except StaleCurriculumError as error:
        return _form(found, content, [], stale=clashes(error.typed, error.saved.content)), 409
    flash(_("Saved as a draft."))
    if deed == "publish":
        return redirect(_address(".publish_curriculum", found))
    return redirect(url_for(".edit_curriculum", slug=slug, version=version, check=1))


@blueprint.post("/studio/curricula/<slug>/<version>/new-version")
@access.roles("let_lead")
def new_curriculum_version(slug: str, version: str) -> ResponseReturnValue:
    """Continue a published version in a new draft."""
    session = current_session()
    source = actions.own_curriculum(session, lead(), slug, version)
    return redirect(_address(".edit_curriculum", actions.new_curriculum_version(session, lead(), source.id)))


@blueprint.route("/studio/curricula/<slug>/<version>/publish", methods=["GET", "POST"])
@access.roles("let_lead")
def publish_curriculum(slug: str, version: str) -> ResponseReturnValue:
    """Say what is missing, warn of approaches and impacts without a unit, ask why each field changed; then publish."""
    session = current_session()
    found = _draft(slug, version)
    comparison = actions.compared(session, found)
    lacking, faults = actions.curriculum_publishing_faults(session, found), []
    if request.method == "POST":
        reasons = typed_reasons(comparison)
        try:
            done = actions.publish_curriculum(
                session,
                lead(),
                found.id,
                changes=reasons.notes,
                step=reasons.step,
                number_reason=reasons.number_reason,
            )
        except InvalidError as error:
            faults = [fault for fault in error.faults if fault not in lacking]
        else:
            flash(_("“%(title)s” is published.", title=done.title))
            return redirect(_address(".curriculum_version", done))
    page = render_template(
        "curriculum/publish_curriculum.html",
        version=found,
        faults=lacking,
        coverage=actions.coverage_of(session, found.content),
        words=words,
        **asked(comparison, faults),
    )
    return page, 422 if request.method == "POST" else 200


def _draft(slug: str, version: str) -> CurriculumVersion:
    found = actions.own_curriculum(current_session(), lead(), slug, version)
    if found.state != VersionState.DRAFT:
        raise ConflictError(
            _("A published version is never changed."),
            code="curriculum.published",
            hint=_("Begin a new version from your list of curricula."),
        )
    return found


def _form(
    version: CurriculumVersion,
    content: Mapping[str, Any],
    faults: Sequence[Fault],
    *,
    revision: int | None = None,
    stale: Sequence[str] = (),
) -> str:
    session = current_session()
    errors: dict[str, list[str]] = {}
    for fault in faults:
        errors.setdefault(fault.where, []).append(fault.message)
    return render_template(
        "curriculum/edit_curriculum.html",
        version=version,
        content=content,
        revision=version.revision if revision is None else revision,
        errors=errors,
        faults=faults,
        stale=stale,
        definitions=actions.definitions_to_choose(session, version),
        coverage=actions.coverage_of(session, content),
        approaches=[(one.value, words.APPROACHES[one]) for one in Approach],
        impacts=[(one.value, words.IMPACTS[one]) for one in Impact],
        written_in=language_choices(),
        words=words,
    )


def _address(endpoint: str, version: CurriculumVersion) -> str:
    return url_for(endpoint, slug=version.curriculum.slug, version=version.version)
