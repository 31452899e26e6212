"""The lint of the 16 elements of the European approach: which are there, which are missing, which do not apply."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from flask_babel import gettext as _

from badge_service.curriculum.rules.content import Content
from badge_service.curriculum.rules.eu_box import NOT_RECORDED, eu_box
from badge_service.curriculum.rules.eu_facts import ELEMENTS, FROM_AWARD, MANDATORY
from badge_service.curriculum.rules.kinds import is_assessed

FILLED, MISSING, NOT_APPLICABLE, OF_AWARD = "filled", "missing", "not_applicable", "from_award"
ONLY_ASSESSED = frozenset({"M6", "M9", "O3"})
"""What a certificate of completion has not, because nothing is assessed."""
_SHORTEST_REASON = 10


class ElementCheck(NamedTuple):
    """One EU element: `field` is where to fill it in, `state` filled, missing, not_applicable or from_award.

    `ok` is false only for a missing one; `message` says in a sentence how it stands. What the element is, why it
    matters and an example stand in `words.EXPLANATIONS` under the same `id`.
    """

    id: str
    level: str
    ok: bool
    field: str
    from_award: bool
    state: str
    message: str

    @property
    def needed(self) -> bool:
        """Whether publication asks for it: what is mandatory, and the description, which Open Badges asks for."""
        return self.level == "mandatory" or self.id == "O5"


def check_eu_elements(content: Content, credential: Mapping[str, Any] | None = None) -> list[ElementCheck]:
    """All 16 elements in order; a draft may lack any field. A missing optional element is not ok, and harmless.

    With a `credential`, what only an award can say (learner, issuer, date, grade) is looked for there.
    """
    return [_check(element, content, credential) for element in ELEMENTS]


def _check(element: str, content: Content, credential: Mapping[str, Any] | None) -> ElementCheck:
    level = "mandatory" if element in MANDATORY else "optional"
    if element in ONLY_ASSESSED and not is_assessed(content):
        message = _("Does not apply: nothing is assessed, so this is a certificate of completion.")
        return ElementCheck(element, level, True, "", element in FROM_AWARD, NOT_APPLICABLE, message)
    if element in FROM_AWARD:
        return _check_of_award(element, level, credential)
    field, missing = _JUDGES[element](content)
    if missing:
        return ElementCheck(element, level, False, field, False, MISSING, missing)
    reason = _said(content, "level_not_applicable") if element == "M8" else ""
    if reason:
        message = _("Does not apply: %(reason)s", reason=reason)
        return ElementCheck(element, level, True, field, False, NOT_APPLICABLE, message)
    return ElementCheck(element, level, True, field, False, FILLED, _("Filled in."))


def _check_of_award(element: str, level: str, credential: Mapping[str, Any] | None) -> ElementCheck:
    if credential is None:
        message = _("Written into each badge when it is awarded.")
        return ElementCheck(element, level, True, "", True, OF_AWARD, message)
    row = next(row for row in eu_box(None, credential) if row.id == element)
    if row.source == NOT_RECORDED:
        return ElementCheck(element, level, False, "", True, MISSING, _("The badge does not say it."))
    return ElementCheck(element, level, True, "", True, FILLED, _("Written in the badge."))


Judgement = tuple[str, str]
"""Where an element is filled in, and what is missing there (empty: nothing)."""


def _text_at(sentence: Callable[[], str], *path: str) -> Callable[[Content], Judgement]:
    def judge(content: Content) -> Judgement:
        return ".".join(path), "" if _said(content, *path) else sentence()

    return judge


def _said(content: Content, *path: str) -> str:
    value: Any = content
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value.strip() if isinstance(value, str) else ""


def _outcomes(content: Content) -> Judgement:
    rows = content.get("learning_outcomes")
    said = (
        any(_said(one, "text") for one in rows if isinstance(one, Mapping))
        if isinstance(rows, list)
        else False
    )
    return "learning_outcomes", "" if said else _("No learning outcome is written down.")


def _workload(content: Content) -> Judgement:
    hours = content.get("workload_hours")
    total: Any = hours.get("total") if isinstance(hours, Mapping) else None
    known = isinstance(total, int | float) and not isinstance(total, bool) and total > 0
    return "workload_hours.total", "" if known else _("The hours of work are not given.")


def _level(content: Content) -> Judgement:
    level, reason = content.get("eqf_level"), _said(content, "level_not_applicable")
    if isinstance(level, int) and not isinstance(level, bool) and 1 <= level <= 8:
        return "eqf_level", ""
    if not reason:
        return "eqf_level", _("There is no level, and no reason why none applies.")
    if len(reason) < _SHORTEST_REASON or " " not in reason:
        return "level_not_applicable", _(
            "“Not applicable” needs a reason. Say in a sentence why no level applies."
        )
    return "level_not_applicable", ""


def _assessment(content: Content) -> Judgement:
    kinds = content.get("assessment_types")
    if not isinstance(kinds, list) or not kinds:
        return "assessment_types", _("No type of assessment is chosen.")
    if kinds == ["level of attendance"]:
        return "assessment_types", _(
            "Being there is not an assessment of what was learnt. Add how the outcomes are judged."
        )
    return "assessment_types", ""


def _quality(content: Content) -> Judgement:
    if not _said(content, "quality_assurance", "name"):
        return "quality_assurance.name", _("It is not said who assures the quality.")
    if not _said(content, "quality_assurance", "description"):
        return "quality_assurance.description", _("It is not said how the quality is assured.")
    return "quality_assurance.name", ""


def _stackability(content: Content) -> Judgement:
    stackability = content.get("stackability")
    named: Any = stackability.get("pathways") if isinstance(stackability, Mapping) else None
    kind = _said(content, "stackability", "kind")
    if not kind:
        return "stackability.kind", _(
            "It is not said whether it stands alone or counts towards something larger."
        )
    if kind != "stand-alone" and not named:
        return "stackability.pathways", _("It counts towards something larger, but no pathway is named.")
    return "stackability.kind", ""


_JUDGES: dict[str, Callable[[Content], Judgement]] = {
    "M2": _text_at(lambda: _("The title is empty."), "title"),
    "M6": _outcomes,
    "M7": _workload,
    "M8": _level,
    "M9": _assessment,
    "M10": _text_at(lambda: _("The form of participation is not chosen."), "participation"),
    "M11": _quality,
    "O1": _text_at(
        lambda: _("It is not said what somebody needs before. Write None when nothing is needed."),
        "prerequisites",
    ),
    "O2": _text_at(lambda: _("The planned supervision is not chosen."), "supervision"),
    "O4": _stackability,
    "O5": _text_at(
        lambda: _("The public page has no description yet. Every Open Badge needs one."), "description"
    ),
}
