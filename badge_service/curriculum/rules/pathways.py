"""Progress on a pathway: a pure rule over the codes of the badges somebody holds.

rule := definition code | {"all_of": [rule, …]} | {"at_least": n, "of": [rule, …]} | {"at_least": n, "of": "any_other_published"}
"""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from itertools import combinations
from typing import Any

Rule = str | Mapping[str, Any]
ANY_OTHER = "any_other_published"


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
    named = frozenset(codes_in(rule)) & frozenset(held)
    others = len(frozenset(held)) - _fewest_needed(rule, named)
    return _progress(rule, frozenset(held), others)


def codes_in(rule: Rule) -> Iterator[str]:
    """All definition codes that a rule names."""
    if isinstance(rule, str):
        yield rule
        return
    parts = rule.get("all_of", rule.get("of", ()))
    for part in () if isinstance(parts, str) else parts:
        yield from codes_in(part)


def free_choices(rule: Rule) -> int:
    """How many parts of a rule leave the choice free."""
    if isinstance(rule, str):
        return 0
    parts = rule.get("all_of", rule.get("of", ()))
    return 1 if isinstance(parts, str) else sum(free_choices(part) for part in parts)


def _progress(rule: Rule, held: frozenset[str], others: int) -> Progress:
    if isinstance(rule, str):
        return Progress("badge", rule in held, int(rule in held), 1, rule)
    if rule.get("of") == ANY_OTHER:
        need = rule["at_least"]
        return Progress("any_other", others >= need, min(others, need), need)
    kind = "all_of" if "all_of" in rule else "at_least"
    parts = tuple(_progress(part, held, others) for part in rule["all_of" if kind == "all_of" else "of"])
    need = len(parts) if kind == "all_of" else rule["at_least"]
    have = sum(part.done for part in parts)
    return Progress(kind, have >= need, min(have, need), need, None, parts)


def _fewest_needed(rule: Rule, named: frozenset[str]) -> int:
    """The smallest number of held named badges that fulfil the named parts; all of them while the parts are open."""
    if not free_choices(rule) or not _named_parts_done(rule, named):
        return len(named)
    sizes = range(len(named) + 1)
    return next(
        size
        for size in sizes
        if any(_named_parts_done(rule, frozenset(chosen)) for chosen in combinations(sorted(named), size))
    )


def _named_parts_done(rule: Rule, held: frozenset[str]) -> bool:
    return _progress(rule, held, others=len(held) + 1_000_000).done
