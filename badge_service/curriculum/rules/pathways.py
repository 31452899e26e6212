"""Progress on a pathway: a pure rule over the codes of the badges somebody holds.

rule := definition code | {"all_of": [rule, …]} | {"at_least": n, "of": [rule, …]} | {"at_least": n, "of": "any_other_published"}
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import combinations
from typing import Any

Rule = str | Mapping[str, Any]
ANY_OTHER = "any_other_published"
FREE = "*"
"""Stands in `pathway_parts` for a part that leaves the choice free."""
DEEPEST = 6
"""How many groups may stand inside each other; more than this nobody understands."""
_MOST_TRIED = 12


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
    kept = list(dict.fromkeys(held))
    if not progress(rule, frozenset(kept)).done:
        return []
    for code in kept[::-1]:
        fewer = [one for one in kept if one != code]
        if progress(rule, frozenset(fewer)).done:
            kept = fewer
    return kept


def codes_in(rule: Rule) -> Iterator[str]:
    """All definition codes that a rule names; whatever is no rule in it names none."""
    if isinstance(rule, str):
        yield rule
    elif isinstance(rule, Mapping):
        for part in _parts(rule):
            yield from codes_in(part)


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


def _parts(rule: Mapping[str, Any]) -> Sequence[Rule]:
    parts = rule.get("all_of", rule.get("of", ()))
    return parts if isinstance(parts, list | tuple) else ()


def _is_free(rule: Mapping[str, Any]) -> bool:
    return rule.get("of") == ANY_OTHER


def _progress(rule: Rule, held: frozenset[str], others: int) -> Progress:
    if isinstance(rule, str):
        return Progress("badge", rule in held, int(rule in held), 1, rule)
    if _is_free(rule):
        need = rule["at_least"]
        return Progress("any_other", others >= need, max(0, min(others, need)), need)
    kind = "all_of" if "all_of" in rule else "at_least"
    parts = tuple(_progress(part, held, others) for part in _parts(rule))
    need = len(parts) if kind == "all_of" else rule["at_least"]
    have = sum(part.done for part in parts)
    return Progress(kind, have >= need, min(have, need), need, None, parts)


def _fewest_needed(rule: Rule, named: frozenset[str]) -> int:
    """The smallest number of held named badges that fulfil the named parts; all of them while the parts are open."""
    if not free_choices(rule) or not _named_parts_done(rule, named):
        return len(named)
    codes = list(codes_in(rule))
    if len(codes) == len(set(codes)) or len(named) > _MOST_TRIED:
        return _fewest(rule, named) or 0
    sizes = range(len(named) + 1)
    return next(
        size
        for size in sizes
        if any(_named_parts_done(rule, frozenset(chosen)) for chosen in combinations(sorted(named), size))
    )


def _fewest(rule: Rule, named: frozenset[str]) -> int | None:
    """The same, part by part: exact where no badge is named twice, else a badge counts at each of its places."""
    if isinstance(rule, str):
        return 1 if rule in named else None
    if _is_free(rule):
        return 0
    found = sorted(size for part in _parts(rule) if (size := _fewest(part, named)) is not None)
    need = len(_parts(rule)) if "all_of" in rule else rule["at_least"]
    return sum(found[:need]) if len(found) >= need else None


def _named_parts_done(rule: Rule, held: frozenset[str]) -> bool:
    return _progress(rule, held, others=len(held) + 1_000_000).done
