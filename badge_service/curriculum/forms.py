"""Reads the definition form: every input is named by its place in the content, and whatever was typed is kept."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField

from badge_service.curriculum.rules.content import whole_numbers
from badge_service.curriculum.rules.look import look_from
from badge_service.curriculum.rules.vocabulary import WORKLOAD_PARTS
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
    like = StringField(
        _l("Find a published one by words or code"),
        description=_l("The list below offers those that fit, at most 60."),
    )
    copy_of = SelectField(
        _l("Begin with"), description=_l("A copy takes over everything but the title and the code.")
    )


class TypedFields:
    """What was typed, read by place; a MultiDict of the request stands behind it."""

    def __init__(self, form: Any) -> None:
        self._form = form

    def text(self, name: str) -> str:
        """One line or paragraph, without spaces around it and with plain line ends."""
        return _plain_text(self._form.get(name, "")).strip()

    def number(self, name: str) -> Any:
        """A number where it is one, None when empty, else what was typed."""
        text = self.text(name)
        if not text:
            return None
        if _WHOLE.fullmatch(text):
            return int(text)
        return whole_numbers(float(text.replace(",", "."))) if _DECIMAL.fullmatch(text) else text

    def ticked(self, name: str) -> bool:
        """Whether a box is ticked."""
        return name in self._form

    def chosen(self, name: str) -> list[str]:
        """All ticked values of one name, each once."""
        return list(dict.fromkeys(_plain_text(one) for one in self._form.getlist(name)))

    def lines(self, name: str) -> list[str]:
        """The lines of a text field that are not empty."""
        return [line.strip() for line in self.text(name).split("\n") if line.strip()]

    def members(self, name: str) -> dict[str, str]:
        """Everything typed for the members of a group, such as `look.shape`."""
        keys = sorted(key for key in self._form if key.startswith(f"{name}."))
        return {key: self.text(key) for key in keys[:MOST_ROWS]}

    def rows(self, name: str) -> list[str]:
        """The places of the rows of a list, such as `alignments[0]`, in order."""
        form = re.compile(re.escape(name) + r"\[(\d{1,3})\]")
        numbers = {int(found[1]) for key in self._form if (found := form.match(key))}
        return [f"{name}[{number}]" for number in sorted(numbers)[:MOST_ROWS]]


def _plain_text(typed: Any) -> str:
    return str(typed).replace("\r\n", "\n")


def fields_from(form: Any, fields: Iterable[str], before: Mapping[str, Any]) -> dict[str, Any]:
    """These fields as they were typed; `before` is what was saved. None stands for an optional field left empty."""
    typed = TypedFields(form)
    return {name: _READERS[name](typed, before) for name in fields}


def _workload(typed: TypedFields, before: Mapping[str, Any]) -> dict[str, Any]:
    """The total follows its parts where nobody typed another one: what can be added up is not typed twice."""
    hours = {part: typed.number(f"workload_hours.{part}") for part in WORKLOAD_PARTS}
    parts = {part: 0 if value is None else value for part, value in hours.items()}
    total, old = typed.number("workload_hours.total"), before.get("workload_hours") or {}
    followed = total == old.get("total") == _sum(old)
    if (total is None or followed) and _sum(parts):
        total = _sum(parts)
    return {"total": total, **parts}


def _sum(hours: Mapping[str, Any]) -> Any:
    parts = [hours.get(part) for part in WORKLOAD_PARTS]
    return sum(parts) if all(isinstance(one, int | float) for one in parts) else None


def _quality(typed: TypedFields, _before: Mapping[str, Any]) -> dict[str, Any]:
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


def _rubric(typed: TypedFields, _before: Mapping[str, Any]) -> dict[str, Any]:
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


def _stackability(typed: TypedFields, _before: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "kind": typed.text("stackability.kind"),
        "pathways": typed.chosen("stackability.pathways"),
    }


def _look(typed: TypedFields, _before: Mapping[str, Any]) -> dict[str, str] | None:
    return look_from(typed.members("look")) or None


Reader = Callable[[TypedFields, Mapping[str, Any]], Any]


def _plain(read: Callable[[TypedFields, str], Any], *names: str) -> dict[str, Reader]:
    def reader(name: str) -> Reader:
        return lambda typed, _before: read(typed, name)

    return {name: reader(name) for name in names}


_READERS: dict[str, Reader] = {
    **_plain(TypedFields.text, *TEXTS, "further_text"),
    **_plain(lambda typed, name: typed.text(name) or None, "level_not_applicable"),
    **_plain(TypedFields.number, "eqf_level", "ects_awarded", "validity_months"),
    **_plain(TypedFields.chosen, "assessment_types", "activity_types"),
    **_plain(TypedFields.lines, "endorsers", "tags"),
    **_plain(TypedFields.ticked, "identity_verified"),
    **_plain(_alignments, "alignments"),
    **_plain(lambda typed, name: [_outcome(typed, row) for row in typed.rows(name)], "learning_outcomes"),
    **_plain(lambda typed, name: [_evidence(typed, row) for row in typed.rows(name)], "evidence_required"),
    "workload_hours": _workload,
    "quality_assurance": _quality,
    "stackability": _stackability,
    "rubric": _rubric,
    "look": _look,
}
