"""The migrations make exactly the tables of the code, and can be taken back."""

import importlib
import importlib.util
import pkgutil

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, select, text

import badge_service
from badge_service.errors import ConflictError, UnavailableError
from badge_service.register.tables import Edition, IssuerKey, StatusList
from badge_service.storage import guards, schema
from badge_service.storage.session import Database
from badge_service.storage.tables import Base, ServiceFact


def all_tables_known() -> None:
    """Import `tables` of every room, so that the metadata is whole."""
    for room in pkgutil.iter_modules(badge_service.__path__):
        found = importlib.util.find_spec(f"badge_service.{room.name}") if room.ispkg else None
        if found and found.submodule_search_locations:
            names = [module.name for module in pkgutil.iter_modules(found.submodule_search_locations)]
            if "tables" in names:
                importlib.import_module(f"badge_service.{room.name}.tables")


@pytest.fixture
def empty(server) -> Database:
    database = Database(server.empty())
    yield database
    database.close()


def trigger_names(connection: Connection) -> set[str]:
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.dialect.name == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    return set(connection.execute(text(query)).scalars())


def test_an_upgraded_empty_database_is_what_the_code_describes(empty: Database) -> None:
    all_tables_known()
    schema.upgrade(empty)
    with empty.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": schema.is_described}
        )
        assert compare_metadata(context, Base.metadata) == []
        assert trigger_names(connection) == {guard.name for guard in guards.STANDING}


def test_upgrading_twice_keeps_what_is_stored(empty: Database) -> None:
    schema.upgrade(empty)
    with empty.writing() as session:
        session.add(ServiceFact(name="a", value="b"))
    schema.upgrade(empty)
    with empty.reading() as session:
        assert session.get_one(ServiceFact, "a").value == "b"


def revisions() -> list[str]:
    walked = ScriptDirectory.from_config(schema.configuration()).walk_revisions()
    return [revision.revision for revision in walked][::-1]


def test_every_revision_goes_up_and_down_and_up_again(empty: Database) -> None:
    for revision in revisions():
        schema.upgrade(empty, revision)
        schema.downgrade(empty, "-1")
        schema.upgrade(empty, revision)
    with empty.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert context.get_current_revision() == schema.newest_revision()


def test_the_way_back_leaves_nothing(empty: Database) -> None:
    schema.upgrade(empty)
    schema.downgrade(empty, "base")
    assert inspect(empty.engine).get_table_names() == ["alembic_version"]
    with empty.engine.connect() as connection:
        assert trigger_names(connection) == set()


def test_a_database_of_a_newer_version_is_refused_in_plain_words(empty: Database) -> None:
    schema.upgrade(empty)
    with empty.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ConflictError, match="another version"):
        schema.upgrade(empty)


def test_a_database_that_does_not_answer_is_unavailable_and_its_password_untold() -> None:
    away = Database("postgresql+psycopg://badges:geheim@127.0.0.1:1/badges")
    with pytest.raises(UnavailableError, match="does not answer") as refused:
        schema.exists(away)
    assert "geheim" not in refused.value.message
    away.close()


AT = "2026-11-21 09:00:00+00:00"
OF_THE_FIRST_VERSION = (
    f"INSERT INTO issuers (id, slug, did, profile, created_at) VALUES (1, 'a', 'did:web:a', '{{}}', '{AT}')",
    "INSERT INTO issuer_keys (id, issuer_id, name, verification_method, public_key, created_at)"
    f" VALUES (1, 1, 'a-2026', 'did:web:a#2026', CAST('key' AS {{bytes}}), '{AT}')",
    f"INSERT INTO status_lists (id, issuer_id, number, size, opened_at, changes) VALUES (1, 1, 1, 131072, '{AT}', 0)",
    "INSERT INTO status_entries (list_id, position) VALUES (1, 7), (1, 8)",
    f"INSERT INTO documents (id, token, issuer_id, created_at) VALUES (3, 't', 1, '{AT}'), (4, 'u', 1, '{AT}')",
    "INSERT INTO editions (id, document_id, number, content, status_list_id, status_position, visible, state,"
    ' intended_at, signed_at, key_id, signed_text) VALUES (5, 3, 1, \'{{"id": "t", "name": "Ж"}}\', 1, 7, false,'
    f' \'signed\', \'{AT}\', \'{AT}\', 1, \'{{"id": "t", "name": "Ж", "proof": [{{"type": "x"}}]}}\')',
    "INSERT INTO editions (id, document_id, number, content, status_list_id, status_position, visible, state,"
    f" intended_at) VALUES (6, 4, 1, '{{\"id\": \"u\"}}', 1, 8, false, 'intended', '{AT}')",
)


def test_what_the_first_version_signed_is_kept_letter_for_letter(empty: Database) -> None:
    all_tables_known()
    schema.upgrade(empty, "0001")
    kind = "BLOB" if empty.is_sqlite else "bytea"
    with empty.engine.begin() as connection:
        for statement in OF_THE_FIRST_VERSION:
            literal = statement.replace("{{", "{").replace("}}", "}").replace("{bytes}", kind)
            connection.exec_driver_sql(literal)
    for _ in range(2):
        schema.upgrade(empty)
        with empty.reading() as session:
            signed, waiting = session.scalars(select(Edition).order_by(Edition.id))
            assert signed.signed_text == '{"id": "t", "name": "Ж", "proof": [{"type": "x"}]}'
            assert (signed.state, signed.content) == ("signed", {"id": "t", "name": "Ж"})
            assert (waiting.state, waiting.content, waiting.signed_text) == ("intended", {"id": "u"}, None)
            assert session.scalars(select(StatusList.given)).one() == 2
            assert session.scalars(select(IssuerKey.algorithm)).one() == "EdDSA"
        schema.downgrade(empty, "0001")
    with empty.engine.connect() as connection:
        text_of_first = "SELECT signed_text FROM editions WHERE id = 5"
        assert connection.exec_driver_sql(text_of_first).scalar() == (
            '{"id": "t", "name": "Ж", "proof": [{"type": "x"}]}'
        )
