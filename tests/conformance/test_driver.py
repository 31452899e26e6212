"""What `make conformance SUITES=DIR` tells the public suites of our door, without the suites."""

import importlib.util
import json
import os
import subprocess
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from badge_service.conformance import keys, serving
from badge_service.conformance.app import Door, directory
from badge_service.openbadges import multibase
from badge_service.openbadges.contexts import VC2
from badge_service.openbadges.multibase import encode_base64url
from badge_service.openbadges.public_key import KeyKind


@pytest.fixture(scope="module")
def driver() -> ModuleType:
    spec = importlib.util.spec_from_file_location("conformance_run", Path(__file__).parent / "run.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _told(driver: ModuleType, door: Door, folder: str) -> dict[str, Any]:
    suite = next(suite for suite in driver.SUITES if suite.folder == folder)
    text = driver.local_config(suite, {"address": "http://127.0.0.1:1", **directory(door)})
    config = json.loads(text.removeprefix("module.exports = ").removesuffix(";\n"))
    return dict(config["implementations"][0])


def test_every_address_that_is_told_is_one_of_the_door(driver: ModuleType, door: Door, client: Any) -> None:
    for suite in driver.SUITES:
        told = _told(driver, door, suite.folder)
        for kind in ("issuers", "verifiers", "vpVerifiers", "vcHolders"):
            for entry in told.get(kind, []):
                assert entry["endpoint"].startswith("http://127.0.0.1:1/")
                answer = client.http.post(entry["endpoint"].removeprefix("http://127.0.0.1:1"), json={})
                assert answer.status_code == 400
                assert entry["id"].startswith("did:key:")


def test_the_ecdsa_suite_is_told_one_issuer_a_kind_of_key(driver: ModuleType, door: Door) -> None:
    told = _told(driver, door, "vc-di-ecdsa-test-suite")

    by_tag = {(entry["tags"][0], *entry["supportedEcdsaKeyTypes"]) for entry in told["issuers"]}
    assert by_tag == {
        ("ecdsa-rdfc-2019", "P-256"),
        ("ecdsa-rdfc-2019", "P-384"),
        ("ecdsa-jcs-2019", "P-256"),
        ("ecdsa-jcs-2019", "P-384"),
        ("ecdsa-sd-2023", "P-256"),
    }
    assert told["verifiers"][0]["supportedEcdsaKeyTypes"] == ["P-256", "P-384"]
    assert told["vcHolders"][0]["tags"][0] == "vcHolder"


def test_the_eddsa_suite_is_shown_what_our_own_issuer_signed(driver: ModuleType, door: Door) -> None:
    told = driver.told_by_surroundings({"certificate": "/somewhere/certificate.pem"})

    assert told["ISSUER_NAME_JCS"] == _told(driver, door, "vc-di-eddsa-test-suite")["name"]
    assert multibase.decode_z(told["CLIENT_SECRET_DB"])[:2] == b"\x00\x20"
    assert len(multibase.decode_z(told["CLIENT_SECRET_DB"])) == 34


@pytest.mark.full
def test_the_jose_suites_containers_become_our_command(driver: ModuleType, tmp_path: Path) -> None:
    shim = driver._docker_shim(tmp_path)
    pair = keys.fresh(KeyKind.P256)
    secret = pair.key.private_numbers().private_value.to_bytes(32)
    jwk = {**pair.public_key.jwk(), "d": encode_base64url(secret)}
    folder = tmp_path / "tests" / "input"
    folder.mkdir(parents=True)
    (tmp_path / "tests" / "output").mkdir()
    credential = {
        "@context": [VC2],
        "type": ["VerifiableCredential"],
        "issuer": "https://example.issuer/x",
        "credentialSubject": {"id": "did:example:123"},
    }
    (folder / "credential.json").write_text(json.dumps(credential))
    (folder / "key.json").write_text(json.dumps({"publicKeyJwk": pair.public_key.jwk(), "secretKeyJwk": jwk}))
    words = [
        "docker",
        "compose",
        "-f",
        "./implementations/compose.yml",
        "run",
        "--rm",
        "badge-service",
        "issue",
    ]
    words += ["--input", "/tests/input/credential.json", "--key", "/tests/input/key.json"]
    words += ["--feature", "credential_jose", "--output", "/tests/output/1-badge-service.json"]

    surroundings = {**os.environ, "PATH": f"{shim}{os.pathsep}{os.environ['PATH']}"}
    subprocess.run(words, cwd=tmp_path, env=surroundings, check=True)

    assert json.loads((tmp_path / "tests/output/1-badge-service.json").read_text())["result"] == "success"


def test_a_folder_without_suites_is_wrong_usage(driver: ModuleType, tmp_path: Path) -> None:
    assert driver.outside(tmp_path) == 64


@pytest.mark.full
def test_the_driver_reads_what_the_door_wrote(driver: ModuleType, tmp_path: Path) -> None:
    with driver._door(tmp_path / "door") as door:
        assert door["address"].startswith("http://127.0.0.1:")
        assert door["secureAddress"].startswith("https://127.0.0.1:")
        assert Path(door["certificate"]).name == serving.CERTIFICATE_FILE
        assert "BEGIN CERTIFICATE" in Path(door["certificate"]).read_text()
