"""`badge-service demo`: the whole main job in one command, twice without doubling, after any kill, on any port."""

import json
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.effort import patience

pytestmark = pytest.mark.full

AWARDED = 22


def summary_of(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert done.returncode == 0, done.stderr
    summary: dict[str, Any] = json.loads(done.stdout)
    return summary


@pytest.fixture
def ready(shell, demo_played_once: Path):
    """The played demo lies where the command looks for it, so that it comes straight to serving."""
    shutil.copytree(demo_played_once, shell.folder / "var/demo")
    return shell


@pytest.mark.slow
def test_it_prints_json_alone_and_a_second_run_doubles_nothing(shell) -> None:
    first = summary_of(shell.run("demo", "--no-serve", "--json"))
    assert first["counts"]["badges_awarded"] == AWARDED
    assert first["counts"]["definitions"] == 18
    assert first["counts"]["pathways"] == 4
    for file in (*first["example"].values(), first["trust"]):
        assert Path(file).is_absolute()
        assert Path(file).stat().st_size > 0
    published = Path(first["published"])
    assert list(published.glob("localhost:8000/issuers/*/did.json"))
    assert published == shell.folder / "var/demo/published"
    second = summary_of(shell.run("demo", "--no-serve", "--json"))
    assert second["counts"] == first["counts"]
    assert second["urls"] == first["urls"]


@pytest.mark.slow
def test_reset_starts_afresh_and_leaves_foreign_folders_alone(ready) -> None:
    shell = ready
    first = summary_of(shell.run("demo", "--no-serve", "--json"))
    afresh = summary_of(shell.run("demo", "--no-serve", "--json", "--reset"))
    assert afresh["counts"] == first["counts"]
    assert afresh["urls"]["badge"] != first["urls"]["badge"]
    foreign = shell.folder / "photos"
    foreign.mkdir()
    (foreign / "holiday.jpg").write_bytes(b"beach")
    refused = shell.run("demo", "--no-serve", "--reset", "--folder", str(foreign))
    assert refused.returncode == 1
    assert "does not look like a demo" in refused.stderr
    assert (foreign / "holiday.jpg").read_bytes() == b"beach"


@pytest.mark.slow
def test_killed_at_any_moment_and_run_again_it_ends_the_same(shell, played_counts: dict[str, int]) -> None:
    moments = random.Random(20261121)
    for _ in range(5):
        killed = shell.start("demo", "--no-serve", "--json")
        time.sleep(moments.uniform(1.0, 8.0))
        killed.process.kill()
        killed.process.wait()
    done = summary_of(shell.run("demo", "--no-serve", "--json"))
    assert done["counts"] == played_counts
    with sqlite3.connect(shell.folder / "var/demo/badges.sqlite") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.fixture
def played_counts(demo_played_once: Path) -> dict[str, int]:
    from badge_service.demo.summary import _counts
    from badge_service.storage.session import Database

    database = Database(f"sqlite:///{demo_played_once / 'badges.sqlite'}")
    with database.reading() as session:
        counts = _counts(session)
    database.close()
    return counts


def test_it_refuses_to_live_beside_a_real_public_url(shell) -> None:
    refused = shell.run("demo", "--no-serve", PUBLIC_URL="https://badges.example.org")
    assert refused.returncode == 1
    assert "real public URL" in refused.stderr
    assert not (shell.folder / "var").exists()


@pytest.mark.slow
def test_a_real_public_url_refuses_to_live_on_demo_data(ready) -> None:
    ready.run("demo", "--no-serve", "--json")
    refused = ready.run("serve", BADGE_DATA="var/demo", PUBLIC_URL="https://badges.example.org")
    assert refused.returncode == 1
    assert "http://localhost:8000" in refused.stderr


@pytest.mark.slow
def test_a_busy_port_is_named_and_the_next_taken(ready, port: int, answers) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", port))
        busy.listen()
        service = ready.start("demo", "--port", str(port))
        taken = int(service.waits_for(r"http://localhost:(\d+)/demo")[1])
        assert f"Port {port} is busy" in service.said()
        assert taken != port
        assert answers(f"http://localhost:{taken}/demo") == 200


@pytest.mark.parametrize(
    "number",
    [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.slow)],
    ids=lambda number: number.name,
)
def test_it_stops_within_five_seconds_with_a_batch_running(ready, port: int, answers, number) -> None:
    service = ready.start("demo", "--port", str(port))
    assert answers(f"http://localhost:{port}/") == 200
    intend_many(ready.folder / "var/demo", 30_000)
    waiting = unsigned(ready.folder / "var/demo")
    assert eventually_less(ready.folder / "var/demo", waiting), "the batch has not begun"
    assert service.stop(number) < patience(5)
    assert unsigned(ready.folder / "var/demo"), "the batch was over before the signal"
    assert "Traceback" not in service.said()
    assert signed_is_whole(ready.folder / "var/demo")


def intend_many(folder: Path, count: int) -> None:
    """A batch that takes longer than a stop may: what is intended is as an award leaves it."""
    from badge_service.keyring.files import KeyFolder
    from badge_service.register import actions as register
    from badge_service.register.rules import Intention
    from badge_service.register.tables import Document, Edition
    from badge_service.settings import for_demo
    from badge_service.storage.session import Database, token
    from badge_service.worker import Worker, attach, make_queue

    database = Database(f"sqlite:///{folder / 'badges.sqlite'}")
    with database.writing() as session:
        edition = session.query(Edition).join(Document, Document.id == Edition.document_id).first()
        issuer = session.get_one(Document, edition.document_id).issuer_id
        content = {
            key: value for key, value in edition.content.items() if key not in ("id", "credentialStatus")
        }
        register.intend(
            session, [Intention(token(session), issuer, content, first=True) for _ in range(count)]
        )
    settings = for_demo(folder)
    attach(make_queue(settings), Worker(settings, database, KeyFolder(settings.keys_folder)))()
    database.close()


def eventually_less(folder: Path, count: int) -> bool:
    ends = time.monotonic() + 20
    while unsigned(folder) >= count and time.monotonic() < ends:
        time.sleep(0.05)
    return unsigned(folder) < count


def unsigned(folder: Path) -> int:
    with sqlite3.connect(folder / "badges.sqlite") as database:
        return int(database.execute("SELECT count(*) FROM editions WHERE state = 'intended'").fetchone()[0])


def signed_is_whole(folder: Path) -> bool:
    with sqlite3.connect(folder / "badges.sqlite") as database:
        half = "SELECT count(*) FROM editions WHERE (state = 'signed') <> (proof IS NOT NULL)"
        return database.execute(half).fetchone() == (0,)
