"""The files of a late claim become evidence of their learner with the same press that says yes."""

from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from badge_service.awards import actions
from badge_service.awards.actions import late_claims
from badge_service.awards.tables import Evidence
from badge_service.errors import NotFoundError
from badge_service.people.rules import NOBODY
from badge_service.web.uploads import clean_files
from badge_service.workshops import actions as workshops
from badge_service.workshops.rules import Said
from badge_service.workshops.tables import CheckInRequest

from .conftest import World

TEACHER, FOREIGN = {"X-Person": "teacher"}, {"X-Person": "other-teacher"}


def photo(colour: str) -> bytes:
    written = BytesIO()
    Image.new("RGB", (40, 30), colour).save(written, "PNG")
    return written.getvalue()


@pytest.fixture
def claims(world: World, class_of_three: list[int]) -> list[int]:
    """Boris with two photos, and somebody whom nobody knows with one."""
    with world.database.writing() as session:
        teacher = world.viewers["teacher"]
        workshop, _version = world.open(session)
        token = workshops.open_door(session, teacher, workshop).token
        found = []
        for name, colours in (("Boris Kolev", ("tan", "red")), ("Nobody Known", ("blue",))):
            door = workshops.find_door(session, token)
            files = clean_files([photo(one) for one in colours], where="files", most=3)
            said, folder = Said(name, None, "I wove at home."), world.settings.evidence_folder
            asked = workshops.claim(
                session, NOBODY, door, said, door.claimable[-1], files=files, folder=folder
            )
            found.append(asked.id)
    return found


def taken(world: World) -> list[Evidence]:
    with world.database.reading() as session:
        return list(session.scalars(select(Evidence).order_by(Evidence.id)))


def press(world: World, client: FlaskClient, who: dict[str, str], *picked: int, **more: str) -> int:
    with world.database.reading() as session:
        _workshop, version = world.open(session)
        data = {"version": str(version.id), "pick": [str(one) for one in picked], **more}
    answer = client.post(f"/workshops/{world.token}/check-in/evidence?late=1", data=data, headers=who)
    return answer.status_code


def test_yes_with_files_makes_private_evidence_of_that_learner_alone(
    world: World, class_of_three: list[int], claims: list[int], app: Flask
) -> None:
    boris, number = claims[0], {f"number:{claims[0]}": "2"}
    page = app.test_client().get(f"/workshops/{world.token}/check-in?late=1", headers=TEACHER).text
    assert "/check-in/evidence?late=1" in page
    assert press(world, app.test_client(), TEACHER, boris, **number) == 302
    kept = taken(world)
    assert [(one.person_id, one.by_learner, one.in_credential, one.opened_at) for one in kept] == [
        (class_of_three[1], True, False, None)
    ] * 2
    assert kept[0].text == "I wove at home."
    folder = world.settings.evidence_folder
    with world.database.writing() as session:
        assert session.get_one(CheckInRequest, boris).state == "approved"
        workshops.forget_request(session, boris, folder)
    assert actions.read_file(folder, kept[0]).startswith(b"\x89PNG")


def test_pressed_twice_the_files_are_taken_once(world: World, claims: list[int], app: Flask) -> None:
    number = {f"number:{claims[0]}": "2"}
    for _again in range(2):
        assert press(world, app.test_client(), TEACHER, claims[0], **number) == 302
    assert len(taken(world)) == 2


def test_a_wrong_number_takes_nothing_and_what_was_typed_stays(
    world: World, claims: list[int], app: Flask
) -> None:
    assert press(world, app.test_client(), TEACHER, claims[0], **{f"number:{claims[0]}": "77"}) == 422
    assert taken(world) == []


def test_what_nobody_said_yes_to_is_no_evidence(world: World, claims: list[int]) -> None:
    with world.database.writing() as session:
        place, folder = world.open(session), world.settings.evidence_folder
        assert late_claims.take_claims(session, world.viewers["teacher"], *place, claims, folder) == []
        with pytest.raises(NotFoundError):
            late_claims.take_claims(session, world.viewers["other-teacher"], *place, claims, folder)


def test_another_school_and_another_micro_credential_find_nothing(
    world: World, claims: list[int], app: Flask
) -> None:
    assert press(world, app.test_client(), FOREIGN, claims[0]) == 404
    assert press(world, app.test_client(), TEACHER, claims[0], version="999") == 404
    assert taken(world) == []


def test_the_button_stands_beside_yes_for_late_claims_only(
    world: World, claims: list[int], app: Flask
) -> None:
    here = app.test_client().get(f"/workshops/{world.token}/check-in", headers=TEACHER).text
    assert "/check-in/evidence" not in here
