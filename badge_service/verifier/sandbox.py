"""Canonicalizes strangers' documents in a process of its own, so that no document can use up this one's time or memory.

One or two workers, started when first needed, replaced when they die, and ended with this process: their input closes.
"""

import contextlib
import json
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from badge_service.errors import Fault
from badge_service.openbadges import canonical
from badge_service.openbadges.canonical import Examined

WORKERS = 2
CPU_SECONDS = 0.8
"""For one document; honest ones take about a hundredth of it."""
MEMORY_BYTES = 256 * 1024 * 1024
WALL_SECONDS = 4.0
START_SECONDS = 30.0
_LENGTH_BYTES = 4
_MOST_ANSWERED = 64 * 1024 * 1024
_ROOT = Path(__file__).resolve().parents[2]


class Sandbox:
    """A small pool of confined workers; `examine` has the shape of `canonical.examine` and never raises.

    Whatever ends a worker early (CPU time, memory, a crash, the wall clock) is a fault `examination_stopped`:
    the document could not be checked.
    """

    def __init__(
        self,
        *,
        workers: int = WORKERS,
        cpu_seconds: float = CPU_SECONDS,
        memory_bytes: int = MEMORY_BYTES,
        wall_seconds: float = WALL_SECONDS,
    ) -> None:
        self._limits = (cpu_seconds, memory_bytes)
        self._wall_seconds = wall_seconds
        self._places = threading.BoundedSemaphore(workers)
        self._lock = threading.Lock()
        self._idle: list[_Worker] = []
        self._process = os.getpid()

    def examine(self, document: Mapping[str, Any], *, hash: str = "sha256") -> Examined:
        """As `canonical.examine` with our own pinned contexts: a known shape here, any other in a worker."""
        known = canonical.examine_known(document) if hash == "sha256" else None
        if known is not None:
            return known
        if not self._places.acquire(timeout=self._wall_seconds):
            return _stopped("all workers are busy")
        try:
            examined = self._examined(json.dumps({"hash": hash, "document": document}).encode())
        finally:
            self._places.release()
        if hash == "sha256" and not examined.faults:
            canonical.learn(document, examined)
        return examined

    def close(self) -> None:
        """End the idle workers; the next document would start a new one."""
        with self._lock:
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.end()

    def _examined(self, payload: bytes) -> Examined:
        worker = None
        try:
            worker = self._taken()
            answer = worker.answer(payload, self._wall_seconds)
        except (OSError, ValueError) as error:
            if worker is not None:
                worker.end()
            return _stopped(type(error).__name__)
        with self._lock:
            self._idle.append(worker)
        return Examined(tuple(Fault(*fault) for fault in answer["faults"]), answer["nquads"])

    def _taken(self) -> "_Worker":
        with self._lock:
            if self._process != os.getpid():  # we were forked: the workers talk to our parent
                self._process, self._idle = os.getpid(), []
            if self._idle:
                return self._idle.pop()
        return _Worker(*self._limits)


def _stopped(why: str) -> Examined:
    return Examined((Fault("", f"Reading this document was stopped ({why}).", "examination_stopped"),), "")


class _Worker:
    """One confined process and the two pipes to it."""

    def __init__(self, cpu_seconds: float, memory_bytes: int) -> None:
        command = [sys.executable, "-P", "-m", "badge_service.verifier.sandbox_worker"]
        self._process = subprocess.Popen(  # noqa: S603 (our own interpreter and module)
            [*command, str(cpu_seconds), str(memory_bytes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            cwd="/",
            env={"PYTHONPATH": str(_ROOT), "PYTHONHASHSEED": "random"},
        )
        if self._process.stdin is None or self._process.stdout is None:
            raise OSError("no pipes")
        self._in, self._out = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._in, False)
        os.set_blocking(self._out, False)
        self._is_new = True

    def answer(self, payload: bytes, seconds: float) -> dict[str, Any]:
        """What the worker says to `payload`; raises OSError (it died, or took too long) and ValueError."""
        ends = time.monotonic() + seconds + (START_SECONDS if self._is_new else 0)
        self._is_new = False
        self._send(len(payload).to_bytes(_LENGTH_BYTES, "big") + payload, ends)
        length = int.from_bytes(self._receive(_LENGTH_BYTES, ends), "big")
        if length > _MOST_ANSWERED:
            raise ValueError("too long an answer")
        answer: dict[str, Any] = json.loads(self._receive(length, ends))
        return answer

    def end(self) -> None:
        """Kill it, and leave no zombie."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._process.wait()

    def _send(self, data: bytes, ends: float) -> None:
        rest = memoryview(data)
        while rest:
            _wait(self._in, select.POLLOUT, ends)
            rest = rest[os.write(self._in, rest[:65_536]) :]

    def _receive(self, length: int, ends: float) -> bytes:
        parts: list[bytes] = []
        while length:
            _wait(self._out, select.POLLIN, ends)
            part = os.read(self._out, min(length, 1 << 20))
            if not part:
                raise OSError("the worker died")
            parts.append(part)
            length -= len(part)
        return b"".join(parts)


def _wait(pipe: int, event: int, ends: float) -> None:
    poll = select.poll()
    poll.register(pipe, event)
    if not poll.poll(max(0.0, ends - time.monotonic()) * 1000):
        raise TimeoutError("the worker took too long")
