"""Reads the definition form: every input is named by its place in the content, and whatever was typed is kept."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField

from badge_service.web.forms import Form

MOST_ROWS = 60
_WHOLE = re.compile(r"-?\d{1,9}")
_DECIMAL = re.compile(r"-?\d{1,9}[.,]\d{1,6}")

TEXTS = (
    "title",
    "description",
    "category",
    "alliance_topic",
    "language",
    "target_group",
    "isced_f",
    "participation",
    "learning_mode",
    "supervision",
    "prerequisites",
    "awarded_by",
)
ALIGNMENT = ("targetName", "targetUrl", "targetCode", "targetFramework", "targetType")
NEEDED_OF_ALIGNMENT = ("targetName", "targetUrl")


class Needed:
    """Marks a field as needed without complaining itself: the action names everything wrong at once."""

    field_flags = {"required": True}

    def __call__(self, form: Any, field: Any) -> None:
        """Let everything through."""


class StartForm(Form):
    """The few things a new definition begins with."""

    title = StringField(
        _l("Title"),
        [Needed()],
        description=_l("What an employer reads first, for example “Willow Basket: Base, Sides and Border”."),
    )
    code = StringField(
        _l("Short code"),
        [Needed()],
        description=_l(
            "Capital letters and figures with a hyphen, such as CRF-WIL-1. It cannot be changed later."
        ),
    )
    place = SelectField(_l("For which organisation and Learning Ecosystem Team"))
    copy_of = SelectField(
        _l("Begin with"), description=_l("A copy takes over everything but the title and the code.")
    )


class TypedFields:
    """What was typed, read by place; a MultiDict of the request stands behind it."""

    def __init__(self, form: Any) -> None:
        self._form = form

    def text(self, name: str) -> str:
        """One line or paragraph, without spaces around it and with plain line ends."""
        return str(self._form.get(name, "")).replace("\r\n", "\n").strip()

    def number(self, name: str) -> Any:
        """A number where it is one, None when empty, else what was typed."""
        text = self.text(name)
        if not text:
            return None
        if _WHOLE.fullmatch(text):
            return int(text)
        return float(text.replace(",", ".")) if _DECIMAL.fullmatch(text) else text

    def ticked(self, name: str) -> bool:
        """Whether a box is ticked."""
        return name in self._form

    def chosen(self, name: str) -> list[str]:
        """All ticked values of one name, each once."""
        return list(dict.fromkeys(self._form.getlist(name)))

    def lines(self, name: str) -> list[str]:
        """The lines of a text field that are not empty."""
        return [line.strip() for line in self.text(name).split("\n") if line.strip()]

    def rows(self, name: str) -> list[str]:
        """The places of the rows of a list, such as `alignments[0]`, in order."""
        form = re.compile(re.escape(name) + r"\[(\d{1,3})\]")
        numbers = {int(found[1]) for key in self._form if (found := form.match(key))}
        return [f"{name}[{number}]" for number in sorted(numbers)[:MOST_ROWS]]


def content_from(form: Any, before: Mapping[str, Any]) -> dict[str, Any]:
    """The content as it was typed; code, version and type stay those of `before`."""
    typed = TypedFields(form)
    content: dict[str, Any] = {name: before[name] for name in ("code", "version", "achievement_type")}
    content |= {name: typed.text(name) for name in TEXTS}
    reason = typed.text("level_not_applicable")
    content |= {
        "eqf_level": typed.number("eqf_level"),
        "workload_hours": _workload(typed),
        "ects_awarded": typed.number("ects_awarded"),
        "assessment_types": typed.chosen("assessment_types"),
        "identity_verified": typed.ticked("identity_verified"),
        "quality_assurance": _quality(typed),
        "stackability": {
            "kind": typed.text("stackability.kind"),
            "pathways": typed.chosen("stackability.pathways"),
        },
        "validity_months": typed.number("validity_months"),
        "learning_outcomes": [_outcome(typed, row) for row in typed.rows("learning_outcomes")],
        "rubric": _rubric(typed),
        "evidence_required": [_evidence(typed, row) for row in typed.rows("evidence_required")],
        "alignments": _alignments(typed, "alignments"),
        "activity_types": typed.chosen("activity_types"),
        "endorsers": typed.lines("endorsers"),
        "tags": typed.lines("tags"),
    }
    return content | ({"level_not_applicable": reason} if reason else {})


def _workload(typed: TypedFields) -> dict[str, Any]:
    parts = ("guided", "practice", "self_study", "assessment")
    hours = {part: typed.number(f"workload_hours.{part}") for part in parts}
    total = {"total": typed.number("workload_hours.total")}
    return total | {part: 0 if value is None else value for part, value in hours.items()}


def _quality(typed: TypedFields) -> dict[str, Any]:
    names = ("name", "type", "description")
    quality: dict[str, Any] = {name: typed.text(f"quality_assurance.{name}") for name in names}
    return quality | {"url": typed.text("quality_assurance.url") or None}


def _outcome(typed: TypedFields, row: str) -> dict[str, Any]:
    outcome: dict[str, Any] = {name: typed.text(f"{row}.{name}") for name in ("id", "kind", "text")}
    return outcome | {"alignments": _alignments(typed, f"{row}.alignments")}


def _alignments(typed: TypedFields, name: str) -> list[dict[str, str]]:
    found = []
    for row in typed.rows(name):
        values = {part: typed.text(f"{row}.{part}") for part in ALIGNMENT}
        found.append({part: value for part, value in values.items() if value or part in NEEDED_OF_ALIGNMENT})
    return found


def _rubric(typed: TypedFields) -> dict[str, Any]:
    levels = [
        {
            "id": typed.text(f"{row}.id"),
            "name": typed.text(f"{row}.name"),
            "points": typed.number(f"{row}.points"),
        }
        for row in typed.rows("rubric.levels")
    ]
    ids = [level["id"] for level in levels]
    criteria = [_criterion(typed, row, ids) for row in typed.rows("rubric.criteria")]
    return {"levels": levels, "pass_level": typed.text("rubric.pass_level"), "criteria": criteria}


def _criterion(typed: TypedFields, row: str, levels: Iterable[str]) -> dict[str, Any]:
    sentences = {level: typed.text(f"{row}.descriptors.{level}") for level in levels}
    return {
        "id": typed.text(f"{row}.id"),
        "name": typed.text(f"{row}.name"),
        "outcomes": typed.chosen(f"{row}.outcomes"),
        "weight": typed.number(f"{row}.weight"),
        "descriptors": {level: sentence for level, sentence in sentences.items() if sentence},
    }


def _evidence(typed: TypedFields, row: str) -> dict[str, Any]:
    return {
        "genre": typed.text(f"{row}.genre"),
        "description": typed.text(f"{row}.description"),
        "min_count": typed.number(f"{row}.min_count"),
        "in_credential": typed.ticked(f"{row}.in_credential"),
    }
