"""Suggests items for the text of a learning outcome; the text is neither kept nor sent anywhere."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.curriculum.actions.frameworks.searching import load, rarities, words_in
from badge_service.curriculum.actions.frameworks.storing import WORDS
from badge_service.curriculum.rules.frameworks import question, spread, suggestion_score
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


def suggest_alignments(
    session: Session, text: str, *, context: str = "", limit: int = 10
) -> list[FoundItem]:
    """Items that a learning outcome of this text could be aligned to, best first, of several frameworks.

    `context` is what is known around it (title, description, category, topic, tags, kind of outcome) and counts less.
    """
    asked = question(text, context)
    counts, items = rarities(session, set(asked.weights))
    terms = asked.rarest(counts, READ)
    if not terms:
        return []
    columns = (FrameworkItem.id, FrameworkItem.words_title, FrameworkItem.words_near, FrameworkItem.words_around)
    found = (
        select(*columns, FrameworkItem.code, FrameworkItem.kind, FrameworkItem.theme, Framework.key)
        .join(Framework, Framework.id == FrameworkItem.framework_id)
        .where(word_index.holds(session, WORDS, [[Term(word) for word in terms]]))
        .where(FrameworkItem.retired_at.is_(None))
        .order_by(FrameworkItem.id)
        .limit(READ)
    )
    rows = {row.id: row for row in session.execute(found)}
    scored = {key: suggestion_score(asked, words_in(row), row.kind, row.theme, counts, items) for key, row in rows.items()}
    best = spread(scored, {key: row.key for key, row in rows.items()}, limit)
    return [
        FoundItem(item, scored[item.id].score, scored[item.id].words) for item in load(session, best)
    ]
