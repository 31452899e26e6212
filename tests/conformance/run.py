"""`make conformance`: our transcription of the public suites, counted a suite; with SUITES=DIR the suites themselves.

The outside suites are not part of this project. Whoever has them checked out and installed (`npm install` in each, below
one folder) names that folder; the driver starts the door as a process of its own, writes each suite's `localConfig.cjs`,
runs mocha there and prints what passed and failed beside the numbers that we aim at.
"""

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from badge_service.conformance.serving import CERTIFICATE_FILE, DIRECTORY_FILE
from badge_service.openbadges import multibase

HERE = Path(__file__).parent
NAME = "badge-service"
SECONDS_A_SUITE = 1_800


@dataclass(frozen=True)
class Outside:
    """A public suite: the folder it is checked out in, how many of its tests we aim to pass, and what it is told of us."""

    folder: str
    aim: str
    tags: dict[str, tuple[str, ...]]
    """Issuer's name -> the tags under which the suite is to use it."""
    verifier: tuple[str, ...] = ()
    presentations: tuple[str, ...] = ()
    resolver: tuple[str, ...] = ()
    holder: tuple[str, ...] = ()


EDDSA, EDDSA_JCS, SD = "eddsa-rdfc-2022", "eddsa-jcs-2022", "ecdsa-sd-2023"
ECDSA = {
    f"ecdsa-{form}-2019-{kind}": (f"ecdsa-{form}-2019",)
    for form in ("rdfc", "jcs")
    for kind in ("p256", "p384")
}
SUITES = (
    Outside(
        "vc-data-model-2.0-test-suite",
        "65 of 65",
        {EDDSA: ("vc2.0",), "vc-jwt": ("EnvelopingProof",)},
        ("vc2.0", "EnvelopingProof"),
        ("vc2.0", "EnvelopingProof"),
    ),
    Outside(
        "vc-di-eddsa-test-suite",
        "57 of 57",
        {EDDSA: (EDDSA,), EDDSA_JCS: (EDDSA_JCS,)},
        (EDDSA, EDDSA_JCS),
    ),
    Outside(
        "vc-di-ecdsa-test-suite",
        "78 of 78 for rdfc and jcs",
        {**ECDSA, SD: (SD,)},
        ("ecdsa-rdfc-2019", "ecdsa-jcs-2019", SD),
        holder=("vcHolder",),
    ),
    Outside(
        "vc-di-ed25519signature2020-test-suite",
        "30 of 30",
        {"ed25519-signature-2020": ("Ed25519Signature2020",)},
        ("Ed25519Signature2020",),
    ),
    Outside(
        "vc-bitstring-status-list-test-suite",
        "19, 0 failures",
        {"bitstring-status-list": ("BitstringStatusList",)},
        ("BitstringStatusList",),
        ("BitstringStatusList",),
    ),
    Outside("vc-api-issuer-test-suite", "13", {EDDSA: ("vc-api",)}),
    Outside(
        "vc-api-verifier-test-suite", "18", {"ed25519-signature-2020": ("vc-api",)}, ("vc-api",), ("vc-api",)
    ),
    Outside("did-key-test-suite", "15", {}, resolver=("did-key",)),
    Outside("vc-jose-cose-test-suite", "16", {}),
)

TRANSCRIBED: dict[str, tuple[Callable[[str], bool], str]] = {
    "vc-data-model-2.0": (lambda test: "test_vc_data_model_2" in test, "65"),
    "vc-di-eddsa": (
        lambda test: "test_di_eddsa" in test or ("_data_integrity" in test and "eddsa-" in test),
        "57",
    ),
    "vc-di-ecdsa": (
        lambda test: "test_di_ecdsa" in test or ("_data_integrity" in test and "ecdsa-" in test),
        "78",
    ),
    "vc-di-ed25519signature2020": (lambda test: "ed25519" in test, "30"),
    "vc-bitstring-status-list": (
        lambda test: "test_bitstring" in test or "test_status_reading" in test,
        "19",
    ),
    "vc-api-issuer": (lambda test: "test_vc_api_issuer" in test, "13"),
    "vc-api-verifier": (lambda test: "test_vc_api_verifier" in test, "18"),
    "did-key": (lambda test: "test_did_key" in test, "15"),
    "vc-jose-cose (JOSE)": (lambda test: "test_jose" in test, "16"),
    "the door itself": (lambda _: True, ""),
}
"""Suite -> which of our tests stand for it, and how many tests the suite has."""


def transcribed() -> int:
    """Run our own tests and print their counts a suite; returns pytest's exit code."""
    counting = _Counting()
    ended = pytest.main(["-q", "--no-header", "-p", "no:cacheprovider", str(HERE)], plugins=[counting])
    print(f"\n{'suite':<28}{'passed':>8}{'failed':>8}{'skipped':>9}   the suite's own tests (not run here)")
    for suite, (_, theirs) in TRANSCRIBED.items():
        counts = counting.of[suite]
        print(f"{suite:<28}{counts['passed']:>8}{counts['failed']:>8}{counts['skipped']:>9}   {theirs}")
    print(
        "\nThese are our own tests, written after the suites' demands. SUITES=DIR runs the suites themselves."
    )
    return int(ended)


class _Counting:
    """A pytest plugin that counts outcomes a suite."""

    def __init__(self) -> None:
        self.of: dict[str, Counter[str]] = {suite: Counter() for suite in TRANSCRIBED}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or report.outcome != "passed":
            suite = next(name for name, (belongs, _) in TRANSCRIBED.items() if belongs(report.nodeid))
            self.of[suite][report.outcome] += 1


def outside(folder: Path) -> int:
    """Run every public suite found below `folder`; returns 0 when none of their tests failed."""
    found = [suite for suite in SUITES if (folder / suite.folder).is_dir()]
    if not found:
        print(f"There is none of these in {folder}: {', '.join(suite.folder for suite in SUITES)}")
        return 64
    print(f"{'suite':<42}{'passed':>8}{'failed':>8}{'pending':>9}   aim")
    failed = 0
    with tempfile.TemporaryDirectory() as work, _door(Path(work) / "door") as door:
        for suite in found:
            stats = run_suite(suite, folder / suite.folder, door, Path(work))
            failed += stats is None or stats["failures"] > 0
            counts = [stats[name] if stats else "–" for name in ("passes", "failures", "pending")]
            print(f"{suite.folder:<42}{counts[0]:>8}{counts[1]:>8}{counts[2]:>9}   {suite.aim}", flush=True)
    return 1 if failed else 0


def run_suite(suite: Outside, folder: Path, door: dict[str, Any], work: Path) -> dict[str, int] | None:
    """Mocha's counts (`passes`, `failures`, `pending`) for one suite; None, with its last words told, when it did not run."""
    (folder / "localConfig.cjs").write_text(local_config(suite, door))
    surroundings = {**os.environ, **told_by_surroundings(door)}
    if suite.folder.startswith("vc-jose"):
        surroundings["PATH"] = f"{_docker_shim(work)}{os.pathsep}{surroundings['PATH']}"
        features = {"features": {"credential_jose": True, "presentation_jose": True}}
        (folder / "implementations" / "implementations.json").write_text(json.dumps({NAME: features}))
        (folder / "tests" / "output").mkdir(exist_ok=True)
    report = work / f"{suite.folder}.json"
    program = ["npx", "--no-install", "mocha", "tests/", "--timeout", "60000", "--preserve-symlinks"]
    program += ["--reporter", "json", "--reporter-option", f"output={report}"]
    ended = subprocess.run(
        program, cwd=folder, env=surroundings, capture_output=True, text=True, timeout=SECONDS_A_SUITE
    )
    if not report.is_file():
        print(ended.stdout[-2_000:], ended.stderr[-2_000:], file=sys.stderr)
        return None
    read = json.loads(report.read_text())
    for failure in read["failures"]:
        print(
            f"  {suite.folder}: {failure['fullTitle']}: {failure['err'].get('message', '')}", file=sys.stderr
        )
    return dict(read["stats"])


def told_by_surroundings(door: dict[str, Any]) -> dict[str, str]:
    """What the suites read from the environment instead of their configuration.

    The EdDSA suite takes the credential that its JCS verifiers are shown from an issuer of this name (else from an
    implementation that a configuration of ours alone does not have), and in some revisions its key from a seed.
    """
    return {
        "NODE_EXTRA_CA_CERTS": door["certificate"],
        "ISSUER_NAME_JCS": NAME,
        "CLIENT_SECRET_DB": multibase.encode_z(b"\x00\x20" + secrets.token_bytes(32)),
    }


def local_config(suite: Outside, door: dict[str, Any]) -> str:
    """The `localConfig.cjs` by which the suites' harness finds the door; the name is the harness's own."""
    address, offered = door["address"], {issuer["name"]: issuer for issuer in door["issuers"]}
    own = next(iter(offered.values()))["id"]

    def entry(id: str, path: str, tags: tuple[str, ...], key_types: list[str]) -> dict[str, Any]:
        supports = {"vc": ["1.1", "2.0"], "keyTypes": key_types}
        more = {"supports": supports, "supportedEcdsaKeyTypes": key_types}
        return {"id": id, "endpoint": f"{address}{path}", "tags": [*tags, "localhost"], **more}

    issuers = [
        entry(offered[name]["id"], offered[name]["endpoint"], tags, [offered[name]["keyType"]])
        for name, tags in suite.tags.items()
    ]
    both = ["P-256", "P-384"]
    implementation: dict[str, Any] = {"name": NAME, "implementation": NAME, "issuers": issuers}
    for kind, path, tags in (
        ("verifiers", door["verifier"], suite.verifier),
        ("vpVerifiers", door["presentationVerifier"], suite.presentations),
        ("didResolvers", door["didResolver"], suite.resolver),
        ("vcHolders", "/credentials/derive", suite.holder),
    ):
        if tags:
            implementation[kind] = [entry(own, path, tags, both)]
    settings = {"enableInteropTests": False, "testAllImplementations": False}
    config = {"settings": settings, "implementations": [implementation]}
    return f"module.exports = {json.dumps(config, indent=2)};\n"


@contextmanager
def _door(folder: Path) -> Iterator[dict[str, Any]]:
    """The door as a process, described by what it wrote into `folder`."""
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
    process = subprocess.Popen(program, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        if not process.stdout.readline():
            raise SystemExit("the door did not open")
        yield {
            **json.loads((folder / DIRECTORY_FILE).read_text()),
            "certificate": str(folder / CERTIFICATE_FILE),
        }
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def _docker_shim(work: Path) -> Path:
    """A folder with a `docker` that does what the JOSE suite asks its containers: our command on the suite's own files."""
    folder = work / "bin"
    folder.mkdir(exist_ok=True)
    shim = folder / "docker"
    shim.write_text(
        f"#!{sys.executable}\n"
        "import os, sys\n"
        "words = sys.argv[1:]\n"
        "start = next(n for n, word in enumerate(words) if word in ('issue', 'verify'))\n"
        "words = [word.replace('/tests/', 'tests/', 1) if word.startswith('/tests/') else word"
        " for word in words[start:]]\n"
        f"program = [{sys.executable!r}, '-m', 'badge_service.conformance', 'jose', *words]\n"
        "os.execv(program[0], program)\n"
    )
    shim.chmod(0o700)
    return folder


if __name__ == "__main__":
    if len(sys.argv) > 1 and shutil.which("npx") is None:
        sys.exit("The public suites need node and npm, which are not on this machine.")
    sys.exit(outside(Path(sys.argv[1]).resolve()) if len(sys.argv) > 1 else transcribed())
