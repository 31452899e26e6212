"""Machines get the published bytes exactly, with nothing added and nobody tracked."""

import pytest
from flask import Flask

from badge_service.register.actions import mark_gone, publish, set_visible
from badge_service.storage.session import Database
from badge_service.web import access
from badge_service.web.shell import seal_shell

BODY = '{ "id":  "тест",\n"b": 1.0 }'.encode()
PATHS = [
    ("/.well-known/did.json", "application/did+json"),
    ("/issuers/school/did.json", "application/did+json"),
    ("/issuers/school/status/1.json", "application/vc+json"),
    ("/credentials/AAAAAAAAAAAAAAAAAAAAAA.json", "application/vc+ld+json"),
    ("/achievements/willow/v1.json", "application/ld+json"),
    ("/achievements/willow/v1/eu-facts.json", "application/json"),
    ("/images/willow-v1.svg", "image/svg+xml"),
]


@pytest.fixture
def site(app: Flask) -> Flask:
    def page(token: str) -> str:
        return f"page of {token}"

    app.add_url_rule("/credentials/<token>", "badge", access.public(page))
    seal_shell(app)
    return app


@pytest.mark.parametrize(("path", "media_type"), PATHS)
def test_the_bytes_their_type_and_nothing_else(
    site: Flask, database: Database, path: str, media_type: str
) -> None:
    with database.writing() as session:
        publish(session, path, BODY, media_type)
    answer = site.test_client().get(
        path, headers={"X-Person": "plain", "Accept": "text/html", "Cookie": "language=bg"}
    )
    assert answer.status_code == 200
    assert answer.data == BODY
    assert answer.headers["Content-Type"] == media_type
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in answer.headers
    assert answer.headers.get("Vary") == ("Accept" if "/status/" in path or "/credentials/" in path else None)
    again = site.test_client().get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_the_bare_address_is_the_page_for_people(site: Flask) -> None:
    assert (
        site.test_client().get("/credentials/AAAAAAAAAAAAAAAAAAAAAA").text == "page of AAAAAAAAAAAAAAAAAAAAAA"
    )


def test_a_hidden_file_answers_as_an_unknown_one(site: Flask, database: Database) -> None:
    with database.writing() as session:
        publish(session, "/credentials/hidden.json", BODY, "application/vc+ld+json", visible=False)
    client = site.test_client()
    hidden, unknown = client.get("/credentials/hidden.json"), client.get("/credentials/unknown.json")
    assert hidden.status_code == unknown.status_code == 404
    assert hidden.data == unknown.data
    assert sorted(hidden.headers) == sorted(unknown.headers)


def test_a_file_taken_away_answers_410(site: Flask, database: Database) -> None:
    with database.writing() as session:
        publish(session, "/credentials/gone.json", BODY, "application/vc+ld+json")
    with database.writing() as session:
        set_visible(session, "/credentials/gone.json", True)
        mark_gone(session, "/credentials/gone.json")
    answer = site.test_client().get("/credentials/gone.json")
    assert answer.status_code == 410
    assert answer.content_type == "application/problem+json"


def test_a_status_list_answers_as_jwt_to_whoever_asks_for_that_form(site: Flask, database: Database) -> None:
    with database.writing() as session:
        publish(session, "/issuers/school/status/1.json", b"{}", "application/vc+json")
        publish(session, "/issuers/school/status/1.jwt", b"a.b.c", "application/vc+jwt")
    client = site.test_client()
    plain = client.get("/issuers/school/status/1.json")
    as_jwt = client.get("/issuers/school/status/1.json", headers={"Accept": "application/vc+jwt"})
    assert (plain.data, plain.mimetype) == (b"{}", "application/vc+json")
    assert (as_jwt.data, as_jwt.mimetype) == (b"a.b.c", "application/vc+jwt")
    assert "Accept" in plain.headers["Vary"]


def test_a_badge_answers_as_jwt_to_whoever_asks_for_that_form_alone(site: Flask, database: Database) -> None:
    with database.writing() as session:
        publish(session, "/credentials/badge.json", b"{}", "application/vc+ld+json")
        publish(session, "/credentials/badge.jwt", b"a.b.c", "text/plain")
    client = site.test_client()
    assert client.get("/credentials/badge.jwt").data == b"a.b.c"
    for accept, body in (
        ("text/plain", b"a.b.c"),
        ("application/vc+jwt", b"a.b.c"),
        ("application/json, text/plain, */*", b"{}"),
        ("text/html,*/*;q=0.8", b"{}"),
    ):
        answer = client.get("/credentials/badge.json", headers={"Accept": accept})
        assert answer.data == body, accept


def test_an_organisations_keys_are_served_as_one_set(site: Flask) -> None:
    answer = site.test_client().get("/.well-known/jwks.json")
    assert (answer.json, answer.mimetype) == ({"keys": []}, "application/jwk-set+json")
