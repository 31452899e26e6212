"""What lists call a definition or a curriculum: the title of its newest version, a draft included."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.curriculum.tables import Curriculum, CurriculumVersion, Definition, DefinitionVersion
from badge_service.people.tables import Person


@dataclass(frozen=True)
class Titles:
    """Slug and title by internal id, and the titles of a curriculum's units by their ids."""

    definitions: dict[int, tuple[str, str]] = field(default_factory=dict)
    curricula: dict[int, tuple[str, str]] = field(default_factory=dict)
    units: dict[int, dict[str, str]] = field(default_factory=dict)

    def of(self, row: Any) -> str:
        """The title of what a finding or change request is about: the definition if it names one."""
        found = self.definitions.get(row.definition_id) or self.curricula.get(row.curriculum_id)
        return found[1] if found else ""

    def unit_of(self, row: Any) -> str:
        """The title of the unit that a finding is about, if it names one."""
        unit: str = row.unit
        return self.units.get(row.curriculum_id, {}).get(unit, unit)


def titles_for(session: Session, rows: Sequence[Any]) -> Titles:
    """The titles of what these findings or change requests are about, in two statements."""
    return titles(
        session,
        {one.definition_id for one in rows if one.definition_id is not None},
        {one.curriculum_id for one in rows if one.curriculum_id is not None},
    )


def titles(session: Session, definition_ids: Collection[int], curriculum_ids: Collection[int]) -> Titles:
    """Slug and newest title of each of these, by id."""
    of_definitions = (
        select(Definition.id, Definition.slug, DefinitionVersion.title)
        .join(DefinitionVersion, DefinitionVersion.definition_id == Definition.id)
        .where(Definition.id.in_(definition_ids))
        .order_by(DefinitionVersion.sort_key)
    )
    of_curricula = (
        select(Curriculum.id, Curriculum.slug, CurriculumVersion.title, CurriculumVersion.content)
        .join(CurriculumVersion, CurriculumVersion.curriculum_id == Curriculum.id)
        .where(Curriculum.id.in_(curriculum_ids))
        .order_by(CurriculumVersion.sort_key)
    )
    curricula = session.execute(of_curricula).all()
    return Titles(
        {number: (slug, title) for number, slug, title in session.execute(of_definitions)},
        {number: (slug, title) for number, slug, title, _content in curricula},
        {
            number: {unit["id"]: unit["title"] for unit in content["units"]}
            for number, _slug, _title, content in curricula
        },
    )


def names_by_key(session: Session, keys: Sequence[str | None]) -> dict[str, str]:
    """The names of the people with these keys, for the desk; somebody erased has none."""
    known = {key for key in keys if key}
    people = session.scalars(select(Person).where(Person.key.in_(known))) if known else ()
    return {person.key: person.name for person in people}


def own_titles(session: Session, organisation_ids: Collection[int]) -> Titles:
    """Everything that these organisations write: what a finding can be about."""
    return titles(
        session,
        session.scalars(select(Definition.id).where(Definition.organisation_id.in_(organisation_ids))).all(),
        session.scalars(select(Curriculum.id).where(Curriculum.organisation_id.in_(organisation_ids))).all(),
    )
