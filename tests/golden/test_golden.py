"""What a release signed is judged for ever as it was then; `make.py` writes a release's folder, and nothing changes one."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from badge_service.openbadges import bitstring_status_list
from badge_service.openbadges.did import resolve_key
from badge_service.openbadges.proofs import jose
from tests.golden import make

RELEASES = sorted(path.name for path in make.HERE.iterdir() if (path / "manifest.json").is_file())
MANIFESTS: dict[str, Any] = {
    release: json.loads((make.HERE / release / "manifest.json").read_text("utf-8")) for release in RELEASES
}
DOCUMENTS = [(release, name) for release in RELEASES for name in MANIFESTS[release]["documents"]]


def test_no_release_was_changed_and_none_is_missing() -> None:
    written = dict(reversed(line.split("  ")) for line in make.SUMS.read_text("utf-8").splitlines())
    found: dict[str, str] = {}
    for release in RELEASES:
        found |= make.digests(make.HERE / release)
    assert found == written


@pytest.mark.parametrize(("release", "name"), DOCUMENTS)
def test_a_document_is_judged_as_on_the_day_it_was_signed(release: str, name: str) -> None:
    manifest = MANIFESTS[release]
    recorded = manifest["documents"][name]
    text = (make.HERE / release / name).read_text("utf-8")
    signed = datetime.fromisoformat(manifest["signed"])
    found = make.judged(make.HERE / release, text, recorded["issuer"], signed)
    assert found["canonical_sha256"] == recorded["canonical_sha256"]
    assert found["outcome"] == recorded["outcome"]
    later = {check: outcome for check, outcome in found["checks"].items() if check in recorded["checks"]}
    assert later == recorded["checks"]


@pytest.mark.parametrize(("release", "name"), DOCUMENTS)
def test_signature_and_key_hold_years_later(release: str, name: str) -> None:
    manifest = MANIFESTS[release]
    text = (make.HERE / release / name).read_text("utf-8")
    later = datetime.fromisoformat(manifest["signed"]) + timedelta(days=365 * 20)
    found = make.judged(make.HERE / release, text, manifest["documents"][name]["issuer"], later)
    kept = {check: found["checks"][check] for check in ("proof", "key", "dates", "fact_sheet", "schema")}
    assert set(kept.values()) == {"passed"}


@pytest.mark.parametrize("release", RELEASES)
def test_the_status_lists_as_tokens_hold_and_say_the_same(release: str) -> None:
    folder = make.HERE / release
    lists = sorted(folder.rglob("status/*.jwt"))
    assert lists
    for file in lists:
        jws = jose.parse(file.read_text("utf-8"))
        document = jose.credential_in(jws)
        key = resolve_key(jws.header["kid"], document["issuer"], lambda url: make.published(folder, url))
        assert jose.faults(jws, key) == []
        beside = json.loads(file.with_suffix(".json").read_text("utf-8"))
        one, other = (
            bitstring_status_list.unpacked(entry["credentialSubject"]["encodedList"])
            for entry in (document, beside)
        )
        assert one == other


def test_the_newest_release_holds_every_kind_of_document() -> None:
    names = set(MANIFESTS[RELEASES[-1]]["documents"])
    assert names >= {
        "held-edition-1.json", "accepted-edition-1.json", "accepted-edition-2.json", "accepted-edition-2-rs256.jws",
        "accepted-edition-2-es256.jws", "revoked-edition-2.json",
    }  # fmt: skip
    badge = (make.HERE / RELEASES[-1] / "accepted-edition-2.json").read_text("utf-8")
    for member in ("identityHash", "evidence", "result", "alignment", "relatedResource", "credentialStatus"):
        assert f'"{member}"' in badge


def test_a_release_that_is_there_is_never_made_again() -> None:
    with pytest.raises(FileExistsError):
        make.make(RELEASES[-1])


def test_a_document_with_one_letter_changed_is_not_valid(tmp_path: Path) -> None:
    release = RELEASES[-1]
    text = (make.HERE / release / "accepted-edition-2.json").read_text("utf-8")
    issuer = MANIFESTS[release]["documents"]["accepted-edition-2.json"]["issuer"]
    assert make.judged(make.HERE / release, text.replace("Willow", "Wilow"), issuer)["outcome"] == "not_valid"
