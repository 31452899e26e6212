"""What a plan can choose from: micro-credentials, trainers, curricula, hubs and partners, each of one's own organisations."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from badge_service.alliance.rules import PLANNERS
from badge_service.alliance.tables import Activity, AllianceMember
from badge_service.curriculum.actions import published_versions
from badge_service.curriculum.actions.catalogue import MOST_CHOICES
from badge_service.curriculum.tables import (
    Curriculum,
    CurriculumVersion,
    Definition,
    DefinitionVersion,
    Hub,
    Let,
)
from badge_service.people.tables import Organisation, Person, RoleGrant
from badge_service.workshops.tables import Workshop


def version_choices(
    session: Session,
    organisation_ids: Collection[int],
    also: Collection[int] = (),
    *,
    ticked: Sequence[int] = (),
    text: str = "",
) -> list[DefinitionVersion]:
    """What a form offers to teach: the newest published versions of these organisations, found by the words in `text`.

    At most as many as a form holds, and beside them those in `also` and those that are `ticked` and may be taught.
    """
    found = list(published_versions(session, sorted(organisation_ids), text=text))
    kept = {*also, *teachable(session, organisation_ids, ticked)} - {version.id for version in found}
    more = select(DefinitionVersion).where(DefinitionVersion.id.in_(sorted(kept)))
    found += session.scalars(more)
    return sorted(found, key=lambda version: (version.title, -version.sort_key))


def teachable(session: Session, organisation_ids: Collection[int], asked: Sequence[int]) -> frozenset[int]:
    """Those of the asked versions that these organisations have published."""
    known = [number for number in asked[:MOST_CHOICES] if 0 < number < 2**31]
    query = (
        select(DefinitionVersion.id)
        .join(Definition, Definition.id == DefinitionVersion.definition_id)
        .where(DefinitionVersion.id.in_(known), _may_be_taught(organisation_ids))
    )
    return frozenset(session.scalars(query))


def _may_be_taught(organisation_ids: Collection[int]) -> ColumnElement[bool]:
    published = DefinitionVersion.published_at.is_not(None) & DefinitionVersion.withdrawn_at.is_(None)
    return published & Definition.organisation_id.in_(organisation_ids)


def trainer_choices(
    session: Session, organisation_ids: Collection[int], also: Collection[int] = ()
) -> list[Person]:
    """Who can teach for these organisations: their teachers, LET leads and administrators, and those in `also`."""
    theirs = select(RoleGrant.person_id).where(
        RoleGrant.organisation_id.in_(organisation_ids), RoleGrant.role.in_([role.value for role in PLANNERS])
    )
    wanted = Person.id.in_(theirs) | Person.id.in_(also)
    return list(
        session.scalars(select(Person).where(wanted, Person.erased_at.is_(None)).order_by(Person.name))
    )


def curriculum_choices(
    session: Session, organisation_ids: Collection[int], also: int | None = None
) -> list[CurriculumVersion]:
    """The published curricula of these organisations and of the teams of their regions, newest first, and `also`.

    Of each curriculum every published version can be taught from; a form holds `MOST_CHOICES`.
    """
    theirs = Curriculum.organisation_id.in_(organisation_ids) | Curriculum.let_id.in_(_lets(organisation_ids))
    shown = CurriculumVersion.published_at.is_not(None) & theirs
    query = (
        select(CurriculumVersion)
        .join(CurriculumVersion.curriculum)
        .where(shown | (CurriculumVersion.id == also))
        .order_by(CurriculumVersion.published_at.desc(), CurriculumVersion.id.desc())
        .limit(MOST_CHOICES)
    )
    return list(session.scalars(query))


def hub_choices(session: Session, organisation_ids: Collection[int], also: int | None = None) -> list[Hub]:
    """The open hubs of the teams of these organisations' regions, by name, and `also`."""
    is_open = Hub.let_id.in_(_lets(organisation_ids)) & Hub.closed_at.is_(None)
    query = select(Hub).where(is_open | (Hub.id == also)).order_by(Hub.name, Hub.id).limit(MOST_CHOICES)
    return list(session.scalars(query))


def partner_choices(session: Session, alliance_ids: Collection[int], own: Collection[int]) -> list[str]:
    """The names of the members of these alliances, by name, without one's own organisations."""
    seats = select(AllianceMember.organisation_id).where(AllianceMember.alliance_id.in_(alliance_ids))
    others = Organisation.id.in_(seats) & Organisation.id.not_in(own)
    return list(
        session.scalars(
            select(Organisation.name).where(others).order_by(Organisation.name).limit(MOST_CHOICES)
        )
    )


def taught_by(
    session: Session, curricula: Sequence[CurriculumVersion], organisation_ids: Collection[int]
) -> dict[int, list[int]]:
    """For each of these curricula (by id) the micro-credentials to which its units lead and which may be taught here.

    Of each definition the version that the curriculum names, where that still stands, else the newest one.
    """
    named = {
        one.id: [
            (led["slug"], led["version"]) for unit in one.content["units"] for led in unit["definitions"]
        ]
        for one in curricula
    }
    slugs = {slug for pairs in named.values() for slug, _version in pairs}
    query = (
        select(Definition.slug, DefinitionVersion.version, DefinitionVersion.id)
        .join(Definition, Definition.id == DefinitionVersion.definition_id)
        .where(Definition.slug.in_(slugs), _may_be_taught(organisation_ids))
        .order_by(DefinitionVersion.sort_key)
    )
    rows = session.execute(query).all()
    exact = {(slug, version): number for slug, version, number in rows}
    newest = {slug: number for slug, _version, number in rows}
    return {
        one: sorted({exact.get(pair) or newest[pair[0]] for pair in pairs if pair[0] in newest})
        for one, pairs in named.items()
    }


def next_iterations(session: Session, organisation_ids: Collection[int]) -> dict[int, int]:
    """For every curriculum (by id) from which these organisations have planned workshops: the number of the next round."""
    query = (
        select(CurriculumVersion.curriculum_id, func.max(Workshop.iteration))
        .join(Workshop, Workshop.curriculum_version_id == CurriculumVersion.id)
        .join(Activity, Activity.id == Workshop.activity_id)
        .where(Activity.organisation_id.in_(organisation_ids))
        .group_by(CurriculumVersion.curriculum_id)
    )
    return {curriculum_id: last + 1 for curriculum_id, last in session.execute(query)}


def _lets(organisation_ids: Collection[int]) -> Select[int]:
    """The teams in whose regions these organisations are."""
    here = Organisation.region_id == Let.region_id
    return select(Let.id).join(Organisation, here).where(Organisation.id.in_(organisation_ids))
