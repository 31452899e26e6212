"""Suggests items for the text of a learning outcome; the text is neither kept nor sent anywhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from badge_service.curriculum.actions.frameworks.searching import load, rarities, words_in
from badge_service.curriculum.actions.frameworks.storing import WORDS
from badge_service.curriculum.rules.frameworks import Candidate, question, spread, suggestion_score
from badge_service.curriculum.rules.vocabulary import GENERATED_FRAMEWORKS
from badge_service.curriculum.tables import Framework, FrameworkItem
from badge_service.storage import word_index
from badge_service.storage.word_index import Term

READ = 1_500


@dataclass(frozen=True)
class FoundItem:
    """A suggested item with its score (higher is better) and the words of the text that speak for it."""

    item: FrameworkItem
    score: float
    words: tuple[str, ...]


def suggest_alignments(session: Session, text: str, *, context: str = "", limit: int = 10) -> list[FoundItem]:
    """Items that a learning outcome of this text could be aligned to, best first, of several frameworks.

    `context` is what is known around it (title, description, category, topic, tags, kind of outcome) and counts less.
    """
    asked = question(text, context)
    counts, items = rarities(session, set(asked.weights))
    terms = asked.rarest(counts, READ)
    if not terms:
        return []
    candidates = {row.id: _candidate(row) for row in session.execute(_sharing(session, terms))}
    scored = {key: suggestion_score(asked, one, counts, items) for key, one in candidates.items()}
    best = spread(scored, candidates, limit)
    return [FoundItem(item, scored[item.id].score, scored[item.id].words) for item in load(session, best)]


def _sharing(session: Session, terms: Sequence[str]) -> Select[Any]:
    """Items that hold one of these words, but for those that a definition gets without naming them (level, field)."""
    of_item = (
        FrameworkItem.id,
        FrameworkItem.words_title,
        FrameworkItem.words_near,
        FrameworkItem.words_around,
        FrameworkItem.code,
        FrameworkItem.label,
        FrameworkItem.kind,
        FrameworkItem.theme,
        FrameworkItem.confidence_label,
        FrameworkItem.facts,
    )
    return (
        select(*of_item, Framework.key)
        .join(Framework, Framework.id == FrameworkItem.framework_id)
        .where(word_index.holds(session, WORDS, [[Term(word) for word in terms]]))
        .where(FrameworkItem.retired_at.is_(None), FrameworkItem.target_type.not_in(GENERATED_FRAMEWORKS))
        .order_by(FrameworkItem.id)
        .limit(READ)
    )


def _candidate(row: Any) -> Candidate:
    same_as = str(row.facts.get("esco_uri") or f"{row.key}:{row.code}")
    return Candidate(words_in(row), row.key, row.kind, row.theme, row.confidence_label, same_as)
