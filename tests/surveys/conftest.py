"""A school with five people, and runs of forms about a workshop."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from badge_service.people.rules import Grant, Role, Viewer
from badge_service.people.tables import Organisation, Person, Region
from badge_service.settings import Settings, for_demo
from badge_service.storage.session import Database, now
from badge_service.surveys import actions, pages
from badge_service.surveys.rules import Pair
from badge_service.surveys.tables import SurveyRun
from badge_service.web.shell import init_shell, seal_shell
from badge_service.web.viewer import STRANGER, use_viewer_loader

PAIR = Pair("o1", "Weave a border.", "en", "definition:1:LO1")


@dataclass
class World:
    """What the tests of this room act on."""

    session: Session
    settings: Settings
    teacher: Viewer
    foreign: Viewer
    school: Organisation
    people: list[Person]

    def run(self, instrument: str = "workshop_feedback", *, opened: bool = True) -> SurveyRun:
        today = now(self.session).date()
        plan = actions.Plan(
            organisation_id=self.school.id,
            instrument=instrument,
            version=1,
            subject_kind="workshop",
            subject="willow",
            title="Willow basics",
            language="en",
            opens_on=today,
            closes_on=today + timedelta(days=14),
            invited=len(self.people),
            pairs=(PAIR,) if instrument == "workshop_feedback" else (),
            by_link=instrument == "workshop_feedback",
        )
        run = actions.plan_run(self.session, self.teacher, plan)
        return actions.open_run(self.session, self.teacher, run) if opened else run

    def answer(self, run: SurveyRun, **sent: str) -> None:
        """One form in which whatever is sent was drawn."""
        items = actions.form_of(run).items
        actions.answer(self.session, actions.Way(run), items, {name: [text] for name, text in sent.items()})

    def recipients(self) -> list[actions.Recipient]:
        return [
            actions.Recipient(one.id, one.name, f"p{number}@example.org", "nl")
            for number, one in enumerate(self.people)
        ]


def make_world(session: Session, settings: Settings, people: int = 5) -> World:
    def add(row: object) -> None:
        session.add(row)
        session.flush()

    region = Region(slug="friesland", name="Friesland", country="NL")
    add(region)
    schools = []
    for slug in ("school", "other"):
        school = Organisation(
            slug=slug, name=slug, kind="school", region_id=region.id, identifiers=[], created_at=now(session)
        )
        add(school)
        schools.append(school)
    persons = [
        Person(key=f"key-{number}", name=f"Learner{number} Bakker", created_at=now(session))
        for number in range(people + 2)
    ]
    for one in persons:
        add(one)
    teacher, foreign = (
        Viewer(one.key, one.id, one.name, grants=frozenset({Grant(Role.TEACHER, school.id)}))
        for one, school in zip(persons[-2:], schools, strict=True)
    )
    return World(session, settings, teacher, foreign, schools[0], persons[:-2])


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return for_demo(tmp_path)


@pytest.fixture
def world(database: Database, settings: Settings) -> Iterator[World]:
    with database.writing() as session:
        yield make_world(session, settings)


@pytest.fixture
def app(database: Database) -> Flask:
    """The pages of this room alone; everybody is a stranger."""
    made = Flask("surveys_alone", root_path=str(Path(__file__).parent))
    made.config.update(
        SECRET_KEY="for tests only", WTF_CSRF_ENABLED=False, PUBLIC_URL="http://localhost:8000", TESTING=True
    )
    made.extensions["badge_database"] = database
    init_shell(made)
    use_viewer_loader(made, lambda: STRANGER)
    made.register_blueprint(pages.blueprint)
    seal_shell(made)
    return made
