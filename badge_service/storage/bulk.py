"""Writes many rows of one table in one statement, without making an object of each or looking at each value in Python.

What is the same in every row is given once. Values that vary are handed to the driver as they are, so they must be what
the database stores: text, whole numbers, bytes, or None (JSON as its text).
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Connection, Table, bindparam, func, select
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Session


def insert_rows(
    session: Session,
    table: type[DeclarativeBase],
    *,
    same: Mapping[str, Any],
    varying: Mapping[str, Sequence[Any]],
    unless_there: bool = False,
) -> None:
    """Insert one row for each place in the sequences of `varying` (all of one length), with `same` beside it.

    Defaults of the table class do not apply: name every column that must not be NULL. With `unless_there` a row that a
    unique constraint forbids is left out, also when somebody else writes it at the same time.
    """
    ending = " ON CONFLICT DO NOTHING" if unless_there else ""
    connection, described = session.connection(), _table(table)
    stored = _stored(connection, described, same)
    names = ", ".join([*same, *varying])
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * (len(same) + len(varying)))
        rows = list(zip(*map(repeat, stored.values()), *varying.values()))  # noqa: B905 (repeat has no end)
        statement = f"INSERT INTO {described.name} ({names}) VALUES ({marks}){ending}"  # noqa: S608 (our own names)
        if rows:
            connection.exec_driver_sql(statement, rows)
        return
    fixed = _casts(connection, described, same)
    statement = (
        f"INSERT INTO {described.name} ({names}) "  # noqa: S608 (our own names)
        f"SELECT {', '.join([*fixed, *(f'u.{name}' + _as_json(described, name) for name in varying)])} "
        f"FROM {_unnested(connection, described, varying)}{ending}"
    )
    connection.exec_driver_sql(statement, (*stored.values(), *map(list, varying.values())))


def update_rows(
    session: Session,
    table: type[DeclarativeBase],
    *,
    key: str,
    same: Mapping[str, Any],
    varying: Mapping[str, Sequence[Any]],
) -> None:
    """Set `same`, and for each row its own `varying`, where the column `key` (one of `varying`) has the given value."""
    connection, described = session.connection(), _table(table)
    stored = _stored(connection, described, same)
    changed = [name for name in varying if name != key]
    if connection.dialect.name == "sqlite":
        assigned = ", ".join(f"{name} = ?" for name in [*same, *changed])
        values: list[Iterable[Any]] = [*map(repeat, stored.values()), *(varying[name] for name in changed)]
        rows = list(zip(*values, varying[key]))  # noqa: B905 (repeat has no end)
        statement = f"UPDATE {described.name} SET {assigned} WHERE {key} = ?"  # noqa: S608 (our own names)
        if rows:
            connection.exec_driver_sql(statement, rows)
        return
    fixed = [f"{name} = {cast}" for name, cast in zip(same, _casts(connection, described, same), strict=True)]
    own = [f"{name} = u.{name}{_as_json(described, name)}" for name in changed]
    statement = (
        f"UPDATE {described.name} SET {', '.join([*fixed, *own])} "  # noqa: S608 (our own names)
        f"FROM {_unnested(connection, described, varying)} WHERE {described.name}.{key} = u.{key}"
    )
    connection.exec_driver_sql(statement, (*stored.values(), *map(list, varying.values())))


def one_of(
    session: Session, column: InstrumentedAttribute[Any], values: Iterable[int | str]
) -> ColumnElement[bool]:
    """The condition that `column` holds one of `values`, however many: they travel as one parameter."""
    listed = list(values)
    if session.get_bind().dialect.name == "sqlite":
        return column.in_(select(func.json_each(json.dumps(listed)).table_valued("value").c.value))
    return column == func.any(bindparam(None, listed, ARRAY(column.type)))


def _table(table: type[DeclarativeBase]) -> Table:
    found = table.__table__
    assert isinstance(found, Table)
    return found


def _stored(connection: Connection, table: Table, same: Mapping[str, Any]) -> dict[str, Any]:
    """The values that are the same in all rows, once through their column's type."""
    dialect = connection.dialect
    processors = {name: table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in same}
    return {name: process(same[name]) if (process := processors[name]) else same[name] for name in same}


def _type(connection: Connection, table: Table, name: str) -> str:
    return str(table.c[name].type.compile(connection.dialect))


def _casts(connection: Connection, table: Table, same: Mapping[str, Any]) -> list[str]:
    return [f"CAST(%s AS {_type(connection, table, name)})" for name in same]


def _unnested(connection: Connection, table: Table, varying: Mapping[str, Sequence[Any]]) -> str:
    """PostgreSQL: each column as one array (JSON as text, of which there are arrays of plain strings)."""
    types = [_type(connection, table, name) for name in varying]
    arrays = ", ".join(f"%s::{'TEXT' if name == 'JSON' else name}[]" for name in types)
    return f"unnest({arrays}) AS u({', '.join(varying)})"


def _as_json(table: Table, name: str) -> str:
    return "::JSON" if table.c[name].type.__visit_name__ == "JSON" else ""
