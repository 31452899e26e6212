"""The migrations make exactly the tables of the code, and can be taken back."""

import importlib
import importlib.util
import pkgutil

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

import badge_service
from badge_service.errors import ConflictError, UnavailableError
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
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        assert trigger_names(connection) == {guard.name for guard in guards.GUARDS}


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


def downgrade(database: Database, revision: str) -> None:
    with database.engine.connect() as connection:
        config = schema.configuration()
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
        connection.commit()


def test_every_revision_goes_up_and_down_and_up_again(empty: Database) -> None:
    for revision in revisions():
        schema.upgrade(empty, revision)
        downgrade(empty, "-1")
        schema.upgrade(empty, revision)
    with empty.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert context.get_current_revision() == schema.newest_revision()


def test_the_way_back_leaves_nothing(empty: Database) -> None:
    schema.upgrade(empty)
    downgrade(empty, "base")
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
