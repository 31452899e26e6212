"""Sessions: writers wait their turn, readers cannot write, times carry their zone."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, InternalError, OperationalError, StatementError

from badge_service.storage.session import Database, hashed, now, random_bytes, token
from badge_service.storage.tables import AuditEntry, OutboxJob, ServiceFact

THREADS, STEPS = 4, 100


@pytest.fixture
def counter(database: Database) -> Iterator[Database]:
    with database.writing() as session:
        session.add(ServiceFact(name="count", value="0"))
    yield database


def test_no_step_of_four_threads_is_lost(counter: Database) -> None:
    """Read, then write, in one session; PostgreSQL is asked for the row's lock, SQLite's writers wait anyway."""

    def count() -> None:
        for _ in range(STEPS):
            with counter.writing() as session:
                fact = session.get_one(
                    ServiceFact, "count", with_for_update=None if counter.is_sqlite else True
                )
                fact.value = str(int(fact.value) + 1)

    threads = [threading.Thread(target=count) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with counter.reading() as session:
        assert session.get_one(ServiceFact, "count").value == str(THREADS * STEPS)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO service_facts (name, value) VALUES ('a', 'b')",
        "UPDATE service_facts SET value = '7'",
        "DELETE FROM service_facts",
        "CREATE TABLE smuggled (id INTEGER)",
    ],
)
def test_a_reading_session_is_kept_from_writing_by_the_database(counter: Database, statement: str) -> None:
    with counter.reading() as session, pytest.raises((OperationalError, InternalError)):
        session.execute(text(statement))
    with counter.reading() as session:
        assert session.get_one(ServiceFact, "count").value == "0"


def test_a_reading_session_sees_one_moment(counter: Database) -> None:
    with counter.reading() as reader:
        assert reader.scalar(select(ServiceFact.value)) == "0"
        with counter.writing() as writer:
            writer.get_one(ServiceFact, "count").value = "1"
        assert reader.scalar(select(ServiceFact.value)) == "0"


def test_a_writing_session_that_raises_leaves_no_trace(counter: Database) -> None:
    with pytest.raises(RuntimeError), counter.writing() as session:
        session.get_one(ServiceFact, "count").value = "1"
        session.flush()
        raise RuntimeError
    with counter.reading() as session:
        assert session.get_one(ServiceFact, "count").value == "0"


def test_what_the_database_refuses_at_commit_leaves_the_connection_usable(counter: Database) -> None:
    for _ in range(20):
        with pytest.raises(DBAPIError), counter.writing() as session:
            session.execute(text("INSERT INTO service_facts (name, value) VALUES ('count', '2')"))
    with counter.writing() as session:
        session.get_one(ServiceFact, "count").value = "3"


def test_foreign_keys_are_enforced(database: Database) -> None:
    with pytest.raises(DBAPIError), database.writing() as session:
        session.execute(
            text(
                "INSERT INTO organisations (slug, name, kind, region_id, identifiers, quality_statement, may_award_ects,"
                " created_at) VALUES ('a', 'b', 'school', 99, '[]', '', true, '2026-11-21 09:00:00')"
            )
        )


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    naive = datetime(2026, 11, 21, 9, 0)  # noqa: DTZ001 (what is refused)
    with pytest.raises(StatementError, match="without a zone"), database.writing() as session:
        session.add(AuditEntry(at=naive, actor=None, action="a", subject="b", details={}))
    with database.reading() as session:
        assert session.scalars(select(AuditEntry)).all() == []


def test_a_time_of_another_zone_comes_back_as_the_same_moment_in_utc(database: Database) -> None:
    sofia = datetime(2026, 11, 21, 11, 0, tzinfo=timezone(timedelta(hours=2)))
    with database.writing() as session:
        session.add(AuditEntry(at=sofia, actor=None, action="a", subject="b", details={}))
    with database.reading() as session:
        stored = session.scalars(select(AuditEntry.at)).one()
    assert stored == sofia
    assert stored.tzinfo is UTC


def test_the_doors_clock_and_randomness_are_used(database: Database) -> None:
    made = Database(
        database.url,
        clock=lambda: datetime(2027, 1, 2, 3, 4, 5, 999, tzinfo=timezone(timedelta(hours=1))),
        random=lambda count: bytes(range(count)),
    )
    with made.reading() as session:
        assert now(session) == datetime(2027, 1, 2, 2, 4, 5, tzinfo=UTC)
        assert random_bytes(session, 3) == b"\x00\x01\x02"
        assert token(session) == "AAECAwQFBgcICQoLDA0ODw"
    made.close()


def test_a_password_in_the_address_of_the_database_is_not_shown(database: Database) -> None:
    hidden = Database("postgresql+psycopg://badges:geheim@localhost:1/badges")
    with pytest.raises(OperationalError) as refused, hidden.reading() as session:
        session.execute(select(OutboxJob))
    assert "geheim" not in str(refused.value) + repr(hidden.engine)


def test_whatever_is_typed_as_a_secret_is_looked_up_and_breaks_nothing() -> None:
    half = "\ud800"
    assert len({hashed(typed) for typed in ("", "?", half, half * 2)}) == 4
    assert hashed("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
