"""The 16 elements of the European approach to micro-credentials: their names, and the fact sheet of a version."""

from collections.abc import Mapping
from typing import Any

import rfc8785

from badge_service.curriculum.rules.achievement import Place
from badge_service.curriculum.rules.content import Content
from badge_service.curriculum.rules.kinds import is_assessed
from badge_service.curriculum.rules.phrases import phrases_for
from badge_service.openbadges.digests import digest_sri

MANDATORY = tuple(f"M{number}" for number in range(1, 12))
OPTIONAL = tuple(f"O{number}" for number in range(1, 6))
ELEMENTS = MANDATORY + OPTIONAL
FROM_AWARD = frozenset({"M1", "M3", "M4", "M5", "O3"})


def fact_sheet(content: Content, place: Place) -> dict[str, Any]:
    """What the version fixes of the EU elements (`schemas/eu_facts.schema.json`), as plain JSON."""
    quality = content["quality_assurance"]
    unassessed = _unassessed(content)
    return {
        "definition": place.id,
        "version": place.version,
        "title": content["title"],
        "learningOutcomes": unassessed or [outcome["text"] for outcome in content["learning_outcomes"]],
        "notionalWorkload": _duration(content["workload_hours"]["total"]),
        "ects": content["ects_awarded"],
        "level": _level(content),
        "assessment": unassessed or list(content["assessment_types"]),
        "participation": content["participation"],
        "qualityAssurance": {"name": quality["name"], "url": quality["url"] or place.quality_url},
        **_optional(content, place),
        "furtherInformation": place.id,
    }


def _optional(content: Content, place: Place) -> dict[str, Any]:
    """O1, O2 and O4, as far as they are recorded."""
    stackability = content["stackability"]
    into = [f"{place.public_url}/pathways/{slug}" for slug in stackability["pathways"]]
    found: dict[str, Any] = {}
    if content["prerequisites"].strip():
        found["prerequisites"] = content["prerequisites"]
    if content["supervision"]:
        found["plannedSupervision"] = content["supervision"]
    if stackability["kind"]:
        found["stackability"] = {"kind": stackability["kind"], "into": into}
    return found


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


def _unassessed(content: Content) -> dict[str, str] | None:
    """Why outcomes and assessment do not apply to a certificate of completion, in its language; else None."""
    if is_assessed(content):
        return None
    return {"notApplicable": phrases_for(content["language"]).nothing_assessed}


def _level(content: Content) -> dict[str, Any]:
    if content["eqf_level"] is None:
        return {"notApplicable": content.get("level_not_applicable", "")}
    return {"framework": "EQF", "code": str(content["eqf_level"])}
