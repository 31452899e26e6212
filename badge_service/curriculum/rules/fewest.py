"""The fewest badges that fulfil a rule in which one badge may count at several places: a search that cuts off what cannot win.

A badge at three places costs a third at each while nothing is decided about it: then no way is dearer than it really is,
and whatever is dearer than the best way found so far need not be looked at.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, inf
from typing import Union

_ROUNDING = 1e-9


@dataclass(frozen=True)
class Asked:
    """That `need` of these parts are asked for."""

    need: int
    parts: tuple["Tree", ...]


Tree = Union[str, Asked]  # noqa: UP007  it names itself


def fewest(tree: Tree, *, exactly: bool = True) -> int:
    """How many different badges the smallest way to fulfil the tree has; without `exactly` the first good way's number."""
    return _Search(tree).run(exactly=exactly)


class _Search:
    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._places = Counter(_codes(tree))
        self._best = len(self._places)

    def run(self, *, exactly: bool) -> int:
        prices = {code: 1 / count for code, count in self._places.items()}
        if exactly:
            self._try(prices, frozenset())
        else:
            self._best = len(_cheapest(self._tree, prices)[1])
        return self._best

    def _try(self, prices: Mapping[str, float], taken: frozenset[str]) -> None:
        cost, way = _cheapest(self._tree, prices)
        if cost == inf or len(taken) + ceil(cost - _ROUNDING) >= self._best:
            return
        way |= taken
        self._best = min(self._best, len(way))
        open_ones = [code for code in way - taken if self._places[code] > 1]
        if len(taken) + ceil(cost - _ROUNDING) >= self._best or not open_ones:
            return
        code = max(open_ones, key=lambda one: (self._places[one], one))
        self._try({**prices, code: 0.0}, taken | {code})
        self._try({**prices, code: inf}, taken)


def _codes(tree: Tree) -> list[str]:
    return [tree] if isinstance(tree, str) else [code for part in tree.parts for code in _codes(part)]


def _cheapest(tree: Tree, prices: Mapping[str, float]) -> tuple[float, frozenset[str]]:
    """The price of the cheapest way, each place paid for itself, and its badges."""
    if isinstance(tree, str):
        return prices[tree], frozenset((tree,))
    found = sorted((_cheapest(part, prices) for part in tree.parts), key=lambda one: one[0])[: tree.need]
    return sum(one[0] for one in found), frozenset().union(*(one[1] for one in found))
