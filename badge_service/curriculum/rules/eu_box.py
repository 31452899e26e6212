"""The EU fact box of one badge: 16 lines, each from the fact sheet, from the credential, or not recorded."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from badge_service.curriculum.rules.eu_facts import ELEMENTS

NOT_RECORDED = "not_recorded"
_AWARDED = ("awardedDate", "validFrom", "issuanceDate")


class BoxRow(NamedTuple):
    """One line: element `id`, a short text or number `value` (or a list of them), `source` fact_sheet, credential or not_recorded.

    Where the element does not apply (`applies` is false), `value` is the reason. Labels and the words for vocabulary
    values are in `curriculum/words`, by `id` and value.
    """

    id: str
    value: Any
    source: str
    applies: bool = True


def eu_box(sheet: Mapping[str, Any] | None, credential: Mapping[str, Any] | None) -> list[BoxRow]:
    """The 16 lines in the order of the Council Recommendation's annex.

    `sheet` is None when it is missing or its digest differs; `credential` is None on a definition's own page. Both are
    strangers' data and may have any shape: what cannot be read is "not recorded".
    """
    of_sheet = _from_sheet(_mapping(sheet))
    of_credential = _from_credential(_mapping(credential))
    reasons = _not_applicable(_mapping(sheet))
    return [
        _row(element, of_sheet.get(element), of_credential.get(element), reasons.get(element))
        for element in ELEMENTS
    ]


def _not_applicable(sheet: Mapping[str, Any]) -> dict[str, str]:
    """Why an element does not apply, as the fact sheet says; without an assessment there is no grade either."""
    members = {"M6": "learningOutcomes", "M8": "level", "M9": "assessment", "O3": "assessment"}
    said = {
        element: _text(_mapping(sheet.get(member)).get("notApplicable"))
        for element, member in members.items()
    }
    return {element: reason for element, reason in said.items() if reason}


def _row(element: str, planned: Any, happened: Any, reason: str | None) -> BoxRow:
    if reason and happened in (None, "", []):
        return BoxRow(element, reason, "fact_sheet", applies=False)
    # What took place outweighs what was planned (O2); otherwise the fact sheet says it best.
    first, second = (happened, planned) if element == "O2" else (planned, happened)
    sources = ("credential", "fact_sheet") if element == "O2" else ("fact_sheet", "credential")
    for value, source in zip((first, second), sources, strict=True):
        if value not in (None, "", []):
            return BoxRow(element, value, source)
    return BoxRow(element, None, NOT_RECORDED)


def _from_sheet(sheet: Mapping[str, Any]) -> dict[str, Any]:
    quality, stackability = _mapping(sheet.get("qualityAssurance")), _mapping(sheet.get("stackability"))
    return {
        "M2": _text(sheet.get("title")),
        "M6": _texts(sheet.get("learningOutcomes")),
        "M7": _workload(sheet),
        "M8": _level(_mapping(sheet.get("level"))),
        "M9": _texts(sheet.get("assessment")),
        "M10": _text(sheet.get("participation")),
        "M11": [part for part in (_text(quality.get("name")), _text(quality.get("url"))) if part],
        "O1": _text(sheet.get("prerequisites")),
        "O2": _text(sheet.get("plannedSupervision")),
        "O4": [part for part in (_text(stackability.get("kind")), *_texts(stackability.get("into"))) if part],
        "O5": _text(sheet.get("furtherInformation")),
    }


def _from_credential(credential: Mapping[str, Any]) -> dict[str, Any]:
    subject = _first(credential.get("credentialSubject"))
    issuer = _first(credential.get("issuer"))
    address = _mapping(issuer.get("address"))
    achievement = _first(subject.get("achievement"))
    country = [_text(address.get("addressCountryCode")), _text(address.get("addressRegion"))]
    return {
        "M1": _learner(subject),
        "M2": _text(achievement.get("name")),
        "M3": ", ".join(part for part in country if part),
        "M4": _text(issuer.get("name")),
        "M5": next((day for name in _AWARDED if (day := _text(credential.get(name)))), ""),
        "M8": f"EQF {level}" if (level := _aligned(achievement, "ext:EQFLevel", "targetCode")) else "",
        "M11": _aligned(achievement, "ext:QualityAssurance", "targetName"),
        "O2": _supervision(credential),
        "O3": _grades(subject),
    }


def _learner(subject: Mapping[str, Any]) -> str:
    for identity in _all(subject.get("identifier")):
        if identity.get("identityType") == "name" and identity.get("hashed") is False:
            return _text(identity.get("identityHash"))
    return _text(subject.get("id"))


def _aligned(achievement: Mapping[str, Any], kind: str, member: str) -> str:
    """What the achievement's first alignment of this kind has in a member, for badges without a fact sheet."""
    found = (
        _text(one.get(member)) for one in _all(achievement.get("alignment")) if one.get("targetType") == kind
    )
    return next(found, "")


def _grades(subject: Mapping[str, Any]) -> list[str]:
    """`criterion: level reached`, in words of the badge."""
    described = _by_id(_first(subject.get("achievement")).get("resultDescription"))
    grades = []
    for result in _all(subject.get("result")):
        description = described.get(_named(result.get("resultDescription")), {})
        level = _by_id(description.get("rubricCriterionLevel")).get(_named(result.get("achievedLevel")), {})
        reached = _text(level.get("name")) or _text(result.get("value"))
        if reached:
            grades.append(f"{_text(description.get('name'))}: {reached}".removeprefix(": "))
    return grades


IDENTITY_SENTENCE = "Identity of the learner: "
IDENTITY_SENTENCES = (
    IDENTITY_SENTENCE,
    "Identiteit van de deelnemer: ",
    "Identidad de la persona: ",
    "Самоличност на обучаемия: ",
)


def _supervision(credential: Mapping[str, Any]) -> str:
    """The sentence that the award wrote into an evidence narrative (decisions 8), without its beginning."""
    for evidence in _all(credential.get("evidence")):
        for beginning in IDENTITY_SENTENCES:
            _before, found, after = _text(evidence.get("narrative")).partition(beginning)
            if found:
                return after.partition(".")[0].strip()
    return ""


def _workload(sheet: Mapping[str, Any]) -> str:
    ects = sheet.get("ects")
    workload = _text(sheet.get("notionalWorkload"))
    return f"{workload}, {ects:g} ECTS" if isinstance(ects, int | float) and workload else workload


def _level(level: Mapping[str, Any]) -> str:
    return f"{_text(level.get('framework'))} {_text(level.get('code'))}".strip()


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _first(value: Any) -> Mapping[str, Any]:
    return _mapping(value[0] if isinstance(value, list) and value else value)


def _all(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, Mapping)]


def _by_id(value: Any) -> dict[str, Mapping[str, Any]]:
    """The objects in `value` by their identifiers; those without one are not named by anything."""
    return {one["id"]: one for one in _all(value) if isinstance(one.get("id"), str) and one["id"]}


def _named(value: Any) -> str:
    """The identifier in a member that is one, or an object with one."""
    return _text(value.get("id") if isinstance(value, Mapping) else value)


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _texts(value: Any) -> list[str]:
    return [one.strip() for one in value if isinstance(one, str)] if isinstance(value, list) else []
