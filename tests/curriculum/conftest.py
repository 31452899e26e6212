"""A school with a LET in Friesland, a LET lead of its own, one of another school, and the catalogue of the checkout."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from badge_service.curriculum.actions import import_catalogue
from badge_service.curriculum.pages import blueprint
from badge_service.curriculum.tables import Let
from badge_service.keyring.files import KeyFolder
from badge_service.people.rules import NOBODY, Grant, Role, Viewer
from badge_service.people.tables import Organisation, Region
from badge_service.settings import for_demo
from badge_service.storage.session import Database
from badge_service.web.shell import init_shell, seal_shell
from badge_service.web.surroundings import use_surroundings
from badge_service.web.viewer import use_viewer_loader

PUBLIC_URL = "https://badges.example.org"
ADDRESS = "http://localhost:8055"
CREDENTIALS = Path(__file__).resolve().parents[2] / "credentials"


@dataclass
class School:
    region: Region
    let: Let
    organisation: Organisation
    lead: Viewer


def add_school(session: Session, slug: str, region: str, key: str, person_id: int) -> School:
    row = Region(slug=region, name=region.capitalize(), country="NL")
    session.add(row)
    session.flush()
    let = Let(slug=region, name=f"LET {region.capitalize()}", description="A team.", region_id=row.id)
    organisation = Organisation(
        slug=slug,
        name=slug.title(),
        kind="school",
        region_id=row.id,
        website=None,
        email=None,
        identifiers=[],
        accent=None,
        may_award_ects=True,
        domain_confirmed_at=None,
        issuer_id=None,
        created_at=session.info["clock"](),
    )
    session.add_all([let, organisation])
    session.flush()
    grants = frozenset({Grant(Role.LET_LEAD, organisation.id)})
    return School(row, let, organisation, Viewer(key=key, person_id=person_id, name=key, grants=grants))


@pytest.fixture
def school(database: Database) -> School:
    with database.writing() as session:
        return add_school(session, "friese-vakschool", "friesland", "lead-one", 1)


@pytest.fixture
def other_school(database: Database) -> School:
    """Another school in the same database, with a LET lead of its own and no definitions."""
    with database.writing() as session:
        return add_school(session, "other-school", "valencia", "lead-two", 2)


def bring(database: Database, school: School, only: set[str] | None) -> None:
    with database.writing() as session:
        import_catalogue(
            session,
            school.lead,
            CREDENTIALS,
            let=school.let,
            organisation=school.organisation,
            public_url=PUBLIC_URL,
            only=only,
        )


@pytest.fixture
def imported(database: Database, school: School, beginnings: Any, tmp_path: Path) -> School:
    """The school with two definitions and two pathways of the catalogue; drawing all twelve takes seconds."""
    four = {"willow-basket", "guest-speaker-host", "future-craft-maker", "student-in-the-lead"}
    beginnings.put("imported", database, tmp_path / "keys", lambda: bring(database, school, four))
    return school


@pytest.fixture
def imported_whole(database: Database, school: School, beginnings: Any, tmp_path: Path) -> School:
    """The school with the whole catalogue."""
    beginnings.put("whole", database, tmp_path / "keys", lambda: bring(database, school, None))
    return school


@pytest.fixture
def definition() -> Callable[[str], dict[str, Any]]:
    """Reads one definition of the catalogue, fresh each time."""
    return lambda slug: json.loads((CREDENTIALS / slug / "definition.json").read_text("utf-8"))


@pytest.fixture
def every_definition() -> list[dict[str, Any]]:
    """All definitions of the catalogue."""
    return [json.loads(path.read_text("utf-8")) for path in sorted(CREDENTIALS.glob("*/definition.json"))]


@pytest.fixture
def app(database: Database, imported: School, other_school: School, tmp_path: Path) -> Flask:
    """The shell with the pages of this room, served elsewhere than documents name it; `X-Person` says who is signed in."""
    people = {
        "lead": imported.lead,
        "other": other_school.lead,
        "teacher": Viewer(key="t", person_id=9, name="T"),
    }
    made = Flask("curriculum_alone")
    made.config.update(SECRET_KEY="for tests only", WTF_CSRF_ENABLED=False, PUBLIC_URL=ADDRESS, TESTING=True)
    made.extensions["badge_database"] = database
    settings = replace(for_demo(tmp_path), public_url=PUBLIC_URL, address=ADDRESS)
    use_surroundings(made, settings, KeyFolder(settings.keys_folder))
    init_shell(made)
    use_viewer_loader(made, lambda: people.get(request.headers.get("X-Person", ""), NOBODY))
    made.register_blueprint(blueprint)
    seal_shell(made)
    return made


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    """Somebody who has not signed in."""
    return app.test_client()


def client_of(app: Flask, person: str) -> FlaskClient:
    client = app.test_client()
    client.environ_base["HTTP_X_PERSON"] = person
    return client


@pytest.fixture
def lead(app: Flask) -> FlaskClient:
    """The LET lead of the school that imported the catalogue."""
    return client_of(app, "lead")


@pytest.fixture
def other_lead(app: Flask) -> FlaskClient:
    """The LET lead of another school."""
    return client_of(app, "other")
