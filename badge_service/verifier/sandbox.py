"""Canonicalizes strangers' documents in a process of its own, so that no document can use up this one's time or memory.

One or two workers, started when first needed, replaced when they die, and ended with this process: their input closes.
All documents that one verification brings share one allowance: `within` gives what examines them.
"""

import contextlib
import json
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from badge_service.errors import Fault
from badge_service.openbadges import canonical
from badge_service.openbadges.canonical import Examined
from badge_service.openbadges.proofs.secured import Examine

WORKERS = 2
CPU_SECONDS = 0.5
"""For all documents of one verification, here and in the worker; an honest one takes about a hundredth of it."""
MEMORY_BYTES = 256 * 1024 * 1024
WALL_SECONDS = 4.0
"""How long one verification waits for its documents in all."""
START_SECONDS = 30.0
_LENGTH_BYTES = 4
_MOST_ANSWERED = 64 * 1024 * 1024
_ROOT = Path(__file__).resolve().parents[2]


@dataclass
class _Allowance:
    """What one verification may still take: CPU seconds here and in the worker, and seconds of waiting."""

    cpu_seconds: float
    wall_seconds: float

    @contextlib.contextmanager
    def charged(self) -> Iterator[None]:
        """Take off what the block takes of this thread's CPU time and of the clock."""
        cpu, wall = time.thread_time(), time.monotonic()
        try:
            yield
        finally:
            self.cpu_seconds -= time.thread_time() - cpu
            self.wall_seconds -= time.monotonic() - wall


class Sandbox:
    """A small pool of confined workers; what `within` gives has the shape of `canonical.examine` and never raises.

    Whatever ends a worker early (CPU time, memory, a crash, the wall clock) is a fault `examination_stopped`:
    the document could not be checked. So is every document after the allowance was spent.
    """

    def __init__(
        self,
        *,
        workers: int = WORKERS,
        cpu_seconds: float = CPU_SECONDS,
        memory_bytes: int = MEMORY_BYTES,
        wall_seconds: float = WALL_SECONDS,
    ) -> None:
        self._cpu_seconds, self._wall_seconds = cpu_seconds, wall_seconds
        self._memory_bytes = memory_bytes
        self._places = threading.BoundedSemaphore(workers)
        self._lock = threading.Lock()
        self._idle: list[_Worker] = []
        self._process = os.getpid()

    def within(self) -> Examine:
        """What examines the documents of one verification, which share the CPU time and the waiting."""
        return partial(self._examine, _Allowance(self._cpu_seconds, self._wall_seconds))

    def _examine(
        self, allowance: _Allowance, document: Mapping[str, Any], *, hash: str = "sha256"
    ) -> Examined:
        """As `canonical.examine` with our own pinned contexts: a known shape here, any other in a worker."""
        if min(allowance.cpu_seconds, allowance.wall_seconds) <= 0:
            return _stopped("others before it took all the time there is")
        with allowance.charged():
            known = canonical.examine_known(document) if hash == "sha256" else None
            if known is not None:
                return known
            return self._elsewhere(allowance, document, hash)

    def _elsewhere(self, allowance: _Allowance, document: Mapping[str, Any], hash: str) -> Examined:
        if not self._places.acquire(timeout=max(allowance.wall_seconds, 0)):
            return _stopped("all workers are busy")
        try:
            examined = self._examined(allowance, {"hash": hash, "document": document})
        finally:
            self._places.release()
        if hash == "sha256" and allowance.cpu_seconds > 0:
            canonical.learn(document, examined)
        return examined

    def close(self) -> None:
        """End the idle workers; the next document would start a new one."""
        with self._lock:
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.end()

    def _examined(self, allowance: _Allowance, asked: dict[str, Any]) -> Examined:
        worker, most = None, allowance.cpu_seconds
        payload = json.dumps({"cpu_seconds": most, **asked}).encode()
        try:
            worker = self._taken()
            answer = worker.answer(payload, allowance.wall_seconds)
        except (OSError, ValueError) as error:
            allowance.cpu_seconds -= most
            if worker is not None:
                worker.end()
            return _stopped(type(error).__name__)
        allowance.cpu_seconds -= answer["cpu_seconds"]
        with self._lock:
            self._idle.append(worker)
        return Examined(tuple(Fault(*fault) for fault in answer["faults"]), answer["nquads"])

    def _taken(self) -> "_Worker":
        with self._lock:
            if self._process != os.getpid():  # we were forked: the workers talk to our parent
                self._process, self._idle = os.getpid(), []
            if self._idle:
                return self._idle.pop()
        return _Worker(self._memory_bytes)


def _stopped(why: str) -> Examined:
    return Examined((Fault("", f"Reading this document was stopped ({why}).", "examination_stopped"),), "")


class _Worker:
    """One confined process and the two pipes to it."""

    def __init__(self, memory_bytes: int) -> None:
        command = [sys.executable, "-P", "-m", "badge_service.verifier.sandbox_worker"]
        self._process = subprocess.Popen(  # noqa: S603 (our own interpreter and module)
            [*command, str(memory_bytes)],
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
