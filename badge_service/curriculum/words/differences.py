"""A difference of two versions in words: one line a change, with the values as readers know them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from badge_service.curriculum.rules.difference import Change, Kind
from badge_service.curriculum.rules.marking import Mark, marked
from badge_service.curriculum.rules.vocabulary import FIELDS_OF_STUDY
from badge_service.curriculum.words.feedback import APPROACHES, IMPACTS
from badge_service.curriculum.words.fields import field_label
from badge_service.curriculum.words.vocabulary import (
    ACTIVITY_TYPES,
    ASSESSMENTS,
    CATEGORIES,
    LEARNING_MODES,
    OUTCOME_KINDS,
    PARTICIPATION,
    QUALITY_ASSURANCE_TYPES,
    STACKABILITY,
    SUPERVISION,
    TOPICS,
    word,
)
from badge_service.web.i18n import language_name
from badge_service.web.sentences import translated


@dataclass(frozen=True)
class Line:
    """One change: what it is about, what happened, the lines before and after, and for texts the words marked."""

    label: str
    kind: Kind
    deed: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    runs: tuple[tuple[Mark, str], ...] = ()


@dataclass(frozen=True)
class FieldDifference:
    """All changes of one field; `name` is what a change note calls it."""

    name: str
    label: str
    lines: tuple[Line, ...]


_VOCABULARIES: Mapping[str, Mapping[str, Any]] = {
    "alliance_topic": TOPICS,
    "category": CATEGORIES,
    "participation": PARTICIPATION,
    "learning_mode": LEARNING_MODES,
    "assessment_types": ASSESSMENTS,
    "supervision": SUPERVISION,
    "activity_types": ACTIVITY_TYPES,
    "quality_assurance.type": QUALITY_ASSURANCE_TYPES,
    "stackability.kind": STACKABILITY,
    "learning_outcomes.kind": OUTCOME_KINDS,
    "units.approaches": APPROACHES,
    "units.impacts": IMPACTS,
}
_DEEDS = {Kind.ADDED: _l("added"), Kind.REMOVED: _l("removed"), Kind.CHANGED: _l("changed")}
_UNSPOKEN = {"id", "targetUrl", "targetCode", "targetType", "look"}
"""Names of rows and addresses: nobody reads them in a sentence; a picture is looked at."""


def by_field(
    changes: Sequence[Change], before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[FieldDifference]:
    """The changes from `before` to `after` in words, field by field, in their order."""
    groups: dict[str, list[Line]] = {}
    for change in changes:
        groups.setdefault(change.field, []).append(_line(change, before, after))
    return [FieldDifference(name, field_label(name), tuple(lines)) for name, lines in groups.items()]


def _line(change: Change, before: Mapping[str, Any], after: Mapping[str, Any]) -> Line:
    row = change.after if change.before is None else change.before
    is_row = isinstance(row, Mapping) or change.kind is Kind.MOVED
    where = change.where if is_row else re.sub(r"\[\d+\]$", "", change.where)  # a tag has no number
    label = _label(where, {**before, **after} if change.kind is not Kind.REMOVED else before)
    deed = _deed(change)
    if change.kind is Kind.MOVED:
        return Line(label, change.kind, deed, (), ())
    old = tuple(_lines(change.where, change.before, before))
    new = tuple(_lines(change.where, change.after, after))
    written = isinstance(change.before, str) and isinstance(change.after, str) and len(old) == len(new) == 1
    runs = tuple(marked(old[0], new[0])) if written else ()
    return Line(label, change.kind, deed, old, new, runs)


def _deed(change: Change) -> str:
    if change.kind is Kind.MOVED:
        return str(_("moved from place %(before)s to %(after)s", before=change.before, after=change.after))
    if change.field in ("picture", "look"):
        return str(_("another picture"))
    return str(_DEEDS[change.kind])


def _label(where: str, content: Mapping[str, Any]) -> str:
    """A place in words; a rubric level by its name instead of its id."""
    found = re.fullmatch(r"(rubric\.criteria\[\d+\])\.descriptors\.(.+)", where)
    if found is None:
        return field_label(where)
    levels = (content.get("rubric") or {}).get("levels") or []
    names = {level.get("id"): level.get("name") for level in levels if isinstance(level, Mapping)}
    return f"{field_label(found[1])}: {names.get(found[2]) or found[2]}"


def _lines(where: str, value: Any, content: Mapping[str, Any]) -> Iterator[str]:
    """The value at a place, one line a text; of a row one line a field that says something."""
    if isinstance(value, Mapping):
        for name, one in value.items():
            if name in _UNSPOKEN or one in (None, "", [], {}):
                continue
            said = list(_lines(f"{where}.{name}", one, content))
            yield f"{field_label(name)}: {', '.join(said)}" if said else field_label(name)
    elif isinstance(value, list):
        for one in value:
            yield from (
                _lines(where, one, content) if not isinstance(one, Mapping) else [_row(where, one, content)]
            )
    elif value is not None and where.split(".", maxsplit=1)[0] not in ("picture", "look"):
        yield _one(where, value, content)


def _row(where: str, row: Mapping[str, Any], content: Mapping[str, Any]) -> str:
    named = row.get("targetName") or row.get("slug")
    return str(named) if named else "; ".join(_lines(where, row, content))


def _one(where: str, value: Any, content: Mapping[str, Any]) -> str:
    plain = re.sub(r"\[\d+\]", "", where)
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, int | float):
        return str(format_decimal(value))
    if plain == "language":
        return str(language_name(value))
    if plain == "isced_f":
        return f"{value} {translated(FIELDS_OF_STUDY.get(value, ''))}".strip()
    if plain == "rubric.criteria.outcomes":
        return _outcome(value, content)
    return word(_VOCABULARIES.get(plain, {}), value)


def _outcome(identity: str, content: Mapping[str, Any]) -> str:
    outcomes = content.get("learning_outcomes") or []
    return next((one["text"] for one in outcomes if one.get("id") == identity), identity)
