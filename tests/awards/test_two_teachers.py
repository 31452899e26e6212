"""Two pages of one matrix: what one teacher saved is never erased by the older page of another, and nothing typed is lost."""

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from badge_service.awards import actions
from badge_service.awards.actions import LearnerRow

from .conftest import World

TEACHER = {"X-Person": "teacher"}


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def matrix(world: World) -> str:
    return f"/workshops/{world.token}/assess/{world.slug}/1.0.0"


def opened(world: World, client: FlaskClient) -> dict[str, str]:
    """Every field of the page as a browser would send it back."""
    page = client.get(matrix(world), headers=TEACHER).text
    return fields(page)


def fields(page: str) -> dict[str, str]:
    found = dict(re.findall(r'<input type="radio" name="([^"]+)" value="([^"]*)" checked>', page))
    found |= dict(re.findall(r'<input type="hidden" name="(was:[^"]+)" value="([^"]*)"', page))
    found |= dict(re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>([^<]*)</textarea>', page))
    return {name: unescape(value) for name, value in found.items()}


def rows(world: World) -> list[LearnerRow]:
    with world.database.reading() as session:
        return actions.readiness_of(session, *world.open(session))


def test_an_older_page_erases_nothing(world: World, client: FlaskClient) -> None:
    world.enrol(("Petya Ivanova", None), ("Boris Kolev", None))
    first, second = opened(world, client), opened(world, client)
    assert client.post(matrix(world), data=first | {"1:C1": "proficient"}, headers=TEACHER).status_code == 302
    assert client.post(matrix(world), data=second | {"2:C1": "exemplary"}, headers=TEACHER).status_code == 302
    assert [row.levels for row in rows(world)] == [{"C1": "proficient"}, {"C1": "exemplary"}]


@pytest.mark.parametrize("button", [{}, {"go": "award"}])
def test_two_different_levels_for_one_cell_are_shown_and_the_teacher_chooses(
    world: World, client: FlaskClient, button: dict[str, str]
) -> None:
    world.enrol(("Petya Ivanova", None))
    first, second = opened(world, client), opened(world, client)
    client.post(matrix(world), data=first | {"1:C1": "developing"}, headers=TEACHER)
    typed = second | {"1:C1": "exemplary", "1:C2": "proficient"} | button
    answer = client.post(matrix(world), data=typed, headers=TEACHER)
    assert answer.status_code == 409
    notice = answer.text.split("notice-warning")[1].split("</ul>")[0]
    for words in ("Petya Ivanova", "Structure and finish", "Exemplary", "Developing"):
        assert words in notice, words
    assert rows(world)[0].levels == {"C1": "developing", "C2": "proficient"}
    again = fields(answer.text) | {"1:C1": "exemplary"}
    assert client.post(matrix(world), data=again, headers=TEACHER).status_code == 302
    assert rows(world)[0].levels["C1"] == "exemplary"


def test_two_different_reasons_are_both_shown(world: World, client: FlaskClient) -> None:
    (petya,) = world.enrol(("Petya Ivanova", None))
    world.judge(petya, "developing", "proficient", "proficient")
    first, second = opened(world, client), opened(world, client)
    assert first["was:1:reason"] == ""
    client.post(matrix(world), data=first | {"1:reason": "She helped others."}, headers=TEACHER)
    typed = second | {"1:reason": "Her hand was\r\nhurt."}
    answer = client.post(matrix(world), data=typed, headers=TEACHER)
    assert answer.status_code == 409
    assert "She helped others." in answer.text and "Her hand was\nhurt." in answer.text
    assert rows(world)[0].reason == "She helped others."


def test_the_script_is_told_of_a_clash_and_of_what_stands_there(world: World, client: FlaskClient) -> None:
    world.enrol(("Petya Ivanova", None))
    page = f"{matrix(world)}/learner/1"
    client.post(page, data={"1:C1": "developing", "was:1:C1": ""}, headers=TEACHER)
    told = client.post(page, data={"1:C1": "exemplary", "was:1:C1": ""}, headers=TEACHER).get_json()
    assert told["theirs"] == {"1:C1": "developing"} and "Developing" in told["notice"]
    same = client.post(page, data={"1:C1": "developing", "was:1:C1": ""}, headers=TEACHER).get_json()
    assert same["theirs"] == {} and same["notice"] == ""
    assert rows(world)[0].levels == {"C1": "developing"}


def test_a_reason_that_is_too_long_comes_back_with_everything_typed(
    world: World, client: FlaskClient
) -> None:
    (petya,) = world.enrol(("Petya Ivanova", None))
    world.judge(petya, "developing", "proficient", "proficient")
    typed = opened(world, client) | {"1:reason": "x" * 1001, "1:C3": "exemplary"}
    answer = client.post(matrix(world), data=typed, headers=TEACHER)
    assert answer.status_code == 422 and "1000 is the most" in answer.text
    kept = fields(answer.text)
    assert (kept["1:reason"], kept["1:C3"], kept["was:1:C3"]) == ("x" * 1001, "exemplary", "proficient")
    assert rows(world)[0].levels["C3"] == "proficient"
    told = client.post(f"{matrix(world)}/learner/1", data=typed, headers=TEACHER)
    assert told.status_code == 422 and "1000 is the most" in told.get_json()["problem"]


def test_a_line_break_counts_as_one_letter_as_in_the_browser(world: World, client: FlaskClient) -> None:
    (petya,) = world.enrol(("Petya Ivanova", None))
    world.judge(petya, "developing", "proficient", "proficient")
    typed = {"1:reason": "\r\n".join(["x"] * 500) + "y"}
    assert client.post(matrix(world), data=typed, headers=TEACHER).status_code == 302
    assert rows(world)[0].reason == "\n".join(["x"] * 500) + "y"
