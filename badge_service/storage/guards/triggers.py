"""One guard as a trigger of the database: made and taken away in the dialect of each."""

from dataclasses import dataclass

from sqlalchemy import Connection


@dataclass(frozen=True)
class Guard:
    """Refuse `event` on `table` whenever `condition` (SQL over OLD and NEW) holds."""

    name: str
    table: str
    event: str
    condition: str
    message: str


def create(connection: Connection, guards: tuple[Guard, ...]) -> None:
    """Make the triggers in the dialect of this connection."""
    for guard in guards:
        for statement in _statements(guard, connection.dialect.name):
            connection.exec_driver_sql(statement)


def drop(connection: Connection, guards: tuple[Guard, ...]) -> None:
    """Take the triggers away again (a downgrade); their tables must still exist."""
    for guard in guards:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(f"DROP TRIGGER {guard.name}")
        else:
            connection.exec_driver_sql(f"DROP FUNCTION {guard.name}() CASCADE")


def _statements(guard: Guard, dialect: str) -> list[str]:
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {guard.name} BEFORE {guard.event} ON {guard.table} WHEN {guard.condition} "
            f"BEGIN SELECT RAISE(ABORT, '{guard.message}'); END"
        ]
    returned = "OLD" if guard.event == "DELETE" else "NEW"
    return [
        f"CREATE FUNCTION {guard.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {guard.condition} THEN "
        f"RAISE EXCEPTION '{guard.message}'; END IF; RETURN {returned}; END $$",
        f"CREATE TRIGGER {guard.name} BEFORE {guard.event} ON {guard.table} FOR EACH ROW EXECUTE FUNCTION {guard.name}()",
    ]
