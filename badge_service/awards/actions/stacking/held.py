"""What badges somebody holds, as pathways count them: by the code of their definition's original."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from badge_service.awards.rules import IdentityCheck
from badge_service.awards.rules.content import EvidenceFacts
from badge_service.awards.rules.stacks import part_sentence
from badge_service.awards.tables import Award
from badge_service.curriculum.rules.kinds import AchievementType
from badge_service.curriculum.rules.pathways import Rule, badges_used, codes_in
from badge_service.curriculum.tables import (
    Definition,
    DefinitionTranslation,
    DefinitionVersion,
    ListedVersion,
)
from badge_service.people.tables import Person
from badge_service.register.rules import credential_path
from badge_service.settings import Settings
from badge_service.storage.bulk import one_of


@dataclass(frozen=True)
class HeldBadge:
    """One standing award; `is_named` when a person whom this service knows decided it, `counts_free` when it may fill
    a free choice: a stacked badge counts only where it is named, a certificate of completion nowhere.
    """

    award_id: int
    token: str
    person_id: int
    code: str
    title: str
    version: str
    decided_at: datetime
    identity_check: IdentityCheck
    is_named: bool
    counts_free: bool

    def as_evidence(self, settings: Settings) -> EvidenceFacts:
        """The badge as a piece of evidence of another: its permanent address, and what it is."""
        told = part_sentence(self.code, self.version, self.decided_at)
        return EvidenceFacts(self.title, "badge", told, f"{settings.public_url}{credential_path(self.token)}")


def held_by(session: Session, person_ids: Iterable[int]) -> dict[int, list[HeldBadge]]:
    """The standing awards of these people that can be parts, the first decided first; one statement."""
    found: dict[int, list[HeldBadge]] = {}
    mine = one_of(session, Award.person_id, person_ids)
    for id_, token, person, code, title, version, at, check, named, free in session.execute(
        _standing_awards().where(mine)
    ):
        badge = HeldBadge(
            id_, token, person, code, title, version, at, IdentityCheck(check), bool(named), bool(free)
        )
        found.setdefault(badge.person_id, []).append(badge)
    return found


def _standing_awards() -> Select[*tuple[Any, ...]]:
    """All standing awards that can be parts; the columns are the fields of `HeldBadge` in their order."""
    original, decider = aliased(Definition), aliased(Person)
    return (
        select(
            Award.id,
            Award.token,
            Award.person_id,
            func.coalesce(original.code, Definition.code),
            DefinitionVersion.title,
            DefinitionVersion.version,
            Award.decided_at,
            Award.identity_check,
            decider.id.is_not(None),
            Award.fulfilment_id.is_(None),
        )
        .join(DefinitionVersion, DefinitionVersion.id == Award.version_id)
        .join(Definition, Definition.id == DefinitionVersion.definition_id)
        .outerjoin(DefinitionTranslation, DefinitionTranslation.definition_id == Definition.id)
        .outerjoin(original, original.id == DefinitionTranslation.original_id)
        .outerjoin(ListedVersion, ListedVersion.id == DefinitionVersion.id)
        .outerjoin(decider, decider.key == Award.decided_by)
        .where(Award.ended_at.is_(None))
        .where(func.coalesce(ListedVersion.kind, "") != AchievementType.CERTIFICATE.value)
        .order_by(Award.id)
    )


def lock_people(session: Session, person_ids: Iterable[int | None]) -> None:
    """Two parts given to one person at the same time wait for each other here, so that the second sees the first.

    After awards and before fulfilments, everywhere. SQLite's writing sessions wait for each other anyway; the key stays
    shared for rows that refer to the person.
    """
    which = one_of(session, Person.id, sorted({one for one in person_ids if one is not None}))
    session.execute(select(Person.id).where(which).order_by(Person.id).with_for_update(key_share=True))


class Chooser:
    """Chooses the badges that fulfil one rule; people who hold the same kinds of badges are judged once."""

    def __init__(self, rule: Rule) -> None:
        self._rule = rule
        self._named = frozenset(codes_in(rule))
        self._known: dict[tuple[str, ...], list[str]] = {}

    def parts(self, badges: Sequence[HeldBadge]) -> list[HeldBadge]:
        """Some that fulfil the rule and of which none can be left out; empty when it is not fulfilled.

        Those that a named person decided come before others, and earlier ones before later ones.
        """
        usable = [one for one in badges if one.counts_free or one.code in self._named]
        first: dict[str, HeldBadge] = {}
        for one in sorted(usable, key=lambda one: (not one.is_named, one.award_id)):
            first.setdefault(one.code, one)
        return [first[code] for code in self._used(tuple(first))]

    def _used(self, codes: tuple[str, ...]) -> list[str]:
        if codes not in self._known:
            self._known[codes] = badges_used(self._rule, codes)
        return self._known[codes]


def usable_codes(rule: Rule, badges: Iterable[HeldBadge]) -> frozenset[str]:
    """The codes of those badges that can count towards a rule."""
    named = frozenset(codes_in(rule))
    return frozenset(one.code for one in badges if one.counts_free or one.code in named)


def badge_holders(session: Session, *, after: int, most: int = 500) -> list[int]:
    """The next people with a standing award, by their id."""
    found = select(Award.person_id).where(Award.ended_at.is_(None), Award.person_id > after).distinct()
    return [one for one in session.scalars(found.order_by(Award.person_id).limit(most)) if one is not None]
