"""The W3C's test vectors, read with the contexts they name, and keys of every kind that the suites take."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from badge_service.openbadges import canonical, contexts, public_key
from badge_service.openbadges.proofs import data_integrity, ecdsa_sd_2023

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)

_SCHEMA, _CITIZEN = "https://schema.org/", "https://w3id.org/citizenship#"
_DATE = {"@type": "http://www.w3.org/2001/XMLSchema#dateTime"}
CITIZENSHIP = {
    "@context": {
        name: _CITIZEN + name
        for name in (
            "EmployablePerson", "EmploymentAuthorizationDocument", "EmploymentAuthorizationDocumentCredential",
            "PermanentResident", "PermanentResidentCard", "PermanentResidentCardCredential",
            "birthCountry", "commuterClassification", "employmentAuthorizationDocument", "lprCategory", "lprNumber",
            "permanentResidentCard",
        )
    }
    | {name: _SCHEMA + name for name in ("Person", "additionalName", "familyName", "gender", "givenName", "identifier")}
    | {"image": {"@id": _SCHEMA + "image", "@type": "@id"}}
    | {"birthDate": {"@id": _SCHEMA + "birthDate"} | _DATE, "residentSince": {"@id": _CITIZEN + "residentSince"} | _DATE}
}  # fmt: skip
"""The words of the citizenship vocabulary that the vectors use; their published canonical texts tell what they mean."""


class EcKey:
    """A private key on P-256 or P-384 in memory, which signs without randomness as the vectors' authors did (RFC 6979)."""

    key_id = "memory"

    def __init__(self, curve: ec.EllipticCurve, number: int = 7) -> None:
        self.private = ec.derive_private_key(number, curve)
        self.public_key = public_key.from_loaded(self.private.public_key())
        self.size = (curve.key_size + 7) // 8
        self.algorithm = "ES256" if self.size == 32 else "ES384"
        self.hash = hashes.SHA256() if self.size == 32 else hashes.SHA384()

    def der(self, data: bytes) -> bytes:
        return self.private.sign(data, ec.ECDSA(self.hash, deterministic_signing=True))

    def sign(self, data: bytes) -> bytes:
        r, s = decode_dss_signature(self.der(data))
        return r.to_bytes(self.size) + s.to_bytes(self.size)


@pytest.fixture
def ec_key() -> type[EcKey]:
    return EcKey


@pytest.fixture
def p256() -> EcKey:
    return EcKey(ec.SECP256R1())


@pytest.fixture
def p384() -> EcKey:
    return EcKey(ec.SECP384R1())


@pytest.fixture
def options() -> dict[str, Any]:
    return data_integrity.assertion("https://badges.example.org/issuers/1#key", NOW)


@pytest.fixture
def vectors(shared: Path) -> Path:
    return shared / "standards" / "vectors"


@pytest.fixture
def examine(shared: Path) -> Callable[..., canonical.Examined]:
    """`canonical.examine` with the contexts that the vectors name."""
    examples = json.loads((shared / "standards" / "contexts" / "credentials-examples-v2.json").read_text())
    others = {
        "https://www.w3.org/ns/credentials/examples/v2": examples,
        "https://w3id.org/citizenship/v4rc1": CITIZENSHIP,
    }
    return partial(canonical.examine, load=lambda url: others.get(url) or contexts.load(url))


@pytest.fixture
def sd() -> ecdsa_sd_2023.SelectiveSuite:
    return ecdsa_sd_2023.SUITE
