"""The parts of an achievement as the standard shapes them: plain dictionaries, arrays everywhere, nothing empty.

Follows: Open Badges 3.0, section 6 (Achievement, Alignment, Criteria, Related, ResultDescription, RubricCriterionLevel, Profile).
"""

from collections.abc import Mapping, Sequence
from typing import Any

Part = dict[str, Any]


def without_empty(part: Mapping[str, Any]) -> Part:
    """`part` without members that are None, empty text or empty lists: the standard omits them."""
    return {
        name: value for name, value in part.items() if value is not None and value not in ("", [], {}, ())
    }


def alignment(
    target_name: str,
    target_url: str,
    *,
    target_code: str | None = None,
    target_framework: str | None = None,
    target_type: str | None = None,
    target_description: str | None = None,
) -> Part:
    """An Alignment; `target_type` is one of the standard's or starts with `ext:`."""
    return without_empty(
        {
            "type": ["Alignment"],
            "targetName": target_name,
            "targetUrl": target_url,
            "targetCode": target_code,
            "targetDescription": target_description,
            "targetFramework": target_framework,
            "targetType": target_type,
        }
    )


def rubric_level(
    id: str, name: str, *, level: str | None = None, points: str | None = None, description: str | None = None
) -> Part:
    """A RubricCriterionLevel; `points` is text in the standard."""
    return without_empty(
        {
            "id": id,
            "type": ["RubricCriterionLevel"],
            "name": name,
            "level": level,
            "points": points,
            "description": description,
        }
    )


def result_description(
    id: str,
    name: str,
    result_type: str,
    *,
    required_level: str | None = None,
    required_value: str | None = None,
    rubric_levels: Sequence[Part] = (),
    allowed_values: Sequence[str] = (),
    value_min: str | None = None,
    value_max: str | None = None,
    alignments: Sequence[Part] = (),
) -> Part:
    """A ResultDescription; `rubric_levels` and `allowed_values` are ordered from low to high."""
    return without_empty(
        {
            "id": id,
            "type": ["ResultDescription"],
            "name": name,
            "resultType": result_type,
            "alignment": list(alignments),
            "allowedValue": list(allowed_values),
            "requiredLevel": required_level,
            "requiredValue": required_value,
            "rubricCriterionLevel": list(rubric_levels),
            "valueMin": value_min,
            "valueMax": value_max,
        }
    )


def image(id: str, *, caption: str | None = None) -> Part:
    """An Image: its address or data URI."""
    return without_empty({"id": id, "type": "Image", "caption": caption})


def criteria(*, id: str | None = None, narrative: str | None = None) -> Part:
    """Criteria: the address of a page and/or Markdown text; the validator wants at least one."""
    return without_empty({"id": id, "narrative": narrative})


def identifier(identifier: str, identifier_type: str = "identifier") -> Part:
    """An IdentifierEntry; `identifier_type` is one of the standard's or starts with `ext:`."""
    return {"type": "IdentifierEntry", "identifier": identifier, "identifierType": identifier_type}


def address(
    *, country_code: str | None = None, region: str | None = None, locality: str | None = None
) -> Part:
    """An Address of an organisation; `country_code` is ISO 3166-1 alpha-2."""
    return without_empty(
        {
            "type": ["Address"],
            "addressCountryCode": country_code,
            "addressRegion": region,
            "addressLocality": locality,
        }
    )


def related(id: str, *, in_language: str | None = None, version: str | None = None) -> Part:
    """A Related: another achievement that this one is a version or a translation of."""
    return without_empty({"id": id, "type": ["Related"], "inLanguage": in_language, "version": version})


def profile(
    id: str,
    name: str,
    *,
    url: str | None = None,
    description: str | None = None,
    email: str | None = None,
    image: Part | None = None,
    address: Part | None = None,
    other_identifiers: Sequence[Part] = (),
) -> Part:
    """A Profile of an issuer or of an achievement's creator."""
    return without_empty(
        {
            "id": id,
            "type": ["Profile"],
            "name": name,
            "url": url,
            "description": description,
            "email": email,
            "image": image,
            "address": address,
            "otherIdentifier": list(other_identifiers),
        }
    )


def achievement(
    id: str,
    name: str,
    description: str,
    criteria: Part,
    *,
    achievement_type: str | None = None,
    version: str | None = None,
    in_language: str | None = None,
    human_code: str | None = None,
    field_of_study: str | None = None,
    credits_available: float | None = None,
    image: Part | None = None,
    creator: Part | None = None,
    tags: Sequence[str] = (),
    alignments: Sequence[Part] = (),
    result_descriptions: Sequence[Part] = (),
    related: Sequence[Part] = (),
) -> Part:
    """An Achievement: what was learnt, under what criteria, made from the parts above."""
    return without_empty(
        {
            "id": id,
            "type": ["Achievement"],
            "achievementType": achievement_type,
            "name": name,
            "description": description,
            "version": version,
            "inLanguage": in_language,
            "humanCode": human_code,
            "criteria": criteria,
            "image": image,
            "creator": creator,
            "creditsAvailable": credits_available,
            "fieldOfStudy": field_of_study,
            "tag": list(tags),
            "alignment": list(alignments),
            "resultDescription": list(result_descriptions),
            "related": list(related),
        }
    )
