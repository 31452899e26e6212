"""Pages where somebody decides: what is wrong stands beside where it is, linked from the top, and nothing typed is lost."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from badge_service.awards import actions

from .conftest import SLUG, World

ADMIN, TEACHER = {"X-Person": "admin"}, {"X-Person": "teacher"}


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def held(world: World, class_of_three: list[int]) -> str:
    """Two of three learners are more than one person may award that day."""
    with world.database.writing() as session:
        actions.set_limits(session, world.viewers["admin"], "craft-school", a_day=1, an_hour=100)
    return f"/awards/batches/{world.award(*class_of_three)}/second"


def linked(page: str) -> set[str]:
    """The ids that complaints lead to; each must be there."""
    targets = set(re.findall(r'<li><a href="#([^"]+)">', page))
    assert all(f'id="{one}"' in page for one in targets)
    return targets


def test_whoever_ticks_somebody_and_presses_confirm_awards_nobody(
    world: World, client: FlaskClient, held: str
) -> None:
    typed = {"learner": "2", "reason": "She left early.", "count": "2"}
    answer = client.post(f"{held}/confirm", data=typed, headers=ADMIN)
    assert answer.status_code == 422
    assert 'value="2" checked' in answer.text and "She left early." in answer.text
    assert linked(answer.text) == {"learners"} and 'id="learners-errors"' in answer.text
    struck = client.post(f"{held}/refuse", data=typed, headers=ADMIN, follow_redirects=True)
    assert "1 learner was struck from the list" in struck.text and "Confirm 1 badge" in struck.text
    done = client.post(f"{held}/confirm", data={"count": "1"}, headers=ADMIN, follow_redirects=True)
    assert "The badges are awarded now" in done.text


def test_one_form_has_both_buttons_and_the_first_person_only_one(client: FlaskClient, held: str) -> None:
    second, first = client.get(held, headers=ADMIN).text, client.get(held, headers=TEACHER).text
    (form,) = re.findall(r'<form method="post" novalidate>.*?</form>', second, re.DOTALL)
    assert form.count("formaction=") == 2 and f'formaction="{held}/confirm"' in form
    assert first.count("formaction=") == 1


def test_striking_without_ticks_and_words_says_both_beside_where_they_are(
    client: FlaskClient, held: str
) -> None:
    answer = client.post(f"{held}/refuse", data={}, headers=ADMIN)
    assert answer.status_code == 422 and linked(answer.text) == {"learners", "reason"}
    assert 'id="reason-errors"' in answer.text and 'id="learners-errors"' in answer.text


def test_what_is_not_ticked_on_the_award_button_is_linked_and_beside_it(
    world: World, client: FlaskClient
) -> None:
    world.enrol(("Petya Ivanova", None), ("Boris Kolev", None), ("Мария Георгиева", None))
    with world.database.writing() as session:
        workshop, version = world.open(session)
        actions.set_levels_for_group(session, world.viewers["teacher"], workshop, version, "proficient")
    address = f"/workshops/{world.token}/assess/{SLUG}/1.0.0/award"
    page = client.get(address, headers=TEACHER).text
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key is not None
    answer = client.post(address, data={"key": key[1], "learner": ["1", "2", "3"]}, headers=TEACHER)
    assert answer.status_code == 422 and linked(answer.text) == {"saw_each", "saw_evidence"}
    for name in ("saw_each", "seen"):
        box = re.search(rf'<input type="checkbox" name="{name}"[^>]*>', answer.text)
        assert box is not None and 'aria-invalid="true"' in box[0] and "-errors" in box[0]
    nobody = client.post(address, data={"key": key[1]}, headers=TEACHER)
    assert linked(nobody.text) == {"learners"} and 'id="learners-errors"' in nobody.text
