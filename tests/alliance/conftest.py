"""A region with a team, an alliance, a school and a museum in it, people of both, and a school of another region."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from badge_service.alliance import actions
from badge_service.alliance.fragments import SLOTS
from badge_service.alliance.pages import blueprint
from badge_service.alliance.rules import AllianceFacts
from badge_service.alliance.tables import Alliance
from badge_service.curriculum import pages as curriculum
from badge_service.curriculum.actions.drafts import add_definition, add_version
from badge_service.curriculum.actions.listing import enlist
from badge_service.curriculum.pages.tabs import add_tab
from badge_service.curriculum.rules import FIRST, blank_content
from badge_service.curriculum.tables import DefinitionVersion, Let, VersionAlignment
from badge_service.keyring.files import KeyFolder
from badge_service.people.rules import NOBODY, Grant, Role, Viewer
from badge_service.people.tables import Organisation, Region
from badge_service.settings import for_demo
from badge_service.storage.session import Database, now
from badge_service.web import slots
from badge_service.web.shell import init_shell, seal_shell
from badge_service.web.surroundings import use_surroundings
from badge_service.web.viewer import use_viewer_loader

Publish = Callable[[Session, str, Iterable[str]], DefinitionVersion]


@dataclass
class Place:
    """What the tests of plans and needs begin with."""

    alliance: Alliance
    let: Let
    other_let: Let
    school: Organisation
    museum: Organisation
    lead: Viewer
    teacher: Viewer
    member: Viewer
    other_lead: Viewer


def organisation(session: Session, region: Region, slug: str) -> Organisation:
    found = Organisation(
        slug=slug,
        name=slug.title(),
        kind="school",
        region_id=region.id,
        identifiers=[],
        created_at=now(session),
    )
    session.add(found)
    session.flush()
    return found


def team(session: Session, slug: str) -> tuple[Region, Let]:
    region = Region(slug=slug, name=slug.title(), country="NL")
    session.add(region)
    session.flush()
    let = Let(slug=slug, name=f"LET {slug.title()}", description="A team.", region_id=region.id)
    session.add(let)
    session.flush()
    return region, let


def somebody(number: int, role: Role, place: Organisation) -> Viewer:
    grants = frozenset({Grant(role, place.id)})
    return Viewer(key=f"key-{number}", person_id=number, name=f"{role.value} {number}", grants=grants)


@pytest.fixture
def place(database: Database) -> Place:
    with database.writing() as session:
        region, let = team(session, "friesland")
        other_region, other_let = team(session, "valencia")
        school, museum = organisation(session, region, "school"), organisation(session, region, "museum")
        lead = somebody(1, Role.LET_LEAD, school)
        facts = AllianceFacts("friesland", "Craft alliance", "Keep crafts alive.", region.id)
        alliance = actions.open_alliance(session, lead, facts)
        for one in (school, museum):
            actions.add_member(session, lead, alliance, one)
        far = organisation(session, other_region, "far")
        return Place(
            alliance,
            let,
            other_let,
            school,
            museum,
            lead,
            somebody(2, Role.TEACHER, school),
            somebody(3, Role.MEMBER, museum),
            somebody(4, Role.LET_LEAD, far),
        )


@pytest.fixture
def publish_naming(place: Place) -> Publish:
    """Publishes a version that names these targets, without all else that publishing asks for."""

    def publish(session: Session, code: str, targets: Iterable[str]) -> DefinitionVersion:
        definition = add_definition(session, code.lower(), code, place.let.id, place.school.id)
        version = add_version(session, definition, blank_content() | {"title": f"Badge {code}"}, FIRST)
        version.named_targets = [VersionAlignment(target_url=one) for one in sorted(set(targets))]
        version.state, version.published_at = "published", now(session)
        enlist(session, version)
        return version

    return publish


@pytest.fixture
def rooms(database: Database, place: Place, tmp_path: Path) -> Flask:
    """The pages of teams and alliances; the header `X-Person` says who is signed in."""
    people = {"lead": place.lead, "teacher": place.teacher, "member": place.member, "other": place.other_lead}
    made = Flask("two_rooms")
    made.config.update(
        SECRET_KEY="for tests only", WTF_CSRF_ENABLED=False, PUBLIC_URL="http://localhost:8000", TESTING=True
    )
    made.extensions["badge_database"] = database
    settings = for_demo(tmp_path)
    use_surroundings(made, settings, KeyFolder(settings.keys_folder))
    init_shell(made)
    use_viewer_loader(made, lambda: people.get(request.headers.get("X-Person", ""), NOBODY))
    made.register_blueprint(curriculum.blueprint)
    made.register_blueprint(blueprint)
    add_tab(made, "alliance.plans", "Plans")
    add_tab(made, "alliance.all_needs", "Needs")
    for name, filler in SLOTS.items():
        slots.register(made, name, filler)
    seal_shell(made)
    return made


@pytest.fixture
def visit(rooms: Flask) -> Callable[..., FlaskClient]:
    """A browser of one of the people, or of a stranger."""

    def client(person: str = "") -> FlaskClient:
        found = rooms.test_client()
        found.environ_base["HTTP_X_PERSON"] = person
        return found

    return client
