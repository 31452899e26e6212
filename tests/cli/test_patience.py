"""The threads of the web server are only for requests that are there: how it waits for those that are not."""

import os
import selectors
import signal
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from types import SimpleNamespace
from typing import Any

import pytest
from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.sock import TCPSocket

from badge_service.cli import patience as slow
from tests.effort import patience

pytestmark = pytest.mark.full

THREADS, CONNECTIONS = 2, 20


def reads_all(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
    """A program that answers with the number of bytes it was sent."""
    said = str(len(environ["wsgi.input"].read())).encode()
    start("200 OK", [("Content-Length", str(len(said)))])
    return [said]


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A server of two threads, with one second for whom the real one has many."""
    monkeypatch.setattr(slow, "SECONDS_TO_ASK", 1)
    monkeypatch.setattr(slow, "SECONDS_OF_SILENCE", 1)
    settings = Config()
    options = {"threads": THREADS, "worker_connections": CONNECTIONS, "graceful_timeout": 0}
    for name, value in (options | {"loglevel": "critical"}).items():
        settings.set(name, value)
    listener = TCPSocket(("127.0.0.1", 0), settings, Logger(settings))
    worker = slow.PatientWorker(
        1, os.getppid(), [listener], SimpleNamespace(wsgi=reads_all), 30, settings, Logger(settings)
    )
    worker.wsgi = reads_all
    worker.farewells, worker.tpool = worker.get_thread_pool(), worker.get_thread_pool()
    worker.poller = selectors.DefaultSelector()
    worker.method_queue.init()
    running = threading.Thread(target=worker.run)
    running.start()
    yield listener.getsockname()[1]
    worker.handle_exit(signal.SIGTERM, None)
    running.join()


def answers_of(port: int, *pieces: bytes) -> list[bytes]:
    """Send these pieces one after the other; the answers until the server hangs up."""
    with socket.create_connection(("127.0.0.1", port), 30) as connection:
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(0.02)
        return b"".join(iter(lambda: connection.recv(65536), b"")).split(b"HTTP/1.1 ")[1:]


def post(length: int, *more: bytes) -> bytes:
    return b"\r\n".join([b"POST / HTTP/1.1", b"Host: x", b"Content-Length: %d" % length, *more, b"", b""])


LAST = b"Connection: close"


@pytest.mark.parametrize("cut", [1, 15, len(post(5, LAST)) - 1, len(post(5, LAST)), len(post(5, LAST)) + 2])
def test_a_request_in_two_pieces_is_answered_at_once(port: int, cut: int) -> None:
    whole = post(5, LAST) + b"apple"
    began = time.monotonic()
    (answer,) = answers_of(port, whole[:cut], whole[cut:])
    assert answer.endswith(b"\r\n5")
    assert time.monotonic() - began < patience(0.5)


def test_requests_in_one_piece_are_answered_one_after_the_other(port: int) -> None:
    three = post(1) + b"a" + post(2) + b"bc" + post(3, LAST) + b"def"
    for cut in (len(three), 70, 130):
        answers = answers_of(port, three[:cut], three[cut:])
        assert [answer[-1:] for answer in answers] == [b"1", b"2", b"3"]


def test_who_stays_silent_is_hung_up_on(port: int) -> None:
    halves = (b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\n", post(9), post(9) + b"half", b"\r\n")
    with ExitStack() as held:
        silent = [held.enter_context(socket.create_connection(("127.0.0.1", port), 30)) for _ in halves]
        for connection, half in zip(silent, halves, strict=True):
            connection.sendall(half)
        assert [connection.recv(1) for connection in silent] == [b""] * len(halves)


def test_who_sends_byte_after_byte_has_no_more_time_than_others(port: int) -> None:
    began = time.monotonic()
    with pytest.raises(OSError):
        answers_of(port, *[b"GET /"], *[b"x"] * 1000)
    assert time.monotonic() - began < patience(10)


def test_more_slow_senders_than_connections_make_room(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slow, "SECONDS_TO_ASK", 60)
    monkeypatch.setattr(slow, "SECONDS_WHEN_FULL", 0.1)
    with ExitStack() as held:
        for _ in range(2 * CONNECTIONS):
            held.enter_context(socket.create_connection(("127.0.0.1", port), 30)).sendall(b"GET /")
        began = time.monotonic()
        (answer,) = answers_of(port, post(5, LAST) + b"apple")
        assert answer.endswith(b"\r\n5")
        assert time.monotonic() - began < patience(10)


@pytest.mark.parametrize("long", [b"GET /" + b"x" * 100_000, b"GET / HTTP/1.1\r\nX: " + b"x" * 300_000])
def test_a_head_without_end_is_refused(port: int, long: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), 30) as connection:
        connection.sendall(long[:100_000])
        assert connection.recv(20).startswith(b"HTTP/1.1 431")


@pytest.mark.parametrize(
    "half",
    [
        post(10_000_000) + b"x" * 100_000,
        post(9, b"Expect: 100-continue"),
        post(0, b"Transfer-Encoding: chunked").replace(b"Content-Length: 0\r\n", b"") + b"9\r\nhalf",
    ],
    ids=["long", "expects", "chunked"],
)
def test_a_body_that_stalls_gives_its_thread_back(port: int, half: bytes) -> None:
    stalled = [socket.create_connection(("127.0.0.1", port), 30) for _ in range(THREADS)]
    for connection in stalled:
        connection.sendall(half)
    time.sleep(0.1)
    began = time.monotonic()
    (answer,) = answers_of(port, post(5, LAST) + b"apple")
    assert answer.endswith(b"\r\n5")
    assert time.monotonic() - began < patience(3)
    for connection in stalled:
        connection.close()
