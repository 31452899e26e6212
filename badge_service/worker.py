"""Does what was promised: outbox jobs, waiting signatures, ageing status lists; huey only wakes it and keeps the time."""

import fcntl
import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from huey import Huey, RedisHuey, SqliteHuey, crontab
from huey.consumer import Consumer

from badge_service.awards import jobs as award_jobs
from badge_service.errors import UnavailableError
from badge_service.keyring.rules import Keyring
from badge_service.register import actions as register
from badge_service.settings import Settings
from badge_service.storage import outbox
from badge_service.storage.session import Database
from badge_service.web import mail

_log = logging.getLogger(__name__)


@dataclass
class Worker:
    """One round of work at a time, for as long as there is some; rounds never overlap in one process."""

    settings: Settings
    database: Database
    keyring: Keyring
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def run_once(self) -> int:
        """Sign what waits, do what is due; returns how many things were done. A missing key leaves its work waiting."""
        with self._turn:
            try:
                done = register.sign_intended(self.database, self.keyring)
            except UnavailableError as error:
                _log.warning("signing waits: %s", error.message)
                done = 0
            return done + outbox.run_due(self.database, self._handlers())

    def run_until_quiet(self) -> int:
        """Rounds until nothing is due (one job may promise another); returns how many things were done."""
        total = 0
        while done := self.run_once():
            total += done
        return total

    def _handlers(self) -> outbox.Handlers:
        return {"mail": mail.deliver(self.settings), **award_jobs.handlers(self.settings)}


def make_queue(settings: Settings) -> Huey:
    """The wake-up line between web processes and workers: a file in the data folder, or Redis by setting."""
    if settings.redis_url:
        return RedisHuey("badge-service", url=settings.redis_url)
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    return SqliteHuey("badge-service", filename=str(settings.data_folder / "wake.sqlite"))


def attach(queue: Huey, worker: Worker) -> Any:
    """Teach the queue its two words; returns `wake`, to be called after a commit."""

    @queue.task(name="wake")  # type: ignore[untyped-decorator]
    def wake() -> None:
        worker.run_once()

    @queue.periodic_task(crontab(minute="*"), name="tick")  # type: ignore[untyped-decorator]
    def tick() -> None:
        worker.run_once()

    return wake


class EmbeddedConsumer(Consumer):  # type: ignore[misc]
    """A consumer inside the web process: it leaves the process's signals alone."""

    def _set_signal_handlers(self) -> None:
        """Signals belong to the web server."""


@dataclass
class EmbeddedWorker:
    """A worker thread in the web process, if this process won the lock on the data folder."""

    consumer: EmbeddedConsumer
    lock: IO[str]

    def stop(self) -> None:
        """Stop taking work and let go of the lock; what is unfinished is repeated by the next worker."""
        self.consumer.stop(graceful=False)
        self.lock.close()


def start_embedded(settings: Settings, queue: Huey) -> EmbeddedWorker | None:
    """Start working inside this process, unless another process already does."""
    lock = _lock(settings.data_folder)
    if lock is None:
        return None
    consumer = EmbeddedConsumer(queue, workers=1, worker_type="thread", initial_delay=0.1, max_delay=1.0)
    consumer.start()
    return EmbeddedWorker(consumer, lock)


def _lock(folder: Path) -> IO[str] | None:
    handle = (folder / "worker.lock").open("w")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        handle.close()
        return None
    return handle
