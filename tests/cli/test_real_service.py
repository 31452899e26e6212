"""A first real start: `init`, `serve`, `worker`, `backup`, `restore`, and what is refused on the way."""

import http.client
import json
import shutil
import signal
import socket
import sqlite3
import stat
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.effort import patience

from .conftest import Shell

pytestmark = pytest.mark.full

INIT = (
    "init",
    "--organisation=Demo School",
    "--slug=demo-school",
    "--country=NL",
    "--region=Friesland",
    "--operator-name=Olga Demo",
    "--operator-email=operator@demo.example",
    "--operator-password=correct horse battery staple",
)
PUBLIC_URL = "https://badges.demo.example"


ENVIRONMENT = {"PUBLIC_URL": PUBLIC_URL, "SERVICE_ADDRESS": "http://localhost:8000"}


@pytest.fixture(scope="module")
def initialised_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `init` makes: copy it, never change it."""
    shell = Shell(tmp_path_factory.mktemp("initialised"))
    done = shell.run(*INIT, **ENVIRONMENT)
    assert done.returncode == 0, done.stderr
    for step in ("1. badge-service serve", "2. sign in at", "3. badge-service backup"):
        assert step in done.stdout
    assert "for trying" not in done.stdout
    return shell.folder


@pytest.fixture
def initialised(shell, initialised_once: Path):
    shutil.copytree(initialised_once, shell.folder, dirs_exist_ok=True)
    shell.environment |= ENVIRONMENT
    return shell


def answer_to_a_header(port: int, length: int) -> int:
    asking = http.client.HTTPConnection("localhost", port, timeout=30)
    asking.request("GET", "/", headers={"X-Long": "x" * length})
    try:
        return asking.getresponse().status
    finally:
        asking.close()


HALVES = (
    b"",
    b"GET / HT",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow:",
    b"POST /api/v1/workshops HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\n{",
)
"""What a slow sender has sent when it falls silent."""


@contextmanager
def slow_senders(port: int, many: int) -> Iterator[None]:
    """Connections that are held open, with no more than half a request in each."""
    with ExitStack() as held:
        slow = [held.enter_context(socket.create_connection(("127.0.0.1", port), 30)) for _ in range(many)]
        for number, connection in enumerate(slow):
            connection.sendall(HALVES[number % len(HALVES)])
        yield


def seconds_of(port: int, path: str) -> float:
    """How long somebody else waits for the page."""
    began = time.monotonic()
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    asking.request("GET", path)
    assert asking.getresponse().read()
    asking.close()
    return time.monotonic() - began


def answers_of(connection: socket.socket, *pieces: bytes) -> int:
    """Send these pieces one after the other; how many answers come until the server hangs up."""
    for piece in pieces:
        connection.sendall(piece)
        time.sleep(0.05)
    return b"".join(iter(lambda: connection.recv(65536), b"")).count(b"HTTP/1.1 ")


def nobody_waits(port: int) -> None:
    """Neither 40 requests, nor two that come in three pieces."""
    waits = sorted(seconds_of(port, "/issuers/demo-school/did.json") for _ in range(40))
    assert waits[-1] < patience(1)
    one = b"GET /issuers/demo-school/did.json HTTP/1.1\r\nHost: localhost\r\n"
    pieces = (one[:20], one[20:] + b"\r\n" + one, b"Connection: close\r\n\r\n")
    with socket.create_connection(("127.0.0.1", port), 30) as in_pieces:
        began = time.monotonic()
        assert answers_of(in_pieces, *pieces) == 2
        assert time.monotonic() - began < patience(1)


def test_what_init_makes_can_be_served_and_stopped(initialised, port: int, answers) -> None:
    assert [stat.S_IMODE(key.stat().st_mode) for key in (initialised.folder / "keys").glob("*.pem")] == [
        0o600
    ]
    assert stat.S_IMODE((initialised.folder / "var").stat().st_mode) == 0o700
    service = initialised.start("serve", "--port", str(port))
    for path in (
        "/",
        "/issuers/demo-school",
        "/issuers/demo-school/did.json",
        "/issuers/demo-school/status/1.json",
    ):
        assert answers(f"http://localhost:{port}{path}") == 200
    assert answers(f"http://localhost:{port}/demo") == 404
    assert answer_to_a_header(port, 100_000) == 431
    with slow_senders(port, 200):
        nobody_waits(port)
        assert answers(f"http://localhost:{port}/") == 200
        assert service.stop(signal.SIGTERM) < patience(5)
    assert "Traceback" not in service.said()


def test_a_second_init_is_refused_and_changes_nothing(initialised) -> None:
    before = (initialised.folder / "var/badges.sqlite").read_bytes()
    done = initialised.run(*INIT)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    with sqlite3.connect(initialised.folder / "var/badges.sqlite") as database:
        assert database.execute("SELECT count(*) FROM persons").fetchone() == (1,)
    assert before


@pytest.mark.slow
def test_an_init_that_was_refused_can_be_repeated(shell) -> None:
    refused = shell.run(*INIT[:-1], "--operator-password=short")
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    done = shell.run(*INIT)
    assert done.returncode == 0
    assert "http://localhost:8000 is no https address" in done.stdout and "for trying" in done.stdout


@pytest.mark.slow
def test_a_service_without_https_says_on_its_pages_that_it_is_not_for_use(shell, port: int, answers) -> None:
    assert shell.run(*INIT).returncode == 0
    shell.start("serve", "--port", str(port))
    address = f"http://localhost:{port}/verify"
    assert answers(address) == 200
    with urllib.request.urlopen(address) as page:
        assert "Demo, not for use" in page.read().decode()


def test_another_public_url_is_refused_with_what_would_break(initialised) -> None:
    done = initialised.run("serve", PUBLIC_URL="https://other.demo.example")
    assert done.returncode == 1
    for word in (PUBLIC_URL, "https://other.demo.example", "issuer", "status list", "page"):
        assert word in done.stderr


def test_wrong_settings_are_told_all_at_once_without_a_traceback(shell) -> None:
    done = shell.run("serve", PUBLIC_URL="nonsense", UNDO_MINUTES="soon")
    assert done.returncode == 1
    assert "PUBLIC_URL" in done.stderr
    assert "UNDO_MINUTES" in done.stderr
    assert "Traceback" not in done.stderr


def test_nothing_is_served_where_nothing_was_made(shell) -> None:
    done = shell.run("serve")
    assert done.returncode == 1
    assert "badge-service init" in done.stderr


@pytest.mark.slow
def test_a_wrong_command_is_a_usage_error(shell) -> None:
    assert shell.run("serve", "--port", "many").returncode == 64
    assert shell.run("fly").returncode == 64


@pytest.mark.slow
def test_a_backup_comes_back_with_a_new_status_list(initialised, tmp_path: Path) -> None:
    backup = tmp_path / "night.backup"
    done = initialised.run("backup", str(backup))
    assert done.returncode == 0, done.stderr
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    elsewhere = {"BADGE_DATA": str(tmp_path / "new/var"), "BADGE_KEYS": str(tmp_path / "new/keys")}
    restored = initialised.run("restore", str(backup), **elsewhere)
    assert restored.returncode == 0, restored.stderr
    assert "1 new status list(s)" in restored.stdout
    with sqlite3.connect(tmp_path / "new/var/badges.sqlite") as database:
        rows = database.execute("SELECT number, closed_at IS NULL, signed_at IS NOT NULL FROM status_lists")
        assert sorted(rows.fetchall()) == [(1, 0, 1), (2, 1, 1)]
        paths = {path for (path,) in database.execute("SELECT path FROM publications")}
    assert "/issuers/demo-school/status/2.json" in paths
    again = initialised.run("restore", str(backup), **elsewhere)
    assert again.returncode == 1
    for taken in ("keys", "the database"):
        assert taken in again.stderr
    assert initialised.run("backup", str(backup)).returncode == 1


@pytest.mark.parametrize(
    "number",
    [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.slow)],
    ids=lambda number: number.name,
)
def test_the_worker_stops_on_a_signal(initialised, number: signal.Signals) -> None:
    worker = initialised.start("worker")
    worker.waits_for("Working")
    assert worker.stop(number) < patience(5)
    assert worker.process.returncode == 0
    assert "Traceback" not in worker.said()


def test_a_second_worker_stands_by(initialised) -> None:
    first = initialised.start("worker")
    first.waits_for("Working")
    second = initialised.start("worker")
    second.waits_for("standing by")
    assert second.stop(signal.SIGTERM) < patience(5)


@pytest.mark.slow
def test_the_verdict_of_a_file_is_the_exit_code(shell, demo_played_once: Path, tmp_path: Path) -> None:
    summary = json.loads(_played(shell, demo_played_once).stdout)
    badge, published = summary["example"]["json"], ("--published", summary["published"])
    assert shell.run("verify", badge, *published, "--trust", summary["trust"]).returncode == 0
    assert shell.run("verify", badge, *published).returncode == 2
    assert shell.run("verify", badge, *published, "--any-issuer").returncode == 0
    changed = tmp_path / "changed.json"
    changed.write_text(Path(badge).read_text().replace("willow", "Willow", 1))
    assert shell.run("verify", str(changed), *published, "--any-issuer").returncode == 1
    assert shell.run("verify", str(tmp_path / "missing.json")).returncode == 64
    for picture in ("png", "svg"):
        verdict = shell.run("verify", summary["example"][picture], *published, "--any-issuer", "--json")
        assert verdict.returncode == 0
        assert json.loads(verdict.stdout)


def _played(shell, demo_played_once: Path):
    shutil.copytree(demo_played_once, shell.folder / "var/demo")
    done = shell.run("demo", "--no-serve", "--json")
    assert done.returncode == 0, done.stderr
    return done
