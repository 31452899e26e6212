"""Brings a database to the newest schema with Alembic, keeping what is in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, inspect
from sqlalchemy.exc import OperationalError

from badge_service.errors import ConflictError, UnavailableError
from badge_service.storage import word_index
from badge_service.storage.session import Database

_MIGRATIONS = Path(__file__).parent / "migrations"


def exists(database: Database) -> bool:
    """Whether this database was ever given a schema of ours; raises `UnavailableError` when it does not answer."""
    try:
        return inspect(database.engine).has_table("service_facts")
    except OperationalError as error:
        # The driver's words name host and user, never the password.
        raise UnavailableError(
            f"The database does not answer: {error.orig}",
            code="database.unreachable",
            hint="See DATABASE_URL.",
        ) from error


def upgrade(database: Database, revision: str = "head") -> None:
    """Apply what is missing; on an empty database this makes every table and guard.

    Raises `ConflictError` for a database that a newer version of this software has changed.
    """
    with _migrating(database) as connection:
        config = configuration()
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, revision)
        except CommandError as error:
            raise ConflictError(
                "The database was made by another version of this software.",
                code="database.revision",
                hint="Install the newer version again, or restore a backup of this one's time.",
            ) from error


def downgrade(database: Database, revision: str) -> None:
    """Go back to an older revision; what only the newer one can hold is lost."""
    with _migrating(database) as connection:
        config = configuration()
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


@contextmanager
def _migrating(database: Database) -> Iterator[Connection]:
    """One transaction. SQLite changes a table by making it anew, which no reference to it may hinder meanwhile."""
    with database.engine.connect() as connection:
        driver = connection.connection.driver_connection
        if database.is_sqlite and driver is not None:
            driver.execute("PRAGMA foreign_keys=OFF")
        try:
            yield connection
            if database.is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                raise ConflictError("Rows would lose what they refer to.", code="database.references")
            connection.commit()
        finally:
            connection.rollback()
            if database.is_sqlite and driver is not None:
                driver.execute("PRAGMA foreign_keys=ON")


def configuration() -> Config:
    """Alembic's configuration, pointing at our migrations."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    return config


def is_described(name: str | None, kind: str, _parents: object) -> bool:
    """Whether the metadata describes what a database holds under this name (Alembic's `include_name`)."""
    return kind not in ("table", "index") or not str(name).startswith(word_index.PREFIX)


def newest_revision() -> str | None:
    """The revision that this code needs."""
    return ScriptDirectory.from_config(configuration()).get_current_head()
