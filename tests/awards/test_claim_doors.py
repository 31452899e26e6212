"""What a code opens and what it does not: old cards tell nothing, mailed links sign into no account that was there."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from badge_service.awards import actions
from badge_service.awards.rules import AgeBand
from badge_service.awards.tables import Award
from badge_service.curriculum.rules import eu_box
from badge_service.errors import ConflictError, NotFoundError
from badge_service.people import actions as people
from badge_service.people.rules import NOBODY

from .conftest import World
from .test_claiming import PASSPHRASE, card_code, mailed_codes

ACCEPT = {"answer": "accept", "name_choice": "without"}


@pytest.fixture
def batch(world: World, class_of_three: list[int]) -> str:
    return world.award(*class_of_three)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def award_of(world: World, token: str) -> Award:
    with world.database.reading() as session:
        return session.scalars(select(Award).where(Award.token == token)).one()


def own_account(world: World, person_id: int, password: str | None) -> None:
    with world.database.writing() as session:
        people.open_account(session, person_id)
        if password:
            people.set_password(session, people.load_viewer(session, person_id), password)


@pytest.mark.parametrize("answer", [ACCEPT | {"password": PASSPHRASE}, {"answer": "decline"}])
def test_an_old_card_tells_nothing_of_an_answered_badge(
    world: World, client: FlaskClient, batch: str, answer: dict[str, str]
) -> None:
    code = card_code(world, batch)
    for words in ("Boris Kolev", "Willow", "Craft School"):
        assert words in client.get(f"/claim/{code}").text, words
    client.post(f"/claim/{code}", data=answer)
    shown = client.application.test_client().get(f"/claim/{code}")
    assert shown.status_code == 200
    for words in ("Boris", "Willow", "willow", "Craft School"):
        assert words not in shown.text, words


def test_a_mailed_link_signs_into_the_account_that_it_opens(
    world: World, client: FlaskClient, batch: str
) -> None:
    sent = client.post(f"/claim/{mailed_codes(world)['petya@school.example']}", data=ACCEPT)
    assert sent.location.startswith("/badges/")
    assert client.get(sent.location).status_code == 200


def test_a_mailed_link_leads_to_the_sign_in_of_an_account_that_was_there(
    world: World, client: FlaskClient, batch: str
) -> None:
    lead = world.viewers["lead"].person_id or 0
    own_account(world, lead, None)
    with world.database.writing() as session:
        people.verify_address(session, lead, "petya@school.example")
    sent = client.post(f"/claim/{mailed_codes(world)['petya@school.example']}", data=ACCEPT)
    assert sent.location.startswith("/sign-in?next=/badges/")
    token = sent.location.rsplit("/", 1)[1]
    assert award_of(world, token).state == "accepted" and award_of(world, token).person_id == lead
    assert client.get("/badges").status_code == 302


def test_a_mistyped_address_never_reaches_an_account_with_a_passphrase(
    world: World, client: FlaskClient, batch: str, class_of_three: list[int]
) -> None:
    petya = class_of_three[0]
    own_account(world, petya, PASSPHRASE)
    sent = client.post(f"/claim/{mailed_codes(world)['petya@school.example']}", data=ACCEPT)
    award = award_of(world, sent.location.rsplit("/", 1)[1])
    assert award.state == "accepted" and award.person_id != petya
    with world.database.reading() as session:
        assert people.person_to_write_to(session, "petya@school.example").id == award.person_id  # type: ignore[union-attr]
        assert not any(one.verified_at for one in people.addresses(session, petya))
    with world.database.writing() as session:
        actions.undo_claim(session, world.viewers["teacher"], award.token)
    assert award_of(world, award.token).person_id == petya


def test_a_sign_in_link_to_an_unproven_address_opens_no_account_with_a_passphrase(
    world: World, class_of_three: list[int]
) -> None:
    own_account(world, class_of_three[0], PASSPHRASE)
    with world.database.reading() as session:
        assert people.account_by_email(session, "petya@school.example") is None
        assert people.person_to_write_to(session, "petya@school.example") is None


def test_a_known_age_is_not_overwritten(world: World, batch: str, class_of_three: list[int]) -> None:
    code = card_code(world, batch)
    with world.database.writing() as session:
        people.person_by_id(session, class_of_three[1]).age_band = AgeBand.UNDER_LIMIT.value
    answers: dict[str, Any] = {"password": PASSPHRASE, "age": AgeBand.ADULT}
    with world.database.writing() as session:
        actions.claim(session, NOBODY, code, with_name=False, **answers)
    with world.database.reading() as session:
        assert people.person_by_id(session, class_of_three[1]).age_band == "under_limit"


def test_a_learner_without_email_comes_back_with_a_return_card_alone(
    world: World, client: FlaskClient, batch: str
) -> None:
    old = card_code(world, batch)
    sent = client.post(f"/claim/{old}", data=ACCEPT | {"password": PASSPHRASE})
    token = sent.location.rsplit("/", 1)[1]
    page = client.get(f"/awards/{token}", headers={"X-Person": "teacher"})
    assert "Return card (PDF)" in page.text
    printed = client.post(f"/awards/{token}/card.pdf", headers={"X-Person": "teacher"})
    assert printed.mimetype == "application/pdf"
    with world.database.writing() as session:
        fresh = actions.return_card(session, world.viewers["teacher"], token).code
    visitor = client.application.test_client()
    assert visitor.post(f"/claim/{old}/open", data={"password": PASSPHRASE}).status_code == 422
    shown = visitor.get(f"/claim/{fresh}").text
    assert "choose a new passphrase" in shown and "Boris" not in shown
    assert visitor.post(f"/claim/{fresh}/open", data={"password": "short"}).status_code == 422
    new = "another four words here"
    assert visitor.post(f"/claim/{fresh}/open", data={"password": new}).location == "/badges"
    assert visitor.get(f"/badges/{token}").status_code == 200
    assert client.get("/badges").status_code == 302, "the old sign-in has ended"
    third = client.application.test_client()
    assert third.post(f"/claim/{fresh}/open", data={"password": PASSPHRASE}).status_code == 422
    assert third.post(f"/claim/{fresh}/open", data={"password": new}).location == "/badges"


def test_a_claim_can_be_undone_after_a_return_card_too(world: World, batch: str) -> None:
    code = card_code(world, batch)
    with world.database.writing() as session:
        award = actions.claim(session, NOBODY, code, with_name=False, password=PASSPHRASE).award
    with world.database.writing() as session:
        fresh = actions.return_card(session, world.viewers["teacher"], award.token).code
        actions.undo_claim(session, world.viewers["teacher"], award.token)
        assert people.account_of(session, award.person_id or 0) is None
        with pytest.raises(NotFoundError):
            actions.look_at_claim(session, fresh)


def test_no_return_card_takes_over_an_address_of_the_learners_own(
    world: World, client: FlaskClient, batch: str
) -> None:
    sent = client.post(f"/claim/{mailed_codes(world)['petya@school.example']}", data=ACCEPT)
    token = sent.location.rsplit("/", 1)[1]
    with world.database.writing() as session:
        award = session.scalars(select(Award).where(Award.token == token)).one()
        people.verify_address(session, award.person_id or 0, "petya@home.example")
    assert "Return card" not in client.get(f"/awards/{token}", headers={"X-Person": "teacher"}).text
    assert client.post(f"/awards/{token}/card.pdf", headers={"X-Person": "teacher"}).status_code == 409


def test_no_return_card_takes_over_somebody_with_a_role(world: World, batch: str) -> None:
    code, admin = card_code(world, batch), world.viewers["admin"]
    with world.database.writing() as session:
        award = actions.claim(session, admin, code, with_name=False, into_mine=True).award
    with world.database.writing() as session, pytest.raises(ConflictError):
        actions.return_card(session, world.viewers["teacher"], award.token)


def test_a_badge_without_attached_evidence_says_so(world: World, batch: str) -> None:
    with world.database.reading() as session:
        content = actions.latest_content(session, session.scalars(select(Award)).all()[0])
    narrative = content["evidence"][0]["narrative"]
    assert "No evidence was attached in this service. Learners in the group: 3." in narrative
    assert "looked at" not in narrative
    (identity,) = [row for row in eu_box(None, content) if row.id == "O2"]
    assert identity.value == "known to the assessor"
