"""The part of a publish page that asks why each field differs from the version before, and which number follows."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import gettext as _

from badge_service.curriculum import actions, words
from badge_service.curriculum.actions import Comparison
from badge_service.curriculum.actions.pathways import PathwayComparison
from badge_service.curriculum.rules import Step
from badge_service.curriculum.rules.findings import Note
from badge_service.curriculum.tables import ChangeRequest
from badge_service.curriculum.words.differences import FieldDifference, by_field
from badge_service.errors import Fault
from badge_service.web.texts import plain
from badge_service.web.unit_of_work import current_session

EDITORIAL, NOT_CHOSEN = "editorial", ""
_REQUEST = re.compile(r"request-(\d{1,9})")


@dataclass(frozen=True)
class Reasons:
    """What was chosen on the page."""

    notes: tuple[Note, ...]
    step: Step | None
    number_reason: str


def typed_reasons(comparison: Comparison | PathwayComparison) -> Reasons:
    """The notes, grouped by what they name; a field without an answer of its own takes the one for all fields."""
    typed = request.form
    grouped: dict[tuple[int | None, str], list[str]] = {}
    for field in comparison.fields:
        chosen = typed.get(f"because:{field}") or typed.get("because", NOT_CHOSEN)
        found = _REQUEST.fullmatch(chosen)
        if found:
            grouped.setdefault((int(found[1]), ""), []).append(field)
        elif chosen == EDITORIAL:
            sentence = plain(typed.get(f"sentence:{field}")) or plain(typed.get("sentence"))
            grouped.setdefault((None, sentence), []).append(field)
    notes = tuple(Note(tuple(fields), of, sentence) for (of, sentence), fields in grouped.items())
    steps = {step.name.lower(): step for step in Step}
    return Reasons(notes, steps.get(typed.get("step", "")), plain(typed.get("number_reason")))


def asked(comparison: Comparison, faults: Sequence[Fault]) -> dict[str, Any]:
    """The template's variables for `_reasons.html`: the difference in words, choices, what was typed, what is wrong."""
    session, before = current_session(), comparison.before
    requests = actions.ready_requests(session, comparison.after) if before else []
    return {
        "comparison": comparison,
        "groups": differences_of(comparison),
        "options": _options(requests),
        "preselected": _preselected(comparison, requests),
        "typed": request.form,
        "errors": _by_place(faults),
        "written_in": comparison.after.language,
        "steps": [(step, number, words.STEPS[step]) for step, number in comparison.numbers.items()],
        "chosen_step": request.form.get("step", comparison.advised.name.lower()),
    }


def asked_of_pathway(comparison: PathwayComparison, faults: Sequence[Fault]) -> dict[str, Any]:
    """The same for a pathway, whose number was chosen when its draft was begun."""
    requests = actions.ready_requests(current_session(), comparison.after) if comparison.before else []
    return {
        "comparison": comparison,
        "groups": by_field(comparison.changes, *comparison.told),
        "options": _options(requests),
        "preselected": NOT_CHOSEN if requests else EDITORIAL,
        "typed": request.form,
        "errors": _by_place(faults),
        "written_in": comparison.after.content["language"],
        "steps": [],
    }


def differences_of(comparison: Comparison) -> list[FieldDifference]:
    """The difference of two versions in words, field by field."""
    if comparison.before is None:
        return []
    session = current_session()
    return by_field(
        comparison.changes,
        actions.whole(session, comparison.before),
        actions.whole(session, comparison.after),
    )


def _by_place(faults: Sequence[Fault]) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    for fault in faults:
        errors.setdefault(fault.where, []).append(fault.message)
    return errors


def _options(requests: Sequence[ChangeRequest]) -> Mapping[str, str]:
    named = {f"request-{one.id}": one.text for one in requests}
    return {**named, EDITORIAL: str(_("editorial, because …"))}


def _preselected(comparison: Comparison, requests: Sequence[ChangeRequest]) -> str:
    """The one change that was put into this draft, or the only answer that there is."""
    version = comparison.after
    here = [one for one in requests if version.id in (one.definition_version_id, one.curriculum_version_id)]
    if len(here) == 1:
        return f"request-{here[0].id}"
    return NOT_CHOSEN if requests else EDITORIAL
