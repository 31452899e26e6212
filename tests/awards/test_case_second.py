"""A decision about prior learning beyond one person's number for the day is written down, and signed once a colleague agrees."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from badge_service.awards import actions
from badge_service.awards.actions.cases import ask_for_recognition, name_assessor, open_case
from badge_service.awards.rules.cases import CaseState
from badge_service.awards.tables import Award, RecognitionCase
from badge_service.curriculum import actions as curriculum
from badge_service.errors import ConflictError
from badge_service.people import actions as people
from badge_service.people.rules import Role
from badge_service.register.rules import RevocationReason
from badge_service.storage.session import now
from badge_service.web import mail
from badge_service.worker import Worker

from .conftest import SLUG, World

TEACHER, SECOND = {"X-Person": "teacher"}, {"X-Person": "silvia"}


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def page(world: World, client: FlaskClient, tmp_path: Path) -> str:
    """A case that its assessor has decided although none was left for the day; its page."""
    with world.database.writing() as session:
        boss, school = world.viewers["operator"], people.organisation_by_slug(session, "craft-school")
        other = people.add_person(session, boss, "Silvia Second", "silvia@school.example")
        people.grant_role(session, boss, other, Role.TEACHER, school)
        world.viewers["silvia"] = people.load_viewer(session, other.id)
        actions.set_limits(session, world.viewers["admin"], "craft-school", a_day=0, an_hour=100)
        teacher, version = world.viewers["teacher"], curriculum.find_version(session, SLUG, "1.0.0")
        case = open_case(session, teacher, version, name="Jan Karel", email="jan@home.example")
        cells = {(case.person_id, f"C{place}"): "proficient" for place in (1, 2, 3)}
        actions.set_levels(session, teacher, case, case.version, cells)
        piece = actions.HandedIn("A talk", text="He showed it.")
        actions.add_evidence(session, teacher, case, case.version, piece, tmp_path)
        address = f"/recognition/cases/{case.token}"
    asked = client.get(address, headers=TEACHER).text
    assert "a colleague confirms it before it is signed" in asked and "Give this badge" in asked
    client.post(f"{address}/award", data={"seen": "y", "identity_check": "known"}, headers=TEACHER)
    return address


def state(world: World) -> tuple[str, int]:
    """The state of the case, and how many badges there are."""
    with world.database.reading() as session:
        case = session.scalars(select(RecognitionCase)).unique().one()
        return case.state, len(session.scalars(select(Award.id)).all())


def mailed(world: World) -> set[str]:
    Worker(world.settings, world.database, world.keyring).run_until_quiet()
    return {one.to for one in mail.laid_mails(world.settings.mail_folder)}


def test_it_is_written_down_and_given_once_a_colleague_confirms(
    world: World, client: FlaskClient, page: str, clock: Any
) -> None:
    assert state(world) == (CaseState.SECOND, 0)
    assert mailed(world) == {"silvia@school.example"}
    assert "Take the decision back" in client.get(page, headers=TEACHER).text
    assert client.post(f"{page}/second", data={"answer": "yes"}, headers=TEACHER).status_code == 403
    stranger = client.post(f"{page}/second", data={"answer": "yes"}, headers={"X-Person": "other-teacher"})
    assert stranger.status_code == 404
    assert state(world) == (CaseState.SECOND, 0)
    assert page in client.get("/", headers=SECOND).text and page not in client.get("/", headers=TEACHER).text
    assert "Confirm this badge" in client.get(page, headers=SECOND).text
    assert client.post(f"{page}/second", data={"answer": "yes"}, headers=SECOND).status_code == 302
    assert state(world) == (CaseState.AWARDED, 1)
    with world.database.reading() as session:
        award = session.scalars(select(Award)).one()
        assert award.decided_by == world.viewers["teacher"].key and award.identity_check == "known"
        allowed = actions.allowance(session, award.organisation_id, award.decided_by)
        assert (allowed.given_today, allowed.decided_this_hour) == (0, 1)
    again = client.post(f"{page}/second", data={"answer": "yes"}, headers=SECOND)
    assert again.status_code == 409 and state(world) == (CaseState.AWARDED, 1)
    clock.advance(minutes=15)
    assert "jan@home.example" in mailed(world)


def test_a_colleague_sends_it_back_and_the_assessor_hears_of_it(
    world: World, client: FlaskClient, page: str
) -> None:
    mailed(world)
    client.post(f"{page}/second", data={"answer": "back"}, headers=SECOND)
    assert state(world) == (CaseState.ASSESSED, 0)
    assert mailed(world) == {"silvia@school.example", "teacher@craft-school.example"}
    assert "Give this badge" in client.get(page, headers=TEACHER).text


def test_other_levels_take_the_decision_back(world: World, client: FlaskClient, page: str) -> None:
    client.post(f"{page}/levels", data={"1:C1": "exemplary"}, headers=TEACHER)
    assert state(world) == (CaseState.ASSESSED, 0)
    assert client.post(f"{page}/second", data={"answer": "yes"}, headers=SECOND).status_code == 409


def test_the_levels_of_a_closed_case_stay(world: World, client: FlaskClient, page: str) -> None:
    client.post(f"{page}/second", data={"answer": "yes"}, headers=SECOND)
    assert client.post(f"{page}/levels", data={"1:C1": "exemplary"}, headers=TEACHER).status_code == 409
    assert state(world) == (CaseState.AWARDED, 1)


def test_undoing_the_person_takes_back_what_waits(world: World, client: FlaskClient, page: str) -> None:
    admin, about = world.viewers["admin"], world.viewers["teacher"].key
    with world.database.writing() as session:
        since = now(session)
        assert actions.would_undo(session, admin, "craft-school", about, since).waiting == 1
        actions.undo_since(session, admin, "craft-school", about, since, RevocationReason.MISTAKE)
        with pytest.raises(ConflictError):
            actions.undo_since(session, admin, "craft-school", about, since, RevocationReason.MISTAKE)
    assert client.post(f"{page}/second", data={"answer": "yes"}, headers=SECOND).status_code == 409
    assert state(world) == (CaseState.ASSESSED, 0)


def test_nobody_is_asked_for_the_same_badge_twice_meanwhile(world: World, page: str) -> None:
    with world.database.writing() as session:
        case = session.scalars(select(RecognitionCase)).unique().one()
        with pytest.raises(ConflictError):
            ask_for_recognition(session, people.load_viewer(session, case.person_id), case.version, "")
        with pytest.raises(ConflictError):
            name_assessor(session, world.viewers["silvia"], case.token, world.viewers["silvia"].person_id)
