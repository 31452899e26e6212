"""The definition of a pathway's stacked badge, derived from its parts wherever the rule fixes what everybody has shown.

What each field is derived from, and why, stands in docs/decisions/0018.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from badge_service.curriculum.rules.content import Content, all_alignments
from badge_service.curriculum.rules.kinds import AchievementType
from badge_service.curriculum.rules.pathways import ANY_OTHER, Rule, codes_in
from badge_service.curriculum.rules.stack_words import StackWords, stack_words
from badge_service.curriculum.rules.vocabulary import SUPERVISION, WORKLOAD_PARTS

Hours = Mapping[str, float]
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
LEVELS = ("open", "complete")
"""The two levels of each criterion of a stacked badge; a decided one has the second everywhere."""
_MOST_OUTCOMES, _LONGEST_OUTCOME, _LONGEST_NAME = 12, 300, 80


@dataclass(frozen=True)
class PartFacts:
    """One published definition that a rule names: its content and its achievement's address."""

    content: Content
    address: str

    @property
    def title(self) -> str:
        """The title of the part."""
        return str(self.content["title"])


def stacked_content(
    pathway: Mapping[str, Any], slug: str, parts: Mapping[str, PartFacts], free: Sequence[Hours] = ()
) -> dict[str, Any]:
    """The content of the stacked definition of a pathway without faults, all of whose codes are in `parts`.

    `free` holds the workloads of published definitions that a free choice could take, the smallest first.
    """
    rule, words = pathway["rule"], stack_words(pathway["language"])
    named = [parts[code] for code in dict.fromkeys(codes_in(rule))] or [*parts.values()]
    contents = [part.content for part in named]
    requirements = _requirements(rule)
    outcomes = _outcomes(requirements, parts, words)
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
        "learning_outcomes": _numbered(outcomes),
        "rubric": _rubric(requirements, outcomes, parts, words),
        "evidence_required": [_evidence(words)],
        "alignments": _shared_alignments(rule, parts),
        "activity_types": _several(contents, "activity_types", 6),
        "endorsers": [],
        "pathway": {
            "slug": slug,
            "version": pathway["version"],
            "parts": [{"code": one.content["code"], "title": one.title, "id": one.address} for one in named][
                :40
            ],
        },
    }
    return content | _suggested(contents, words) | _chosen(pathway.get("badge") or {}, content)


def suggested_fields(language: str, contents: Sequence[Content]) -> dict[str, Any]:
    """What the fields that a LET lead may set are taken from while they are left empty."""
    return _suggested(contents, stack_words(language)) if contents else {}


def reached_level(rule: Rule, levels: Mapping[str, int | None]) -> int:
    """The highest EQF level that everybody who fulfils the rule has reached in at least one part; 0 for none."""
    if isinstance(rule, str):
        return levels.get(rule) or 0
    if rule.get("of") == ANY_OTHER:
        return 0
    reached = sorted(reached_level(part, levels) for part in _members(rule))
    return reached[-1] if "all_of" in rule else reached[rule["at_least"] - 1]


def least_hours(rule: Rule, parts: Mapping[str, PartFacts], free: Sequence[Hours]) -> dict[str, float]:
    """The workload of the fulfilling set with the fewest hours, each badge once; a free choice counts with `free`."""
    chosen, others = _cheapest(
        rule, {code: part.content["workload_hours"] for code, part in parts.items()}, free
    )
    hours = [*(parts[code].content["workload_hours"] for code in sorted(chosen)), *others]
    summed = {part: _number(sum(float(one[part]) for one in hours)) for part in WORKLOAD_PARTS}
    return {"total": _number(sum(summed.values())), **summed}


def _cheapest(
    rule: Rule, hours: Mapping[str, Hours], free: Sequence[Hours]
) -> tuple[frozenset[str], list[Hours]]:
    if isinstance(rule, str):
        return frozenset({rule}), []
    if rule.get("of") == ANY_OTHER:
        return frozenset(), list(free[: rule["at_least"]])
    found = [_cheapest(part, hours, free) for part in _members(rule)]

    def cost(way: tuple[frozenset[str], list[Hours]]) -> float:
        return sum(float(hours[code]["total"]) for code in way[0]) + sum(sum(one.values()) for one in way[1])

    taken = found if "all_of" in rule else sorted(found, key=cost)[: rule["at_least"]]
    return frozenset().union(*(one[0] for one in taken)), [one for way in taken for one in way[1]]


def _shared_alignments(rule: Rule, parts: Mapping[str, PartFacts]) -> list[dict[str, Any]]:
    """Those that everybody who fulfils the rule has earned by some part, each target once."""
    targets = {
        code: {one["targetUrl"]: one for _, one in all_alignments(part.content)}
        for code, part in parts.items()
    }
    certain = _certain(rule, {code: frozenset(found) for code, found in targets.items()})
    known: dict[str, dict[str, Any]] = {}
    for found in targets.values():
        for url, one in found.items():
            if url in certain:
                known.setdefault(url, dict(one))
    return list(known.values())[:30]


def _certain(rule: Rule, targets: Mapping[str, frozenset[str]]) -> frozenset[str]:
    if isinstance(rule, str):
        return targets[rule]
    if rule.get("of") == ANY_OTHER:
        return frozenset()
    parts = [_certain(part, targets) for part in _members(rule)]
    least = len(parts) if "all_of" in rule else rule["at_least"]
    counted = Counter(url for part in parts for url in part)
    return frozenset(url for url, count in counted.items() if count > len(parts) - least)


def _requirements(rule: Rule) -> list[Rule]:
    """What stands beside each other at the top of the rule; what is too much for a list of outcomes is put together."""
    found: list[Rule] = list(rule["all_of"]) if not isinstance(rule, str) and "all_of" in rule else [rule]
    kept = _MOST_OUTCOMES - 1
    return found if len(found) <= _MOST_OUTCOMES else [*found[:kept], {"all_of": found[kept:]}]


def _outcomes(
    requirements: Sequence[Rule], parts: Mapping[str, PartFacts], words: StackWords
) -> list[list[tuple[str, str]]]:
    """For each requirement its outcomes (kind, text): those of a part that everybody needs are told as they stand.

    Where that would be more than a definition may have, each requirement is told in one.
    """
    whole = [
        _own_outcomes(one, parts) or [("skill", _outcome_text(one, parts, words))] for one in requirements
    ]
    if sum(len(found) for found in whole) <= _MOST_OUTCOMES:
        return whole
    return [[("skill", _outcome_text(one, parts, words))] for one in requirements]


def _own_outcomes(rule: Rule, parts: Mapping[str, PartFacts]) -> list[tuple[str, str]]:
    if not isinstance(rule, str):
        return []
    return [(one["kind"], one["text"]) for one in parts[rule].content["learning_outcomes"]]


def _numbered(outcomes: Sequence[Sequence[tuple[str, str]]]) -> list[dict[str, Any]]:
    told = [one for found in outcomes for one in found]
    return [
        {"id": f"LO{number}", "kind": kind, "text": text, "alignments": []}
        for number, (kind, text) in enumerate(told, 1)
    ]


def _outcome_text(rule: Rule, parts: Mapping[str, PartFacts], words: StackWords) -> str:
    if isinstance(rule, str):
        part = parts[rule]
        told = " ".join(one["text"] for one in part.content["learning_outcomes"])
        return _short(words.certifies.format(title=part.title, code=rule, outcomes=told), _LONGEST_OUTCOME)
    if rule.get("of") == ANY_OTHER:
        return words.free.format(number=rule["at_least"])
    listed = words.separator.join(_named(part, parts, words, long=True) for part in _members(rule))
    frame = words.every if "all_of" in rule else words.choice
    return _short(frame.format(number=rule.get("at_least"), parts=listed), _LONGEST_OUTCOME)


def _members(rule: Mapping[str, Any]) -> Sequence[Rule]:
    return list(rule.get("all_of", rule.get("of", ())))


def _named(rule: Rule, parts: Mapping[str, PartFacts], words: StackWords, *, long: bool = False) -> str:
    if isinstance(rule, str):
        return f"{parts[rule].title} ({rule})" if long else parts[rule].title
    if rule.get("of") == ANY_OTHER:
        return words.free_name.format(number=rule["at_least"])
    listed = words.separator.join(_named(part, parts, words) for part in _members(rule))
    return words.either.format(number=rule.get("at_least", len(_members(rule))), parts=listed)


def _criterion_name(rule: Rule, parts: Mapping[str, PartFacts], words: StackWords) -> str:
    if isinstance(rule, str) or rule.get("of") == ANY_OTHER:
        return _short(_named(rule, parts, words), _LONGEST_NAME)
    members = _members(rule)
    listed = words.separator.join(_named(part, parts, words) for part in members)
    frame = words.every_name if "all_of" in rule else words.choice_name
    told = frame.format(number=rule.get("at_least"), count=len(members), parts=listed)
    return _short(told, _LONGEST_NAME)


def _rubric(
    requirements: Sequence[Rule],
    outcomes: Sequence[Sequence[tuple[str, str]]],
    parts: Mapping[str, PartFacts],
    words: StackWords,
) -> dict[str, Any]:
    """One criterion a requirement, which is complete or still open; the decider reads it off the parts."""
    levels = [
        {"id": id_, "name": name, "points": points}
        for points, (id_, name) in enumerate(zip(LEVELS, words.levels, strict=True), 1)
    ]
    criteria, told = [], 0
    for number, (rule, found) in enumerate(zip(requirements, outcomes, strict=True), 1):
        criteria.append(
            {
                "id": f"C{number}",
                "name": _criterion_name(rule, parts, words),
                "outcomes": [f"LO{told + place}" for place in range(1, len(found) + 1)],
                "weight": 1,
                "descriptors": dict(zip(LEVELS, words.descriptors, strict=True)),
            }
        )
        told += len(found)
    return {"levels": levels, "pass_level": LEVELS[-1], "criteria": criteria}


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
        "supervision": min((one["supervision"] for one in contents), key=SUPERVISION.index),
        "identity_verified": all(one["identity_verified"] for one in contents),
        "quality_assurance": dict(contents[0]["quality_assurance"]),
        "prerequisites": words.prerequisites,
        "awarded_by": words.awarded_by,
        "tags": _several(contents, "tags", 12),
    }
    if all(one["eqf_level"] is None for one in contents) and level_words[0]:
        found["level_not_applicable"] = level_words[0]
    return found


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


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _number(value: float) -> float:
    return int(value) if value == int(value) else round(value, 2)
