"""What was already worked out from published documents: keys and status lists, kept until one byte of them changes.

A verdict is made afresh each time; only the answers to "which key is this?" and "what does this signed list say?" are
kept, each with the digests of the very documents that it was worked out from. Those documents are still asked for every
time (from whatever cache stands behind `fetch`), so a changed key document or list is judged at once.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from badge_service.errors import NotFoundError, UnavailableError
from badge_service.openbadges.did import Fetch, Fetched

MOST_ENTRIES = 512
MOST_BYTES = 32 * 1024 * 1024

MOST_LETTERS = 10_000
"""Of a question; about longer ones nothing is kept."""

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class _Kept:
    answer: Any
    read: tuple[tuple[str, bytes], ...]
    weight: int


class Remembered:
    """A bounded memory that many verifications share; safe for threads. Without one, every call starts anew."""

    def __init__(self, most_entries: int = MOST_ENTRIES, most_bytes: int = MOST_BYTES) -> None:
        self._most_entries, self._most_bytes = most_entries, most_bytes
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._newest: OrderedDict[str, datetime] = OrderedDict()
        self._bytes = 0

    def recall(
        self,
        question: Hashable,
        fetch: Fetch,
        work: Callable[[Fetch], Answer],
        weight: Callable[[Answer], int | None] = lambda answer: 100,
    ) -> Answer:
        """The answer of `work`, called only when something that it reads by its `fetch` is not as it was.

        `work` depends on nothing but `question` and what it fetches; `weight` is about how many bytes an answer holds,
        None for an answer that is not to be kept.
        What `work` and `fetch` raise is raised, and never kept.
        """
        if len(str(question)) > MOST_LETTERS:
            return work(fetch)
        with self._lock:
            kept = self._kept.get(question)
        if kept is not None and self._unchanged(kept, fetch):
            found: Answer = kept.answer
            return found
        recording = _Recording(fetch)
        answer = work(recording)
        bytes_held = weight(answer)
        if bytes_held is not None:
            self._keep(question, _Kept(answer, tuple(recording.read), bytes_held))
        return answer

    def is_rolled_back(self, address: str, made: datetime, tolerance: timedelta) -> bool:
        """Whether a list at `address` made at `made` is older than one seen there before, by more than `tolerance`."""
        if len(address) > MOST_LETTERS:
            return False
        with self._lock:
            newest = self._newest.get(address)
            if newest is None or made > newest:
                self._newest[address] = made
                while len(self._newest) > self._most_entries:
                    self._newest.popitem(last=False)
                return False
        return newest - made > tolerance

    @staticmethod
    def _unchanged(kept: _Kept, fetch: Fetch) -> bool:
        try:
            return all(_digest(fetch(url)) == digest for url, digest in kept.read)
        except (NotFoundError, UnavailableError):
            return False  # the work itself will meet the same silence, and say so

    def _keep(self, question: Hashable, kept: _Kept) -> None:
        with self._lock:
            self._drop(question)
            self._kept[question] = kept
            self._bytes += kept.weight
            while len(self._kept) > self._most_entries or self._bytes > self._most_bytes:
                self._drop(next(iter(self._kept)))

    def _drop(self, question: Hashable) -> None:
        gone = self._kept.pop(question, None)
        self._bytes -= gone.weight if gone else 0


class _Recording:
    """A fetch that notes what it answered."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self.read: list[tuple[str, bytes]] = []

    def __call__(self, url: str) -> Fetched:
        fetched = self._fetch(url)
        self.read.append((url, _digest(fetched)))
        return fetched


def _digest(fetched: Fetched) -> bytes:
    return hashlib.sha256(fetched.body).digest()
