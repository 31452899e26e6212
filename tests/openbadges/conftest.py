"""A school, its key, its published pages and one badge, for all tests of the Open Badges library."""

import copy
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from badge_service.errors import NotFoundError
from badge_service.openbadges import achievement as parts
from badge_service.openbadges import bitstring_status_list, credential, did
from badge_service.openbadges.proofs import eddsa_rdfc_2022
from badge_service.openbadges.public_key import PublicKey, from_loaded
from badge_service.openbadges.verification import Fetched, KnownIssuer, verify

SHARED = Path(__file__).parents[2] / ".." / "shared"
NOW = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)
SCHOOL = "did:web:badges.example.org:issuers:friese-vakschool"
BASE = "https://badges.example.org"


class Key:
    """A private key in memory."""

    key_id, algorithm = "memory", "EdDSA"

    def __init__(self, seed: int = 1) -> None:
        self.private = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)

    @property
    def public_key(self) -> PublicKey:
        return from_loaded(self.private.public_key())

    def sign(self, data: bytes) -> bytes:
        return self.private.sign(data)


class World:
    """What stands at which address, and who is registered."""

    def __init__(self) -> None:
        self.key = Key(1)
        self.method = f"{SCHOOL}#2026"
        self.list_url = f"{BASE}/issuers/friese-vakschool/status/1.json"
        self.pages: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.registered = {SCHOOL: "Friese Vakschool"}
        self.publish_did(SCHOOL, [("2026", self.key.public_key)])
        self.publish_list([])

    name = "the LET register"

    def knows(self, issuer_id: str) -> KnownIssuer | None:
        name = self.registered.get(issuer_id)
        return KnownIssuer(name) if name else None

    def fetch(self, url: str) -> Fetched:
        self.asked.append(url)
        if url not in self.pages:
            raise NotFoundError("nothing there")
        return Fetched(self.pages[url], "application/json")

    def publish(self, url: str, document: Any) -> None:
        self.pages[url] = json.dumps(document).encode()

    def publish_did(self, name: str, keys: list[tuple[str, PublicKey]]) -> None:
        self.publish(did.document_url(name), did.did_document(name, keys))

    def publish_list(self, indexes: list[int], issuer_id: str = SCHOOL, **changes: Any) -> None:
        unsigned = bitstring_status_list.compose_list(
            id=self.list_url, issuer_id=issuer_id, indexes=indexes, valid_from=changes.pop("valid_from", NOW)
        )
        unsigned.update(changes)
        self.publish(self.list_url, self.sign(unsigned))

    def sign(
        self, document: dict[str, Any], key: Key | None = None, method: str | None = None
    ) -> dict[str, Any]:
        return eddsa_rdfc_2022.sign(
            credential.prepare(document),
            signer=key or self.key,
            verification_method=method or self.method,
            created=NOW,
        )

    def judge(self, data: Any, **options: Any) -> Any:
        options = {"now": NOW, "fetch": self.fetch, "registries": [self], **options}
        return verify(data, **options)


def composed(index: int = 42, **changes: Any) -> dict[str, Any]:
    """An unsigned badge of the school, with a rubric, results, evidence and a status entry."""
    home = f"{BASE}/achievements/guest-speaker-host/1.0.0"
    levels = [
        parts.rubric_level(f"{home}#C1-{n}", n.title(), level=n.title(), points=str(p))
        for p, n in enumerate(("beginning", "developing", "proficient"), 1)
    ]
    achievement = parts.achievement(
        home,
        "Guest Speaker Host",
        "Proposes, invites and hosts a guest from the world of work.",
        parts.criteria(id=f"{home}/criteria", narrative="**What the learner can do**\n- Invites a guest."),
        achievement_type="MicroCredential",
        version="1.0.0",
        in_language="en",
        tags=["guest speaker"],
        alignments=[parts.alignment("Communication", "https://doi.org/10.2760/302967#S2", target_code="S2")],
        result_descriptions=[
            parts.result_description(
                f"{home}#C1", "Lead taken", "RubricCriterionLevel",
                required_level=f"{home}#C1-proficient", rubric_levels=levels,
            )
        ],
    )  # fmt: skip
    document = credential.compose(
        id=f"{BASE}/credentials/Zk3rT8v1QpX5nYb7Lw2c9g",
        name="Guest Speaker Host",
        issuer=parts.profile(SCHOOL, "Friese Vakschool", url=f"{BASE}/issuers/friese-vakschool"),
        valid_from=datetime(2026, 11, 20, 10, tzinfo=UTC),
        awarded_date=datetime(2026, 11, 20, 10, tzinfo=UTC),
        subject=credential.subject(
            "urn:uuid:0b9a7f0e-5d1b-4c7a-9a57-8c0a5f0e6d21",
            achievement,
            results=[
                credential.result(f"{home}#C1", achieved_level=f"{home}#C1-proficient", status="Completed")
            ],
        ),
        evidence=[credential.evidence(id=f"{BASE}/activities/7Qm", name="Guest lecture", genre="activity")],
        status=credential.status_entry(f"{BASE}/issuers/friese-vakschool/status/1.json", index),
    )
    return {**document, **changes}


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def unsigned() -> dict[str, Any]:
    return composed()


@pytest.fixture(scope="session")
def _signed_once() -> dict[str, Any]:
    return World().sign(composed())


@pytest.fixture
def signed(_signed_once: dict[str, Any]) -> dict[str, Any]:
    return copy.deepcopy(_signed_once)


@pytest.fixture
def shared() -> Path:
    if not SHARED.exists():
        pytest.skip("the shared test data (../shared) is not on this machine")
    return SHARED / "data"


@pytest.fixture
def example(shared: Path) -> dict[str, Any]:
    return json.loads((shared / "example_ob3_unsigned.json").read_text("utf-8"))


@pytest.fixture
def new_key() -> Any:
    return Key


@pytest.fixture
def compose_badge() -> Any:
    return composed
