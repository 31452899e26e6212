"""The learning outcomes and the rubric of a stacked badge: one criterion for each thing that its rule asks for."""

from collections.abc import Mapping, Sequence
from typing import Any

from badge_service.curriculum.rules.pathways import ANY_OTHER, Rule, least
from badge_service.curriculum.rules.stack_words import StackWords
from badge_service.curriculum.rules.stacking.parts import PartFacts, members

_MOST_OUTCOMES, _LONGEST_OUTCOME, _LONGEST_NAME = 12, 300, 80

LEVELS = ("open", "complete")
"""The two levels of each criterion of a stacked badge; a decided one has the second everywhere."""


def requirements_of(rule: Rule) -> list[Rule]:
    """What stands beside each other at the top of the rule; what is too much for a list of outcomes is put together."""
    found: list[Rule] = list(rule["all_of"]) if not isinstance(rule, str) and "all_of" in rule else [rule]
    kept = _MOST_OUTCOMES - 1
    return found if len(found) <= _MOST_OUTCOMES else [*found[:kept], {"all_of": found[kept:]}]


def outcomes_of(
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


def numbered(outcomes: Sequence[Sequence[tuple[str, str]]]) -> list[dict[str, Any]]:
    """All outcomes as a definition has them, numbered through."""
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
        return words.free.format(number=least(rule))
    listed = words.separator.join(_named(part, parts, words, long=True) for part in members(rule))
    frame = words.every if "all_of" in rule else words.choice
    return _short(frame.format(number=least(rule), parts=listed), _LONGEST_OUTCOME)


def _named(rule: Rule, parts: Mapping[str, PartFacts], words: StackWords, *, long: bool = False) -> str:
    if isinstance(rule, str):
        return f"{parts[rule].title} ({rule})" if long else parts[rule].title
    if rule.get("of") == ANY_OTHER:
        return words.free_name.format(number=least(rule))
    listed = words.separator.join(_named(part, parts, words) for part in members(rule))
    return words.either.format(number=len(members(rule)) if "all_of" in rule else least(rule), parts=listed)


def _criterion_name(rule: Rule, parts: Mapping[str, PartFacts], words: StackWords) -> str:
    """The first of these that a name has room for: with the titles of the badges, with their codes, with their number."""
    if isinstance(rule, str):
        return next(one for one in (parts[rule].title, rule) if len(one) <= _LONGEST_NAME)
    if rule.get("of") == ANY_OTHER:
        return _named(rule, parts, words)
    inside = members(rule)
    frame = words.every_name if "all_of" in rule else words.choice_name
    counted = words.every_counted if "all_of" in rule else words.choice_counted
    numbers = {"number": rule.get("at_least"), "count": len(inside)}
    told = [
        frame.format(parts=words.separator.join(_named(part, facts, words) for part in inside), **numbers)
        for facts in (parts, _by_codes(parts))
    ]
    return next(one for one in (*told, counted.format(**numbers)) if len(one) <= _LONGEST_NAME)


def _by_codes(parts: Mapping[str, PartFacts]) -> dict[str, PartFacts]:
    """The same parts, called by their codes."""
    return {code: PartFacts({**part.content, "title": code}, part.address) for code, part in parts.items()}


def rubric_of(
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


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
