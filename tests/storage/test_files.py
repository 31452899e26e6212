"""A file lies there when its row is committed, and not when the transaction came to nothing."""

from pathlib import Path

import pytest

from badge_service.storage.files import keep_file
from badge_service.storage.session import Database


def test_it_stays_with_what_is_committed(database: Database, tmp_path: Path) -> None:
    with database.writing() as session:
        keep_file(session, tmp_path / "evidence", "one", b"first")
        with session.begin_nested():
            keep_file(session, tmp_path / "evidence", "two", b"second")
    assert (tmp_path / "evidence" / "one").read_bytes() == b"first"
    assert (tmp_path / "evidence" / "two").read_bytes() == b"second"


def test_it_goes_when_the_transaction_fails(database: Database, tmp_path: Path) -> None:
    with pytest.raises(LookupError), database.writing() as session:
        with session.begin_nested():
            keep_file(session, tmp_path, "one", b"first")
        raise LookupError
    assert list(tmp_path.iterdir()) == []


def test_it_goes_when_the_session_is_closed_without_a_commit(database: Database, tmp_path: Path) -> None:
    session = database.open(writing=True)
    session.connection()
    keep_file(session, tmp_path, "one", b"first")
    session.close()
    assert list(tmp_path.iterdir()) == []
