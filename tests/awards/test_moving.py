"""A card for one badge moves no other badge that its learner has in an account already."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from badge_service.awards import actions
from badge_service.awards.rules import Channel, IdentityCheck
from badge_service.awards.tables import Award
from badge_service.curriculum import actions as curriculum
from badge_service.curriculum.tables import DefinitionVersion, Let
from badge_service.errors import ConflictError
from badge_service.people import actions as people
from badge_service.people.rules import NOBODY
from badge_service.people.tables import Organisation
from badge_service.settings import data_path
from badge_service.workshops import actions as workshops
from badge_service.workshops.tables import WorkshopVersion

from .conftest import World

PASSPHRASE = "willow basket river stone"
OTHER = "hand-built-ceramics"


@pytest.fixture
def two_badges(world: World) -> list[str]:
    """One learner without an address who is given two badges in one workshop."""
    (person,) = world.enrol(("Boris Kolev", None))
    world.judge(person, "proficient", "proficient", "proficient")
    world.award(person)
    with world.database.writing() as session:
        other = _teach_another(session, world)
        workshop, _version = world.open(session)
        session.refresh(workshop, ["versions"])
        criteria = [criterion["id"] for criterion in other.content["rubric"]["criteria"]]
        cells: dict[tuple[int, str], str | None] = {(person, one): "proficient" for one in criteria}
        actions.set_levels(session, world.viewers["teacher"], workshop, other, cells)
        actions.award_ready(
            session,
            world.viewers["teacher"],
            world.settings,
            world.token,
            other,
            idempotency_key="other",
            identity_check=IdentityCheck.KNOWN,
            confirmed=[person],
            saw_evidence=True,
        )
    world.sign()
    return [award.token for award in awards(world)]


def _teach_another(session: Any, world: World) -> DefinitionVersion:
    school = people.organisation_by_slug(session, "craft-school")
    curriculum.import_catalogue(
        session,
        world.viewers["operator"],
        data_path("credentials"),
        let=session.scalars(select(Let)).one(),
        organisation=session.get_one(Organisation, school.id),
        public_url=world.settings.public_url,
        only=[OTHER],
    )
    version = curriculum.find_version(session, OTHER, "1.0.0")
    workshop, _version = world.open(session)
    session.add(WorkshopVersion(workshop_id=workshop.id, version_id=version.id))
    session.flush()
    return version


def awards(world: World) -> list[Award]:
    with world.database.reading() as session:
        return list(session.scalars(select(Award).order_by(Award.id)))


def new_card(world: World, token: str) -> str:
    with world.database.writing() as session:
        return actions.new_card(session, world.viewers["teacher"], token).code


def accept(world: World, code: str, viewer: Any = NOBODY, **answers: Any) -> None:
    with world.database.writing() as session:
        actions.claim(session, viewer, code, with_name=False, **answers)


def agree_to_photos(world: World, learner: int) -> None:
    """What the learner said at the workshop's own page goes with the place."""
    with world.database.writing() as session:
        workshop, _version = world.open(session)
        subject = f"activity:{workshop.activity.token}"
        people.give_consent(
            session, people.load_viewer(session, learner), kind="workshop_photos", subject=subject,
            text_version="1 (en)", how="joining page",
        )  # fmt: skip


def test_who_found_the_second_card_gets_neither_badge(
    world: World, app: Flask, two_badges: list[str]
) -> None:
    first, second = (new_card(world, token) for token in two_badges)
    accept(world, first, password=PASSPHRASE)
    before = [(award.person_id, award.state) for award in awards(world)]
    answer = {"answer": "accept", "name_choice": "without", "keep_in": "mine"}
    sent = app.test_client().post(f"/claim/{second}", data=answer, headers={"X-Person": "lead"})
    assert sent.status_code == 409 and "has an account already" in sent.text
    assert [(award.person_id, award.state) for award in awards(world)] == before
    assert [state for _person, state in before] == ["accepted", "held"]


def test_a_mailed_link_moves_no_badge_that_was_accepted(world: World, two_badges: list[str]) -> None:
    accept(world, new_card(world, two_badges[0]), password=PASSPHRASE)
    with world.database.writing() as session:
        lead = world.viewers["lead"].person_id or 0
        people.verify_address(session, lead, "lena@home.example")
        people.open_account(session, lead)
        waiting = session.scalars(select(Award).where(Award.token == two_badges[1])).one()
        code = actions.issue_code(session, waiting, Channel.MAIL, sent_to="lena@home.example")
    before = [award.person_id for award in awards(world)]
    with pytest.raises(ConflictError) as raised:
        accept(world, code)
    assert raised.value.code == "claim.other_accepted"
    assert [award.person_id for award in awards(world)] == before


def test_what_still_waits_comes_along_and_goes_back_with_an_undone_claim(
    world: World, two_badges: list[str]
) -> None:
    lead = world.viewers["lead"]
    (learner,) = {award.person_id for award in awards(world)}
    agree_to_photos(world, learner or 0)
    accept(world, new_card(world, two_badges[0]), lead, into_mine=True)
    assert [award.person_id for award in awards(world)] == [lead.person_id] * 2
    with world.database.reading() as session:
        workshop, _version = world.open(session)
        assert workshops.own_answers(session, workshop, lead.person_id or 0) == {"photos"}
    with world.database.writing() as session:
        actions.undo_claim(session, world.viewers["teacher"], two_badges[0])
    assert [(award.person_id, award.state) for award in awards(world)] == [(learner, "held")] * 2
