"""What the suite for did:key demands of a resolver: a document, or the one error that names the broken rule."""

from typing import Any

import pytest

from badge_service.conformance import keys
from badge_service.openbadges.public_key import KeyKind

ENCODED = "z6MktKwz7Ge1Yxzr4JHavN33wiwa8y81QdcMRLXQsrH9T53b"
DID = f"did:key:{ENCODED}"
METHOD = f"{DID}#{ENCODED}"
KEY_AGREEMENT = f"{DID}#z6LSfHfAMAopsuBxaBzvp51GXrPf38Az13j2fmwqadbwwrzJ"


def _error(client: Any, did: str, **query: str) -> str:
    """The error of an answer that has the form of all answers."""
    status, body = client.resolve(did, **query)
    assert 400 <= status < 500
    assert {"@context", "didDocument", "didDocumentMetadata"} <= body.keys()
    assert body["didDocument"] is not None
    metadata = body["didDereferencingMetadata" if "#" in did else "didResolutionMetadata"]
    return str(metadata["error"])


@pytest.mark.parametrize("kind", [KeyKind.ED25519, KeyKind.P256, KeyKind.P384])
def test_a_document_lists_the_key_for_every_purpose_but_encryption(client: Any, kind: KeyKind) -> None:
    did = keys.fresh(kind).did
    status, body = client.resolve(did)
    document = body["didDocument"]

    assert status == 200
    assert document["id"] == did
    assert [method["controller"] for method in document["verificationMethod"]] == [did]
    assert (
        document["assertionMethod"] == document["authentication"] == [document["verificationMethod"][0]["id"]]
    )
    assert "didResolutionMetadata" in body


def test_the_scheme_is_did(client: Any) -> None:
    assert client.resolve(DID)[1]["didDocument"]["id"].split(":")[0] == "did"


def test_another_scheme_is_an_invalid_did(client: Any) -> None:
    assert _error(client, f"notDid:key:{ENCODED}") == "invalidDid"


def test_the_method_is_key(client: Any) -> None:
    assert client.resolve(DID)[1]["didDocument"]["id"].split(":")[1] == "key"


def test_another_method_is_not_supported(client: Any) -> None:
    assert _error(client, f"did:experimental:{ENCODED}") == "methodNotSupported"


def test_the_version_may_be_a_positive_number(client: Any) -> None:
    assert client.resolve(f"did:key:1:{ENCODED}")[0] == 200


@pytest.mark.parametrize("version", ["-4", "0", "x", "1.5", ""])
def test_another_version_is_an_invalid_did(client: Any, version: str) -> None:
    assert _error(client, f"did:key:{version}:{ENCODED}") == "invalidDid"


def test_the_value_begins_with_z(client: Any) -> None:
    assert client.resolve(DID)[1]["didDocument"]["id"].split(":")[2].startswith("z")


@pytest.mark.parametrize("value", [ENCODED[1:], "@", "z0OIl", "", "zzz:zzz:zzz"])
def test_another_value_is_an_invalid_did(client: Any, value: str) -> None:
    assert _error(client, f"did:key:{value}") == "invalidDid"


def test_a_key_of_another_length_is_told(client: Any) -> None:
    assert _error(client, "did:key:zTjsVPtY") == "invalidPublicKeyLength"


def test_a_kind_of_key_that_we_do_not_know_is_told(client: Any) -> None:
    x25519 = KEY_AGREEMENT.partition("#")[2]

    assert _error(client, f"did:key:{x25519}") == "unsupportedPublicKeyType"


def test_a_did_url_must_be_one(client: Any) -> None:
    assert _error(client, f"{DID}/^bar^/?query=`#{ENCODED}") == "invalidDidUrl"


def test_an_unknown_format_is_told(client: Any) -> None:
    assert _error(client, DID, publicKeyFormat="unknown") == "unsupportedPublicKeyType"


@pytest.mark.parametrize("method", [METHOD, KEY_AGREEMENT], ids=["signing", "encryption"])
def test_an_experimental_format_must_be_asked_for(client: Any, method: str) -> None:
    query = {"publicKeyFormat": "Ed25519VerificationKey2018", "enableExperimentalPublicKeyTypes": "false"}

    assert _error(client, method, **query) == "invalidPublicKeyType"


def test_a_key_has_a_controller_that_is_a_did(client: Any) -> None:
    status, body = client.resolve(METHOD)

    assert status == 200
    assert body["didDocument"]["controller"] == DID
    assert body["didDocument"]["publicKeyMultibase"] == ENCODED


def test_a_key_that_is_not_in_the_document_is_not_found(client: Any) -> None:
    assert _error(client, f"{DID}#z6Mkother") == "notFound"


@pytest.mark.parametrize(
    "format, member",
    [
        ("Multikey", "publicKeyMultibase"),
        ("JsonWebKey2020", "publicKeyJwk"),
        ("Ed25519VerificationKey2020", "publicKeyMultibase"),
    ],
)
def test_a_key_is_written_in_the_format_asked_for(client: Any, format: str, member: str) -> None:
    method = client.resolve(DID, publicKeyFormat=format)[1]["didDocument"]["verificationMethod"][0]

    assert method["type"] == format
    assert member in method


def test_a_key_on_another_curve_is_not_written_as_ed25519(client: Any) -> None:
    did = keys.fresh(KeyKind.P256).did

    assert _error(client, did, publicKeyFormat="Ed25519VerificationKey2020") == "invalidPublicKeyType"
