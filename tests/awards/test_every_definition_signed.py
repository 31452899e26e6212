"""Every definition of the catalogue as a signed badge: strict schema, safe mode, a fact sheet whose digest holds; and a certificate."""

import base64
import copy
import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.alliance import actions as alliance
from badge_service.awards import actions
from badge_service.awards.tables import Award
from badge_service.curriculum import actions as curriculum
from badge_service.curriculum.checking import fact_sheet_faults
from badge_service.curriculum.rules import check_eu_elements, eu_box
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.openbadges.canonical import undefined
from badge_service.openbadges.schema import faults as openbadges_faults
from badge_service.openbadges.verdict import Outcome
from badge_service.people import actions as people
from badge_service.register.actions import read_published
from badge_service.register.tables import Document, Edition
from badge_service.settings import data_path
from badge_service.workshops import actions as workshops
from badge_service.workshops.rules import LearnerRow, TeachingPlan
from badge_service.workshops.tables import Workshop

from .conftest import World, facts
from .test_verdicts import judged

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared"
STRICT = SHARED / "data/standards/schemas/plain-ob_v3p0_achievementcredential-jsonschema1.json"


def workshop_with(session: Session, world: World, *versions: DefinitionVersion) -> Workshop:
    school = people.organisation_by_slug(session, "craft-school")
    home = alliance.find_alliance(session, "central-bulgaria")
    trainer = world.viewers["teacher"].person_id or 0
    plan = TeachingPlan(
        iteration=1, capacity=None, version_ids=tuple(one.id for one in versions), trainer_ids=(trainer,)
    )
    made = workshops.plan_workshop(session, world.viewers["teacher"], home, school, facts(), plan)
    world.token = made.activity.token
    return made


def signed(world: World) -> dict[str, str]:
    """The signed text of every award by the code of its definition."""
    with world.database.reading() as session:
        rows = session.execute(
            select(Edition, Award.version_id)
            .join(Document, Document.id == Edition.document_id)
            .join(Award, Award.token == Document.token)
        ).all()
        return {
            session.get_one(DefinitionVersion, version).definition.code: edition.signed_text or ""
            for edition, version in rows
        }


@pytest.fixture
def all_awarded(world: World) -> World:
    """One learner with a badge of each of the twelve definitions."""
    with world.database.writing() as session:
        school = people.organisation_by_slug(session, "craft-school")
        school.may_award_ects = True
        curriculum.import_catalogue(
            session,
            world.viewers["operator"],
            data_path("credentials"),
            let=curriculum.find_let(session, "gabrovo"),
            organisation=school,
            public_url=world.settings.public_url,
        )
        versions = [one for one in curriculum.published_versions(session) if not one.content.get("pathway")]
        workshop = workshop_with(session, world, *versions)
        slugs = [one.definition.slug for one in versions]
        (learner,) = workshops.enrol(
            session, world.viewers["teacher"], workshop, [LearnerRow(1, "Petya Ivanova", None)]
        )
        person_id = learner.person_id
    assert len(slugs) == 12
    for slug in slugs:
        world.slug = slug
        world.judge(person_id, "proficient", "proficient", "exemplary")
        world.award(person_id, key=slug, sign=False)
    world.sign()
    return world


@pytest.mark.skipif(not STRICT.is_file(), reason="the strict 1EdTech schema lies outside this project")
def test_all_twelve_are_genuine_fit_the_strict_schema_and_seal_their_fact_sheet(all_awarded: World) -> None:
    strict = jsonschema.Draft201909Validator(json.loads(STRICT.read_text("utf-8")))
    badges = signed(all_awarded)
    assert len(badges) == 12
    for code, text in badges.items():
        badge = json.loads(text)
        assert judged(all_awarded, text).outcome is Outcome.GENUINE, code
        assert openbadges_faults(badge) == []
        assert [error.message for error in strict.iter_errors(badge)] == []
        assert undefined(badge) == []
        (resource,) = badge["relatedResource"]
        path = resource["id"].removeprefix(all_awarded.settings.public_url)
        with all_awarded.database.reading() as session:
            sheet = read_published(session, path)
            version = session.scalars(
                select(DefinitionVersion).where(DefinitionVersion.state == "published")
            ).all()
        assert sheet is not None
        digest = "sha256-" + base64.b64encode(sha256(sheet.body).digest()).decode()
        assert digest == resource["digestSRI"]
        assert fact_sheet_faults(json.loads(sheet.body)) == []
        rows = eu_box(json.loads(sheet.body), badge)
        assert [row.id for row in rows if row.source == "not_recorded"] == [], code
        content = next(one.content for one in version if one.content["code"] == code)
        assert [check.id for check in check_eu_elements(content, badge) if not check.ok] in ([], ["O4"])


# --- a certificate of completion, from its draft to an outsider's check


@pytest.fixture
def certified(world: World) -> World:
    """Two learners who were there and one who was not, in a workshop with a certificate of completion."""
    with world.database.writing() as session:
        willow = curriculum.find_version(session, "willow-basket", "1.0.0")
        lead = world.viewers["lead"]
        draft = curriculum.create_draft(
            session,
            lead,
            organisation_id=willow.definition.organisation_id,
            let_id=willow.definition.let_id,
            code="COC-WIL-1",
            title="A day with willow",
        )
        content: dict[str, Any] = copy.deepcopy(willow.content) | {
            "title": "A day with willow",
            "assessment_types": [],
            "evidence_required": [],
        }
        content["rubric"]["criteria"] = []
        curriculum.save_draft(session, lead, draft.id, content, draft.revision)
        curriculum.publish(session, lead, draft.id, public_url=world.settings.public_url)
        workshop_with(session, world, draft)
        world.slug = draft.definition.slug
    return world


def test_everybody_present_gets_the_certificate_and_it_says_that_nothing_was_assessed(
    certified: World,
) -> None:
    present, also, absent = certified.enrol(
        ("Petya Ivanova", None), ("Мария Георгиева", None), ("Boris Kolev", None)
    )
    with certified.database.writing() as session:
        workshop, version = certified.open(session)
        for day in workshops.days_of(workshop):
            workshops.mark_presence(session, certified.viewers["teacher"], workshop, day, {3: False})
        rows = {row.learner.person_id: row for row in actions.readiness_of(session, workshop, version)}
        assert rows[present].ready and rows[also].ready and not rows[absent].ready
        assert rows[absent].why == ("absent",)
    certified.award(present, also)
    text = signed(certified)["COC-WIL-1"]
    badge = json.loads(text)
    assert judged(certified, text).outcome is Outcome.GENUINE
    assert openbadges_faults(badge) == [] and undefined(badge) == []
    achievement = badge["credentialSubject"]["achievement"]
    assert achievement["achievementType"] == "CertificateOfCompletion"
    assert "Nothing was assessed" in achievement["criteria"]["narrative"]
    assert "result" not in badge["credentialSubject"]
    narrative = badge["evidence"][0]["narrative"]
    assert (
        narrative.startswith("Nothing was assessed") and "assessor" not in narrative.partition("Identity")[0]
    )


def test_the_pages_of_the_teacher_say_so_and_award_without_levels(certified: World, app: Flask) -> None:
    certified.enrol(("Petya Ivanova", None))
    client = app.test_client()
    client.environ_base["HTTP_X_PERSON"] = "teacher"
    address = f"/workshops/{certified.token}/assess/{certified.slug}/1.0.0"
    page = client.get(address).get_data(as_text=True)
    assert "Certificate of completion: nothing is assessed" in page
    assert "What the levels mean" not in page and 'type="radio"' not in page
    assert "Award 1 badge" in page
    asked = client.get(f"{address}/award").get_data(as_text=True)
    assert "not what they can do" in asked
