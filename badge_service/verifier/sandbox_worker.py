"""The inner side of the sandbox: a process with little CPU time and memory that canonicalizes one document after another.

It is started as `python -m badge_service.verifier.sandbox_worker <bytes of memory>` and imports the
Open Badges library alone. Frames are four bytes of length (big-endian) and UTF-8 JSON, both ways: in come
`{"hash", "document", "cpu_seconds"}`, out go `{"faults", "nquads", "cpu_seconds"}`: what it may take, and what it took.
"""

import json
import resource
import signal
import sys
import time
from typing import Any, BinaryIO

from badge_service.openbadges import canonical
from badge_service.openbadges.contexts import VC2

LENGTH_BYTES = 4
_READY: dict[str, Any] = {"@context": [VC2], "id": "urn:uuid:0", "type": ["VerifiableCredential"]}


def main(memory_bytes: int) -> None:
    """Answer until the other side hangs up; the kernel ends this process when a document takes too much."""
    canonical.use_shapes(enabled=False)  # the other side knows them; here everything is expanded
    canonical.examine(_READY)  # the contexts are read now, while there is time
    _confine(memory_bytes)
    while (asked := _read(sys.stdin.buffer)) is not None:
        began = time.process_time()
        # Default disposition: the process is killed, whatever Python or C code is doing.
        signal.setitimer(signal.ITIMER_PROF, asked["cpu_seconds"])
        examined = canonical.examine(asked["document"], hash=asked["hash"])
        signal.setitimer(signal.ITIMER_PROF, 0)
        faults = [[fault.where, fault.message, fault.code] for fault in examined.faults]
        taken = time.process_time() - began
        _write(sys.stdout.buffer, {"faults": faults, "nquads": examined.nquads, "cpu_seconds": taken})


def _confine(memory_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))


def _read(stream: BinaryIO) -> dict[str, Any] | None:
    head = stream.read(LENGTH_BYTES)
    if len(head) < LENGTH_BYTES:
        return None
    asked: dict[str, Any] = json.loads(stream.read(int.from_bytes(head, "big")))
    return asked


def _write(stream: BinaryIO, answer: dict[str, Any]) -> None:
    body = json.dumps(answer).encode()
    stream.write(len(body).to_bytes(LENGTH_BYTES, "big") + body)
    stream.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]))
