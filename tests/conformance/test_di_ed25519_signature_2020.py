"""What the W3C suite for Ed25519Signature2020 demands beyond the shared assertions."""

import hashlib
from typing import Any

import pytest
import rfc8785

from badge_service.conformance import vocabulary
from badge_service.openbadges import multibase
from badge_service.openbadges.contexts import ED25519_2020, VC1
from badge_service.openbadges.proofs import ed25519_signature_2020

ISSUER = "ed25519-signature-2020"


@pytest.fixture
def credential(suite: Any) -> dict[str, Any]:
    return {
        "@context": [VC1, ED25519_2020],
        "type": ["VerifiableCredential"],
        "issuer": suite.key.did,
        "issuanceDate": "2024-01-01T00:00:00Z",
        "credentialSubject": {"id": "did:example:subject"},
    }


def test_the_value_has_64_bytes_for_a_key_of_32(client: Any) -> None:
    issued = client.issued(ISSUER)

    assert len(multibase.decode_z(issued["proof"]["proofValue"])) == 64


def test_the_proof_verifies(client: Any) -> None:
    assert client.verifies(client.issued(ISSUER))


def test_a_credential_of_the_suite_verifies(client: Any, suite: Any, credential: dict[str, Any]) -> None:
    assert client.verifies(suite.sign(credential, suite=ed25519_signature_2020.SUITE))


def test_a_value_of_another_length_is_an_error(client: Any, suite: Any, credential: dict[str, Any]) -> None:
    signed = suite.sign(credential, suite=ed25519_signature_2020.SUITE)
    longer = multibase.decode_z(signed["proof"]["proofValue"]) + bytes(32)

    assert client.rejects({**signed, "proof": {**signed["proof"], "proofValue": multibase.encode_z(longer)}})


def test_created_is_required(client: Any, suite: Any, credential: dict[str, Any]) -> None:
    signed = suite.sign(credential, suite=ed25519_signature_2020.SUITE)
    without = {name: value for name, value in signed["proof"].items() if name != "created"}

    assert client.rejects({**signed, "proof": without})


def _signed_over(
    suite: Any, credential: dict[str, Any], data: bytes, options: dict[str, Any]
) -> dict[str, Any]:
    return {**credential, "proof": {**options, "proofValue": multibase.encode_z(suite.key.sign(data))}}


@pytest.fixture
def options(suite: Any) -> dict[str, Any]:
    return {
        "type": "Ed25519Signature2020",
        "created": "2024-01-01T00:00:00Z",
        "verificationMethod": suite.key.key_id,
        "proofPurpose": "assertionMethod",
    }


def test_another_canonical_form_is_an_error(
    client: Any, suite: Any, credential: dict[str, Any], options: dict[str, Any]
) -> None:
    texts = rfc8785.dumps({"@context": credential["@context"], **options}), rfc8785.dumps(credential)
    data = b"".join(hashlib.sha256(text).digest() for text in texts)

    assert client.rejects(_signed_over(suite, credential, data, options))


@pytest.mark.parametrize("hash, good", [("sha256", True), ("sha512", False)])
def test_another_hash_is_an_error(
    client: Any, suite: Any, credential: dict[str, Any], options: dict[str, Any], hash: str, good: bool
) -> None:
    documents = {"@context": credential["@context"], **options}, credential
    texts = [vocabulary.examine(document).nquads.encode() for document in documents]
    signed = _signed_over(
        suite, credential, b"".join(hashlib.new(hash, text).digest() for text in texts), options
    )

    assert client.verifies(signed) is good
