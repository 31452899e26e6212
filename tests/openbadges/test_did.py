"""Where key documents lie, and that a key counts only for the issuer whose own document lists it for signing."""

import json
from typing import Any

import pytest

from badge_service.errors import InvalidError
from badge_service.openbadges import did
from badge_service.openbadges.did import CannotResolve, Fetched, NotTheIssuersKey
from badge_service.openbadges.public_key import PublicKey

DID = "did:web:school.example"
METHOD = f"{DID}#k1"


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("did:web:school.example", "https://school.example/.well-known/did.json"),
        ("did:web:school.example:issuers:a", "https://school.example/issuers/a/did.json"),
        ("did:web:school.example%3A8443:a", "https://school.example:8443/a/did.json"),
        ("did:web:localhost%3A8000:issuers:a", "http://localhost:8000/issuers/a/did.json"),
        ("https://school.example/issuers/1", "https://school.example/issuers/1"),
    ],
)
def test_the_address_of_a_key_document(name: str, url: str) -> None:
    assert did.document_url(name) == url


@pytest.mark.parametrize(
    "name",
    [
        "did:nope:abc", "did:web:", "did:web:a/b", "did:web:a%2Fb", "did:web:a:..:b", "did:web:a::b", "did:web:a%40b",
        "did:web:a:%2E%2E", "did:web:10.0.0.1%3A99999999", "did:web:школа.example", "https://real.example@evil.example/",
        "http://school.example", "ftp://school.example", "", "urn:uuid:1", "did:web:" + "a" * 600, "https://real.example\\@evil.example/",
    ],
)  # fmt: skip
def test_other_names_cannot_be_resolved(name: str) -> None:
    with pytest.raises(CannotResolve):
        did.document_url(name)


def test_web_addresses_become_did_web() -> None:
    assert did.web("http://localhost:8000/issuers/a") == "did:web:localhost%3A8000:issuers:a"
    assert did.web("https://school.example") == DID


def _fetch(document: Any) -> Any:
    return lambda url: Fetched(json.dumps(document).encode(), "application/json")


def test_a_listed_key_is_resolved(new_key: Any) -> None:
    key = new_key().public_key
    assert did.resolve_key(METHOD, DID, _fetch(did.did_document(DID, [("k1", key)]))) == key


def test_a_did_key_is_its_own_issuer_only(new_key: Any) -> None:
    key = new_key().public_key
    name = did.did_key(key)
    fragment = name.removeprefix("did:key:")
    assert did.resolve_key(f"{name}#{fragment}", name, _fetch({})) == key
    for method, issuer in ((f"{name}#{fragment}", DID), (name, name), (f"{DID}#{fragment}", DID)):
        with pytest.raises(NotTheIssuersKey):
            did.resolve_key(method, issuer, _fetch(did.did_document(DID, [("k1", key)])))


def _changed(key: PublicKey, **changes: Any) -> dict[str, Any]:
    document = did.did_document(DID, [("k1", key)])
    method = {**document["verificationMethod"][0], **changes.pop("method", {})}
    return {**document, "verificationMethod": [method], **changes}


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "did:web:evil.example"},
        {"assertionMethod": []},
        {"assertionMethod": None, "authentication": [METHOD]},
        {"assertionMethod": ["#k1"]},
        {"verificationMethod": []},
        {"method": {"controller": "did:web:evil.example"}},
        {"method": {"controller": None}},
        {"method": {"id": "did:web:evil.example#k1"}},
    ],
)
def test_a_key_that_is_not_bound_both_ways_is_refused(new_key: Any, changes: dict[str, Any]) -> None:
    with pytest.raises(NotTheIssuersKey):
        did.resolve_key(METHOD, DID, _fetch(_changed(new_key().public_key, **changes)))


@pytest.mark.parametrize(
    "changes", [{"type": "JsonWebKey"}, {"publicKeyMultibase": "zzz"}, {"publicKeyMultibase": 1}]
)
def test_keys_of_other_kinds_cannot_be_resolved(new_key: Any, changes: dict[str, Any]) -> None:
    with pytest.raises(CannotResolve):
        did.resolve_key(METHOD, DID, _fetch(_changed(new_key().public_key, method=changes)))


def test_a_weak_key_in_a_key_document_is_refused(new_key: Any) -> None:
    from badge_service.openbadges.multibase import encode_z

    weak = encode_z(b"\xed\x01" + b"\x01" + bytes(31))
    with pytest.raises(InvalidError) as refused:
        did.resolve_key(
            METHOD, DID, _fetch(_changed(new_key().public_key, method={"publicKeyMultibase": weak}))
        )
    assert refused.value.code == "weak_key"


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"null", b'{"id":1,"id":2}', b"x" * 300_000])
def test_unreadable_key_documents_cannot_be_resolved(body: bytes) -> None:
    with pytest.raises(CannotResolve):
        did.resolve_key(METHOD, DID, lambda url: Fetched(body, "application/json"))
