"""Which published micro-credentials teach what industry needs: needs and definitions joined by shared framework items."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, distinct, func, select
from sqlalchemy.orm import Session, aliased

from badge_service.alliance.actions.needs import PUBLIC_STATES
from badge_service.alliance.rules import MANY, Hit
from badge_service.alliance.tables import Alliance, IndustryNeed, NeedItem
from badge_service.curriculum.tables import (
    Definition,
    DefinitionTranslation,
    DefinitionVersion,
    ListedVersion,
    VersionAlignment,
)
from badge_service.web.paging import Listing, page_of

ALL, GAPS, OVERLAPS = "all", "gaps", "overlaps"
SHOWN = (ALL, GAPS, OVERLAPS)
BATCH = 200


@dataclass(frozen=True)
class Answer:
    """A definition as lists of answers show it: its newest published version."""

    definition_id: int
    code: str
    slug: str
    version: str
    title: str
    language: str


@dataclass(frozen=True)
class CoverageSum:
    """What the matrix of an alliance adds up to: needs, those nothing answers, those answered by many, items taught nowhere."""

    needs: int
    gaps: int
    overlaps: int
    untaught: int


def needs_by_coverage(
    session: Session, alliance: Alliance, page: int = 1, *, shown: str = ALL
) -> Listing[IndustryNeed]:
    """One page of the open and answered needs of an alliance: all, only the gaps, or only the overlaps; newest first."""
    query = _needs(alliance)
    if shown == GAPS:
        query = query.where(~_taught().exists())
    elif shown == OVERLAPS:
        query = query.where(_answers() >= MANY)
    return page_of(session, query.order_by(IndustryNeed.id.desc()), page)


def hits(session: Session, needs: Sequence[IndustryNeed]) -> list[Hit]:
    """Every published definition that shares an item with one of these needs, in one question over two indexes.

    Ordered by need, then by how much they share, most first.
    """
    asked = (
        select(NeedItem.need_id, func.count().label("asked"))
        .where(NeedItem.need_id.in_([need.id for need in needs]))
        .group_by(NeedItem.need_id)
        .subquery()
    )
    shared = func.count(distinct(NeedItem.target_url))
    query = (
        select(NeedItem.need_id, ListedVersion.definition_id, shared, asked.c.asked)
        .join(asked, asked.c.need_id == NeedItem.need_id)
        .join(VersionAlignment, _is_taught_by())
        .join(ListedVersion, ListedVersion.id == VersionAlignment.version_id)
        .where(_counts())
        .group_by(NeedItem.need_id, ListedVersion.definition_id, asked.c.asked)
        .order_by(NeedItem.need_id, shared.desc(), ListedVersion.definition_id)
    )
    return [Hit(*row) for row in session.execute(query)]


def answers(session: Session, found: Sequence[Hit]) -> dict[int, Answer]:
    """The definitions of these hits, by id."""
    query = (
        select(
            Definition.id,
            Definition.code,
            Definition.slug,
            DefinitionVersion.version,
            DefinitionVersion.title,
            DefinitionVersion.language,
        )
        .join(ListedVersion, ListedVersion.definition_id == Definition.id)
        .join(DefinitionVersion, DefinitionVersion.id == ListedVersion.id)
        .where(ListedVersion.in_catalogue, Definition.id.in_({hit.definition_id for hit in found}))
    )
    return {row[0]: Answer(*row) for row in session.execute(query)}


def coverage_sum(session: Session, alliance: Alliance) -> CoverageSum:
    """What the matrix of an alliance adds up to."""
    needs = _needs(alliance)
    return CoverageSum(
        needs=_count(session, needs),
        gaps=_count(session, needs.where(~_taught().exists())),
        overlaps=_count(session, needs.where(_answers() >= MANY)),
        untaught=session.scalar(
            select(func.count(distinct(NeedItem.target_url))).where(_needed(alliance), ~_is_taught())
        )
        or 0,
    )


def untaught_items(session: Session, alliance: Alliance, page: int = 1) -> Listing[str]:
    """One page of the targets that needs of an alliance name and no published definition does, by how many need them."""
    query = (
        select(NeedItem.target_url)
        .where(_needed(alliance), ~_is_taught())
        .group_by(NeedItem.target_url)
        .order_by(func.count().desc(), NeedItem.target_url)
    )
    return page_of(session, query, page)


def needs_answered_by(session: Session, version_id: int, limit: int = 10) -> list[tuple[IndustryNeed, int]]:
    """The open and answered needs that share items with a version, and how many; most first, newest first."""
    shared = func.count(NeedItem.target_url)
    query = (
        select(NeedItem.need_id, shared)
        .join(VersionAlignment, _is_taught_by())
        .join(IndustryNeed, IndustryNeed.id == NeedItem.need_id)
        .where(VersionAlignment.version_id == version_id, IndustryNeed.state.in_(PUBLIC_STATES))
        .group_by(NeedItem.need_id)
        .order_by(shared.desc(), NeedItem.need_id.desc())
        .limit(limit)
    )
    counts = [(int(need_id), int(count)) for need_id, count in session.execute(query)]
    ids = [need_id for need_id, _count in counts]
    needs = {need.id: need for need in session.scalars(select(IndustryNeed).where(IndustryNeed.id.in_(ids)))}
    return [(needs[need_id], count) for need_id, count in counts]


def coverage_rows(
    session: Session, alliance: Alliance
) -> Iterator[tuple[IndustryNeed, Hit | None, Answer | None]]:
    """The whole matrix as rows, one for each need and definition, and one for each need that nothing answers."""
    last = 0
    while batch := _batch(session, alliance, last):
        found = hits(session, batch)
        known = answers(session, found)
        by_need: dict[int, list[Hit]] = {}
        for hit in found:
            by_need.setdefault(hit.need_id, []).append(hit)
        for need in batch:
            for one in by_need.get(need.id, [None]):
                yield need, one, known.get(one.definition_id) if one else None
        last = batch[-1].id


def _batch(session: Session, alliance: Alliance, after: int) -> Sequence[IndustryNeed]:
    query = _needs(alliance).where(IndustryNeed.id > after).order_by(IndustryNeed.id).limit(BATCH)
    return session.scalars(query).all()


def _needs(alliance: Alliance) -> Select[Any]:
    return select(IndustryNeed).where(
        IndustryNeed.alliance_id == alliance.id, IndustryNeed.state.in_(PUBLIC_STATES)
    )


def _is_taught_by() -> ColumnElement[bool]:
    """Whether what is learnt meets what is needed; a level or field of study that both have answers nothing."""
    return and_(VersionAlignment.target_url == NeedItem.target_url, VersionAlignment.generated.is_(False))


def _counts() -> ColumnElement[bool]:
    """Whether a version is the newest of its definition, and no translation of another that counts."""
    original = aliased(ListedVersion)
    translated = (
        select(DefinitionTranslation.definition_id)
        .join(original, original.definition_id == DefinitionTranslation.original_id)
        .where(DefinitionTranslation.definition_id == ListedVersion.definition_id, original.in_catalogue)
        .correlate(ListedVersion)
    )
    return and_(ListedVersion.in_catalogue, ~translated.exists())


def _taught() -> Select[Any]:
    """The published definitions that share an item with the need at hand."""
    return (
        select(ListedVersion.definition_id)
        .join(VersionAlignment, VersionAlignment.version_id == ListedVersion.id)
        .join(NeedItem, _is_taught_by())
        .where(NeedItem.need_id == IndustryNeed.id, _counts())
        .correlate(IndustryNeed)
    )


def _answers() -> Any:
    counted = _taught().with_only_columns(func.count(distinct(ListedVersion.definition_id)))
    return counted.scalar_subquery()


def _needed(alliance: Alliance) -> ColumnElement[bool]:
    return NeedItem.need_id.in_(_needs(alliance).with_only_columns(IndustryNeed.id))


def _is_taught() -> ColumnElement[bool]:
    return (
        select(VersionAlignment.version_id)
        .join(ListedVersion, ListedVersion.id == VersionAlignment.version_id)
        .where(VersionAlignment.target_url == NeedItem.target_url, ListedVersion.in_catalogue)
        .correlate(NeedItem)
        .exists()
    )


def _count(session: Session, query: Select[Any]) -> int:
    return (
        session.scalar(select(func.count()).select_from(query.with_only_columns(IndustryNeed.id).subquery()))
        or 0
    )
