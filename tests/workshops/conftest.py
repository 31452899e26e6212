"""A school in an alliance with a teacher, a published and a draft version, and a planned workshop."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from badge_service.alliance import actions as alliance_actions
from badge_service.alliance import pages as alliance_pages
from badge_service.alliance.rules import ActivityFacts, AllianceFacts
from badge_service.alliance.tables import Alliance
from badge_service.curriculum.actions.listing import enlist
from badge_service.curriculum.tables import Definition, DefinitionVersion, Let
from badge_service.keyring.files import KeyFolder
from badge_service.people.rules import NOBODY, Grant, Role, Viewer
from badge_service.people.tables import Organisation, Person, Region, RoleGrant
from badge_service.settings import for_demo
from badge_service.storage.session import Database, now
from badge_service.web import slots
from badge_service.web.shell import init_shell, seal_shell
from badge_service.web.surroundings import use_surroundings
from badge_service.web.viewer import use_viewer_loader
from badge_service.workshops import actions, fragments, pages
from badge_service.workshops.rules import TeachingPlan
from badge_service.workshops.tables import Workshop

TODAY = date(2026, 11, 21)
OUTCOMES = ("Weave a border.", "Sort rods.", "Soak rods.", "Mend a basket.")
FACTS = ActivityFacts("workshop", "Willow basics", "Weave a basket.", "Ruse", "bg", TODAY, TODAY, ("Museum",))


@dataclass
class World:
    """What the tests of this room act on."""

    session: Session
    alliance: Alliance
    school: Organisation
    other_school: Organisation
    teacher: Viewer
    foreign_teacher: Viewer
    published: DefinitionVersion
    draft: DefinitionVersion
    foreign: DefinitionVersion

    def plan(self, **changes: object) -> TeachingPlan:
        plan = TeachingPlan((self.published.id,), (self.teacher.person_id or 0,), 1, 20)
        return replace(plan, **changes)  # type: ignore[arg-type]

    def workshop(self, **changes: object) -> Workshop:
        facts = replace(FACTS, **changes)  # type: ignore[arg-type]
        return actions.plan_workshop(
            self.session, self.teacher, self.alliance, self.school, facts, self.plan()
        )


def add(session: Session, row: object) -> None:
    session.add(row)
    session.flush()


def person(session: Session, name: str, role: Role, organisation: Organisation) -> Viewer:
    found = Person(key=f"key-{name}", name=name, created_at=now(session))
    add(session, found)
    add(
        session,
        RoleGrant(
            person_id=found.id, organisation_id=organisation.id, role=role.value, granted_at=now(session)
        ),
    )
    return Viewer(found.key, found.id, name, grants=frozenset({Grant(role, organisation.id)}))


def version(
    session: Session, let: Let, school: Organisation, code: str, *, published: bool
) -> DefinitionVersion:
    definition = Definition(
        slug=code.lower(), code=code, let_id=let.id, organisation_id=school.id, created_at=now(session)
    )
    add(session, definition)
    found = DefinitionVersion(
        definition_id=definition.id,
        version="1.0.0",
        sort_key=1,
        state="published" if published else "draft",
        content={"learning_outcomes": [{"id": f"LO{n}", "text": text} for n, text in enumerate(OUTCOMES, 1)]},
        title=f"Title of {code}",
        topic="traditional_crafts",
        category="craft",
        level=4,
        language="bg",
        created_at=now(session),
        changed_at=now(session),
        published_at=now(session) if published else None,
    )
    add(session, found)
    enlist(session, found)
    return found


def make_world(session: Session) -> World:
    region = Region(slug="central-bulgaria", name="Central Bulgaria", country="BG")
    add(session, region)
    schools = []
    for slug in ("craft-school", "other-school"):
        school = Organisation(
            slug=slug, name=slug, kind="school", region_id=region.id, identifiers=[], created_at=now(session)
        )
        add(session, school)
        schools.append(school)
    let = Let(slug="let", name="LET", description="", region_id=region.id)
    add(session, let)
    lead = person(session, "Lead", Role.LET_LEAD, schools[0])
    facts = AllianceFacts("central-bulgaria", "Alliance of Central Bulgaria", "Keep crafts alive.", region.id)
    alliance = alliance_actions.open_alliance(session, lead, facts)
    for school in schools:
        alliance_actions.add_member(session, lead, alliance, school)
    return World(
        session,
        alliance,
        schools[0],
        schools[1],
        person(session, "Teacher", Role.TEACHER, schools[0]),
        person(session, "Stranger", Role.TEACHER, schools[1]),
        version(session, let, schools[0], "WIL-1", published=True),
        version(session, let, schools[0], "DRA-1", published=False),
        version(session, let, schools[1], "FOR-1", published=True),
    )


@pytest.fixture
def world(database: Database) -> Iterator[World]:
    with database.writing() as session:
        yield make_world(session)


class People:
    """Who the test's browser is signed in as."""

    viewer: Viewer = NOBODY


@dataclass
class Site:
    """The pages of both rooms over a committed world; `be()` signs somebody in."""

    app: Flask
    database: Database
    people: People
    world: World
    token: str

    def be(self, viewer: Viewer) -> FlaskClient:
        self.people.viewer = viewer
        return self.app.test_client()


@pytest.fixture
def site(database: Database, tmp_path: Path, keyring: KeyFolder) -> Site:
    with database.writing() as session:
        world = make_world(session)
        token = world.workshop().activity.token
    people = People()
    app = Flask("two_rooms", root_path=str(Path(__file__).parent))
    app.config.update(
        SECRET_KEY="for tests only", WTF_CSRF_ENABLED=False, PUBLIC_URL="http://localhost:8000", TESTING=True
    )
    app.extensions["badge_database"] = database
    init_shell(app)
    use_viewer_loader(app, lambda: people.viewer)
    app.register_blueprint(alliance_pages.blueprint)
    use_surroundings(app, for_demo(tmp_path / "demo"), keyring)
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(pages.door_blueprint)
    for name, filler in fragments.SLOTS.items():
        slots.register(app, name, filler)
    seal_shell(app)
    return Site(app, database, people, world, token)
