"""The rows about signing in of the list of bad inputs, each tried at our real doors; what is not due or not here is named."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from badge_service.people import actions
from badge_service.storage.session import Database

from .conftest import Browser, World

PASSWORD = "four words in a row"
EMAIL = "todor@craft-school.example"
LIST = Path(__file__).parents[2] / ".." / "shared" / "data" / "bad_inputs.json"
ROWS = (
    {row["id"]: row for row in json.loads(LIST.read_text("utf-8"))["inputs"] if row["surface"] == "login"}
    if LIST.is_file()
    else {}
)
NOT_YET_DUE = {"lg-030": "two-factor codes come with a later issue"}
OVERRULED = {
    "lg-005": (401, "a wrong password is refused as such; known and unknown addresses get the same refusal"),
    "lg-006": (302, "nobody resets a password: a link is mailed, and its page is the same for all addresses"),
    "lg-007": (404, "nobody signs up: people are added by their school or claim a badge"),
    "lg-009": (302, "a page leads whoever is not signed in to the sign-in"),
    "lg-012": (302, "the same; there is one key, and no older ones beside it"),
    "lg-027": (409, "a used link is said to be used, whatever it was for"),
}


@pytest.fixture
def with_password(database: Database, world: World) -> str:
    with database.writing() as session:
        actions.set_password(session, world.viewer(session, "teacher"), PASSWORD)
    return EMAIL


def guess(browser: Browser, email: str, **headers: str) -> int:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get("/sign-in").text)
    assert found is not None
    data = {"csrf_token": found[1], "email": email, "password": "a guess"}
    return browser.client.post("/sign-in", data=data, headers=headers).status_code


def spray(browser: Browser, email: str) -> int:
    return [guess(browser, f"person{number}@craft-school.example") for number in range(25)][-1]


def spray_with_made_up_addresses(browser: Browser, email: str) -> int:
    answers = [
        guess(browser, f"p{n}@craft-school.example", **{"X-Forwarded-For": f"1.2.3.{n}"}) for n in range(25)
    ]
    return answers[-1]


def known_and_unknown(browser: Browser, email: str) -> int:
    answers = [guess(browser, one) for one in (email, "nobody@craft-school.example")]
    assert answers[0] == answers[1]
    return answers[0]


def ask_for_unknown(browser: Browser, email: str) -> int:
    return browser.ask_for_link("nobody@craft-school.example").status_code


def sign_up(browser: Browser, email: str) -> int:
    answers = {browser.get(path).status_code for path in ("/register", "/sign-up", "/account/new")}
    assert len(answers) == 1
    return answers.pop()


def replay_after_sign_out(browser: Browser, email: str) -> int:
    browser.send("/sign-in", email=email, password=PASSWORD)
    copied = browser.client.get_cookie("session")
    assert browser.is_signed_in() and copied is not None
    browser.send("/account", "/sign-out")
    browser.client.set_cookie("session", copied.value)
    return browser.get("/account").status_code


def cookie_of_another_key(browser: Browser, email: str) -> int:
    browser.send("/sign-in", email=email, password=PASSWORD)
    assert browser.is_signed_in()
    browser.client.application.config["SECRET_KEY"] = "the key before"
    return browser.get("/account").status_code


def without_token(browser: Browser, email: str) -> int:
    return browser.client.post("/sign-in", data={"email": email, "password": PASSWORD}).status_code


def token_of_another_session(browser: Browser, email: str) -> int:
    browser.send("/sign-in", email=email, password=PASSWORD)
    other = browser.client.application.test_client().get("/sign-in").text
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', other)
    assert found is not None
    return browser.client.post("/sign-out", data={"csrf_token": found[1]}).status_code


def used_link(browser: Browser, email: str) -> int:
    browser.ask_for_link(email)
    link = browser.mailed_link(email)
    page = browser.get(link).text
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found is not None and browser.client.post(link, data={"csrf_token": found[1]}).status_code == 302
    browser.send("/account", "/sign-out")
    guard = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get("/sign-in").text)
    assert guard is not None
    answer = browser.client.post(link, data={"csrf_token": guard[1]}).status_code
    assert not browser.is_signed_in()
    return answer


def cached(browser: Browser, email: str) -> int:
    browser.send("/sign-in", email=email, password=PASSWORD)
    answer = browser.get("/account")
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.status_code


def redirected(target: str) -> Callable[[Browser, str], int]:
    def probe(browser: Browser, email: str) -> int:
        answer = browser.send("/sign-in", email=email, password=PASSWORD, next=target)
        assert answer.location == "/" and "Set-Cookie: a" not in str(answer.headers)
        return answer.status_code

    return probe


PROBES: dict[str, Callable[[Browser, str], int]] = {
    "lg-002": spray,
    "lg-003": spray_with_made_up_addresses,
    "lg-005": known_and_unknown,
    "lg-006": ask_for_unknown,
    "lg-007": sign_up,
    "lg-009": replay_after_sign_out,
    "lg-012": cookie_of_another_key,
    "lg-013": without_token,
    "lg-014": token_of_another_session,
    "lg-027": used_link,
    "lg-034": cached,
}


def test_every_row_is_tried_or_named_as_not_due(shared: Path) -> None:
    redirects = {id for id, row in ROWS.items() if row["input"].startswith("?next=")}
    assert set(ROWS) == {*PROBES, *redirects, *NOT_YET_DUE}


@pytest.mark.slow
@pytest.mark.parametrize("id", [id for id in ROWS if id not in NOT_YET_DUE])
def test_bad_inputs_at_the_sign_in(browser: Browser, with_password: str, id: str) -> None:
    row = ROWS[id]
    probe = PROBES.get(id) or redirected(row["input"].removeprefix("?next="))
    expected, _reason = OVERRULED.get(id, (row["expected"]["http"], ""))
    assert probe(browser, with_password) == expected, row["input"]
