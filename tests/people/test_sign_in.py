"""Signing in: by password and by mailed link, with generic answers, new sessions, and no way out of this house."""

import json
import re
import time

import pytest
from sqlalchemy import select, update

from badge_service.people import accounts, actions
from badge_service.people.tables import Account, LinkToken, Person, SignIn
from badge_service.storage.tables import OutboxJob
from badge_service.web import access
from badge_service.web.forms import csrf
from badge_service.web.unit_of_work import current_session
from badge_service.web.viewer import current_viewer

PASSWORD = "four words in a row"


@pytest.fixture
def with_password(database, world):
    with database.writing() as session:
        actions.set_password(session, world.viewer(session, "teacher"), PASSWORD)
    return "todor@craft-school.example"


def test_a_password_signs_in_and_sign_out_makes_a_copied_cookie_worthless(app, browser, with_password):
    answer = browser.send("/sign-in", email="Todor@Craft-School.example", password=PASSWORD, next="/about")
    assert (answer.status_code, answer.location) == (302, "/about")
    assert browser.is_signed_in()
    copied = browser.client.get_cookie("session").value
    browser.send("/account", "/sign-out")
    assert not browser.is_signed_in()
    browser.client.set_cookie("session", copied)
    assert not browser.is_signed_in()


def test_wrong_password_and_unknown_address_get_the_same_answer(browser, with_password):
    def answer(email: str) -> tuple[int, str]:
        sent = browser.send("/sign-in", email=email, password="not the password")
        page = re.sub(r'value="[^"]*"', "", sent.get_data(as_text=True))
        return sent.status_code, page

    known, unknown, nonsense = answer(with_password), answer("nobody@craft-school.example"), answer("nobody@")
    assert known == unknown == nonsense
    assert known[0] == 401
    assert not browser.is_signed_in()


def test_an_account_without_password_cannot_be_opened_by_an_empty_one(browser, database, world):
    with database.writing() as session:
        actions.open_account(session, world.viewer(session, "teacher").person_id)
    for password in ("", " "):
        assert (
            browser.send("/sign-in", email="todor@craft-school.example", password=password).status_code == 401
        )


def test_asking_for_a_link_answers_the_same_for_known_and_unknown_addresses(browser, database):
    def answer(email: str) -> tuple[int, str, str]:
        sent = browser.ask_for_link(email)
        page = browser.get(sent.location).get_data(as_text=True)
        return sent.status_code, re.sub(r"code/.*", "", sent.location), re.sub(r'value="[^"]*"', "", page)

    assert answer("todor@craft-school.example")[:2] == answer("nobody@craft-school.example")[:2]
    one, other = (answer(email)[2] for email in ("todor@craft-school.example", "nobody@craft-school.example"))
    assert re.sub(r"/link/code/[\w-]+", "", one) == re.sub(r"/link/code/[\w-]+", "", other)
    assert {letter.to for letter in browser.mails()} == {"todor@craft-school.example"}
    with database.reading() as session:
        stored = session.scalars(select(LinkToken.email).order_by(LinkToken.id)).all()
    assert "nobody@craft-school.example" not in stored


@pytest.mark.slow
def test_known_and_unknown_addresses_take_a_similar_time(app, browser, with_password):
    from badge_service.people.accounts import check_password

    def least(email: str) -> float:
        times = []
        for _ in range(7):
            start = time.process_time()
            with app.test_request_context("/sign-in", method="POST"):
                assert check_password(email, "not the password") is None
            times.append(time.process_time() - start)
        return min(times)

    least("nobody@x.example")
    known, unknown = least(with_password), least("nobody@x.example")
    assert abs(known - unknown) < 0.5 * max(known, unknown)


def test_opening_the_mailed_link_signs_nobody_in_and_the_button_does_once(browser):
    browser.ask_for_link("todor@craft-school.example", next="/about")
    link = browser.mailed_link()
    for _ in range(3):
        assert browser.get(link).status_code == 200
    assert not browser.is_signed_in()
    answer = browser.send(link)
    assert (answer.status_code, answer.location) == (302, "/about")
    assert browser.is_signed_in()
    assert browser.get(link).status_code == 410
    assert browser.client.post(link, data=_guard(browser)).status_code == 409


def test_six_digits_sign_in_on_the_page_that_asked(browser):
    page = browser.ask_for_link("todor@craft-school.example").location
    digits = re.search(r"^(\d{3} \d{3})$", browser.mails()[0].text, re.MULTILINE)[1]
    assert browser.send(page, digits=digits).status_code == 302
    assert browser.is_signed_in()


def test_five_wrong_digits_end_the_mail_even_though_the_answers_are_refusals(browser):
    page = browser.ask_for_link("todor@craft-school.example").location
    text = browser.mails()[0].text
    digits = re.search(r"^(\d{3}) (\d{3})$", text, re.MULTILINE)
    wrong = "000000" if digits[1] + digits[2] != "000000" else "111111"
    answers = [browser.send(page, digits=wrong).status_code for _ in range(5)]
    assert answers == [422, 422, 422, 422, 410]
    assert browser.get(page).status_code == 410
    assert browser.client.post(re.search(r"/link/\S+", text)[0], data=_guard(browser)).status_code == 409
    assert not browser.is_signed_in()


def test_a_link_that_was_too_old_is_mailed_again_to_the_same_address(browser, clock):
    browser.ask_for_link("todor@craft-school.example", next="/about")
    old = browser.mailed_link()
    clock.advance(minutes=31)
    assert browser.get(old).status_code == 410
    assert browser.send(old, old + "/renew").status_code == 302
    assert browser.mails()[0].to == "todor@craft-school.example"
    fresh = browser.mailed_link()
    assert fresh != old
    assert browser.send(fresh).location == "/about"


def test_an_unknown_link_is_not_found(browser):
    assert browser.get("/link/unknown").status_code == 404
    assert browser.get("/link/code/unknown").status_code == 404


def test_the_session_is_a_new_one_after_signing_in(app, browser, database):
    browser.get("/sign-in")
    planted = browser.client.get_cookie("session").value
    browser.sign_in("todor@craft-school.example")
    with browser.client.session_transaction() as first:
        token = first["sign_in"]
    assert browser.client.get_cookie("session").value != planted
    attacker = app.test_client()
    attacker.set_cookie("session", planted)
    assert attacker.get("/account").status_code == 302
    browser.sign_in("todor@craft-school.example")
    with browser.client.session_transaction() as second:
        assert second["sign_in"] != token
    with database.reading() as session:
        stored = json.dumps([[row.token_hash] for row in session.scalars(select(SignIn))])
    assert token not in stored


def test_signing_out_everywhere_ends_other_browsers(app, browser, database, settings, world):
    from tests.people.conftest import Browser

    other = Browser(app, database, settings)
    other.sign_in("todor@craft-school.example")
    browser.sign_in("todor@craft-school.example")
    assert other.is_signed_in()
    browser.send("/account", "/account/sign-out-everywhere")
    assert not browser.is_signed_in()
    assert not other.is_signed_in()


def test_a_sign_in_ends_after_thirty_days(browser, clock):
    browser.sign_in("todor@craft-school.example")
    clock.advance(days=29)
    assert browser.is_signed_in()
    clock.advance(days=1)
    assert not browser.is_signed_in()


def test_a_closed_account_opens_by_neither_way(browser, database, with_password):
    with database.writing() as session:
        session.scalar(select(Account)).active = False
    assert browser.send("/sign-in", email=with_password, password=PASSWORD).status_code == 401
    browser.ask_for_link(with_password)
    assert browser.send(browser.mailed_link()).status_code == 403
    assert not browser.is_signed_in()


def _redirect_inputs() -> list[str]:
    return [
        "///evil.test",
        "https:evil.test",
        "javascript:alert(1)",
        "https://ok.test@evil.test",
        "/ok\r\nSet-Cookie:a=b",
        "/\\evil.test",
        "//evil.test",
        "\\\\evil.test",
        "/link/unknown/nowhere",
    ]


@pytest.mark.parametrize("target", _redirect_inputs())
def test_signing_in_never_leads_out_of_this_house(browser, with_password, target):
    answer = browser.send("/sign-in", email=with_password, password=PASSWORD, next=target)
    assert (answer.status_code, answer.location) == (302, "/")
    assert "a" not in {cookie.partition("=")[0] for cookie in answer.headers.getlist("Set-Cookie")}
    browser.send("/account", "/sign-out")
    assert browser.sign_in(with_password, next=target).location == "/"


def test_the_shared_list_of_redirects_is_refused_too(browser, with_password, shared):
    rows = json.loads((shared / "data" / "bad_inputs.json").read_text())["inputs"]
    targets = [row["input"].removeprefix("?next=") for row in rows if row["input"].startswith("?next=")]
    assert targets
    for target in targets:
        page = browser.get(f"/sign-in?next={target}").get_data(as_text=True)
        carried = re.search(r'name="next"[^>]*value="([^"]*)"', page)[1]
        answer = browser.send("/sign-in", email=with_password, password=PASSWORD, next=carried)
        assert answer.location == "/", target
        assert "Set-Cookie:a" not in str(answer.headers)
        browser.send("/account", "/sign-out")


def test_forms_without_their_guard_are_refused(browser):
    for path in ("/sign-in", "/sign-in/link", "/sign-out"):
        assert browser.client.post(path, data={"email": "todor@craft-school.example"}).status_code == 400


@pytest.mark.slow
def test_guessing_passwords_and_asking_for_links_is_slowed_down(browser, with_password):
    guesses = [browser.send("/sign-in", email=with_password, password="guess").status_code for _ in range(11)]
    assert guesses[:10] == [401] * 10
    assert guesses[10] == 429
    asks = [browser.ask_for_link("nobody@craft-school.example").status_code for _ in range(6)]
    assert asks == [302] * 5 + [429]


@pytest.mark.slow
def test_spraying_one_password_over_many_accounts_is_slowed_down(browser):
    answers = [
        browser.send("/sign-in", email=f"person{number}@craft-school.example", password="guess").status_code
        for number in range(21)
    ]
    assert answers[-1] == 429


def test_pages_of_the_signed_in_are_never_cached(browser):
    browser.sign_in("todor@craft-school.example")
    assert browser.get("/account").headers["Cache-Control"] == "no-store"


def _guard(browser) -> dict[str, str]:
    page = browser.get("/sign-in").get_data(as_text=True)
    return {"csrf_token": re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]}


def test_the_worker_is_woken_once_a_mail_is_promised_and_committed(app, browser, database):
    woken: list[int] = []

    def wake() -> None:
        with database.reading() as session:
            woken.append(len(session.scalars(select(OutboxJob)).all()))

    app.extensions["wake_worker"] = wake
    browser.ask_for_link("nobody@craft-school.example")
    assert woken == []
    browser.ask_for_link("todor@craft-school.example")
    assert woken == [1]


def test_asking_who_is_signed_in_keeps_nobody_from_writing(app, browser, database):
    def slow() -> str:
        assert current_viewer().is_signed_in
        with database.writing() as session:  # SQLite has one place to write: it must still be free
            session.execute(update(Person).values(name="Renamed meanwhile"))
        return "done"

    app.add_url_rule("/slow", view_func=csrf.exempt(access.public(slow)), methods=["POST"])
    browser.sign_in("todor@craft-school.example")
    assert browser.client.post("/slow").text == "done"


def test_who_signs_in_or_out_is_known_at_once(app, browser, database, world):
    seen = []

    def come_and_go() -> str:
        seen.append(current_viewer().is_signed_in)
        accounts.sign_in_as(actions.person_by_key(current_session(), world.teacher))
        seen.append(current_viewer().is_signed_in)
        accounts.sign_out_here()
        seen.append(current_viewer().is_signed_in)
        return "done"

    app.add_url_rule("/come", view_func=csrf.exempt(access.public(come_and_go)), methods=["POST"])
    assert browser.client.post("/come").text == "done"
    assert seen == [False, True, False]
