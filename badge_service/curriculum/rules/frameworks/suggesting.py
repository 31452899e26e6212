"""Which items fit the text of a learning outcome: the words they share, after what makers mean by them."""

from collections.abc import Mapping
from dataclasses import dataclass

from badge_service.curriculum.rules.frameworks.folding import stem, words_of
from badge_service.curriculum.rules.frameworks.ranking import Words, rarity

LONGEST_TEXT = 4_000
_CONTEXT = 0.25
_TITLE, _NEAR, _AROUND = 1.6, 1.0, 0.4


@dataclass(frozen=True)
class Question:
    """The stems asked for with their weights, and the word of the text from which each comes."""

    weights: Mapping[str, float]
    said: Mapping[str, str]

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
class Scored:
    """How well an item fits, and the words of the text that speak for it."""

    score: float
    words: tuple[str, ...]


def question(text: str, context: str) -> Question:
    """What is asked by the text of an outcome and what stands around it."""
    weights: dict[str, float] = {}
    said: dict[str, str] = {}
    for source, weight in ((text, 1.0), (context, _CONTEXT)):
        for word in words_of(source[:LONGEST_TEXT]):
            root = stem(word)
            weights[root] = max(weights.get(root, 0.0), weight)
            said.setdefault(root, word)
    return Question(weights, said)


def suggestion_score(
    asked: Question, words: Words, kind: str, theme: str, counts: Mapping[str, int], items: int
) -> Scored:
    """The sum over shared words of how rare each is, more for one in the label."""
    score = 0.0
    shared: dict[str, float] = {}
    for word, weight in asked.weights.items():
        place = (
            _TITLE * (word in words.title) or _NEAR * (word in words.near) or _AROUND * (word in words.around)
        )
        if place:
            shared[word] = weight * place * rarity(counts.get(word, 0), items)
            score += shared[word]
    best = sorted(shared, key=lambda word: -shared[word])[:4]
    return Scored(score, tuple(asked.said[word] for word in best))


def spread(scored: Mapping[int, Scored], frameworks: Mapping[int, str], limit: int) -> list[int]:
    """The numbers of the best items."""
    return sorted(scored, key=lambda key: (-round(scored[key].score, 6), key))[:limit]
