"""Settles pathways: whoever now holds all that one asks for is proposed for its badge, or gets it by a standing decision.

Called by `decide()` in the same transaction; a constant number of statements for any number of people.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session, aliased

from badge_service.awards.actions.giving import Decision, Occasion, give
from badge_service.awards.actions.stacking.held import Chooser, HeldBadge, held_by, lock_people
from badge_service.awards.actions.stacking.standing import end_lapsed, still_entitled
from badge_service.awards.actions.stacking.telling import promise_stack_mails
from badge_service.awards.rules import IdentityCheck
from badge_service.awards.rules.stacks import FulfilmentState, weakest
from badge_service.awards.tables import FulfilmentPart, PathwayFulfilment, StandingDecision
from badge_service.curriculum.rules import VersionState
from badge_service.curriculum.rules.pathways import FREE
from badge_service.curriculum.rules.stacking import LEVELS
from badge_service.curriculum.tables import (
    Definition,
    DefinitionTranslation,
    DefinitionVersion,
    Pathway,
    PathwayPart,
    PathwayVersion,
)
from badge_service.people.tables import Person
from badge_service.settings import Settings
from badge_service.storage.bulk import insert_rows, one_of
from badge_service.storage.session import now, token


@dataclass(frozen=True)
class OpenPathway:
    """A published version that is settled, and who decides it beforehand (a person's key and id), if anybody.

    `has_lapsed` says that a decision is switched on whose maker has lost the right to it.
    """

    version_id: int
    pathway_id: int
    organisation_id: int
    badge_version_id: int
    rule: Any
    decider: str | None
    decider_id: int | None
    has_lapsed: bool


@dataclass(frozen=True)
class _Fulfilled:
    pathway: OpenPathway
    person_id: int
    parts: Sequence[HeldBadge]
    automatic: bool
    again: bool
    token: str


def settle(
    session: Session,
    settings: Settings,
    person_ids: Sequence[int],
    *,
    version: DefinitionVersion | None = None,
) -> int:
    """Settle every pathway that these people fulfil now and did not before; returns how many fulfilments are new.

    `version` says which badge was given, so that pathways it is no part of are not looked at. A stacked badge that is
    given by a standing decision is settled in its turn.
    """
    open_ones = open_pathways(session, version)
    if not open_ones or not person_ids:
        return 0
    if lapsed := [one.version_id for one in open_ones if one.has_lapsed]:
        end_lapsed(session, lapsed)
    people = sorted(set(person_ids))
    lock_people(session, people)
    held = held_by(session, people)
    found = _newly_fulfilled(session, open_ones, held, _known(session, people))
    kept = _write(session, found)
    _supersede(session, [one for one, _id in kept if one.again])
    for pathway in {one.pathway.version_id: one.pathway for one, _id in kept if one.automatic}.values():
        _give_by_standing_decision(session, settings, pathway, kept)
    return len(kept)


def open_pathways(session: Session, version: DefinitionVersion | None) -> list[OpenPathway]:
    """The newest published versions that have a badge (of them those that `version` can be a part of); one statement."""
    newer, badge = aliased(PathwayVersion), aliased(DefinitionVersion)
    has_newer = (
        select(newer.id)
        .where(newer.pathway_id == PathwayVersion.pathway_id, newer.sort_key > PathwayVersion.sort_key)
        .where(newer.state == VersionState.PUBLISHED.value)
        .exists()
    )
    query = (
        select(
            PathwayVersion.id,
            PathwayVersion.pathway_id,
            Pathway.organisation_id,
            PathwayVersion.badge_version_id,
            PathwayVersion.content,
            Person.key,
            Person.id,
            and_(StandingDecision.id.is_not(None), Person.id.is_(None)),
        )
        .join(Pathway, Pathway.id == PathwayVersion.pathway_id)
        .join(badge, badge.id == PathwayVersion.badge_version_id)
        .outerjoin(StandingDecision, _switched_on())
        .outerjoin(Person, and_(Person.key == StandingDecision.made_by, still_entitled(session)))
        .where(PathwayVersion.state == VersionState.PUBLISHED.value, ~has_newer)
        .where(badge.state == VersionState.PUBLISHED.value)
    )
    if version is not None:
        query = query.where(PathwayVersion.id.in_(_naming(version)))
    return [
        OpenPathway(
            id_, pathway_id, organisation_id, badge_id, content["rule"], decider, decider_id, bool(lapsed)
        )
        for id_, pathway_id, organisation_id, badge_id, content, decider, decider_id, lapsed in session.execute(
            query
        )
    ]


def _naming(version: DefinitionVersion) -> Any:
    original = (
        select(Definition.code)
        .join(DefinitionTranslation, DefinitionTranslation.original_id == Definition.id)
        .where(DefinitionTranslation.definition_id == version.definition_id)
    )
    codes = [version.definition.code] if version.content.get("pathway") else [version.definition.code, FREE]
    return select(PathwayPart.version_id).where(
        or_(PathwayPart.code.in_(codes), PathwayPart.code.in_(original))
    )


def _switched_on() -> Any:
    return and_(StandingDecision.pathway_version_id == PathwayVersion.id, StandingDecision.ended_at.is_(None))


def _known(session: Session, people: Sequence[int]) -> dict[int, dict[int, set[int]]]:
    """For each person the pathways of which a version stands fulfilled already, with those versions."""
    rows = session.execute(
        select(PathwayFulfilment.person_id, PathwayVersion.pathway_id, PathwayVersion.id)
        .join(PathwayVersion, PathwayVersion.id == PathwayFulfilment.pathway_version_id)
        .where(one_of(session, PathwayFulfilment.person_id, people), PathwayFulfilment.ended_at.is_(None))
    )
    known: dict[int, dict[int, set[int]]] = {}
    for person_id, pathway_id, version_id in rows:
        known.setdefault(person_id or 0, {}).setdefault(pathway_id, set()).add(version_id)
    return known


def _newly_fulfilled(
    session: Session,
    open_ones: Iterable[OpenPathway],
    held: Mapping[int, Sequence[HeldBadge]],
    known: Mapping[int, Mapping[int, set[int]]],
) -> list[_Fulfilled]:
    found = []
    for pathway in open_ones:
        chooser = Chooser(pathway.rule)
        for person_id, badges in held.items():
            versions = known.get(person_id, {}).get(pathway.pathway_id, set())
            parts = [] if pathway.version_id in versions else chooser.parts(badges)
            if parts:
                decided = pathway.decider is not None and all(one.is_named for one in parts)
                # Nobody decides their own badge, beforehand neither.
                decided = decided and person_id != pathway.decider_id
                # Who has an earlier version's badge gets another only when a person decides so.
                automatic = decided and not versions
                found.append(_Fulfilled(pathway, person_id, parts, automatic, bool(versions), token(session)))
    return found


def _write(session: Session, found: Sequence[_Fulfilled]) -> list[tuple[_Fulfilled, int]]:
    """The fulfilments that nobody else has written at the same time, with their ids; their parts are written too."""
    if not found:
        return []
    at = now(session)
    for automatic in (False, True):
        mine = [one for one in found if one.automatic is automatic]
        if mine:
            _insert(session, mine, automatic=automatic, at=at)
    written = one_of(session, PathwayFulfilment.token, [one.token for one in found])
    rows = session.execute(select(PathwayFulfilment.token, PathwayFulfilment.id).where(written))
    ids: dict[str, int] = {row.token: row.id for row in rows}
    kept = [(one, ids[one.token]) for one in found if one.token in ids]
    places = [(id_, part.award_id) for one, id_ in kept for part in one.parts]
    if places:
        insert_rows(
            session,
            FulfilmentPart,
            same={},
            varying={"fulfilment_id": [id_ for id_, _ in places], "award_id": [award for _, award in places]},
        )
    return kept


def _supersede(session: Session, again: Sequence[_Fulfilled]) -> None:
    """What was proposed for an earlier version and nobody has decided is answered by the newer version's proposal."""
    for pathway in {one.pathway.version_id: one.pathway for one in again}.values():
        people = [one.person_id for one in again if one.pathway is pathway]
        earlier = select(PathwayVersion.id).where(
            PathwayVersion.pathway_id == pathway.pathway_id, PathwayVersion.id != pathway.version_id
        )
        session.execute(
            update(PathwayFulfilment)
            .where(PathwayFulfilment.pathway_version_id.in_(earlier), PathwayFulfilment.ended_at.is_(None))
            .where(one_of(session, PathwayFulfilment.person_id, people))
            .where(PathwayFulfilment.state == FulfilmentState.PROPOSED.value)
            .values(state=FulfilmentState.ENDED.value, ended_at=now(session))
        )


def _insert(session: Session, mine: Sequence[_Fulfilled], *, automatic: bool, at: Any) -> None:
    state = FulfilmentState.AWARDED if automatic else FulfilmentState.PROPOSED
    insert_rows(
        session,
        PathwayFulfilment,
        same={
            "state": state.value,
            "automatic": automatic,
            "fulfilled_at": at,
            "decided_at": at if automatic else None,
        },
        varying={
            "token": [one.token for one in mine],
            "person_id": [one.person_id for one in mine],
            "pathway_version_id": [one.pathway.version_id for one in mine],
            "organisation_id": [one.pathway.organisation_id for one in mine],
            "decided_by": [one.pathway.decider if automatic else None for one in mine],
        },
        unless_there=True,
    )


def _give_by_standing_decision(
    session: Session, settings: Settings, pathway: OpenPathway, kept: Sequence[tuple[_Fulfilled, int]]
) -> None:
    mine = [(one, id_) for one, id_ in kept if one.automatic and one.pathway.version_id == pathway.version_id]
    badge = session.get_one(DefinitionVersion, pathway.badge_version_id)
    given = give_stacks(
        session,
        settings,
        badge,
        [(id_, one.person_id, one.parts) for one, id_ in mine],
        decided_by=pathway.decider or "",
        automatic=True,
    )
    promise_stack_mails(session, settings, given)
    settle(session, settings, [one.person_id for one, _id in mine], version=badge)


def give_stacks(
    session: Session,
    settings: Settings,
    badge: DefinitionVersion,
    fulfilled: Sequence[tuple[int, int, Sequence[HeldBadge]]],
    *,
    decided_by: str,
    automatic: bool,
) -> list[str]:
    """Give the stacked badge to (fulfilment id, person id, parts); returns the awards' tokens.

    Identity is recorded as in the part where least is known of it, so there are at most four occasions.
    """
    levels = {criterion["id"]: LEVELS[-1] for criterion in badge.content["rubric"]["criteria"]}

    def check(one: tuple[int, int, Sequence[HeldBadge]]) -> IdentityCheck:
        return weakest(part.identity_check for part in one[2])

    tokens = []
    for found, group in groupby(sorted(fulfilled, key=check), key=check):
        decisions = [
            Decision(person, levels, [part.as_evidence(settings) for part in parts], len(parts), fulfilment)
            for fulfilment, person, parts in group
        ]
        occasion = Occasion(None, badge, decided_by, found, learner_names=(), automatic=automatic)
        tokens += [one.token for one in give(session, settings, occasion, decisions)]
    return tokens
