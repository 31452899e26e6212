"""The eighth revision keeps pathways and awards that were there before it."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from badge_service.storage import schema
from badge_service.storage.session import Database

BEFORE = (
    "INSERT INTO regions (id, slug, name, country) VALUES (1, 'r', 'R', 'BG')",
    "INSERT INTO organisations (id, slug, name, kind, region_id, may_award_ects, identifiers, quality_statement, created_at) VALUES (7, 'school', 'School', 'school', 1, {false}, '[]', '', '2026-11-01 10:00:00+00:00')",
    "INSERT INTO lets (id, slug, name, description, region_id) VALUES (3, 'let', 'LET', 'Crafts', 1)",
    "INSERT INTO pathway_versions (id, slug, code, version, title, content, let_id, published_at) VALUES"
    " (5, 'maker', 'PATH-MAKER', '1.2.0', 'Maker', '{rule}', 3, '2026-11-20 10:00:00+00:00')",
)
RULE = '{"rule": {"all_of": ["CRF-WIL-1", {"at_least": 1, "of": "any_other_published"}]}}'


@pytest.fixture
def before(server) -> Database:
    database = Database(server.empty())
    schema.upgrade(database, "0003")
    yield database
    database.close()


def _columns(session, table: str) -> set[str]:
    return set(session.execute(text(f"SELECT * FROM {table} WHERE 1 = 0")).keys())


def _insert(session, statement: str, is_sqlite: bool) -> None:
    filled = statement.replace("{false}", "0" if is_sqlite else "false").replace(
        "{rule}", RULE.replace(":", "\\:")
    )
    session.execute(text(filled))


def test_a_pathway_of_before_is_a_published_version_with_its_parts(before: Database) -> None:
    with before.writing() as session:
        for statement in BEFORE:
            _insert(session, statement, before.is_sqlite)
    schema.upgrade(before)
    with before.writing() as session:
        row = session.execute(
            text(
                "SELECT v.state, v.sort_key, v.revision, v.content, p.code, p.organisation_id FROM pathway_versions v"
                " JOIN pathways p ON p.id = v.pathway_id"
            )
        ).one()
        assert tuple(row)[:3] == ("published", 1_002_000, 1)
        assert tuple(row)[4:] == ("PATH-MAKER", 7)
        parts = session.scalars(text("SELECT code FROM pathway_parts ORDER BY code")).all()
        assert parts == ["*", "CRF-WIL-1"]
        assert "fulfilment_id" in _columns(session, "awards")
    with pytest.raises(IntegrityError), before.writing() as session:
        session.execute(text("UPDATE pathway_versions SET pathway_id = 99"))
    schema.downgrade(before, "0007")
    with before.writing() as session:
        assert session.scalar(text("SELECT code FROM pathway_versions")) == "PATH-MAKER"
