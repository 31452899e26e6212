"""What is certain of everybody who fulfils a rule, whichever way: a level reached, hours spent, alignments shown."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from badge_service.curriculum.rules.content import all_alignments
from badge_service.curriculum.rules.pathways import ANY_OTHER, Rule, least
from badge_service.curriculum.rules.stacking.parts import PartFacts, members
from badge_service.curriculum.rules.vocabulary import WORKLOAD_PARTS

Hours = Mapping[str, float]


def reached_level(rule: Rule, levels: Mapping[str, int | None]) -> int:
    """The highest EQF level that everybody who fulfils the rule has reached in at least one part; 0 for none."""
    if isinstance(rule, str):
        return levels.get(rule) or 0
    if rule.get("of") == ANY_OTHER:
        return 0
    reached = sorted(reached_level(part, levels) for part in members(rule))
    return reached[-1] if "all_of" in rule else reached[least(rule) - 1]


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
        return frozenset(), list(free[: least(rule)])
    found = [_cheapest(part, hours, free) for part in members(rule)]

    def cost(way: tuple[frozenset[str], list[Hours]]) -> float:
        return sum(float(hours[code]["total"]) for code in way[0]) + sum(sum(one.values()) for one in way[1])

    taken = found if "all_of" in rule else sorted(found, key=cost)[: least(rule)]
    return frozenset().union(*(one[0] for one in taken)), [one for way in taken for one in way[1]]


def shared_alignments(rule: Rule, parts: Mapping[str, PartFacts]) -> list[dict[str, Any]]:
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
    parts = [_certain(part, targets) for part in members(rule)]
    need = len(parts) if "all_of" in rule else least(rule)
    counted = Counter(url for part in parts for url in part)
    return frozenset(url for url, count in counted.items() if count > len(parts) - need)


def _number(value: float) -> float:
    return int(value) if value == int(value) else round(value, 2)
