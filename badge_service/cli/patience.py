"""Slow senders wait outside: a request takes one of the few threads only once it is there."""

import re
import selectors
import socket
import struct
import time
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any, cast

from gunicorn.http import RequestParser
from gunicorn.http.errors import LimitRequestHeaders
from gunicorn.workers.gthread import TConn, ThreadWorker

SECONDS_TO_ASK = 10
SECONDS_WHEN_FULL = 1
SECONDS_OF_SILENCE = 30
HELD_BYTES = 64 * 1024
END_OF_HEAD = b"\r\n\r\n"
LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,9})", re.IGNORECASE)
EXPECTS = re.compile(rb"\r\nexpect:", re.IGNORECASE)


class PatientWorker(ThreadWorker):
    """Gunicorn's threads, with the beginning of each request read in the loop that waits for all connections.

    Without this a half-sent head holds a thread without end, and eight of them the whole service.
    """

    def init_process(self) -> None:
        """Saying goodbye to who does not hang up takes two seconds: that has threads of its own."""
        self.farewells = ThreadPoolExecutor(max_workers=self.cfg.threads)
        super().init_process()

    def enqueue_req(self, conn: TConn) -> None:
        """Give a new connection, or one with another request, a thread as soon as that request is there."""
        conn.init()
        for which in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            conn.sock.setsockopt(socket.SOL_SOCKET, which, struct.pack("@ll", SECONDS_OF_SILENCE, 0))
        conn.sock.setblocking(False)
        if has_asked(conn):
            super().enqueue_req(conn)
            return
        conn.timeout = time.monotonic() + SECONDS_TO_ASK
        self.pending_conns.append(conn)
        waiting = partial(self.on_pending_socket_readable, conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, waiting)

    def on_pending_socket_readable(self, conn: TConn, client: socket.socket) -> None:
        """More of a request has come; the time it may take goes on running."""
        if has_asked(conn):
            self.poller.unregister(client)
            self.pending_conns.remove(conn)
            super().enqueue_req(conn)

    def murder_pending(self) -> None:
        """Hang up on who is late; where nobody else could come in, on who was here longest without asking."""
        if self.pending_conns and self.nr_conns >= self.worker_connections:
            longest = self.pending_conns[0]
            came = (longest.timeout or 0) - SECONDS_TO_ASK
            if time.monotonic() - came > SECONDS_WHEN_FULL:
                longest.timeout = 0
        super().murder_pending()

    def handle(self, conn: TConn) -> bool:
        """Answer in a thread; a head without end is refused unread."""
        held = _parser(conn).unreader.buf.getvalue()
        if len(held) > HELD_BYTES and END_OF_HEAD not in held:
            self.handle_error(None, conn.sock, conn.client, LimitRequestHeaders("the head does not end"))
            return False
        return super().handle(conn)

    def finish_request(self, conn: TConn, fs: "Future[bool]") -> None:
        """Keep the connection for its next request, or close it where nobody waits for that."""
        if fs.cancelled() or fs.exception() or fs.result():
            super().finish_request(conn, fs)
            return
        closing = self.farewells.submit(conn.close, graceful=True)
        closing.add_done_callback(lambda _: self.method_queue.defer(self._closed))

    def _closed(self) -> None:
        self.nr_conns -= 1


def has_asked(conn: TConn) -> bool:
    """Read what has come, without waiting: is it a head and its body, more than we hold, or the end?"""
    unreader = _parser(conn).unreader
    try:
        came = conn.sock.recv(HELD_BYTES)
    except BlockingIOError:
        return is_whole(unreader.buf.getvalue())
    except OSError:
        return True  # the thread meets it again, and closes
    held = unreader.take_buffered() + came
    unreader.unread(held)
    return not came or is_whole(held)


def is_whole(held: bytes) -> bool:
    """Whether a thread can read these first bytes of a request without waiting for a slow sender."""
    head, end, body = held.partition(END_OF_HEAD)
    length = LENGTH.search(head)
    if not end or EXPECTS.search(head) or not length:
        return bool(end) or len(held) > HELD_BYTES
    return len(body) >= min(int(length[1]), HELD_BYTES)


def _parser(conn: TConn) -> RequestParser:
    return cast(RequestParser, cast(Any, conn.parser))
