"""Every route declares who may enter, and only those do."""

import pytest
from flask import Flask

from badge_service.web import access
from badge_service.web.addresses import safe_next
from badge_service.web.shell import seal_shell


def _page() -> str:
    return "in"


def _add(app: Flask, path: str, rule, methods=("GET", "POST")) -> None:
    def view() -> str:
        return "in"

    app.add_url_rule(path, endpoint=path.strip("/"), view_func=rule(view), methods=list(methods))


def test_an_app_with_an_undeclared_route_does_not_start(app: Flask) -> None:
    app.add_url_rule("/forgotten", "forgotten", _page)
    with pytest.raises(RuntimeError, match="forgotten"):
        seal_shell(app)


def test_the_shell_itself_declares_all_its_routes(app: Flask) -> None:
    seal_shell(app)
    assert access.undeclared(app) == []


def test_a_route_of_an_extension_gets_its_rule_by_name(app: Flask) -> None:
    app.add_url_rule("/foreign", "foreign", _page)
    access.declare(app, "foreign", access.PUBLIC)
    seal_shell(app)
    assert app.test_client().get("/foreign").text == "in"


def test_an_undeclared_route_added_later_still_lets_nobody_in(app: Flask) -> None:
    seal_shell(app)
    app.add_url_rule("/later", "later", _page)
    assert app.test_client().get("/later").status_code == 500


@pytest.mark.parametrize(
    ("rule", "person", "status"),
    [
        (access.public, "", 200),
        (access.signed_in, "plain", 200),
        (access.signed_in, "", 302),
        (access.roles("teacher", "let_lead"), "teacher", 200),
        (access.roles("teacher"), "plain", 403),
        (access.roles("let_lead"), "teacher", 403),
        (access.roles("teacher"), "", 302),
        (access.demo_only, "teacher", 404),
    ],
)
def test_each_rule_admits_exactly_whom_it_names(app: Flask, rule, person: str, status: int) -> None:
    _add(app, "/room", rule)
    assert app.test_client().get("/room", headers={"X-Person": person}).status_code == status


def test_demo_pages_exist_in_the_demo(app: Flask) -> None:
    app.config["DEMO"] = True
    _add(app, "/room", access.demo_only)
    assert app.test_client().get("/room").status_code == 200


def test_a_stranger_is_sent_to_sign_in_and_will_come_back(app: Flask) -> None:
    _add(app, "/sign-in", access.public)
    app.config["SIGN_IN_ENDPOINT"] = "sign-in"
    _add(app, "/room", access.signed_in)
    answer = app.test_client().get("/room?page=2")
    assert answer.headers["Location"] == "/sign-in?next=/room?page%3D2"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "/room\nSet-Cookie: a=b",
        "/\t/evil.example",
        "/nowhere",
        "room",
        "",
        None,
    ],
)
def test_a_redirect_never_leaves_the_service(app: Flask, target: str | None) -> None:
    _add(app, "/room", access.public)
    with app.test_request_context("/"):
        assert safe_next(target) == "/"


def test_a_redirect_may_go_to_a_page_of_ours(app: Flask) -> None:
    _add(app, "/room", access.public)
    with app.test_request_context("/"):
        assert safe_next("/room?a=1") == "/room?a=1"
