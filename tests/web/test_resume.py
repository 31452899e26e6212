"""A form sent after the session ended, or with a stale token, comes back with everything typed."""

import pytest
from flask import Flask

from badge_service.web import access

HERE = {"Sec-Fetch-Site": "same-origin"}
TYPED = {"title": "Willow & <reed>", "story": "one\ntwo", "password": "hush", "csrf_token": "old"}


@pytest.fixture
def room(app: Flask) -> Flask:
    app.config["SIGN_IN_ENDPOINT"] = "sign_in"
    app.add_url_rule("/sign-in", "sign_in", access.public(lambda: "sign in"))
    app.add_url_rule("/room", "room", access.signed_in(lambda: "saved"), methods=["GET", "POST"])
    return app


def test_what_was_typed_is_on_the_page_that_asks_to_sign_in(room: Flask) -> None:
    answer = room.test_client().post("/room?x=1", data=TYPED, headers=HERE)
    assert answer.status_code == 401
    assert 'action="/room?x=1"' in answer.text
    assert 'value="Willow &amp; &lt;reed&gt;"' in answer.text
    assert 'name="story" value="one\ntwo"' in answer.text
    assert 'href="/sign-in' in answer.text


def test_no_secret_is_sent_back(room: Flask) -> None:
    answer = room.test_client().post("/room", data=TYPED, headers=HERE)
    assert "hush" not in answer.text
    assert 'value="old"' not in answer.text


def test_a_form_from_another_site_is_not_offered_again(room: Flask) -> None:
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {}):
        answer = room.test_client().post("/room", data=TYPED, headers=headers)
        assert answer.status_code == 401
        assert "Willow" not in answer.text
        assert "Set-Cookie" not in answer.headers


def test_sending_again_after_signing_in_saves(app: Flask, room: Flask) -> None:
    room.config.update(WTF_CSRF_ENABLED=True)
    client = room.test_client()
    first = client.post("/room", data=TYPED, headers=HERE)
    assert first.status_code == 401
    assert "Willow" in first.text
    token = first.text.split('name="csrf_token" value="')[1].split('"')[0]
    again = client.post("/room", data={**TYPED, "csrf_token": token}, headers={**HERE, "X-Person": "plain"})
    assert again.text == "saved"


def test_a_stale_token_of_a_signed_in_person_is_one_press_away_from_saved(room: Flask) -> None:
    room.config.update(WTF_CSRF_ENABLED=True)
    client = room.test_client()
    person = {**HERE, "X-Person": "plain"}
    first = client.post("/room", data=TYPED, headers=person)
    assert first.status_code == 400
    assert "Willow" in first.text
    token = first.text.split('name="csrf_token" value="')[-1].split('"')[0]
    assert client.post("/room", data={**TYPED, "csrf_token": token}, headers=person).text == "saved"


def test_a_stale_token_from_another_site_is_refused_without_an_offer(room: Flask) -> None:
    room.config.update(WTF_CSRF_ENABLED=True)
    answer = room.test_client().post(
        "/room", data=TYPED, headers={"Sec-Fetch-Site": "cross-site", "X-Person": "plain"}
    )
    assert answer.status_code == 400
    assert "Willow" not in answer.text
