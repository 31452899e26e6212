"""Rows written in bulk are the rows that the ORM would write, and guards hold for them too."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, IntegrityError

from badge_service.storage.bulk import insert_rows, one_of, update_rows
from badge_service.storage.session import Database, dated_tokens
from badge_service.storage.tables import AuditEntry, OutboxJob, ServiceFact

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def test_a_row_comes_back_as_the_orm_would_have_written_it(database: Database) -> None:
    details = {"name": "Ж", "number": 1}
    with database.writing() as session:
        session.add(AuditEntry(at=AT, actor=None, action="a", subject="by the orm", details=details))
        session.flush()
        same = {"at": AT, "actor": None, "action": "a", "details": details}
        insert_rows(session, AuditEntry, same=same, varying={"subject": ["in bulk", "in bulk too"]})
    with database.reading() as session:
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        assert [row.subject for row in rows] == ["by the orm", "in bulk", "in bulk too"]
        assert len({(row.at, row.actor, row.action, str(row.details)) for row in rows}) == 1
        if database.is_sqlite:  # the same letters in the database, not only the same meaning
            raw = session.connection().exec_driver_sql("SELECT DISTINCT at, details FROM audit_entries")
            assert len(raw.all()) == 1


def test_json_that_varies_is_given_as_text(database: Database) -> None:
    with database.writing() as session:
        same = {"kind": "k", "due_at": AT, "created_at": AT, "attempts": 0}
        insert_rows(session, OutboxJob, same=same, varying={"payload": ['{"a": 1}', "{}"]})
        assert [job.payload for job in session.scalars(select(OutboxJob).order_by(OutboxJob.id))] == [
            {"a": 1},
            {},
        ]


def test_no_rows_are_no_statement_that_fails(database: Database) -> None:
    with database.writing() as session:
        insert_rows(session, ServiceFact, same={"value": "x"}, varying={"name": []})
        update_rows(session, ServiceFact, key="name", same={"value": "x"}, varying={"name": []})
        assert session.scalars(select(ServiceFact).where(one_of(session, ServiceFact.name, []))).all() == []


def test_each_row_gets_its_own_values_and_others_stay(database: Database) -> None:
    with database.writing() as session:
        insert_rows(
            session, ServiceFact, same={}, varying={"name": ["a", "b", "c"], "value": ["1", "2", "3"]}
        )
        update_rows(
            session, ServiceFact, key="name", same={}, varying={"name": ["c", "a"], "value": ["30", "10"]}
        )
        found = session.execute(select(ServiceFact.name, ServiceFact.value).order_by(ServiceFact.name)).all()
        assert [tuple(row) for row in found] == [("a", "10"), ("b", "2"), ("c", "30")]
        some = select(ServiceFact.name).where(one_of(session, ServiceFact.name, ["a", "c", "x'"]))
        assert sorted(session.scalars(some)) == ["a", "c"]


def test_what_must_be_unique_and_what_a_guard_keeps_is_refused_in_bulk_too(database: Database) -> None:
    with pytest.raises(IntegrityError), database.writing() as session:
        insert_rows(session, ServiceFact, same={"value": "x"}, varying={"name": ["a", "a"]})
    with database.writing() as session:
        same = {"at": AT, "actor": "x", "action": "a", "details": {}}
        insert_rows(session, AuditEntry, same=same, varying={"subject": ["s"]})
    with pytest.raises(DBAPIError, match="only grows"), database.writing() as session:
        update_rows(session, AuditEntry, key="subject", same={"actor": "y"}, varying={"subject": ["s"]})


def test_names_of_one_day_lie_together_and_none_can_be_guessed(database: Database, clock) -> None:
    with database.writing() as session:
        today = dated_tokens(session, 100)
        clock.advance(days=1)
        tomorrow = dated_tokens(session, 100)
    assert len({*today, *tomorrow}) == 200
    assert {len(token) for token in today} == {26}
    assert max(today) < min(tomorrow)
    assert len({token[4:] for token in today}) == 100
