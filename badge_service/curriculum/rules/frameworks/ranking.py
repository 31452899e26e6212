"""Puts found items in order: rare words say more than common ones, a label more than what stands near or around it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from badge_service.curriculum.rules.frameworks.folding import stem, words_of
from badge_service.curriculum.rules.frameworks.meanings import alike

MOST_WANTED = 24
_EXACT, _STEM, _BEGINNING = 3.0, 2.5, 1.8
_NEAR, _AROUND = 1.0, 0.7


@dataclass(frozen=True)
class Wanted:
    """A word that somebody looks for: as typed, its stem, and whether it may be the beginning of a longer one."""

    word: str
    stem: str
    is_beginning: bool


@dataclass(frozen=True)
class Words:
    """The words of an item, as its columns hold them, its code, and how long its label is (in words)."""

    title: frozenset[str]
    near: frozenset[str]
    around: frozenset[str]
    code: str
    label_length: int


def wanted_words(text: str) -> list[Wanted]:
    """What is looked for in `text`: its first words, each once; the last may be unfinished."""
    words = list(dict.fromkeys(words_of(text[:2_000])))[:MOST_WANTED]
    return [Wanted(word, stem(word), place == len(words) - 1) for place, word in enumerate(words)]


def wanted_alike(wanted: Sequence[Wanted]) -> list[Wanted]:
    """The words that say nearly the same as those that are looked for, each once."""
    found = dict.fromkeys(other for one in wanted for other in sorted(alike().get(one.stem, ())))
    return [Wanted(word, word, False) for word in found]


def rarity(items_with_word: int, items: int) -> float:
    """How much a word says (the inverse document frequency of BM25): never negative."""
    return math.log(1 + (items - items_with_word + 0.5) / (items_with_word + 0.5))


def search_score(wanted: Sequence[Wanted], words: Words, rarities: Mapping[str, float]) -> float:
    """How well an item answers a search; the code itself wins over all, a short label over a long one."""
    found = covered = 0.0
    for one in wanted:
        weight = rarities.get(one.word, 1.0)
        in_title = _in_title(one, words.title)
        covered += bool(in_title)
        elsewhere = max(_NEAR * _among(one, words.near), _AROUND * _among(one, words.around))
        found += weight * max(in_title, elsewhere)
        if words.code and one.word == words.code:
            found += 10 * weight
    return found * (1 + covered / words.label_length)


def _in_title(one: Wanted, title: frozenset[str]) -> float:
    if one.word in title:
        return _EXACT
    if one.stem in title:
        return _STEM
    return _BEGINNING if _begins(one, title) else 0.0


def _among(one: Wanted, words: frozenset[str]) -> bool:
    return one.word in words or one.stem in words or _begins(one, words)


def _begins(one: Wanted, words: frozenset[str]) -> bool:
    return one.is_beginning and any(word.startswith(one.word) for word in words)
