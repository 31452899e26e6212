"""The words by which an item is found: those of its label, those near it, those around it, and all together."""

from collections.abc import Iterable, Sequence

from badge_service.curriculum.rules.frameworks.facts import FrameworkFacts, ItemFacts
from badge_service.curriculum.rules.frameworks.folding import stem, words_of

COLUMNS = ("words_title", "words_near", "words_around", "words_all")


def word_columns(facts: FrameworkFacts, item: ItemFacts, parents: Sequence[str]) -> dict[str, str]:
    """The columns `words_…` of an item, each word once beside its stem; `parents` are labels of the items above it."""
    title = _each_once([item.label, *(str(one.get("text", "")) for one in item.labels)])
    near = _each_once([item.summary, item.everyday_words])
    names = [facts.key.replace("-", " "), facts.alignment_name.split(":")[0] or facts.name.split(":")[0]]
    code = [item.code] if len(item.code) < 20 else []
    around = _each_once([*parents, *names, item.theme, *code])
    whole = dict.fromkeys([*title, *near, *around])
    return {name: " ".join(words) for name, words in zip(COLUMNS, (title, near, around, whole), strict=True)}


def _each_once(texts: Iterable[str]) -> list[str]:
    found: dict[str, None] = {}
    for text in texts:
        for word in words_of(text):
            found[word] = None
            found[stem(word)] = None
    return list(found)
