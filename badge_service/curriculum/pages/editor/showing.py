"""What the page of a step shows: its fields, where one is, what is missing, the European checklist, helps beside fields."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from badge_service.curriculum import actions, words
from badge_service.curriculum.pages import blueprint
from badge_service.curriculum.pages.editor.picker import picked
from badge_service.curriculum.pages.editor.places import field_id
from badge_service.curriculum.rubric_library import library
from badge_service.curriculum.rules import check_eu_elements, fingerprints, vocabulary
from badge_service.curriculum.rules.steps import LAST_STEP, STEPS, by_step, is_as_begun, step_of
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.errors import Fault
from badge_service.web.i18n import language_name
from badge_service.web.sentences import translated
from badge_service.web.unit_of_work import current_session

_NOT_WRONG = frozenset({"outcome.unjudged", "criterion.descriptor", "minItems", "missing", "level.missing"})


@dataclass(frozen=True)
class StepShown:
    """One step in the list of steps: where it is, how it is called, whether one is there, how much is missing.

    `is_usual`: it could be published as it stands, but everything in it is as a new draft begins.
    """

    id: str
    name: str
    address: str
    is_here: bool
    missing: int
    is_usual: bool

    @property
    def state(self) -> str:
        """How it stands, in words."""
        if self.is_usual:
            return str(_("nothing chosen yet: the usual is taken"))
        if not self.missing:
            return str(_("complete"))
        return str(ngettext("%(num)s to do", "%(num)s to do", self.missing))


@dataclass(frozen=True)
class Missing:
    """What is missing in one step: rows of label, sentence and address of the field."""

    id: str
    name: str
    address: str
    rows: list[tuple[str, str, str]]


@blueprint.app_template_global()
def missing_by_step(version: DefinitionVersion, faults: Sequence[Fault]) -> list[Missing]:
    """The steps in which something is missing, in order, each fault with a link to its field."""
    here: dict[str, Any] = {"slug": version.definition.slug, "version": version.version, "check": 1}
    shown = []
    for step, some in by_step(faults).items():
        address = url_for("curriculum.edit_step", step=step, **here)
        rows = [
            (words.field_label(one.where), one.message, f"{address}#{field_id(_shown_at(one))}")
            for one in _wrong_first(version.content, some)
        ]
        if rows:
            shown.append(Missing(step, str(words.EDITOR_STEPS[step].name), address, rows))
    return shown


def step_page(
    version: DefinitionVersion,
    step: str,
    *,
    typed: Mapping[str, Any] | None = None,
    faults: Sequence[Fault] = (),
    opened: Mapping[str, str] | None = None,
) -> str:
    """The whole page of one step as saved; with `typed` as it was sent and not saved because of these `faults`."""
    content = {**actions.document(version), **(typed or {})}
    everything = by_step(actions.publishing_faults(version))
    if "check" in request.args and not faults:
        faults = _wrong_first(version.content, everything[step])
    errors: dict[str, list[str]] = {}
    for fault in faults:
        errors.setdefault(_shown_at(fault), []).append(fault.message)
    return render_template(
        f"curriculum/edit_{step}.html",
        **_around(version, step, everything),
        content=content,
        opened=json.dumps(fingerprints(content, STEPS[step]) if opened is None else opened),
        errors=errors,
        summary=[(field_id(_shown_at(one)), words.field_label(one.where), one.message) for one in faults],
        picked=picked(content) if step == "outcomes" else None,
        options=_options(),
        field_id=field_id,
        **_HELPS.get(step, _none)(version, content),
    )


def panel(version: DefinitionVersion, step: str) -> dict[str, str]:
    """The list of steps and the checklist as they stand now, for a page that saves as it goes."""
    around = _around(version, step, by_step(actions.publishing_faults(version)))
    return {
        "steps": render_template("curriculum/_steps.html", **around),
        "checklist": render_template("curriculum/_checklist.html", **around),
    }


def has_wrong_entries(version: DefinitionVersion, step: str) -> bool:
    """Whether something typed in this step cannot be right; what is only missing does not count."""
    faults = by_step(actions.publishing_faults(version))[step]
    return any(_is_wrong(version.content, one) for one in faults)


def _is_wrong(content: Mapping[str, Any], fault: Fault) -> bool:
    return fault.code not in _NOT_WRONG and not _is_empty(content, fault.where)


def _wrong_first(content: Mapping[str, Any], faults: Sequence[Fault]) -> list[Fault]:
    """What was typed wrong before what is only missing, each in the order of the page."""
    return sorted(faults, key=lambda one: not _is_wrong(content, one))


def _around(
    version: DefinitionVersion, step: str, everything: Mapping[str, Sequence[Fault]]
) -> dict[str, Any]:
    here: dict[str, Any] = {"slug": version.definition.slug, "version": version.version}
    content = actions.document(version)
    shown = [
        StepShown(
            name,
            str(words.EDITOR_STEPS[name].name),
            url_for("curriculum.edit_step", step=name, **here),
            name == step,
            len(everything[name]),
            not everything[name] and is_as_begun(content, name),
        )
        for name in STEPS
    ]
    number = list(STEPS).index(step)
    return {
        "version": version,
        "here": here,
        "step": step,
        "step_words": words.EDITOR_STEPS[step],
        "number": number + 1,
        "steps": shown,
        "previous": shown[number - 1] if number else None,
        "is_last": step == LAST_STEP,
        "missing": sum(len(some) for some in everything.values()),
        "checks": [(check, _where(check.field, here)) for check in check_eu_elements(version.content)],
        "words": words,
    }


def _where(field: str, here: Mapping[str, Any]) -> str:
    if not field:
        return ""
    return url_for("curriculum.edit_step", step=step_of(field), _anchor=field_id(field), **here)


def _shown_at(fault: Fault) -> str:
    """An outcome that nobody judges is put right at the criteria."""
    return "rubric.criteria" if fault.code == "outcome.unjudged" else fault.where


def _is_empty(content: Mapping[str, Any], where: str) -> bool:
    value: Any = content
    for part in where.replace("]", "").replace("[", ".").split("."):
        if isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            value = value.get(part) if isinstance(value, Mapping) else None
    return value in (None, "", [], {})


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


def _none(_version: DefinitionVersion, _content: Mapping[str, Any]) -> dict[str, Any]:
    return {}


def _of_outcomes(_version: DefinitionVersion, content: Mapping[str, Any]) -> dict[str, Any]:
    language, level = str(content.get("language") or "en"), content.get("eqf_level")
    return {
        "verbs": words.verbs(language, level if isinstance(level, int) else None),
        "weak": [
            words.weak_start(str(one.get("text") or ""), language) for one in content["learning_outcomes"]
        ],
    }


def _of_assessment(version: DefinitionVersion, _content: Mapping[str, Any]) -> dict[str, Any]:
    own = actions.published_rubrics(current_session(), version.definition.organisation_id)
    return {"library": library(), "own_rubrics": own, "open_library": "library" in request.args}


def _of_stacking(_version: DefinitionVersion, _content: Mapping[str, Any]) -> dict[str, Any]:
    return {"pathways": actions.all_pathways(current_session())}


_HELPS = {"outcomes": _of_outcomes, "assessment": _of_assessment, "stacking": _of_stacking}
