"""Does what was promised: outbox jobs, waiting signatures, ageing status lists; huey only wakes it and keeps the time."""

import fcntl
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from huey import Huey, RedisHuey, SqliteHuey, crontab
from huey.consumer import Consumer
from huey.exceptions import ConfigurationError

from badge_service.awards import jobs as award_jobs
from badge_service.awards.actions import begin_day, day_has_begun
from badge_service.errors import UnavailableError
from badge_service.keyring.rules import Keyring
from badge_service.programs import jobs as program_jobs
from badge_service.register import actions as register
from badge_service.settings import Settings
from badge_service.storage import outbox
from badge_service.storage.session import Database
from badge_service.surveys import jobs as survey_jobs
from badge_service.web import mail
from badge_service.workshops import check_in_jobs, feedback_jobs
from badge_service.workshops import jobs as workshop_jobs

GRACE = 1.0
LONGEST_SLEEP = 1.0
"""Seconds: how long a stop waits for the round that is running, and how long a sleeping worker overhears a wake."""

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
                done = self._sign()
            except UnavailableError as error:
                _log.warning("signing waits: %s", error.message)
                done = 0
            return done + outbox.run_due(self.database, self._handlers())

    def begin_day(self) -> None:
        """Promise what is done once a day; called every minute, it writes once a day."""
        with self.database.reading() as session:
            begun = day_has_begun(session)
        if not begun:
            with self.database.writing() as session:
                begin_day(session)

    def _sign(self) -> int:
        algorithm = self.settings.jwt_algorithm
        return register.sign_intended(self.database, self.keyring, jwt_algorithm=algorithm)

    def run_until_quiet(self) -> int:
        """Rounds until nothing is due (one job may promise another); returns how many things were done."""
        total = 0
        while done := self.run_once():
            total += done
        return total

    def _handlers(self) -> outbox.Handlers:
        return {
            "mail": mail.deliver(self.settings),
            **survey_jobs.HANDLERS,
            **workshop_jobs.handlers(self.settings),
            **feedback_jobs.handlers(self.settings),
            **check_in_jobs.handlers(self.settings),
            **award_jobs.handlers(self.settings),
            **program_jobs.handlers(self.settings, self.database),
        }


def make_queue(settings: Settings) -> Huey:
    """The wake-up line between web processes and workers: a file in the data folder, or Redis by setting.

    Raises `UnavailableError` when Redis is asked for and its client is not installed.
    """
    if settings.redis_url:
        try:
            return RedisHuey("badge-service", url=settings.redis_url)
        except ConfigurationError as error:
            message = "REDIS_URL is set, and the Redis client is not installed."
            raise UnavailableError(message, code="redis.missing", hint="Run: pip install redis") from error
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    return SqliteHuey("badge-service", filename=str(settings.data_folder / "wake.sqlite"))


def attach(queue: Huey, worker: Worker) -> Callable[[], None]:
    """Teach the queue its two words; returns `wake`, to be called after a commit: it never fails."""

    @queue.task(name="wake")  # type: ignore[untyped-decorator]
    def work() -> None:
        if worker.run_once():
            wake()  # what was done may have left something to sign, or to do next; a stop comes in between

    @queue.periodic_task(crontab(minute="*"), name="tick")  # type: ignore[untyped-decorator]
    def tick() -> None:
        worker.begin_day()
        if worker.run_once():
            wake()

    def wake() -> None:
        try:
            if not queue.pending_count():  # one waiting round does everybody's work
                work()
        except Exception as error:  # noqa: BLE001 (what is promised stands in the database, whatever the queue says)
            _log.warning("the worker was not woken (%s); it looks by itself every minute", error)

    return wake


class _Consumer(Consumer):  # type: ignore[misc]
    """A consumer that leaves the process's signals alone."""

    def _set_signal_handlers(self) -> None:
        """Signals belong to the web server or the command."""


class EmbeddedWorker:
    """A worker thread that works once this process holds the lock on the data folder, and stands by until then.

    So one process works at a time, and another takes over when it ends.
    """

    def __init__(self, settings: Settings, queue: Huey) -> None:
        self.working = threading.Event()
        self._file = settings.data_folder / "worker.lock"
        self._consumer = _Consumer(
            queue,
            workers=1,
            worker_type="thread",
            initial_delay=0.1,
            max_delay=LONGEST_SLEEP,
        )
        self._lock: IO[str] | None = None
        self._thread = threading.Thread(target=self._stand_by, name="worker-lock", daemon=True)

    def start(self) -> None:
        """Begin to work, or to wait for one's turn; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """Take no more work and let go of the lock; what is unfinished after `GRACE` is repeated by the next worker."""
        self._consumer.stop_flag.set()
        self._thread.join(GRACE)
        threads = [thread for _, thread in self._consumer.worker_threads if thread.is_alive()]
        for thread in threads:
            thread.join(GRACE)
        busy = any(thread.is_alive() for thread in threads)
        if self._lock is not None and not busy:
            self._lock.close()

    def _stand_by(self) -> None:
        while self._lock is None:
            self._lock = _lock(self._file)
            if self._lock is None and self._consumer.stop_flag.wait(LONGEST_SLEEP):
                return
        if not self._consumer.stop_flag.is_set():
            self._consumer.start()
            self.working.set()


def start_embedded(settings: Settings, queue: Huey) -> EmbeddedWorker:
    """Start working inside this process, as soon as no other process works on this data folder."""
    started = EmbeddedWorker(settings, queue)
    started.start()
    return started


def _lock(file: Path) -> IO[str] | None:
    handle = file.open("w")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        handle.close()
        return None
    return handle
