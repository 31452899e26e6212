"""Searches all frameworks: the database finds items by their words, one function in Python puts them in order."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from badge_service.curriculum.actions.frameworks.finding import Found, item_by_uri
from badge_service.curriculum.actions.frameworks.storing import WORDS
from badge_service.curriculum.rules.frameworks import (
    Wanted,
    Words,
    is_plain,
    rarity,
    search_score,
    wanted_alike,
    wanted_words,
)
from badge_service.curriculum.tables import Framework, FrameworkItem, FrameworkWord
from badge_service.storage import word_index
from badge_service.storage.bulk import one_of
from badge_service.storage.word_index import Term

RANKED = 240
DEEPEST = 5_000


def search_frameworks(
    session: Session,
    text: str,
    *,
    frameworks: Collection[str] = (),
    kinds: Collection[str] = (),
    limit: int = 20,
    offset: int = 0,
) -> Found:
    """Items that hold every word of `text` (the last may be unfinished), best first, from `offset`.

    Where there is none: those that hold any of the words, or else a word that says nearly the same as one of them.

    `frameworks` are keys, `kinds` kinds of items; none means all. A text without a word, or an unknown one, finds nothing.
    A whole address finds the item that has it. Raises nothing for any text.
    """
    item = item_by_uri(session, text.strip()) if text.lstrip().startswith(("http://", "https://")) else None
    if item is not None:
        return Found((item,), 1)
    wanted = wanted_words(text)
    chosen = _chosen(session, frameworks, kinds)
    for meant, groups in _ways(wanted):
        found = _found(session, meant, groups, chosen, limit, offset)
        if found.total:
            return found
    return Found((), 0)


def rarities(session: Session, words: Collection[str]) -> tuple[dict[str, int], int]:
    """In how many items each of these words stands, and how many items there are."""
    items = session.scalar(select(func.sum(Framework.item_count))) or 0
    rows = session.execute(
        select(FrameworkWord.word, FrameworkWord.items).where(one_of(session, FrameworkWord.word, words))
    )
    return {row.word: row.items for row in rows}, items


def _ways(wanted: Sequence[Wanted]) -> Iterable[tuple[Sequence[Wanted], list[list[Term]]]]:
    """All words, then any word, then any that means nearly the same; each with the words that put what is found in order."""
    if wanted:
        groups = [list(_terms(one)) for one in wanted]
        yield wanted, groups
        if len(groups) > 1:
            yield wanted, [[term for group in groups for term in group]]
        alike = wanted_alike(wanted)
        if alike:
            yield alike, [[term for one in alike for term in _terms(one)]]


def _terms(one: Wanted) -> Iterable[Term]:
    yield Term(one.word, one.is_beginning)
    if one.stem != one.word:
        yield Term(one.stem)


def _chosen(
    session: Session, frameworks: Collection[str], kinds: Collection[str]
) -> list[ColumnElement[bool]]:
    chosen: list[ColumnElement[bool]] = [FrameworkItem.retired_at.is_(None)]
    if frameworks:
        keys = select(Framework.id).where(one_of(session, Framework.key, _plain(frameworks)))
        chosen.append(FrameworkItem.framework_id.in_(keys))
    if kinds:
        chosen.append(one_of(session, FrameworkItem.kind, _plain(kinds)))
    return chosen


def _plain(texts: Collection[str]) -> list[str]:
    return [text for text in texts if is_plain(text)]


def _found(
    session: Session,
    wanted: Sequence[Wanted],
    groups: Sequence[Sequence[Term]],
    chosen: Sequence[ColumnElement[bool]],
    limit: int,
    offset: int,
) -> Found:
    matching = [word_index.holds(session, WORDS, groups), *chosen]
    columns = (FrameworkItem.id, FrameworkItem.words_title, FrameworkItem.words_near)
    in_title = word_index.holds(session, WORDS, groups, in_column="words_title")
    order = (in_title.desc(), func.length(FrameworkItem.words_all), FrameworkItem.id)
    found = select(*columns, FrameworkItem.words_around, FrameworkItem.code, FrameworkItem.label).where(
        *matching
    )
    rows = session.execute(found.order_by(*order).limit(max(RANKED, min(offset + limit, DEEPEST)))).all()
    if not rows:
        return Found((), 0)
    total = len(rows)
    if total >= RANKED:
        total = session.scalar(select(func.count()).select_from(FrameworkItem).where(*matching)) or 0
    ids = [*_ranked(session, wanted, rows[:RANKED]), *(row.id for row in rows[RANKED:])]
    return Found(load(session, ids[offset : offset + limit]), total)


def _ranked(session: Session, wanted: Sequence[Wanted], rows: Sequence[Any]) -> list[int]:
    counts, items = rarities(session, {one.word for one in wanted} | {one.stem for one in wanted})
    weights = {one.word: rarity(counts.get(one.word) or counts.get(one.stem, 0), items) for one in wanted}
    scores: Mapping[int, float] = {row.id: search_score(wanted, words_in(row), weights) for row in rows}
    return sorted(scores, key=lambda key: (-round(scores[key], 6), key))


def words_in(row: Any) -> Words:
    """The words of a row that has the columns of an item."""
    return Words(
        frozenset(row.words_title.split()),
        frozenset(row.words_near.split()),
        frozenset(row.words_around.split()),
        row.code.casefold(),
        len(row.label.split()) or 1,
    )


def load(session: Session, ids: Sequence[int]) -> tuple[FrameworkItem, ...]:
    """The items with these numbers, in this order."""
    found = session.scalars(select(FrameworkItem).where(one_of(session, FrameworkItem.id, ids)))
    by_id = {item.id: item for item in found}
    return tuple(by_id[key] for key in ids)
