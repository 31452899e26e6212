"""A program with a key of the craft school, beside another school, on the whole real app."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from badge_service.app import create_app
from badge_service.programs import actions
from badge_service.programs.rules import Scope
from tests.awards.conftest import World, class_of_three, world  # noqa: F401 (fixtures)

EVERYTHING = tuple(scope.value for scope in Scope)
TEACHER = "teacher@craft-school.example"


@pytest.fixture
def app(world: World) -> Flask:  # noqa: F811
    world.settings.data_folder.mkdir(parents=True, exist_ok=True)
    return create_app(world.settings, world.database, world.keyring)


@dataclass
class Program:
    """Sends requests with its key; each unsafe one gets an Idempotency-Key of its own unless it brings one."""

    app: Flask
    secret: str
    token: str
    sent: int = 0

    def get(self, path: str, **query: Any) -> TestResponse:
        return self.app.test_client().get(f"/api/v1{path}", query_string=query, headers=self.headers())

    def send(self, method: str, path: str, body: Any, *, once: str | None = "") -> TestResponse:
        self.sent += 1
        headers = self.headers()
        if once is not None:
            headers["Idempotency-Key"] = once or f"{self.secret[-6:]}-{self.sent}"
        return self.app.test_client().open(f"/api/v1{path}", method=method, json=body, headers=headers)

    def post(self, path: str, body: Any, *, once: str | None = "") -> TestResponse:
        return self.send("POST", path, body, once=once)

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}"}


def new_program(
    app: Flask, place: World, scopes: Sequence[str] = EVERYTHING, admin: str = "admin"
) -> Program:
    slug = "craft-school" if admin == "admin" else "other-school"
    with app.test_request_context(), place.database.writing() as session:
        made = actions.make_key(session, place.viewers[admin], slug, "Timetable", scopes)
        return Program(app, made.secret, made.key.token)


@pytest.fixture
def program(app: Flask, world: World) -> Program:  # noqa: F811
    return new_program(app, world)


@pytest.fixture
def foreign(app: Flask, world: World) -> Program:  # noqa: F811
    """A program of the other school."""
    return new_program(app, world, admin="other-admin")


def codes(answer: TestResponse) -> set[str]:
    """The code of a problem and those of its faults."""
    assert answer.mimetype == "application/problem+json", answer.text
    return {answer.json["code"], *(fault["code"] for fault in answer.json["faults"])}
