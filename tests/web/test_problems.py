"""Every error becomes one page in plain words, or problem+json for machines."""

import pytest
from flask import Flask, Response, abort, request

from badge_service.errors import (
    ConflictError,
    Fault,
    InvalidError,
    NotAllowedError,
    NotFoundError,
    UnavailableError,
)
from badge_service.web import access

FAMILIES = [
    (InvalidError("wrong", faults=[Fault("title", "is empty", "empty")], hint="fill it in"), 422),
    (InvalidError("unreadable"), 400),
    (NotFoundError("nothing"), 404),
    (NotAllowedError("not yours"), 403),
    (ConflictError("too late"), 409),
    (UnavailableError("the signer is away"), 503),
]


def _raise(app: Flask, path: str, error: Exception) -> None:
    def view() -> str:
        raise error

    app.add_url_rule(path, "raise", access.public(view), methods=["GET", "POST"])


@pytest.mark.parametrize(("error", "status"), FAMILIES)
def test_each_family_has_its_status_and_its_words(app: Flask, error, status: int) -> None:
    _raise(app, "/do", error)
    answer = app.test_client().get("/do")
    assert answer.status_code == status
    assert error.message in answer.text
    assert error.hint in answer.text
    assert all(fault.message in answer.text for fault in error.faults)
    assert '<html lang="en">' in answer.text


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/api/do", {}),
        ("/do.json", {}),
        ("/do", {"Accept": "application/json"}),
        ("/do", {"Accept": "application/problem+json"}),
    ],
)
def test_machines_get_problem_json(app: Flask, path: str, headers: dict[str, str]) -> None:
    error, status = FAMILIES[0]
    _raise(app, path, error)
    answer = app.test_client().get(path, headers=headers)
    assert answer.content_type == "application/problem+json"
    body = answer.get_json(force=True)
    assert (body["status"], body["code"], body["hint"]) == (status, "invalid", "fill it in")
    assert body["faults"] == [{"where": "title", "message": "is empty", "code": "empty"}]


def test_a_browser_that_also_takes_json_gets_a_page(app: Flask) -> None:
    answer = app.test_client().get("/nope", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert answer.content_type.startswith("text/html")


def test_a_bug_tells_nothing_about_itself(app: Flask) -> None:
    _raise(app, "/do", ValueError("secret detail"))
    answer = app.test_client().get("/do")
    assert answer.status_code == 500
    assert "secret detail" not in answer.text


def test_user_text_in_a_problem_is_escaped(app: Flask) -> None:
    _raise(app, "/do", InvalidError("<script>alert(1)</script>"))
    assert "<script>alert" not in app.test_client().get("/do").text


def test_a_wrong_verb_says_which_ones_work(app: Flask) -> None:
    app.add_url_rule("/do", "do", access.public(lambda: "in"))
    answer = app.test_client().post("/do")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_an_upload_that_is_too_large_is_413(app: Flask) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 100

    def view() -> str:
        return str(len(request.form))

    app.add_url_rule("/do", "do", access.public(view), methods=["POST"])
    answer = app.test_client().post("/do", data={"a": "b" * 200})
    assert answer.status_code == 413
    assert "too large" in answer.text


def test_a_foreign_host_name_is_refused_with_a_plain_page(app: Flask) -> None:
    app.config["TRUSTED_HOSTS"] = ["localhost"]
    answer = app.test_client().get("/", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "evil.example" not in answer.text


def test_a_response_given_to_abort_is_sent_as_it_is(app: Flask) -> None:
    def view() -> str:
        abort(Response("teapot", 418))

    app.add_url_rule("/do", "do", access.public(view))
    assert app.test_client().get("/do").text == "teapot"


def test_a_problem_page_is_shown_even_when_nobody_can_be_looked_up(app: Flask) -> None:
    def broken() -> None:
        raise UnavailableError("the database is away")

    app.extensions["viewer_loader"] = broken
    app.add_url_rule("/do", "do", access.signed_in(lambda: "in"))
    answer = app.test_client().get("/do")
    assert answer.status_code == 503
    assert "the database is away" in answer.text
