"""An app of the shell alone, on a real database, with a few people."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, request
from sqlalchemy import text

from badge_service.storage.session import Database
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


@pytest.fixture
def database(database: Database) -> Database:
    """The common one, with a table to write into."""
    with database.writing() as session:
        session.execute(text("DROP TABLE IF EXISTS notes"))  # PostgreSQL keeps its database between tests
        session.execute(text("CREATE TABLE notes (words TEXT)"))
    return database


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
