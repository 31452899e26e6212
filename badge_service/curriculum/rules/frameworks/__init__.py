"""Competence frameworks: what is said of an item, the words it is found by, and in which order found items stand."""

from badge_service.curriculum.rules.frameworks.columns import COLUMNS, word_columns
from badge_service.curriculum.rules.frameworks.facts import (
    LONGEST_LABEL,
    FrameworkFacts,
    ItemFacts,
    Origin,
    framework_faults,
    is_plain,
    items_faults,
)
from badge_service.curriculum.rules.frameworks.folding import fold, stem, words_of
from badge_service.curriculum.rules.frameworks.ranking import (
    Wanted,
    Words,
    rarity,
    search_score,
    wanted_alike,
    wanted_words,
)
from badge_service.curriculum.rules.frameworks.suggesting import (
    Candidate,
    Question,
    Scored,
    context_of,
    question,
    spread,
    suggestion_score,
)

__all__ = [
    "COLUMNS",
    "LONGEST_LABEL",
    "Candidate",
    "FrameworkFacts",
    "ItemFacts",
    "Origin",
    "Question",
    "Scored",
    "Wanted",
    "Words",
    "context_of",
    "fold",
    "framework_faults",
    "is_plain",
    "items_faults",
    "question",
    "rarity",
    "search_score",
    "spread",
    "stem",
    "suggestion_score",
    "wanted_alike",
    "wanted_words",
    "word_columns",
    "words_of",
]
