"""The worker keeps promises soon after the commit, alone on its data folder, quietly, and stops fast."""

import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from huey import crontab
from sqlalchemy import select

from badge_service.errors import UnavailableError
from badge_service.keyring.files import KeyFolder
from badge_service.settings import Settings, for_demo
from badge_service.storage.schema import upgrade
from badge_service.storage.session import Database
from badge_service.storage.tables import OutboxJob
from badge_service.web import mail
from badge_service.worker import EmbeddedWorker, Worker, attach, make_queue, start_embedded
from tests.effort import patience

SOON = 20.0


def eventually(true: Callable[[], Any], seconds: float = SOON) -> bool:
    ends = time.monotonic() + seconds
    while not true() and time.monotonic() < ends:
        time.sleep(0.02)
    return bool(true())


class House:
    """One data folder, with as many processes' worth of workers as a test wants."""

    def __init__(self, folder: Path) -> None:
        self.settings: Settings = for_demo(folder)
        self.database = Database(self.settings.database_url)
        upgrade(self.database)
        self.keyring = KeyFolder(self.settings.keys_folder)
        self.running: list[EmbeddedWorker] = []

    def worker(self) -> Worker:
        return Worker(self.settings, self.database, self.keyring)

    def start(self, worker: Worker | None = None) -> tuple[EmbeddedWorker, Callable[[], None]]:
        queue = make_queue(self.settings)
        wake = attach(queue, worker or self.worker())
        self.running.append(start_embedded(self.settings, queue))
        return self.running[-1], wake

    def promise_mail(self, subject: str = "A badge for you") -> None:
        with self.database.writing() as session:
            mail.send(session, to="learner01@demo.example", subject=subject, text="Hello")

    def mails(self) -> list[str]:
        return sorted(letter.subject for letter in mail.laid_mails(self.settings.mail_folder))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    for running in house.running:
        running.stop()
    house.database.close()


def test_a_wake_after_the_commit_has_the_mail_out_within_two_seconds(house: House) -> None:
    running, wake = house.start()
    assert running.working.wait(SOON)
    time.sleep(1.5)  # the worker has become sleepy
    house.promise_mail()
    wake()
    assert eventually(house.mails, patience(2.0))


def test_what_waits_is_done_when_the_worker_starts(house: House) -> None:
    house.promise_mail()
    house.start()
    assert eventually(house.mails)


def test_a_web_process_wakes_the_worker_of_another(house: House) -> None:
    house.start()
    wake = attach(make_queue(house.settings), house.worker())
    house.promise_mail()
    wake()
    assert eventually(house.mails)


def test_it_looks_by_itself_every_minute(house: House) -> None:
    queue = make_queue(house.settings)
    attach(queue, house.worker())
    due = queue.read_periodic(datetime(2026, 11, 21, 9, 30, tzinfo=UTC))
    assert [task.name for task in due] == ["tick"]
    assert crontab(minute="*")(datetime(2026, 11, 21, 9, 31, tzinfo=UTC))
    house.promise_mail()
    queue.execute(due[0])
    assert house.mails() == ["A badge for you"]


def test_many_wakes_are_one_round(house: House) -> None:
    queue = make_queue(house.settings)
    wake = attach(queue, house.worker())
    for _ in range(50):
        wake()
    assert queue.pending_count() == 1


def test_a_wake_that_fails_breaks_nothing(
    house: House, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = make_queue(house.settings)
    wake = attach(queue, house.worker())

    def gone(*_: Any) -> int:
        raise ConnectionError("queue gone")

    monkeypatch.setattr(queue.storage, "queue_size", gone)
    wake()
    assert "looks by itself every minute" in caplog.text


def test_one_worker_works_on_a_data_folder_and_the_next_takes_over(house: House) -> None:
    first, _ = house.start()
    assert first.working.wait(SOON)
    second, wake = house.start()
    assert not second.working.wait(1.5)
    first.stop()
    assert second.working.wait(SOON)
    house.promise_mail()
    wake()
    assert eventually(house.mails)


def test_a_round_that_runs_is_waited_for_a_moment_only(house: House) -> None:
    entered, left = threading.Event(), threading.Event()

    class Slow(Worker):
        def run_once(self) -> int:
            entered.set()
            left.wait(30)
            return 0

    running, wake = house.start(Slow(house.settings, house.database, house.keyring))
    wake()
    assert entered.wait(SOON)
    began = time.monotonic()
    running.stop()
    assert time.monotonic() - began < 15, "the round lasts 30 seconds"
    second, _ = house.start()
    assert not second.working.wait(1.2), "rounds of two workers would overlap"
    left.set()


def test_it_leaves_the_signals_to_the_server(house: House) -> None:
    before = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)]
    running, _ = house.start()
    assert running.working.wait(SOON)
    assert [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)] == before


def test_it_works_without_a_word(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    house.promise_mail()
    running, _ = house.start()
    assert eventually(house.mails)
    running.stop()
    assert caplog.records == []


def test_a_lost_key_keeps_no_mail_back(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from badge_service.register import actions as register
    from badge_service.register.rules import Intention, did_of

    profile = {
        "id": did_of(house.settings.public_url, "school"),
        "url": "http://localhost:8000/issuers/school",
    }
    with house.database.writing() as session:
        issuer = register.open_issuer(
            session, house.keyring, slug="school", did=profile["id"], profile=profile
        )
        register.intend(session, [Intention("badge", issuer.id, {"id": "x"})])
    for key in house.keyring.folder.glob("*.pem"):
        key.unlink()
    house.promise_mail()
    house.worker().run_until_quiet()
    assert house.mails() == ["A badge for you"]
    with house.database.reading() as session:
        assert session.scalars(select(OutboxJob.last_error)).one() is None


def test_redis_is_asked_for_in_plain_words_when_its_client_is_missing(house: House) -> None:
    with pytest.raises(UnavailableError, match="Redis client"):
        make_queue(replace(house.settings, redis_url="redis://localhost:1/0"))
