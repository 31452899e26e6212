"""A small world: two organisations in one region, an operator, an admin of each, a teacher of the first."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from badge_service.people import actions
from badge_service.people.rules import Role, Viewer
from badge_service.settings import Settings, for_demo
from badge_service.storage.session import Database


@dataclass
class World:
    """Keys of the people who were made, by what they are."""

    operator: str
    admin: str
    teacher: str
    foreign_admin: str

    def viewer(self, session: Session, who: str) -> Viewer:
        return actions.load_viewer(session, key=getattr(self, who))


def profile(name: str, **more: object) -> actions.OrganisationProfile:
    return actions.OrganisationProfile(name=name, kind="school", region_slug="ruse", **more)  # type: ignore[arg-type]


@pytest.fixture
def world(database: Database) -> World:
    with database.writing() as session:
        operator = actions.add_first_operator(session, "Olga", "olga@service.example")
        viewer = actions.load_viewer(session, operator.id)
        actions.add_region(session, viewer, slug="ruse", name="Русе", country="BG")
        keys = {"operator": operator.key}
        for slug, who in (("craft-school", "admin"), ("other-school", "foreign_admin")):
            organisation = actions.add_organisation(session, viewer, slug, profile(f"School {slug}"))
            person = actions.add_person(session, viewer, f"Admin {slug}", f"{who}@{slug}.example")
            actions.verify_address(session, person.id, f"{who}@{slug}.example")
            actions.grant_role(session, viewer, person, Role.ADMIN, organisation)
            keys[who] = person.key
        teacher = actions.add_person(session, viewer, "Тодор", "todor@craft-school.example", "bg")
        actions.verify_address(session, teacher.id, "todor@craft-school.example")
        own = actions.organisation_by_slug(session, "craft-school")
        actions.grant_role(session, viewer, teacher, Role.TEACHER, own)
        keys["teacher"] = teacher.key
    return World(**keys)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return for_demo(tmp_path)
