"""An app of the shell alone, on a real SQLite file, with a few routes of each kind."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, request
from sqlalchemy import text

from badge_service.storage.session import Database
from badge_service.storage.tables import Base
from badge_service.web import tables  # noqa: F401  its table belongs to the metadata
from badge_service.web.shell import init_shell
from badge_service.web.viewer import STRANGER, use_viewer_loader


@dataclass(frozen=True)
class Person:
    """A signed-in person as `people` will supply one."""

    person_key: str = "p1"
    display_name: str = "Mira Petrova"
    language: str | None = None
    is_signed_in: bool = True
    roles: frozenset[tuple[str, Any]] = field(default_factory=frozenset)

    def has_role(self, role: str, organisation_id: Any = None) -> bool:
        return any(r == role and organisation_id in (None, o) for r, o in self.roles)


PEOPLE = {
    "teacher": Person(roles=frozenset({("teacher", 1)})),
    "bulgarian": Person(language="bg"),
    "plain": Person(),
}


class Clock:
    """A clock that tests turn."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def wait(self, seconds: int) -> None:
        self.time += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database(tmp_path: Path, clock: Clock) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path}/test.sqlite", clock=clock)
    Base.metadata.create_all(opened.engine, tables=[Base.metadata.tables["rate_limits"]])
    with opened.writing() as session:
        session.execute(text("CREATE TABLE notes (words TEXT)"))
    yield opened
    opened.close()


@pytest.fixture
def app(database: Database) -> Flask:
    """The shell with no routes of its own; tests add theirs. `X-Person` says who is signed in."""
    made = Flask("shell_alone", root_path=str(Path(__file__).parent))
    made.config.update(
        SECRET_KEY="for tests only", WTF_CSRF_ENABLED=False, PUBLIC_URL="http://localhost:8000"
    )
    made.extensions["badge_database"] = database
    init_shell(made)
    use_viewer_loader(made, lambda: PEOPLE.get(request.headers.get("X-Person", ""), STRANGER))
    return made
