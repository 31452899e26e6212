"""Fetches documents of strangers without being led astray: https only, every address vetted, small, quick, no redirects."""

import contextlib
import http.client
import re
import socket
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from badge_service.errors import BadgeServiceError, NotFoundError, UnavailableError
from badge_service.openbadges.did import Fetch, Fetched
from badge_service.web.outward import VettedConnection, vetted

MAX_BYTES = 256 * 1024
SECONDS = 5.0
"""For everything that one badge makes us fetch, not for each address."""
FRESH_SECONDS = 300.0
"""How long a good answer is kept that says nothing of how long it is good."""
LONGEST_FRESH_SECONDS = 3600.0
REFUSED_SECONDS = 15.0
"""How long a silence or a missing document is kept, so that a badge sent a hundred times asks once."""
_MOST_KEPT = 256
_MOST_BYTES_KEPT = 16 * 1024 * 1024
_AT_ONCE = 16

_ADDRESS = re.compile(r"https://([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?)(:443)?(/[!-~]*)?\Z")
_HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "badge-service"}


@dataclass(frozen=True)
class _Kept:
    """One answer, good or not, until its time on the monotonic clock is over."""

    answer: Fetched | BadgeServiceError
    until: float

    @property
    def size(self) -> int:
        return len(self.answer.body) if isinstance(self.answer, Fetched) else 0


class StrictFetcher:
    """Reads foreign addresses for the verifier; keeps answers as long as they say, within limits."""

    def __init__(
        self, *, own_hosts: Iterable[str] = (), monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._own_hosts = frozenset(host.lower() for host in own_hosts)
        self._monotonic = monotonic
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._bytes_kept = 0
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(_AT_ONCE)

    def within(self, seconds: float | None = None) -> Fetch:
        """A fetch function whose calls share `seconds`; raises NotFoundError and UnavailableError only."""
        ends = self._monotonic() + (SECONDS if seconds is None else seconds)
        return lambda url: self._fetch(url, ends)

    def _fetch(self, url: str, ends: float) -> Fetched:
        host, path = self._permitted(url)
        kept = self._still_fresh(url)
        if isinstance(kept, Fetched):
            return kept
        if kept is not None:
            raise type(kept)(kept.message, code=kept.code)
        if not self._places.acquire(blocking=False):
            raise UnavailableError("Too many addresses are being asked just now.", code="fetch_busy")
        errand = _Errand(host, path, max(ends - self._monotonic(), 0.01), self._places.release)
        try:
            fetched = errand.outcome()
        except BadgeServiceError as error:
            self._keep(url, error, REFUSED_SECONDS)
            raise
        self._keep(url, fetched, errand.fresh_seconds)
        return fetched

    def _permitted(self, url: str) -> tuple[str, str]:
        found = _ADDRESS.match(url)
        if found is None:
            raise UnavailableError("We do not ask addresses of this kind.", code="fetch_refused")
        host = found[1].lower()
        if host in self._own_hosts:
            raise UnavailableError("We do not ask ourselves over the network.", code="fetch_refused")
        parts = urlsplit(url)
        return host, (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

    def _still_fresh(self, url: str) -> Fetched | BadgeServiceError | None:
        with self._lock:
            kept = self._kept.get(url)
            return kept.answer if kept is not None and self._monotonic() < kept.until else None

    def _keep(self, url: str, answer: Fetched | BadgeServiceError, seconds: float) -> None:
        kept = _Kept(answer, self._monotonic() + seconds)
        with self._lock:
            self._drop(url)
            self._kept[url] = kept
            self._bytes_kept += kept.size
            while len(self._kept) > _MOST_KEPT or self._bytes_kept > _MOST_BYTES_KEPT:
                self._drop(next(iter(self._kept)))

    def _drop(self, url: str) -> None:
        gone = self._kept.pop(url, None)
        self._bytes_kept -= gone.size if gone else 0


def fresh_seconds(cache_control: str, body: bytes) -> float:
    """How long an answer may be kept: by its server's word and, for a status list, by the list's own `ttl`.

    The shorter of both counts, at most an hour; five minutes when nothing is said. The `ttl` is looked for in the text,
    as the list is not judged yet: whoever writes a false one changes only how often we ask for it.
    """
    said = [float(text) for text in re.findall(r"max-age=(\d{1,9})", cache_control.lower())[:1]]
    if re.search(r"no-store|no-cache", cache_control.lower()):
        said.append(0.0)
    if b"BitstringStatusList" in body:
        said += [int(text) / 1000 for text in re.findall(rb'"ttl"\s*:\s*"?(\d{1,12})\b', body)[:1]]
    return min([*said, LONGEST_FRESH_SECONDS]) if said else FRESH_SECONDS


class _Errand(threading.Thread):
    """One fetch in a thread of its own, since neither looking up a name nor a dripping server can be timed otherwise."""

    def __init__(self, host: str, path: str, seconds: float, done: Callable[[], None]) -> None:
        super().__init__(daemon=True)
        self._host, self._path, self._seconds, self._done = host, path, seconds, done
        self._connection: VettedConnection | None = None
        self._fetched: Fetched | None = None
        self._error: BadgeServiceError | None = None
        self._over = False
        self.fresh_seconds = FRESH_SECONDS

    def outcome(self) -> Fetched:
        """What was fetched, in time; raises NotFoundError or UnavailableError."""
        self.start()
        self.join(self._seconds)
        if self.is_alive():
            self._hang_up()
            raise UnavailableError(f"{self._host} did not answer in time.", code="fetch_slow")
        if self._fetched is None:
            raise self._error or UnavailableError(f"{self._host} did not answer.", code="fetch_failed")
        return self._fetched

    def run(self) -> None:
        """Fetch, and put the answer or the refusal down for `outcome`."""
        try:
            self._fetched = self._ask()
        except BadgeServiceError as error:
            self._error = error
        except (OSError, ValueError, http.client.HTTPException) as error:
            self._error = UnavailableError(
                f"{self._host} did not answer: {type(error).__name__}.", code="fetch_failed"
            )
        finally:
            self._hang_up()
            self._done()

    def _ask(self) -> Fetched:
        addresses = vetted(self._host)
        if self._over:  # looking up the name took so long that nobody waits any more
            raise UnavailableError(f"{self._host} did not answer in time.", code="fetch_slow")
        self._connection = VettedConnection(self._host, addresses, self._seconds)
        self._connection.request("GET", self._path, headers=_HEADERS)
        response = self._connection.getresponse()
        if response.status in (404, 410):
            raise NotFoundError(f"{self._host} has nothing at this address.", code="fetch_missing")
        if response.status != 200 or response.headers.get("Content-Encoding", "identity") != "identity":
            # Redirects too: whoever moves must say so in a document that was signed.
            raise UnavailableError(f"{self._host} answered {response.status}.", code="fetch_status")
        body = response.read(MAX_BYTES + 1)
        if len(body) > MAX_BYTES:
            raise UnavailableError(f"{self._host} sent too much.", code="fetch_too_large")
        self.fresh_seconds = fresh_seconds(response.headers.get("Cache-Control", ""), body)
        return Fetched(body, response.headers.get_content_type())

    def _hang_up(self) -> None:
        self._over = True
        if self._connection is None:
            return
        held = self._connection.sock
        if held is not None:
            with contextlib.suppress(OSError):  # already closed by the other side
                held.shutdown(socket.SHUT_RDWR)
        self._connection.close()
