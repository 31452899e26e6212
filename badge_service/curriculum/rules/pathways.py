"""Progress on a pathway: a pure rule over the codes of the badges somebody holds.

rule := definition code | {"all_of": [rule, …]} | {"at_least": n, "of": [rule, …]} | {"at_least": n, "of": "any_other_published"}
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from badge_service.curriculum.rules.fewest import Asked, Tree, fewest

Rule = str | Mapping[str, Any]
ANY_OTHER = "any_other_published"
FREE = "*"
"""Stands in `pathway_parts` for a part that leaves the choice free."""
DEEPEST, MOST_PLACES, MOST_DIFFERENT = 4, 60, 24
"""How many groups may stand inside each other, how many badges in all, how many different ones; more nobody understands."""


@dataclass(frozen=True)
class Progress:
    """How far one part of a pathway is: `kind` is badge, all_of, at_least or any_other; `code` names a badge's part."""

    kind: str
    done: bool
    have: int
    need: int
    code: str | None = None
    parts: tuple["Progress", ...] = ()


def progress(rule: Rule, held: Set[str]) -> Progress:
    """How far the holder of the badges `held` (codes of published definitions) is with `rule`.

    A badge that fulfils a named part does not count as "any other" too; of several named badges only as many are
    taken as the named parts need, in the way that leaves most over.
    """
    return _Reader(rule).progress(frozenset(held))


def badge_count(found: Progress) -> tuple[int, int]:
    """How many badges of how many are there, counting the nearest way to fulfil each choice."""
    if found.kind in {"badge", "any_other"}:
        return found.have, found.need
    counted = sorted((badge_count(part) for part in found.parts), key=lambda one: (one[1] - one[0], one[1]))
    taken = counted[: found.need]
    return sum(have for have, _need in taken), sum(need for _have, need in taken)


def badges_used(rule: Rule, held: Sequence[str]) -> list[str]:
    """Of the badges `held`, in order of preference, some that fulfil `rule` and of which none can be left out.

    Empty when they do not fulfil it. Badges that come first in `held` are kept before later ones.
    """
    kept, reader = list(dict.fromkeys(held)), _Reader(rule)
    if not reader.progress(frozenset(kept)).done:
        return []
    for code in kept[::-1]:
        fewer = [one for one in kept if one != code]
        if reader.progress(frozenset(fewer)).done:
            kept = fewer
    return kept


def codes_in(rule: Rule) -> Iterator[str]:
    """All definition codes that a rule names; whatever is no rule in it names none."""
    if isinstance(rule, str):
        yield rule
    elif isinstance(rule, Mapping):
        for part in _parts(rule):
            yield from codes_in(part)


def is_rule(rule: Any) -> bool:
    """Whether this can be read as a rule: every group of it has members, and a number where it lets people choose."""
    if not isinstance(rule, Mapping):
        return isinstance(rule, str)
    counted = "all_of" in rule or _whole(rule.get("at_least")) > 0
    parts = rule.get("all_of", rule.get("of"))
    listed = isinstance(parts, list) and bool(parts) and all(is_rule(part) for part in parts)
    return counted and (listed or _is_free(rule))


def free_choices(rule: Rule) -> int:
    """How many parts of a rule leave the choice free."""
    if not isinstance(rule, Mapping):
        return 0
    return 1 if _is_free(rule) else sum(free_choices(part) for part in _parts(rule))


def part_codes(rule: Rule) -> frozenset[str]:
    """The codes that a rule names, with `FREE` when a part leaves the choice free."""
    return frozenset(codes_in(rule)) | ({FREE} if free_choices(rule) else frozenset())


def depth(rule: Any) -> int:
    """How many groups stand inside each other, looked at without recursion; a badge alone has none."""
    deepest, waiting = 0, [(rule, 0)]
    while waiting:
        part, above = waiting.pop()
        if isinstance(part, Mapping):
            deepest = max(deepest, above + 1)
            inner = part.get("all_of", part.get("of"))
            waiting += [(one, above + 1) for one in inner] if isinstance(inner, list) else []
    return deepest


def places(rule: Any) -> int:
    """How many places for badges a rule has, looked at without recursion: codes, free choices, and whatever is no rule."""
    found, waiting = 0, [rule]
    while waiting:
        part = waiting.pop()
        inner = part.get("all_of", part.get("of")) if isinstance(part, Mapping) else None
        if isinstance(inner, list) and inner:
            waiting += inner
        else:
            found += 1
    return found


def least(rule: Mapping[str, Any]) -> int:
    """How many a choice asks for, as a whole number however it is stored (1.0 is 1); one where it says nothing sensible."""
    return max(1, _whole(rule.get("at_least")))


def whole_numbers(rule: Any) -> Any:
    """The rule with 1.0 written as 1; whatever is no rule, or too deep, stays as it is."""
    if not isinstance(rule, Mapping) or depth(rule) > DEEPEST:
        return rule
    told = {name: _written(value) for name, value in rule.items()}
    if _whole(rule.get("at_least")):
        told["at_least"] = _whole(rule["at_least"])
    return told


def _written(value: Any) -> Any:
    return [whole_numbers(one) for one in value] if isinstance(value, list) else value


def _whole(value: Any) -> int:
    """A whole number that came as one or as a fraction without a remainder; 0 for anything else."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _parts(rule: Mapping[str, Any]) -> Sequence[Rule]:
    parts = rule.get("all_of", rule.get("of", ()))
    return parts if isinstance(parts, list | tuple) else ()


def _is_free(rule: Mapping[str, Any]) -> bool:
    return rule.get("of") == ANY_OTHER


class _Reader:
    """Reads one rule for any badges; how many named badges are needed is looked for once for each set of them."""

    def __init__(self, rule: Rule) -> None:
        self._rule, self._codes = rule, frozenset(codes_in(rule))
        self._fewest: dict[frozenset[str], int] = {}

    def progress(self, held: frozenset[str]) -> Progress:
        return _progress(self._rule, held, len(held) - self._needed(held & self._codes))

    def _needed(self, named: frozenset[str]) -> int:
        """The smallest number of held named badges that fulfil the named parts; all of them while those are open."""
        if named not in self._fewest:
            tree = _tree(self._rule, named) if free_choices(self._rule) else None
            is_small = places(self._rule) <= MOST_PLACES and len(named) <= MOST_DIFFERENT
            self._fewest[named] = len(named) if tree is None else fewest(tree, exactly=is_small)
        return self._fewest[named]


def _tree(rule: Rule, named: frozenset[str]) -> Tree | None:
    """What the named parts ask for of these badges, a free choice for nothing; None where they cannot give it."""
    if not isinstance(rule, Mapping):
        return rule if isinstance(rule, str) and rule in named else None
    if _is_free(rule):
        return Asked(0, ())
    asked = _parts(rule)
    parts = tuple(one for part in asked if (one := _tree(part, named)) is not None)
    need = len(asked) if "all_of" in rule else least(rule)
    return Asked(need, parts) if len(parts) >= need else None


def _progress(rule: Rule, held: frozenset[str], others: int) -> Progress:
    if not isinstance(rule, Mapping):
        code = rule if isinstance(rule, str) else ""
        return Progress("badge", code in held, int(code in held), 1, code)
    if _is_free(rule):
        need = least(rule)
        return Progress("any_other", others >= need, max(0, min(others, need)), need)
    kind = "all_of" if "all_of" in rule else "at_least"
    parts = tuple(_progress(part, held, others) for part in _parts(rule))
    need = len(parts) if kind == "all_of" else least(rule)
    have = sum(part.done for part in parts)
    return Progress(kind, have >= need, min(have, need), need, None, parts)
