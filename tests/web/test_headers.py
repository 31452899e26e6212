"""What the browser is told about safety."""

import pytest
from flask import Flask, request, session
from sqlalchemy import text

from badge_service.web import access
from badge_service.web.shell import init_shell
from badge_service.web.viewer import current_viewer


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere(app: Flask) -> None:
    policy = app.test_client().get("/nope").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "data:" not in policy
    assert "http" not in policy


def test_every_answer_carries_the_safety_headers(app: Flask) -> None:
    app.add_url_rule("/", "home", access.public(lambda: "in"))
    for path in ("/", "/nope", "/static/web/base.css"):
        headers = app.test_client().get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "camera=(self)" in headers["Permissions-Policy"]
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_a_page_of_a_signed_in_person_is_never_kept(app: Flask) -> None:
    app.add_url_rule("/", "home", access.public(lambda: current_viewer().display_name))
    client = app.test_client()
    assert client.get("/", headers={"X-Person": "plain"}).headers["Cache-Control"] == "no-store"
    assert client.get("/").headers["Cache-Control"] == "private, no-cache"


def test_a_page_for_a_stranger_sets_no_cookie(app: Flask) -> None:
    assert "Set-Cookie" not in app.test_client().get("/nope").headers


def test_cookies_are_host_bound_and_secure_on_https_only(app: Flask, database) -> None:
    assert app.config["SESSION_COOKIE_NAME"] == "session"
    assert app.config["SESSION_COOKIE_SECURE"] is False
    real = Flask("real", root_path=app.root_path)
    real.config.update(SECRET_KEY="for tests only", PUBLIC_URL="https://badges.example")
    real.extensions["badge_database"] = database
    init_shell(real)
    real.add_url_rule("/", "home", access.public(lambda: _touch_session()))
    answer = real.test_client().get("/", base_url="https://badges.example")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    assert all(flag in cookie for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert "Domain" not in cookie
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def _touch_session() -> str:
    session["seen"] = True
    return "in"


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/notes/%00", None),
        ("/notes/a?text=%00", None),
        ("/notes/a?%00=a", None),
        ("/nothing%00", None),
        ("/notes/a", {"text": "a\0b"}),
        ("/notes/a", {"a\0": "b"}),
    ],
)
def test_what_no_database_stores_is_refused_at_the_door(app, database, path, data):
    def view(name: str) -> str:
        asked = [name, *request.values.keys(), *request.values.values()]
        with database.reading() as session:
            found = [
                session.scalar(text("SELECT words FROM notes WHERE words = :w"), {"w": w}) for w in asked
            ]
        return str(found)

    app.add_url_rule("/notes/<name>", view_func=access.public(view), methods=["GET", "POST"])
    browser = app.test_client()
    answer = browser.post(path, data=data) if data else browser.get(path)
    assert answer.status_code == 400
    assert "could not be understood" in answer.text
    fine = browser.post("/notes/Ана?text=Ж", data={"text": "ў\n"})
    assert fine.status_code == 200
