"""The index of words: what may be asked of it, and what an older database brings along."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import MetaData, Table, insert, select

from badge_service.storage import schema
from badge_service.storage.session import Database
from badge_service.storage.word_index import Term

AT = datetime(2026, 11, 21, 9, tzinfo=UTC)


@pytest.mark.parametrize("word", ["", " ", "a b", "a'b", 'a"b', "a*", "a:b", "(", "\x00", "a_b", ".1", "1."])
def test_only_folded_words_are_terms(word: str) -> None:
    with pytest.raises(ValueError, match="folded"):
        Term(word)


@pytest.mark.parametrize("word", ["willow", "1.1", "0214", "плетене", "3d"])
def test_folded_words_of_any_letters_are_terms(word: str) -> None:
    assert Term(word).word == word


def filled(table: Table, **values: Any) -> dict[str, Any]:
    """A row with something of the right type in each column that needs a value."""
    for column in table.columns:
        if not column.nullable and column.name not in values:
            kind = column.type.python_type
            values[column.name] = {int: 1, str: "x", bool: False, dict: {}}.get(kind, AT)
    return values


def test_definitions_of_before_are_found_by_what_they_name(server: Any) -> None:
    database = Database(server.empty())
    schema.upgrade(database, "0003")
    tables = MetaData()
    tables.reflect(database.engine)
    outcome = {"alignments": [{"targetUrl": "https://b.example/"}, {"targetUrl": "https://a.example/"}, {}]}
    content = {"alignments": [{"targetUrl": "https://a.example/"}], "learning_outcomes": [outcome]}
    content |= {"eqf_level": 3, "isced_f": "0214"}
    with database.engine.begin() as connection:
        for name in ("regions", "organisations", "lets", "definitions"):
            nothing = {"identifiers": []} if name == "organisations" else {}
            connection.execute(insert(tables.tables[name]).values(filled(tables.tables[name], **nothing)))
        versions = tables.tables["definition_versions"]
        connection.execute(insert(versions).values(filled(versions, content=content)))
    schema.upgrade(database, "0004")
    named = Table("version_alignments", MetaData(), autoload_with=database.engine)
    with database.engine.connect() as connection:
        rows = connection.execute(select(named).order_by(named.c.target_url)).all()
    assert [tuple(row) for row in rows] == [
        (1, "http://data.europa.eu/snb/eqf/3", True),
        (1, "http://data.europa.eu/snb/isced-f/0214", True),
        (1, "https://a.example/", False),
        (1, "https://b.example/", False),
    ]
    database.close()
