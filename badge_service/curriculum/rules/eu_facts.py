"""The 16 elements of the European approach to micro-credentials: fact sheet of a version, check of a draft, box of a badge."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import rfc8785

from badge_service.curriculum.rules.achievement import Place
from badge_service.curriculum.rules.content import Content
from badge_service.openbadges.digests import digest_sri

MANDATORY = tuple(f"M{number}" for number in range(1, 12))
OPTIONAL = tuple(f"O{number}" for number in range(1, 6))
ELEMENTS = MANDATORY + OPTIONAL
FROM_AWARD = frozenset({"M1", "M3", "M4", "M5", "O3"})


def fact_sheet(content: Content, place: Place) -> dict[str, Any]:
    """What the version fixes of the EU elements (`schemas/eu_facts.schema.json`), as plain JSON."""
    quality, stackability = content["quality_assurance"], content["stackability"]
    into = [f"{place.public_url}/pathways/{slug}" for slug in stackability["pathways"]]
    return {
        "definition": place.id,
        "version": place.version,
        "title": content["title"],
        "learningOutcomes": [outcome["text"] for outcome in content["learning_outcomes"]],
        "notionalWorkload": _duration(content["workload_hours"]["total"]),
        "ects": content["ects_awarded"],
        "level": _level(content),
        "assessment": list(content["assessment_types"]),
        "participation": content["participation"],
        "qualityAssurance": {"name": quality["name"], "url": quality["url"] or place.quality_url},
        "prerequisites": content["prerequisites"],
        "plannedSupervision": content["supervision"],
        "stackability": {"kind": stackability["kind"], "into": into},
        "furtherInformation": place.id,
    }


def fact_sheet_bytes(sheet: Mapping[str, Any]) -> bytes:
    """The canonical bytes that are served and that the digest is of (RFC 8785)."""
    return rfc8785.dumps(dict(sheet))


def related_resource(content: Content, place: Place) -> dict[str, str]:
    """The entry of a credential's `relatedResource` that binds the fact sheet to the signature."""
    body = fact_sheet_bytes(fact_sheet(content, place))
    return {
        "id": place.public_url + place.facts_path,
        "mediaType": "application/json",
        "digestSRI": digest_sri(body),
    }


def _duration(hours: float) -> str:
    whole, minutes = divmod(round(hours * 60), 60)
    return f"PT{whole}H" + (f"{minutes}M" if minutes else "")


def _level(content: Content) -> dict[str, Any]:
    if content["eqf_level"] is None:
        return {"notApplicable": content.get("level_not_applicable", "")}
    return {"framework": "EQF", "code": str(content["eqf_level"])}


class ElementCheck(NamedTuple):
    """One EU element of a draft: `field` is where to fill it in; `ok` is true for what only the award can fill."""

    id: str
    level: str
    ok: bool
    field: str
    from_award: bool


def check_eu_elements(content: Content) -> list[ElementCheck]:
    """All 16 elements in order; a draft may lack any field. A missing optional element is not ok, and harmless."""
    return [_check(element, content) for element in ELEMENTS]


def _check(element: str, content: Content) -> ElementCheck:
    level = "mandatory" if element in MANDATORY else "optional"
    if element in FROM_AWARD:
        return ElementCheck(element, level, True, "", True)
    field, is_filled = _FILLED[element]
    return ElementCheck(element, level, is_filled(content), field, False)


def _text(*path: str) -> Callable[[Content], bool]:
    def is_filled(content: Content) -> bool:
        value: Any = content
        for name in path:
            value = value.get(name) if isinstance(value, Mapping) else None
        return bool(str(value).strip()) if value is not None else False

    return is_filled


def _has_outcome(content: Content) -> bool:
    return any(str(one.get("text") or "").strip() for one in content.get("learning_outcomes") or [])


def _has_level(content: Content) -> bool:
    return _text("eqf_level")(content) or _text("level_not_applicable")(content)


def _has_assessment(content: Content) -> bool:
    return bool(content.get("assessment_types"))


def _always(_content: Content) -> bool:
    return True


_FILLED: dict[str, tuple[str, Callable[[Content], bool]]] = {
    "M2": ("title", _text("title")),
    "M6": ("learning_outcomes", _has_outcome),
    "M7": ("workload_hours.total", _text("workload_hours", "total")),
    "M8": ("eqf_level", _has_level),
    "M9": ("assessment_types", _has_assessment),
    "M10": ("participation", _text("participation")),
    "M11": ("quality_assurance.name", _text("quality_assurance", "name")),
    "O1": ("prerequisites", _text("prerequisites")),
    "O2": ("supervision", _text("supervision")),
    "O4": ("stackability.kind", _text("stackability", "kind")),
    "O5": ("description", _always),
}
