"""Writing a definition: the form with all its fields, a page for two people at once, a preview."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from badge_service.curriculum import actions, words
from badge_service.curriculum.actions import StaleDraftError
from badge_service.curriculum.catalogue_files import drawn_picture
from badge_service.curriculum.checking import definition_faults
from badge_service.curriculum.forms import content_from
from badge_service.curriculum.pages import blueprint
from badge_service.curriculum.pages.desk import lead, own
from badge_service.curriculum.pages.showing import shown
from badge_service.curriculum.rows import with_deed
from badge_service.curriculum.rules import VersionState, check_eu_elements, vocabulary
from badge_service.curriculum.stale import differences, merged
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.errors import ConflictError, Fault
from badge_service.web import access
from badge_service.web.forms import small_number
from badge_service.web.i18n import language_name
from badge_service.web.sentences import translated
from badge_service.web.unit_of_work import current_session


@blueprint.get("/definitions/<slug>/<version>/edit")
@access.roles("let_lead")
def edit(slug: str, version: str) -> ResponseReturnValue:
    """The form as saved; with `?check=1` everything to correct stands beside its field."""
    found = _draft(slug, version)
    faults = actions.publishing_faults(found) if "check" in request.args else []
    return _form(found, found.content, found.further_text, faults)


@blueprint.post("/definitions/<slug>/<version>/edit")
@access.roles("let_lead")
def save(slug: str, version: str) -> ResponseReturnValue:
    """Save, add or remove a row, or settle who wins field by field; whatever was typed stays on the page."""
    found, typed = _draft(slug, version), request.form
    content, further = content_from(typed, found.content), typed.get("further_text", "")
    deed = typed.get("do", "save")
    if deed == "merge":
        content, further = merged(content, further, found, typed)
    changed = with_deed(content, deed)
    if changed is not None:
        return _form(found, changed, further, [])
    try:
        revision = small_number(typed.get("revision", "")) or 0
        actions.save_draft(current_session(), lead(), found.id, content, revision, further_text=further)
    except StaleDraftError as error:
        return _stale_page(error, further), 409
    flash(_("Saved as a draft."))
    if deed == "preview":
        return redirect(url_for(".preview", slug=slug, version=version))
    return redirect(url_for(".edit", slug=slug, version=version, check=1))


@blueprint.get("/definitions/<slug>/<version>/preview")
@access.roles("let_lead")
def preview(slug: str, version: str) -> ResponseReturnValue:
    """The public page as it would look; nobody else sees it."""
    found = own(slug, version)
    stackability = found.content.get("stackability") or {}
    return render_template(
        "curriculum/achievement.html",
        **shown(found),
        newest=None,
        pathways=actions.pathways_by_slug(current_session(), stackability.get("pathways", [])),
        picture=url_for(".draft_picture", slug=slug, version=version),
        preview=True,
    )


@blueprint.get("/definitions/<slug>/<version>/picture.svg")
@access.roles("let_lead")
def draft_picture(slug: str, version: str) -> ResponseReturnValue:
    """The picture that a version has or would get."""
    found = own(slug, version)
    level = found.content.get("eqf_level")
    known = level if level in vocabulary.LEVELS else None
    svg = found.picture_svg or drawn_picture({**found.content, "eqf_level": known})
    return svg, {"Content-Type": "image/svg+xml; charset=utf-8", "Cache-Control": "no-store"}


def _draft(slug: str, version: str) -> DefinitionVersion:
    found = own(slug, version)
    if found.state != VersionState.DRAFT:
        raise ConflictError(
            _("A published version is never changed, because badges name it."),
            code="definition.published",
            hint=_("Begin a new version from your list of definitions."),
        )
    return found


def _form(
    version: DefinitionVersion, content: Mapping[str, Any], further: str, faults: Sequence[Fault]
) -> ResponseReturnValue:
    errors: dict[str, list[str]] = {}
    for fault in faults:
        errors.setdefault(fault.where, []).append(fault.message)
    return render_template(
        "curriculum/edit.html",
        version=version,
        content=content,
        further_text=further,
        errors=errors,
        summary=[
            (field_id(fault.where), words.field_label(fault.where), fault.message)
            for fault in sorted(faults, key=_place_on_page)
        ],
        checks=check_eu_elements(content),
        open_faults=len(definition_faults({**content})),
        open_rows=_open_rows(content, errors, request.form.get("do", "")),
        pathways=actions.all_pathways(current_session()),
        options=_options(),
        words=words,
        field_id=field_id,
    )


_PAGE_ORDER = [
    "title",
    "description",
    "alliance_topic",
    "category",
    "language",
    "target_group",
    "learning_outcomes",
    "rubric",
    "assessment_types",
    "supervision",
    "identity_verified",
    "evidence_required",
    "workload_hours",
    "ects_awarded",
    "participation",
    "learning_mode",
    "activity_types",
    "eqf_level",
    "isced_f",
    "level_not_applicable",
    "alignments",
    "quality_assurance",
    "prerequisites",
    "stackability",
    "validity_months",
    "awarded_by",
    "endorsers",
    "tags",
]


def _place_on_page(fault: Fault) -> int:
    start = re.split(r"[.\[]", fault.where)[0]
    return _PAGE_ORDER.index(start) if start in _PAGE_ORDER else len(_PAGE_ORDER)


def _options() -> dict[str, list[tuple[Any, str]]]:
    return {
        "languages": [(code, language_name(code)) for code in vocabulary.LANGUAGES],
        "levels": [(level, f"EQF {level}") for level in vocabulary.LEVELS],
        "fields": [(code, f"{code} {translated(name)}") for code, name in vocabulary.FIELDS_OF_STUDY.items()],
        "frameworks": [(kind, _framework_words(kind)) for kind in vocabulary.FRAMEWORKS],
    }


def _framework_words(kind: str) -> str:
    if kind == "ext:ESCOOccupation":
        return str(_("ESCO: an occupation"))
    if kind == "ext:ESCOSkill":
        return str(_("ESCO: a skill"))
    return translated(vocabulary.FRAMEWORKS[kind])


def _open_rows(content: Mapping[str, Any], errors: Mapping[str, Any], deed: str) -> set[str]:
    """The folds that are open: something is wrong in them, or a row was just added or removed."""
    rows = {
        f"learning_outcomes[{i}]": f"learning_outcomes[{i}].alignments"
        for i in range(len(content["learning_outcomes"]))
    }
    folds = rows | {"rubric.levels": "rubric.levels"}
    return {
        name
        for name, start in folds.items()
        if f":{start}" in deed or any(where.startswith(start) for where in errors)
    }


def field_id(where: str) -> str:
    """The id of the element on the page for a place in the content."""
    return "f-" + re.sub(r"[^A-Za-z0-9]+", "-", where).strip("-")


def _stale_page(error: StaleDraftError, further: str) -> str:
    kept = [(name, value) for name, values in request.form.lists() for value in values]
    left_out = {"csrf_token", "revision", "do"}
    return render_template(
        "curriculum/stale.html",
        version=error.saved,
        differences=differences(error.typed, further, error.saved),
        fields=[
            (name, value) for name, value in kept if name not in left_out and not name.startswith("keep:")
        ],
    )
