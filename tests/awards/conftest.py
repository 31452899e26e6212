"""A small world made by the rooms' own actions: two schools, a published definition, a workshop with learners."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, request
from sqlalchemy.orm import Session

from badge_service.alliance import actions as alliance
from badge_service.alliance import pages as alliance_pages
from badge_service.alliance.rules import ActivityFacts, AllianceFacts
from badge_service.awards import actions, fragments
from badge_service.awards import pages as awards_pages
from badge_service.awards.rules import IdentityCheck
from badge_service.awards.tables import AwardBatch
from badge_service.backpack import pages as backpack_pages
from badge_service.curriculum import actions as curriculum
from badge_service.curriculum import pages as curriculum_pages
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.keyring.files import KeyFolder
from badge_service.people import actions as people
from badge_service.people import pages as people_pages
from badge_service.people.accounts import init_accounts, viewer_loader
from badge_service.people.actions import OrganisationProfile
from badge_service.people.purposes import init_purposes
from badge_service.people.rules import Role, Viewer
from badge_service.register import actions as register
from badge_service.settings import Settings, data_path, for_demo
from badge_service.storage.session import Database
from badge_service.web import slots
from badge_service.web.shell import init_shell, seal_shell
from badge_service.web.surroundings import use_surroundings
from badge_service.web.viewer import use_viewer_loader
from badge_service.workshops import actions as workshops
from badge_service.workshops import pages as workshops_pages
from badge_service.workshops.rules import LearnerRow, TeachingPlan
from badge_service.workshops.tables import Workshop

from .crafts import craft, learner  # noqa: F401 (fixtures of several files here)

SLUG = "willow-basket"


@dataclass
class World:
    database: Database
    keyring: KeyFolder
    settings: Settings
    viewers: dict[str, Viewer] = field(default_factory=dict)
    token: str = ""
    slug: str = SLUG

    def open(self, session: Session, viewer: str = "teacher") -> tuple[Workshop, DefinitionVersion]:
        workshop = actions.find_taught(session, self.viewers[viewer], self.token)
        return workshop, actions.find_taught_version(session, workshop, self.slug, "1.0.0")

    def enrol(self, *learners: tuple[str, str | None]) -> list[int]:
        with self.database.writing() as session:
            workshop, _version = self.open(session)
            rows = [LearnerRow(place, name, email) for place, (name, email) in enumerate(learners, 1)]
            return [
                row.person_id for row in workshops.enrol(session, self.viewers["teacher"], workshop, rows)
            ]

    def judge(self, person_id: int, *levels: str | None) -> None:
        with self.database.writing() as session:
            workshop, version = self.open(session)
            cells: dict[tuple[int, str], str | None] = {
                (person_id, f"C{place}"): level for place, level in enumerate(levels, 1)
            }
            actions.set_levels(session, self.viewers["teacher"], workshop, version, cells)

    def award(
        self,
        *confirmed: int,
        key: str = "one",
        viewer: str = "teacher",
        sign: bool = True,
        saw_each: bool = True,
        saw_evidence: bool = True,
    ) -> str:
        with self.database.writing() as session:
            _workshop, version = self.open(session, viewer)
            batch = actions.award_ready(
                session,
                self.viewers[viewer],
                self.settings,
                self.token,
                version,
                idempotency_key=key,
                identity_check=IdentityCheck.KNOWN,
                confirmed=confirmed,
                saw_each=saw_each,
                saw_evidence=saw_evidence,
            )
        if sign:
            self.sign()
        return batch.token

    def sign(self) -> int:
        return register.sign_intended(self.database, self.keyring)

    def batch(self, session: Session, token: str) -> AwardBatch:
        return actions.find_taught_batch(session, self.viewers["teacher"], token)


def facts(**changes: Any) -> ActivityFacts:
    given: dict[str, Any] = {
        "kind": "workshop",
        "title": "Willow week",
        "summary": "A week with willow.",
        "place": "Gabrovo",
        "language": "en",
        "starts_on": date(2026, 11, 16),
        "ends_on": date(2026, 11, 20),
    }
    return ActivityFacts(**given | changes)


def _people(session: Session, world: World) -> None:
    operator = people.add_first_operator(session, "Olga Operator", "operator@service.example")
    world.viewers["operator"] = boss = people.load_viewer(session, operator.id)
    people.add_region(session, boss, slug="central-bulgaria", name="Central Bulgaria", country="BG")
    for slug, name in (("craft-school", "Craft School"), ("other-school", "Other School")):
        profile = OrganisationProfile(name, "school", "central-bulgaria")
        school = people.add_organisation(session, boss, slug, profile)
        people.open_as_issuer(session, boss, world.keyring, school, world.settings)
        for role, who in ((Role.TEACHER, "teacher"), (Role.LET_LEAD, "lead"), (Role.ADMIN, "admin")):
            email = f"{who}@{slug}.example"
            names = {"teacher": "Teodora Teacher", "lead": "Lena Lead", "admin": "Ada Admin"}
            person = people.add_person(session, boss, names[who], email)
            people.grant_role(session, boss, person, role, school)
            key = who if slug == "craft-school" else f"other-{who}"
            world.viewers[key] = people.load_viewer(session, person.id)


def _teaching(session: Session, world: World) -> None:
    boss, lead = world.viewers["operator"], world.viewers["lead"]
    school = people.organisation_by_slug(session, "craft-school")
    let = curriculum.open_let(
        session, boss, slug="gabrovo", name="LET Gabrovo", description="Crafts", region_id=school.region_id
    )
    curriculum.import_catalogue(
        session,
        boss,
        data_path("credentials"),
        let=let,
        organisation=school,
        public_url=world.settings.public_url,
        only=[world.slug],
    )
    version = curriculum.find_version(session, world.slug, "1.0.0")
    home = alliance.open_alliance(
        session, lead, AllianceFacts("central-bulgaria", "Alliance", "Keep crafts alive.", school.region_id)
    )
    alliance.add_member(session, lead, home, school)
    trainer = world.viewers["teacher"].person_id or 0
    plan = TeachingPlan(iteration=1, capacity=None, version_ids=(version.id,), trainer_ids=(trainer,))
    workshop = workshops.plan_workshop(session, world.viewers["teacher"], home, school, facts(), plan)
    world.token = workshop.activity.token


@pytest.fixture
def world(database: Database, keyring: KeyFolder, tmp_path: Path, beginnings: Any) -> World:
    made = World(database, keyring, for_demo(tmp_path / "service"))

    def make() -> tuple[dict[str, Viewer], str]:
        with database.writing() as session:
            _people(session, made)
            _teaching(session, made)
        return made.viewers, made.token

    made.viewers, made.token = beginnings.put("awards", database, tmp_path / "keys", make)
    return made


@pytest.fixture
def class_of_three(world: World) -> list[int]:
    """Two learners with addresses and one without, all proficient."""
    people_ids = world.enrol(
        ("Petya Ivanova", "petya@school.example"),
        ("Boris Kolev", None),
        ("Мария Георгиева", "maria@school.example"),
    )
    for person_id in people_ids:
        world.judge(person_id, "proficient", "proficient", "exemplary")
    return people_ids


def make_app(world: World) -> Flask:
    """The pages of this path on this world; `X-Person` says who is signed in, else the session's cookie does."""
    app = Flask("awards_path", static_folder=None)
    app.config.update(
        SECRET_KEY="for tests only", WTF_CSRF_ENABLED=False, PUBLIC_URL=world.settings.public_url
    )
    app.extensions["badge_database"] = world.database
    use_surroundings(app, world.settings, world.keyring)
    init_shell(app)
    init_accounts(app)
    init_purposes(app)
    use_viewer_loader(app, lambda: world.viewers.get(request.headers.get("X-Person", "")) or viewer_loader())
    for blueprint in (
        people_pages.blueprint,
        curriculum_pages.blueprint,
        alliance_pages.blueprint,
        workshops_pages.blueprint,
        workshops_pages.door_blueprint,
        awards_pages.blueprint,
        backpack_pages.learner_pages,
        backpack_pages.public_pages,
    ):
        app.register_blueprint(blueprint)
    for name, filler in [*fragments.SLOTS.items()]:
        slots.register(app, name, filler)
    seal_shell(app)
    return app


@pytest.fixture
def app(world: World) -> Flask:
    return make_app(world)
