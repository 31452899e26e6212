"""Which items fit the text of a learning outcome: the words they share with it, after what makers mean by them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from badge_service.curriculum.rules.content import Content
from badge_service.curriculum.rules.frameworks.folding import stem, words_of
from badge_service.curriculum.rules.frameworks.meanings import EMPTY, alike, weak
from badge_service.curriculum.rules.frameworks.ranking import Words, rarity

LONGEST_TEXT = 4_000
_CONTEXT, _ALIKE, _WEAK = 0.25, 0.4, 0.3
_TITLE, _NEAR, _AROUND = 1.6, 1.0, 0.4
_USUAL_LENGTH = 18
_OF_KIND = {"area": 0.5, "occupation": 0.4, "goal": 0.8, "domain": 0.8}
_OF_CONFIDENCE = {"medium": 0.9, "low": 0.8}
_THEMES: dict[str, frozenset[str]] = {
    "craft": frozenset({"craft", "tradition"}),
    "heritage": frozenset({"heritag", "tradition"}),
    "fashion": frozenset({"fashion", "textil", "garment"}),
    "circular": frozenset({"circular", "sustain", "fashion"}),
    "digital": frozenset({"digit", "technologi"}),
    "design": frozenset({"design"}),
    "business": frozenset({"business", "market", "entrepreneurship"}),
    "alliance": frozenset({"allianc", "student", "network"}),
    "teaching": frozenset({"teach", "facilit", "coach"}),
    "trends": frozenset({"trend", "fashion"}),
}
_FITTING_THEME = 1.25
# Of ten suggestions: first the best three of each framework, so that a skill of the trade stands beside a competence.
_FIRST_OF_EACH = 3


@dataclass(frozen=True)
class Question:
    """The stems asked for with their weights, the word of the text from which each comes, and stems of what is around."""

    weights: Mapping[str, float]
    said: Mapping[str, str]
    context: frozenset[str]

    def rarest(self, counts: Mapping[str, int], most: int) -> list[str]:
        """The words that stand in few items, as many as stand in `most` items together; at least one if any is known."""
        taken: list[str] = []
        for word in sorted(filter(counts.get, self.weights), key=lambda word: (counts[word], word)):
            most -= counts[word]
            if taken and most < 0:
                break
            taken.append(word)
        return taken


@dataclass(frozen=True)
class Candidate:
    """An item that shares a word with the question; `same_as` names what two editions of a framework have in common."""

    words: Words
    framework: str
    kind: str
    theme: str
    confidence: str
    same_as: str


@dataclass(frozen=True)
class Scored:
    """How well an item fits, and the words of the text that speak for it."""

    score: float
    words: tuple[str, ...]


def question(text: str, context: str) -> Question:
    """What is asked by the text of an outcome and what stands around it."""
    weights: dict[str, float] = {}
    said: dict[str, str] = {}
    around = _stems(context)
    for stems, weight in ((_stems(text), 1.0), (around, _CONTEXT)):
        for root, word in stems.items():
            strength = weight * (_WEAK if root in weak() else 1.0)
            weights[root] = max(weights.get(root, 0.0), strength)
            said.setdefault(root, word)
            for other in alike().get(root, ()):
                weights[other] = max(weights.get(other, 0.0), strength * _ALIKE)
                said.setdefault(other, word)
    return Question(weights, said, frozenset(around))


def context_of(content: Content, kind: str = "") -> str:
    """What is known around an outcome of this kind in a definition, for `question`; unfinished contents are fine."""
    names = ("title", "description", "category", "alliance_topic", "target_group")
    tags: Any = content.get("tags")
    said = [content.get(name) for name in names] + (tags if isinstance(tags, list) else [])
    return ". ".join(str(one) for one in [*said, kind] if one)


def suggestion_score(asked: Question, candidate: Candidate, counts: Mapping[str, int], items: int) -> Scored:
    """The sum over shared words of how rare each is, more for one in the label, less where an item has many words."""
    words, shared = candidate.words, dict[str, float]()
    length = 0.6 + 0.4 * len(words.near) / _USUAL_LENGTH
    for word, weight in asked.weights.items():
        if word in words.title:
            place = _TITLE
        elif word in words.near:
            place = _NEAR / length
        else:
            place = _AROUND * (word in words.around)
        if place:
            shared[word] = weight * place * rarity(counts.get(word, 0), items)
    score = sum(shared.values()) * _OF_KIND.get(candidate.kind, 1.0)
    score *= _OF_CONFIDENCE.get(candidate.confidence, 1.0)
    if any(_THEMES.get(theme, frozenset()) & asked.context for theme in candidate.theme.split()):
        score *= _FITTING_THEME
    best = sorted(shared, key=lambda word: -shared[word])
    return Scored(score, tuple(dict.fromkeys(asked.said[word] for word in best))[:4])


def spread(scored: Mapping[int, Scored], candidates: Mapping[int, Candidate], limit: int) -> list[int]:
    """The numbers of the best items, of each framework a few before more of the same, and what says the same only once."""
    order = sorted(scored, key=lambda key: (-round(scored[key].score, 6), key))
    seen: set[str] = set()
    of_each: Counter[str] = Counter()
    first: list[int] = []
    later: list[int] = []
    for key in order:
        one = candidates[key]
        if one.same_as in seen:
            continue
        seen.add(one.same_as)
        of_each[one.framework] += 1
        (first if of_each[one.framework] <= _FIRST_OF_EACH else later).append(key)
    return _by_score([*first, *later][:limit], scored)


def _by_score(keys: Sequence[int], scored: Mapping[int, Scored]) -> list[int]:
    return sorted(keys, key=lambda key: (-round(scored[key].score, 6), key))


def _stems(text: str) -> dict[str, str]:
    """Each stem of a text with the first word that has it."""
    found: dict[str, str] = {}
    for word in words_of(text[:LONGEST_TEXT]):
        if word not in EMPTY and not word.isdigit():
            found.setdefault(stem(word), word)
    return found
