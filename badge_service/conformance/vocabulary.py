"""The words that documents of the test suites may use: our own pinned contexts, and the examples context of W3C."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from badge_service.errors import Fault
from badge_service.openbadges import canonical, contexts
from badge_service.openbadges.canonical import Examined
from badge_service.openbadges.profiles import GENERIC

CPU_SECONDS = 1.0
EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"
_EXAMPLES_DOCUMENT = {"@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}}
"""Gives every undefined word an address under the examples vocabulary; it says nothing else."""


def load(url: str) -> dict[str, Any]:
    """The context document at `url`; raises UnknownContext for what we do not carry. Nothing is ever fetched."""
    return _EXAMPLES_DOCUMENT if url == EXAMPLES else contexts.load(url)


def examine(document: Any, *, hash: str = "sha256") -> Examined:
    """As `canonical.examine`, by the generic profile: inline contexts are allowed, undefined words are not."""
    return canonical.examine(document, load, profile=GENERIC, hash=hash)


@dataclass
class Allowance:
    """The CPU seconds that one request may still take for examining documents; the walls hold each one to half a second."""

    cpu_seconds: float = CPU_SECONDS

    def examine(self, document: Any, *, hash: str = "sha256") -> Examined:
        """As `examine` of this module; fault `examination_stopped` when nothing is left."""
        return self._charged(lambda: examine(document, hash=hash))

    def examine_badge(self, document: Any, *, hash: str = "sha256") -> Examined:
        """As `canonical.examine`, by the closed profile of badges; the same fault."""
        return self._charged(lambda: canonical.examine(document, hash=hash))

    def _charged(self, work: Callable[[], Examined]) -> Examined:
        if self.cpu_seconds <= 0:
            return Examined((Fault("", "Reading this took too long.", "examination_stopped"),), "")
        began = time.thread_time()
        examined = work()
        self.cpu_seconds -= time.thread_time() - began
        return examined
