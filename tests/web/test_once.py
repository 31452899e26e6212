"""A form that arrives twice is done once, and both times answered alike; another person or content is another form."""

import io
import re

import pytest
from flask import Flask, redirect, render_template_string, request
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from badge_service.storage.session import Database
from badge_service.web import access
from badge_service.web.once import BY_SCRIPT, once, once_field
from badge_service.web.tables import AnsweredForm
from badge_service.web.unit_of_work import current_session

KEY = "0123456789abcdef0123456789abcdef"
PAGE = "{% extends 'web/layout.html' %}{% block main %}{% endblock %}"


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    @once
    def do() -> object:
        current_session().execute(text("INSERT INTO notes VALUES ('done')"))
        if request.form.get("words") == "wrong":
            return str(once_field()), 422
        return redirect("/there")

    app.add_url_rule("/do", "do", access.public(do), methods=["POST"])
    app.add_url_rule("/there", "there", access.public(lambda: render_template_string(PAGE)))
    app.add_url_rule("/form", "form", access.public(lambda: str(once_field())))
    return app.test_client()


def done(database: Database) -> int:
    with database.reading() as session:
        return int(session.execute(text("SELECT count(*) FROM notes")).scalar_one())


def send(client: FlaskClient, person: str = "plain", **fields: object):
    return client.post("/do", data={"once": KEY, **fields}, headers={"X-Person": person})


def test_the_same_form_again_gets_the_same_answer_and_changes_nothing(
    client: FlaskClient, database: Database
) -> None:
    first, second = send(client, words="a"), send(client, words="a")
    assert (first.status_code, first.location) == (second.status_code, second.location) == (302, "/there")
    assert done(database) == 1
    assert "This arrived before" in client.get("/there", headers={"X-Person": "plain"}).text


def test_another_person_other_words_and_another_file_are_other_forms(
    client: FlaskClient, database: Database
) -> None:
    for person, words in (("plain", "a"), ("nobody", "a"), ("plain", "b")):
        send(client, person, words=words)
    for content in (b"one", b"two", b"two"):
        send(client, file=(io.BytesIO(content), "note.txt"))
    assert done(database) == 5


def test_a_form_that_was_refused_may_be_sent_again_with_its_key(
    client: FlaskClient, database: Database
) -> None:
    refused = send(client, words="wrong")
    assert refused.status_code == 422
    assert KEY in refused.text
    assert done(database) == 0
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(AnsweredForm)) == 0


@pytest.mark.parametrize("key", ["", "x" * 32, KEY.upper(), KEY + "0", "0" * 100_000])
def test_a_form_without_a_key_of_ours_is_done_each_time(
    client: FlaskClient, database: Database, key: str
) -> None:
    for _ in range(2):
        assert send(client, once=key).status_code == 302
    assert done(database) == 2


def test_a_key_is_forgotten_after_seven_days(client: FlaskClient, database: Database, clock) -> None:
    send(client)
    clock.advance(days=7, seconds=1)
    send(client)
    assert done(database) == 2
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(AnsweredForm)) == 1


def test_to_the_script_a_redirect_is_told_in_a_word(client: FlaskClient) -> None:
    for _ in range(2):
        answer = client.post("/do", data={"once": KEY}, headers={BY_SCRIPT: "1"})
        assert (answer.status_code, answer.json) == (200, {"go": "/there"})


def test_every_form_has_a_key_of_its_own_and_only_a_signed_in_browser_is_kept_for(
    client: FlaskClient,
) -> None:
    keys = {re.search(r'value="([0-9a-f]{32})"', client.get("/form").text)[1] for _ in range(2)}
    assert len(keys) == 2
    owners = [
        re.search(r'data-owner="([0-9a-f]{16})"', client.get("/there", headers={"X-Person": name}).text)[1]
        for name in ("plain", "plain")
    ]
    assert owners[0] == owners[1]
    assert "data-owner" not in client.get("/there").text
