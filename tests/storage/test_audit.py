"""The audit log is written with the deed and only grows."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from badge_service.storage import audit
from badge_service.storage.session import Database
from badge_service.storage.tables import AuditEntry


def test_a_line_says_who_did_what_to_what_and_when(database: Database, clock) -> None:
    with database.writing() as session:
        audit.record(session, "person-key", "revoke", "award:token", reason="mistake")
    with database.reading() as session:
        line = session.scalars(select(AuditEntry)).one()
    assert (line.actor, line.action, line.subject) == ("person-key", "revoke", "award:token")
    assert line.details == {"reason": "mistake"}
    assert line.at == clock.now


def test_a_deed_that_is_rolled_back_leaves_no_line(database: Database) -> None:
    with pytest.raises(RuntimeError), database.writing() as session:
        audit.record(session, None, "award", "award:token")
        session.flush()
        raise RuntimeError
    with database.reading() as session:
        assert session.scalars(select(AuditEntry)).all() == []


@pytest.mark.parametrize("deed", ["change", "delete"])
def test_a_line_can_be_neither_changed_nor_deleted(database: Database, deed: str) -> None:
    with database.writing() as session:
        audit.record(session, "person-key", "award", "award:token")
    with pytest.raises(DBAPIError, match="only grows"), database.writing() as session:
        line = session.scalars(select(AuditEntry)).one()
        if deed == "delete":
            session.delete(line)
        else:
            line.actor = "somebody else"
    with database.reading() as session:
        assert session.scalars(select(AuditEntry.actor)).all() == ["person-key"]
