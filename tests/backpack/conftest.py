"""A small world with one awarded, signed badge: a school, a definition with its picture, two learners, an activity."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from badge_service.alliance.tables import Activity, Alliance
from badge_service.awards.rules import next_edition
from badge_service.awards.tables import Award
from badge_service.backpack.pages import learner_pages, public_pages
from badge_service.curriculum.picture import badge_png, badge_svg
from badge_service.curriculum.tables import Definition, DefinitionVersion, Let
from badge_service.keyring.files import KeyFolder
from badge_service.openbadges import credential
from badge_service.people.actions import load_viewer
from badge_service.people.rules import Viewer, issuer_profile
from badge_service.people.tables import Organisation, Person, Region
from badge_service.register.actions import current_edition, intend, open_issuer, publish, sign_intended
from badge_service.register.rules import Intention, did_of
from badge_service.settings import for_demo
from badge_service.storage.crockford import encode
from badge_service.storage.session import Database, now, random_bytes, token
from badge_service.web.shell import init_shell, seal_shell
from badge_service.web.surroundings import use_surroundings
from badge_service.web.viewer import STRANGER, use_viewer_loader

BASE = "http://localhost:8000"
TITLE = "Willow Basket: Base, Sides and Border"
ACHIEVEMENT = f"{BASE}/achievements/willow-basket/1.0.0"
NAME = "Мира Петрова"


@dataclass(frozen=True)
class World:
    """The rows the tests work on, and a way to award and sign one more badge."""

    database: Database
    keyring: KeyFolder
    mira: Viewer
    jan: Viewer
    award: Callable[..., str]
    sign: Callable[[], int]

    def with_name(self, award: str, name: str | None) -> None:
        """What awards does when the learner chooses: a new edition with or without the name, signed after the commit."""
        with self.database.writing() as session:
            row = session.query(Award).filter_by(token=award).one()
            old = current_edition(session, award)
            assert old is not None
            content = next_edition(old.content, valid_from=now(session), name=name)
            issuer_id = row.organisation.issuer_id
            assert issuer_id is not None
            intend(session, [Intention(award, issuer_id, content)])
            row.name_on_badge = name
        self.sign()


@pytest.fixture
def world(database: Database, keyring: KeyFolder) -> World:
    with database.writing() as session:
        school = _school(session, keyring)
        version = _version(session, school)
        _activity(session, school)
        mira, jan = _person(session, "Мира Петрова"), _person(session, "Jan de Boer")
        session.flush()
        viewers = load_viewer(session, mira.id), load_viewer(session, jan.id)
        ids = {viewers[0]: mira.id, viewers[1]: jan.id}
        version_id = version.id

    sign = lambda: sign_intended(database, keyring)  # noqa: E731
    numbers = itertools.count()

    def award(viewer: Viewer = viewers[0], state: str = "accepted", *, signed: bool = True) -> str:
        with database.writing() as session:
            # One learner gets a definition once an activity: each further badge has an activity of its own.
            activity = _activity(session, session.query(Organisation).one()) if next(numbers) else None
            made = _award(session, ids[viewer], version_id, state, activity)
        if signed:
            sign()
        return made

    return World(database, keyring, *viewers, award, sign)


def _school(session: Session, keyring: KeyFolder) -> Organisation:
    region = Region(slug="friesland", name="Friesland", country="NL")
    session.add(region)
    session.flush()
    did = did_of(BASE, "friese-vakschool")
    profile = issuer_profile(
        did, "Friese Vakschool", f"{BASE}/issuers/friese-vakschool", "NL", "Friesland", []
    )
    issuer = open_issuer(session, keyring, slug="friese-vakschool", did=did, profile=profile)
    school = Organisation(
        slug="friese-vakschool", name="Friese Vakschool", kind="school", region_id=region.id, identifiers=[],
        issuer_id=issuer.id, created_at=now(session),
    )  # fmt: skip
    session.add(school)
    session.flush()
    return school


def _version(session: Session, school: Organisation) -> DefinitionVersion:
    let = Let(
        slug="friesland", name="Learning Ecosystem Team Friesland", description="", region_id=school.region_id
    )
    session.add(let)
    session.flush()
    definition = Definition(
        slug="willow-basket",
        code="CRF-WIL-1",
        let_id=let.id,
        organisation_id=school.id,
        created_at=now(session),
    )
    session.add(definition)
    session.flush()
    picture = badge_svg(TITLE, "craft_technique", "CRF-WIL-1", 3, tags=["willow"])
    publish(session, "/images/willow-basket-1.0.0.svg", picture.encode(), "image/svg+xml")
    publish(session, "/images/willow-basket-1.0.0.png", badge_png(picture), "image/png")
    version = DefinitionVersion(
        definition_id=definition.id, version="1.0.0", sort_key=1, state="published", title=TITLE,
        topic="traditional_crafts", category="craft_technique", level=3, language="en", content=CONTENT,
        created_at=now(session), changed_at=now(session), published_at=now(session),
    )  # fmt: skip
    session.add(version)
    session.flush()
    return version


def _activity(session: Session, school: Organisation) -> Activity:
    alliance = session.query(Alliance).first()
    if alliance is None:
        alliance = Alliance(slug="friesland", name="Craft Alliance", aims="", region_id=school.region_id)
        session.add(alliance)
        session.flush()
    activity = Activity(
        token=token(session), alliance_id=alliance.id, organisation_id=school.id, kind="workshop",
        title="Willow workshop", summary="", place="Leeuwarden", language="en", starts_on=date(2026, 11, 2),
        ends_on=date(2026, 11, 20), partners=[], state="held", initiated_by="t1", initiator_role="teacher",
        created_at=now(session),
    )  # fmt: skip
    session.add(activity)
    session.flush()
    return activity


def _person(session: Session, name: str) -> Person:
    person = Person(key=token(session), name=name, age_band="adult", created_at=now(session))
    session.add(person)
    session.flush()
    return person


def _award(session: Session, person_id: int, version_id: int, state: str, activity: Activity | None) -> str:
    activity = activity or session.query(Activity).order_by(Activity.id).first()
    school = session.query(Organisation).one()
    assert activity is not None and school.issuer_id is not None
    at = now(session)
    award = Award(
        token=token(session), share_code=encode(random_bytes(session, 7)), subject=f"urn:uuid:{token(session)}",
        person_id=person_id, version_id=version_id, activity_id=activity.id, organisation_id=school.id,
        identity_check="known", decided_by="t1", decided_at=at, state=state,
        accepted_at=at if state in ("accepted", "revoked") else None,
        ended_at=at if state in ("declined", "revoked") else None,
    )  # fmt: skip
    session.add(award)
    session.flush()
    intend(session, [Intention(award.token, school.issuer_id, _content(session, activity))])
    return award.token


def _content(session: Session, activity: Activity) -> dict[str, Any]:
    school = session.query(Organisation).one()
    achievement = {
        "id": ACHIEVEMENT,
        "type": ["Achievement"],
        "achievementType": "MicroCredential",
        "name": TITLE,
        "description": CONTENT["description"],
        "version": "1.0.0",
        "inLanguage": "en",
        "criteria": {"narrative": "**What the learner can do**\n- Weaves base, sides and border."},
        "image": {"id": f"{BASE}/images/willow-basket-1.0.0.png", "type": "Image"},
        "creator": {
            "id": f"{BASE}/lets/friesland",
            "type": ["Profile"],
            "name": "Learning Ecosystem Team Friesland",
        },
        "resultDescription": [
            _result_description("C1", "Structure and finish"),
            _result_description("C2", "Material care"),
        ],
    }
    subject = credential.subject(
        "urn:uuid:0b9a7f0e-5d1b-4c7a-9a57-8c0a5f0e6d21",
        achievement,
        results=[
            credential.result(
                f"{ACHIEVEMENT}#{one}", achieved_level=f"{ACHIEVEMENT}#{one}-proficient", status="Completed"
            )
            for one in ("C1", "C2")
        ],
    )
    did = did_of(BASE, school.slug)
    return credential.compose(
        id="",
        issuer=issuer_profile(did, school.name, f"{BASE}/issuers/{school.slug}", "NL", "Friesland", []),
        subject=subject,
        valid_from=now(session),
        awarded_date=now(session),
        name=TITLE,
        evidence=[
            credential.evidence(
                id=f"{BASE}/activities/{activity.token}", name="Willow workshop, 20 November 2026",
                narrative="A named assessor judged 2 criteria with the rubric.",
            )
        ],
    )  # fmt: skip


def _result_description(criterion: str, name: str) -> dict[str, Any]:
    level = {
        "id": f"{ACHIEVEMENT}#{criterion}-proficient",
        "type": ["RubricCriterionLevel"],
        "name": "Proficient",
        "level": "Proficient",
        "points": "3",
        "description": "Even weave, flat base, tight border.",
    }
    return {
        "id": f"{ACHIEVEMENT}#{criterion}",
        "type": ["ResultDescription"],
        "name": name,
        "resultType": "RubricCriterionLevel",
        "requiredLevel": level["id"],
        "rubricCriterionLevel": [level],
    }


CONTENT: dict[str, Any] = {
    "title": TITLE,
    "description": "Makes one sound round basket from prepared willow by hand, from the base to the finished border.",
    "eqf_level": 3,
    "workload_hours": {"total": 30, "guided": 16, "practice": 10, "self_study": 2, "assessment": 2},
    "learning_outcomes": [
        {"id": "LO1", "kind": "knowledge", "text": "Names the main willow types and how they are soaked."},
        {
            "id": "LO2",
            "kind": "skill",
            "text": "Weaves base, sides and border so that the basket keeps its shape.",
        },
    ],
}


@pytest.fixture
def app(world: World, tmp_path: Path) -> Flask:
    """The shell with the backpack's pages; the header `X-Person` says who is signed in."""
    made = Flask(__name__)
    made.config.update(SECRET_KEY="for tests only", WTF_CSRF_ENABLED=False, PUBLIC_URL=BASE, TESTING=True)
    made.extensions["badge_database"] = world.database
    use_surroundings(made, for_demo(tmp_path), world.keyring)
    init_shell(made)
    people = {"mira": world.mira, "jan": world.jan}
    use_viewer_loader(made, lambda: people.get(request.headers.get("X-Person", ""), STRANGER))
    made.register_blueprint(learner_pages)
    made.register_blueprint(public_pages)
    seal_shell(made)
    return made


@pytest.fixture
def client(app: Flask) -> Iterator[FlaskClient]:
    with app.test_client() as client:
        yield client
