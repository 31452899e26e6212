"""A shell in an empty folder: commands as people type them, servers that are always stopped again."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

HARMLESS = ("PATH", "HOME", "LANG", "TMPDIR")


class Service:
    """A command that runs until it is told to stop; what it says goes to a file."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self.process, self.log = process, log

    def said(self) -> str:
        return self.log.read_text()

    def waits_for(self, pattern: str, seconds: float = 60) -> re.Match[str]:
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            if found := re.search(pattern, self.said()):
                return found
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise AssertionError(f"no {pattern!r} in: {self.said()}")

    def stop(self, number: signal.Signals) -> float:
        """Send the signal; returns the seconds until it was gone."""
        began = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(timeout=30)
        return time.monotonic() - began


class Shell:
    """Runs `badge-service …` in a folder of its own, with nothing set but what a test sets."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {name: os.environ[name] for name in HARMLESS if name in os.environ}
        self.services: list[Service] = []

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "badge_service", *arguments]

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*arguments),
            cwd=self.folder,
            env=self.environment | environment,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )

    def start(self, *arguments: str, **environment: str) -> Service:
        log = self.folder / f"log{len(self.services)}.txt"
        with log.open("wb") as output:
            process = subprocess.Popen(
                self.command(*arguments),
                cwd=self.folder,
                env=self.environment | {"PYTHONUNBUFFERED": "1"} | environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self.services.append(Service(process, log))
        return self.services[-1]

    def stop_all(self) -> None:
        for service in self.services:
            if service.process.poll() is None:
                service.process.terminate()
                try:
                    service.process.wait(timeout=10)
                except subprocess.TimeoutExpired:
                    service.process.kill()
                    service.process.wait()


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    shell = Shell(tmp_path)
    yield shell
    shell.stop_all()


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def status(address: str, seconds: float = 30) -> int:
    """The HTTP status there, waiting until somebody answers."""
    ends = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            if time.monotonic() > ends:
                raise
            time.sleep(0.1)


@pytest.fixture
def answers():  # type: ignore[no-untyped-def]
    return status
