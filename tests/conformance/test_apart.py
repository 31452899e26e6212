"""The door as a process: nothing of the service is loaded, no stored key is near, and it answers over real sockets."""

import json
import os
import signal
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from badge_service.cli import commands
from badge_service.cli import conformance as hook
from badge_service.conformance import serving
from badge_service.conformance.command import conformance
from badge_service.errors import ConflictError, UnavailableError
from badge_service.keyring.files import KeyFolder

NOT_NEAR = ("keyring", "storage", "register", "people", "settings", "web", "awards", "app", "worker", "cli")


@pytest.mark.full
def test_a_process_of_the_door_loads_nothing_of_the_service() -> None:
    program = "import badge_service.conformance.command, sys; print(*sys.modules)"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(ended.stdout.split())

    assert "badge_service.openbadges" in loaded
    assert not {f"badge_service.{room}" for room in NOT_NEAR} & loaded


def test_the_command_becomes_that_process(monkeypatch: pytest.MonkeyPatch) -> None:
    became: list[list[str]] = []
    monkeypatch.setattr(hook.os, "execv", lambda path, program: became.append([path, *program]))

    CliRunner().invoke(commands, ["conformance", "--port", "0", "--help"])
    CliRunner().invoke(commands, ["conformance", "jose", "verify", "--input", "x"])

    here = sys.executable
    assert became[0] == [here, here, "-m", "badge_service.conformance", "--port", "0", "--help"]
    assert became[1] == [here, here, "-m", "badge_service.conformance", "jose", "verify", "--input", "x"]


def test_a_folder_with_keys_is_refused(tmp_path: Path) -> None:
    KeyFolder(tmp_path).create("school-2026")

    with pytest.raises(ConflictError) as refused:
        serving.check_folder(tmp_path)
    assert "school-2026" in refused.value.message
    ended = CliRunner().invoke(conformance, ["--port", "0", "--folder", str(tmp_path)])
    assert isinstance(ended.exception, ConflictError)
    assert list(tmp_path.iterdir()) and not (tmp_path / serving.DIRECTORY_FILE).exists()


def test_a_new_folder_and_its_own_are_taken(tmp_path: Path) -> None:
    serving.check_folder(tmp_path / "new")
    serving.check_folder(tmp_path)
    (tmp_path / serving.DIRECTORY_FILE).write_text("{}")
    serving.check_folder(tmp_path)


def test_every_door_has_other_keys() -> None:
    def dids() -> set[str]:
        with serving.listening("127.0.0.1", 0) as (_, offered):
            return {issuer["id"] for issuer in offered["issuers"]}  # type: ignore[attr-defined]

    first, second = dids(), dids()
    assert len(first) == len(second) > 5
    assert not first & second


def test_a_port_that_is_taken_is_told() -> None:
    with serving.listening("127.0.0.1", 0) as (door, _):
        port = int(door.address.rpartition(":")[2])
        with pytest.raises(UnavailableError), serving.listening("127.0.0.1", port):
            pass


@pytest.fixture
def running(tmp_path: Path) -> Iterator[dict[str, Any]]:
    """A real process with http and https, as the suites meet it; ends by a signal."""
    folder = tmp_path / "door"
    program = [
        sys.executable,
        "-m",
        "badge_service.conformance",
        "--port",
        "0",
        "--tls",
        "0",
        "--folder",
        str(folder),
    ]
    settings = {
        "PUBLIC_URL": "https://real.example",
        "DATA_FOLDER": str(tmp_path),
        "DATABASE_URL": "nonsense://",
    }
    process = subprocess.Popen(program, stdout=subprocess.PIPE, text=True, env={**os.environ, **settings})
    try:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("Listening at http://127.0.0.1:")
        yield {**json.loads((folder / serving.DIRECTORY_FILE).read_text()), "folder": folder}
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0
        process.stdout.close()


def _ask(url: str, body: Any = None, context: ssl.SSLContext | None = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(request, timeout=30, context=context) as response:
                return json.loads(response.read())
        except ConnectionError:
            if time.monotonic() > deadline:
                raise


@pytest.mark.full
def test_over_real_sockets_a_credential_is_issued_verified_and_its_status_read(
    running: dict[str, Any],
) -> None:
    assert "real.example" not in json.dumps({**running, "folder": ""})
    issuer = next(entry for entry in running["issuers"] if entry["name"] == "bitstring-status-list")
    credential = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": issuer["id"],
        "credentialSubject": {"id": "did:example:subject"},
    }

    issued = _ask(running["address"] + issuer["endpoint"], {"credential": credential})
    checks = {"checks": ["proof", "credentialStatus"]}
    verify = running["address"] + running["verifier"]
    verified = _ask(verify, {"verifiableCredential": issued, "options": checks})
    trusting = ssl.create_default_context(cafile=str(running["folder"] / serving.CERTIFICATE_FILE))
    listed = _ask(issued["credentialStatus"]["statusListCredential"], context=trusting)

    assert verified["verified"] is True
    assert listed["id"].startswith("https://127.0.0.1:")
    assert _ask(verify, {"verifiableCredential": listed})["verified"] is True
