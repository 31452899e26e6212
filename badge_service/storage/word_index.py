"""Finds rows by whole words or beginnings of words, whichever database it is: SQLite's FTS5, PostgreSQL's tsvector with GIN.

Both are handed words that were folded in Python, each once and separated by single spaces, so that neither cuts or folds
text in its own way. Names of what is made here begin with `words_of_`; tables and indexes so named are no part of the
metadata that migrations are compared with (`schema.is_described`).
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Integer, Select, column, literal_column, select, text
from sqlalchemy.orm import Session

PREFIX = "words_of_"
_WORD = re.compile(r"[^\W_]+(?:\.[^\W_]+)*")


@dataclass(frozen=True)
class WordIndex:
    """Which table is indexed, with its key `id`; `columns` hold words, the first of them all words of the row."""

    table: str
    columns: tuple[str, ...]

    @property
    def name(self) -> str:
        """The FTS5 table, or the GIN index."""
        return PREFIX + self.table


@dataclass(frozen=True)
class Term:
    """A folded word of letters and digits (with dots only inside), or the beginning of one; raises `ValueError` for others."""

    word: str
    is_beginning: bool = False

    def __post_init__(self) -> None:
        if not _WORD.fullmatch(self.word):
            raise ValueError("not a folded word")


def create(connection: Connection, index: WordIndex) -> None:
    """Make the index over what the table holds now."""
    if connection.dialect.name == "sqlite":
        columns = ", ".join(index.columns)
        connection.exec_driver_sql(
            f"CREATE VIRTUAL TABLE {index.name} USING fts5({columns}, prefix='2 3',"
            " tokenize=\"unicode61 remove_diacritics 0 tokenchars '.'\")"
        )
        connection.exec_driver_sql(
            f"INSERT INTO {index.name} (rowid, {columns}) SELECT id, {columns} FROM {index.table}"  # noqa: S608
        )
    else:
        vector = _vector(index.columns[0])
        connection.exec_driver_sql(f"CREATE INDEX {index.name} ON {index.table} USING gin ({vector})")


def drop(connection: Connection, index: WordIndex) -> None:
    """Take it away (a downgrade)."""
    kind = "TABLE" if connection.dialect.name == "sqlite" else "INDEX"
    connection.exec_driver_sql(f"DROP {kind} {index.name}")


def refresh(session: Session, index: WordIndex, ids: Collection[int]) -> None:
    """Bring the index up to date with rows that were added or changed; PostgreSQL does so by itself."""
    connection = session.connection()
    if connection.dialect.name != "sqlite" or not ids:
        return
    columns = ", ".join(index.columns)
    keys = [(key,) for key in ids]
    connection.exec_driver_sql(f"DELETE FROM {index.name} WHERE rowid = ?", keys)  # noqa: S608 (our own names)
    connection.exec_driver_sql(
        f"INSERT INTO {index.name} (rowid, {columns}) SELECT id, {columns} FROM {index.table} WHERE id = ?",  # noqa: S608
        keys,
    )


def holds(
    session: Session, index: WordIndex, groups: Sequence[Iterable[Term]], *, in_column: str = ""
) -> ColumnElement[bool]:
    """The condition that a row of the table holds, of every group, at least one term (in one column if named)."""
    wanted = in_column or index.columns[0]
    if wanted not in index.columns:
        raise ValueError(wanted)
    if session.get_bind().dialect.name == "sqlite":
        query = " AND ".join(f"({' OR '.join(map(_fts5_term, group))})" for group in groups)
        found: Select[int] = select(column("rowid", Integer)).select_from(text(index.name))
        matching = literal_column(index.name).op("MATCH")(f"{{{wanted}}} : ({query})")
        return literal_column(f"{index.table}.id").in_(found.where(matching))
    query = " & ".join(f"({' | '.join(map(_tsquery_term, group))})" for group in groups)
    vector: ColumnElement[bool] = literal_column(_vector(f"{index.table}.{wanted}"))
    return vector.op("@@", is_comparison=True)(
        text("CAST(:wanted_words AS tsquery)").bindparams(wanted_words=query)
    )


def _vector(name: str) -> str:
    return f"array_to_tsvector(string_to_array({name}, ' '))"


def _fts5_term(term: Term) -> str:
    return f'"{term.word}"' + ("*" if term.is_beginning else "")


def _tsquery_term(term: Term) -> str:
    return f"'{term.word}'" + (":*" if term.is_beginning else "")
