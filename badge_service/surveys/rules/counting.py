"""Counts answers so that no small group can be made out: distributions, medians, how many moved up.

A group under five is not shown; where the rest of a whole would tell it, the next smallest is hidden as well
(complementary suppression).
"""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from badge_service.surveys.rules.instruments import Instrument, Item, Kind, Pair

LEAST = 5
LEAST_PAIRED = 10
AGREES = 4
LOW_RATE = 0.4

Numbers = Mapping[str, int]


def count(instrument: Instrument, pairs: Sequence[Pair], responses: Sequence[Numbers]) -> dict[str, Any]:
    """The results of a run as plain JSON; with fewer than five answered forms nothing but that is in it.

    {"n", "parts": {part: {"people", "answers", "mean", "agree"}}, "items": {key: {"n", "counts", "median"}},
    "pairs": {key: {"n", "before", "after", "median_before", "median_after", "gained", "change"}}}; hidden ones are left out
    and named in "hidden". `agree` and `gained` are numbers of answers and of people; `change` only from ten pairs on.
    """
    if len(responses) < LEAST:
        return {"n": None, "parts": {}, "items": {}, "pairs": {}, "hidden": []}
    alone = [item for item in instrument.items if item.kind not in (Kind.PAIRS, Kind.WORDS)]
    items = {item.key: _counted(item, responses) for item in alone}
    sizes = {part: _sizes(instrument, part, items) for part in instrument.draw}
    hidden = {key for part in sizes.values() for key in suppressed(part)}
    hidden |= {key for key, one in items.items() if one["n"] < LEAST}
    paired = {pair.key: _paired(instrument, pair, responses) for pair in pairs}
    hidden |= {key for key, one in paired.items() if one["n"] < LEAST}
    return {
        "n": len(responses),
        "parts": {part: _pooled(instrument, part, responses) for part in instrument.draw},
        "items": {key: one for key, one in items.items() if key not in hidden},
        "pairs": {key: one for key, one in paired.items() if key not in hidden},
        "hidden": sorted(hidden),
    }


def suppressed(sizes: Mapping[str, int]) -> frozenset[str]:
    """Which groups of a whole that is shown must be hidden, by their sizes: the small ones, and as many of the next.

    What is hidden together counts at least five and is never one group alone; groups of nobody hide nobody.
    """
    by_size = sorted((size, key) for key, size in sizes.items() if size)
    hidden = [(size, key) for size, key in by_size if size < LEAST]
    for size, key in by_size[len(hidden) :]:
        if not hidden or (len(hidden) > 1 and sum(one for one, _key in hidden) >= LEAST):
            break
        hidden.append((size, key))
    return frozenset(key for _size, key in hidden)


def rate(answered: int, invited: int) -> float | None:
    """Which share of those who were asked answered; None when nobody was counted as asked."""
    return answered / invited if invited else None


def _sizes(instrument: Instrument, part: str, items: Mapping[str, Mapping[str, Any]]) -> dict[str, int]:
    return {item.key: items[item.key]["n"] for item in instrument.part(part)}


def _counted(item: Item, responses: Sequence[Numbers]) -> dict[str, Any]:
    """How often each choice was taken, by those who answered this item."""
    values = [one[item.key] for one in responses if item.key in one]
    if item.kind is Kind.SEVERAL:
        counts = [sum(value >> place & 1 for value in values) for place in range(len(item.choices))]
        return {"n": len(values), "counts": counts, "median": None}
    middle = median(values) if values and item.kind is Kind.SCALE else None
    return {"n": len(values), "counts": _distribution(values, len(item.choices)), "median": middle}


def _distribution(values: Sequence[int], choices: int) -> list[int]:
    return [sum(value == number for value in values) for number in range(1, choices + 1)]


def _pooled(instrument: Instrument, part: str, responses: Sequence[Numbers]) -> dict[str, Any]:
    """All answers of a part of which one person got only some items; nothing under five people."""
    keys = {item.key for item in instrument.part(part)}
    people = [found for one in responses if (found := [one[key] for key in keys if key in one])]
    answers = [value for found in people for value in found]
    if len(people) < LEAST:
        return {"people": None, "answers": None, "mean": None, "agree": None}
    return {
        "people": len(people),
        "answers": len(answers),
        "mean": round(sum(answers) / len(answers), 2),
        "agree": sum(value >= AGREES for value in answers),
    }


def _paired(instrument: Instrument, pair: Pair, responses: Sequence[Numbers]) -> dict[str, Any]:
    """Before and after of those who rated both."""
    both = [
        (one[pair.before], one[pair.after]) for one in responses if pair.before in one and pair.after in one
    ]
    item = instrument.pairs_item
    steps = len(item.choices) if item else 0
    before, after = [one for one, _after in both], [one for _before, one in both]
    return {
        "n": len(both),
        "before": _distribution(before, steps),
        "after": _distribution(after, steps),
        "median_before": median(before) if both else None,
        "median_after": median(after) if both else None,
        "gained": sum(later > earlier for earlier, later in both),
        "change": median([later - earlier for earlier, later in both]) if len(both) >= LEAST_PAIRED else None,
    }
