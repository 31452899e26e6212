"""The definition of a pathway's stacked badge, derived from its parts wherever the rule fixes what everybody has shown.

What each field is derived from, and why, stands in docs/decisions/0018.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from badge_service.curriculum.rules.content import Content
from badge_service.curriculum.rules.kinds import AchievementType
from badge_service.curriculum.rules.pathways import Rule, codes_in
from badge_service.curriculum.rules.stack_words import StackWords, stack_words
from badge_service.curriculum.rules.stacking.certainty import (
    Hours,
    least_hours,
    reached_level,
    shared_alignments,
)
from badge_service.curriculum.rules.stacking.outcomes import (
    LEVELS,
    numbered,
    outcomes_of,
    requirements_of,
    rubric_of,
)
from badge_service.curriculum.rules.stacking.parts import PartFacts
from badge_service.curriculum.rules.vocabulary import SUPERVISION

__all__ = [
    "EDITABLE",
    "LEVELS",
    "PartFacts",
    "least_hours",
    "reached_level",
    "stacked_content",
    "suggested_fields",
]

EDITABLE = (
    "category",
    "alliance_topic",
    "target_group",
    "isced_f",
    "level_not_applicable",
    "participation",
    "learning_mode",
    "supervision",
    "identity_verified",
    "quality_assurance",
    "prerequisites",
    "awarded_by",
    "tags",
)
"""The fields that a LET lead may set (a pathway's `badge`); all others follow from the parts."""
_MOST_PARTS = 40


def stacked_content(
    pathway: Mapping[str, Any], slug: str, parts: Mapping[str, PartFacts], free: Sequence[Hours] = ()
) -> dict[str, Any]:
    """The content of the stacked definition of a pathway without faults, all of whose codes are in `parts`.

    `free` holds the workloads of published definitions that a free choice could take, the smallest first.
    """
    rule, words = pathway["rule"], stack_words(pathway["language"])
    named = [parts[code] for code in dict.fromkeys(codes_in(rule))] or [*parts.values()]
    contents = [part.content for part in named]
    content = {
        "code": pathway["code"],
        "version": pathway["version"],
        "title": pathway["title"],
        "description": pathway["description"],
        "achievement_type": AchievementType.MICRO_CREDENTIAL.value,
        "language": pathway["language"],
        "eqf_level": reached_level(rule, {code: part.content["eqf_level"] for code, part in parts.items()})
        or None,
        "workload_hours": least_hours(rule, parts, free),
        "ects_awarded": None,
        "assessment_types": _several(contents, "assessment_types", 6),
        "stackability": {"kind": "integrated", "pathways": []},
        "validity_months": min(
            (one["validity_months"] for one in contents if one["validity_months"]), default=None
        ),
        **_shown(rule, parts, words),
        "activity_types": _several(contents, "activity_types", 6),
        "endorsers": [],
        "pathway": {"slug": slug, "version": pathway["version"], "parts": _listed(named)},
    }
    return content | _suggested(contents, words) | _chosen(pathway.get("badge") or {}, content)


def suggested_fields(language: str, contents: Sequence[Content]) -> dict[str, Any]:
    """What the fields that a LET lead may set are taken from while they are left empty."""
    return _suggested(contents, stack_words(language)) if contents else {}


def _shown(rule: Rule, parts: Mapping[str, PartFacts], words: StackWords) -> dict[str, Any]:
    """What learners have shown, and how: outcomes, rubric, evidence, alignments."""
    requirements = requirements_of(rule)
    outcomes = outcomes_of(requirements, parts, words)
    return {
        "learning_outcomes": numbered(outcomes),
        "rubric": rubric_of(requirements, outcomes, parts, words),
        "evidence_required": [_evidence(words)],
        "alignments": shared_alignments(rule, parts),
    }


def _listed(named: Sequence[PartFacts]) -> list[dict[str, str]]:
    return [{"code": one.content["code"], "title": one.title, "id": one.address} for one in named][
        :_MOST_PARTS
    ]


def _evidence(words: StackWords) -> dict[str, Any]:
    return {"genre": "badge", "description": words.evidence, "min_count": 1, "in_credential": True}


def _suggested(contents: Sequence[Content], words: StackWords) -> dict[str, Any]:
    topics = {one["alliance_topic"] for one in contents}
    level_words = [one.get("level_not_applicable") for one in contents]
    found = {
        "category": _most(contents, "category"),
        "alliance_topic": topics.pop() if len(topics) == 1 else "cross_topic",
        "target_group": contents[0]["target_group"],
        "isced_f": _most(contents, "isced_f"),
        "participation": _most(contents, "participation"),
        "learning_mode": _most(contents, "learning_mode"),
        "supervision": _weakest_supervision(contents),
        "identity_verified": all(one["identity_verified"] for one in contents),
        "quality_assurance": dict(contents[0]["quality_assurance"]),
        "prerequisites": words.prerequisites,
        "awarded_by": words.awarded_by,
        "tags": _several(contents, "tags", 12),
    }
    if all(one["eqf_level"] is None for one in contents) and level_words[0]:
        found["level_not_applicable"] = level_words[0]
    return found


def _weakest_supervision(contents: Sequence[Content]) -> str:
    """What can be said of all parts; nothing where one does not record it."""
    return str(min((one["supervision"] for one in contents), key=("", *SUPERVISION).index))


def _chosen(badge: Mapping[str, Any], content: Mapping[str, Any]) -> dict[str, Any]:
    """What the LET lead has filled in; a reason for having no level counts only while there is none."""
    chosen = {name: badge[name] for name in EDITABLE if badge.get(name) not in (None, "", [])}
    if content["eqf_level"] is not None:
        chosen.pop("level_not_applicable", None)
    return chosen


def _several(contents: Sequence[Content], name: str, most: int) -> list[str]:
    """All of what the parts say, what most of them say first."""
    counted = Counter(value for one in contents for value in one[name])
    return [value for value, _count in counted.most_common(most)]


def _most(contents: Sequence[Content], name: str) -> str:
    return Counter(str(one[name]) for one in contents).most_common(1)[0][0]
