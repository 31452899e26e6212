"""Where key documents lie, and that a key counts only for the issuer whose own document lists it for signing."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from badge_service.errors import InvalidError, NotFoundError, UnavailableError
from badge_service.openbadges import did
from badge_service.openbadges.did import CannotResolve, Fetched, NotTheIssuersKey
from badge_service.openbadges.multibase import encode_base64url
from badge_service.openbadges.public_key import PublicKey, from_jwk, from_loaded

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


def keys_of_all_kinds() -> dict[str, PublicKey]:
    private: dict[str, Any] = {
        "Ed25519": Ed25519PrivateKey.from_private_bytes(b"\x06" * 32),
        "P-256": ec.derive_private_key(77, ec.SECP256R1()),
        "P-384": ec.derive_private_key(77, ec.SECP384R1()),
        "RSA": rsa.generate_private_key(65537, 2048),
    }
    return {name: from_loaded(key.public_key()) for name, key in private.items()}


KEYS = keys_of_all_kinds()


@pytest.mark.parametrize("kind", KEYS)
def test_keys_of_every_kind_are_published_and_found(kind: str) -> None:
    document = did.did_document(DID, [("k0", KEYS["Ed25519"]), ("k1", KEYS[kind])])
    assert did.resolve_key(METHOD, DID, _fetch(document)) == KEYS[kind]
    assert (did.DID_CONTEXT in document["@context"]) and len(document["@context"]) == (
        3 if kind == "RSA" else 2
    )


@pytest.mark.parametrize("kind", ["Ed25519", "P-256", "P-384"])
def test_did_keys_of_three_kinds(kind: str) -> None:
    name = did.did_key(KEYS[kind])
    method = f"{name}#{name.removeprefix('did:key:')}"
    assert did.resolve_key(method, name, _fetch(None), purpose="authentication") == KEYS[kind]


@pytest.mark.parametrize("kind", KEYS)
def test_a_did_jwk_is_its_own_issuer_only(kind: str) -> None:
    name = did.did_jwk(KEYS[kind])
    assert did.resolve_key(f"{name}#0", name, _fetch(None)) == KEYS[kind]
    for method, issuer in ((name, name), (f"{name}#1", name), (f"{name}#0", DID)):
        with pytest.raises(NotTheIssuersKey):
            did.resolve_key(method, issuer, _fetch(did.did_document(DID, [("0", KEYS[kind])])))


def jwk_did(jwk: Any) -> str:
    return "did:jwk:" + encode_base64url(json.dumps(jwk).encode())


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("did:jwk:", "key_malformed"),
        ("did:jwk:!", "key_malformed"),
        ("did:jwk:" + "A" * 5_000, "key_malformed"),
        (jwk_did([]), "key_malformed"),
        (jwk_did(KEYS["P-256"].jwk() | {"use": "enc"}), "key_unsupported"),
        (jwk_did(KEYS["P-256"].jwk() | {"d": "AQAB"}), "private_key"),
        (jwk_did({"kty": "OKP", "crv": "Ed25519", "x": "A" * 43}), "weak_key"),
        ("did:key:zzz", "key_unsupported"),
        ("did:key:", "multibase"),
    ],
)
def test_a_name_that_is_no_good_key_is_refused(name: str, code: str) -> None:
    with pytest.raises(InvalidError) as refused:
        did.resolve_key(f"{name}#0", name, _fetch(None))
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("method", "kind"),
    [
        ({"type": "JsonWebKey", "publicKeyJwk": KEYS["RSA"].jwk()}, "RSA"),
        ({"type": "JsonWebKey2020", "publicKeyJwk": KEYS["P-256"].jwk()}, "P-256"),
        ({"type": "Ed25519VerificationKey2020", "publicKeyMultibase": KEYS["Ed25519"].multikey}, "Ed25519"),
        ({"type": "Multikey", "publicKeyMultibase": KEYS["P-384"].multikey}, "P-384"),
    ],
)
def test_verification_methods_of_four_types(method: dict[str, Any], kind: str) -> None:
    entry = {"id": METHOD, "controller": DID, **method}
    listed = {"id": DID, "verificationMethod": [entry], "assertionMethod": METHOD}
    embedded = {"id": DID, "assertionMethod": [entry]}
    for document in (listed, embedded):
        assert did.resolve_key(METHOD, DID, _fetch(document)) == KEYS[kind]


@pytest.mark.parametrize(
    ("method", "code"),
    [
        ({"type": "Ed25519VerificationKey2020", "publicKeyMultibase": KEYS["P-256"].multikey}, "key_malformed"),
        ({"type": "Multikey", "publicKeyJwk": KEYS["P-256"].jwk()}, "key_malformed"),
        (
            {"type": "Multikey", "publicKeyMultibase": KEYS["P-256"].multikey, "publicKeyJwk": KEYS["RSA"].jwk()},
            "key_malformed",
        ),
        ({"type": "JsonWebKey", "publicKeyJwk": "x"}, "key_malformed"),
        ({"type": "JsonWebKey", "publicKeyJwk": {"kty": "oct"}}, "key_unsupported"),
        ({"type": "JsonWebKey", "publicKeyJwk": KEYS["P-256"].jwk() | {"d": "AQAB"}}, "private_key"),
        ({"type": "RsaVerificationKey2018", "publicKeyPem": "x"}, "key_unsupported"),
        ({"type": ["Multikey"]}, "key_malformed"),
    ],
)  # fmt: skip
def test_a_method_that_is_not_what_its_type_says_is_refused(method: dict[str, Any], code: str) -> None:
    document = {"id": DID, "assertionMethod": [{"id": METHOD, "controller": DID, **method}]}
    with pytest.raises(InvalidError) as refused:
        did.resolve_key(METHOD, DID, _fetch(document))
    assert refused.value.code == code


def test_a_key_for_another_purpose_does_not_count() -> None:
    document = did.did_document(DID, [("k1", KEYS["Ed25519"])])
    document["authentication"] = document.pop("assertionMethod")
    assert did.resolve_key(METHOD, DID, _fetch(document), purpose="authentication") == KEYS["Ed25519"]
    with pytest.raises(NotTheIssuersKey) as refused:
        did.resolve_key(METHOD, DID, _fetch(document))
    assert refused.value.code == "verification_relationship"


@pytest.mark.parametrize(
    ("ends", "code"),
    [
        ({"revoked": "2026-01-01T00:00:00Z"}, "key_revoked"),
        ({"revoked": "yesterday"}, "key_revoked"),
        ({"expires": "2026-11-21T12:00:00Z"}, "key_expired"),
        ({"revoked": "2027-01-01T00:00:00Z"}, ""),
        ({"expires": "2027-01-01T00:00:00Z"}, ""),
    ],
)
def test_a_key_whose_use_has_ended_is_refused(ends: dict[str, str], code: str) -> None:
    fetch, now = _fetch(_changed(KEYS["P-256"], method=ends)), datetime(2026, 11, 21, 12, tzinfo=UTC)
    if not code:
        assert did.resolve_key(METHOD, DID, fetch, now=now) == KEYS["P-256"]
        return
    for moment in (now, None):
        with pytest.raises(NotTheIssuersKey) as refused:
            did.resolve_key(METHOD, DID, fetch, now=moment)
        assert refused.value.code == code


class Web:
    """What stands at which address, and what was asked for."""

    def __init__(self, pages: dict[str, Any]) -> None:
        self.pages, self.asked = pages, []

    def __call__(self, url: str) -> Fetched:
        self.asked.append(url)
        found = self.pages.get(url, NotFoundError("nothing there"))
        if isinstance(found, Exception):
            raise found
        return Fetched(json.dumps(found).encode(), "application/json")


ISSUER = "https://school.example/issuers/1"
KEY_PAGE = "https://school.example/keys/1"
BARE = {
    "id": KEY_PAGE,
    "type": "Multikey",
    "controller": ISSUER,
    "publicKeyMultibase": KEYS["P-256"].multikey,
}


def test_a_key_page_counts_when_the_issuer_lists_its_address() -> None:
    web = Web({ISSUER: {"id": ISSUER, "assertionMethod": [KEY_PAGE]}, KEY_PAGE: BARE})
    assert did.resolve_key(KEY_PAGE, ISSUER, web) == KEYS["P-256"]


@pytest.mark.parametrize(
    ("pages", "code"),
    [
        ({ISSUER: {"id": ISSUER}, KEY_PAGE: BARE}, "verification_relationship"),
        ({ISSUER: {"id": ISSUER, "authentication": [KEY_PAGE]}, KEY_PAGE: BARE}, "verification_relationship"),
        ({ISSUER: {"id": ISSUER + "0", "assertionMethod": [KEY_PAGE]}, KEY_PAGE: BARE}, "did_document_id"),
        (
            {ISSUER: {"id": ISSUER, "assertionMethod": [KEY_PAGE]}, KEY_PAGE: BARE | {"controller": DID}},
            "key_controller",
        ),
        (
            {ISSUER: {"id": ISSUER, "assertionMethod": [KEY_PAGE]}, KEY_PAGE: BARE | {"id": ISSUER}},
            "did_document_id",
        ),
    ],
)
def test_a_key_page_alone_proves_nothing(pages: dict[str, Any], code: str) -> None:
    with pytest.raises(NotTheIssuersKey) as refused:
        did.resolve_key(KEY_PAGE, ISSUER, Web(pages))
    assert refused.value.code == code


def test_a_key_in_the_fragment_of_a_real_issuers_address_is_not_believed() -> None:
    thief = KEYS["Ed25519"].multikey
    web = Web({ISSUER: {"id": ISSUER, "assertionMethod": [f"{ISSUER}#{thief}"]}})
    with pytest.raises(NotTheIssuersKey) as refused:
        did.resolve_key(f"{ISSUER}#{thief}", ISSUER, web)
    assert refused.value.code == "key_not_listed"
    with pytest.raises(NotTheIssuersKey):
        did.resolve_key(f"{ISSUER}#{thief}", ISSUER, Web({ISSUER: {"id": ISSUER}}))


HOST_KEYS = "https://school.example/.well-known/jwks.json"
DID_PAGE = "https://school.example/.well-known/did.json"
RSA_JWK = did.jwk_document(KEYS["RSA"], key_id=KEY_PAGE, issuer_id=DID)
OTHER_JWK = did.jwk_document(KEYS["P-256"], key_id="https://school.example/keys/2", issuer_id=DID)
EVIL_PAGE = "https://evil.example/keys/1"
BY_KID: dict[str, Any] = {"alg": "RS256", "kid": KEY_PAGE}


def test_a_published_jwk_says_whose_it_is_and_what_for() -> None:
    assert KEYS["RSA"].jwk() | {"kid": KEY_PAGE, "use": "sig", "alg": "RS256", "iss": DID} == RSA_JWK
    assert from_jwk(RSA_JWK) == KEYS["RSA"]
    assert did.jwks_url(DID) == did.jwks_url(ISSUER) == HOST_KEYS


@pytest.mark.parametrize(
    ("header", "pages", "asked"),
    [
        (BY_KID, {HOST_KEYS: {"keys": [OTHER_JWK, RSA_JWK]}}, [HOST_KEYS, DID_PAGE]),
        (BY_KID, {HOST_KEYS: {"keys": [RSA_JWK | {"kid": "short"}]}, KEY_PAGE: RSA_JWK}, [HOST_KEYS, KEY_PAGE, DID_PAGE]),
        (BY_KID, {KEY_PAGE: RSA_JWK, DID_PAGE: did.did_document(DID, [("r", KEYS["RSA"])])},
         [HOST_KEYS, KEY_PAGE, DID_PAGE]),
        (BY_KID, {HOST_KEYS: UnavailableError("busy"), KEY_PAGE: RSA_JWK,
                  DID_PAGE: did.did_document(DID, [("r", KEYS["RSA"])])}, [HOST_KEYS, KEY_PAGE, DID_PAGE]),
        ({"kid": "short"}, {HOST_KEYS: {"keys": [RSA_JWK | {"kid": "short"}]}}, [HOST_KEYS, DID_PAGE]),
        ({"kid": "r"}, {DID_PAGE: did.did_document(DID, [("r", KEYS["RSA"])])}, [HOST_KEYS, DID_PAGE]),
        ({"kid": "#r"}, {DID_PAGE: did.did_document(DID, [("r", KEYS["RSA"])])}, [HOST_KEYS, DID_PAGE]),
        ({"kid": f"{DID}#r"}, {DID_PAGE: did.did_document(DID, [("r", KEYS["RSA"])])}, [DID_PAGE]),
        ({"jwk": KEYS["RSA"].jwk()}, {HOST_KEYS: {"keys": [RSA_JWK]}}, [HOST_KEYS, DID_PAGE]),
        ({"jwk": KEYS["RSA"].jwk()}, {DID_PAGE: did.did_document(DID, [("r", KEYS["RSA"])])}, [HOST_KEYS, DID_PAGE]),
        (BY_KID | {"jwk": KEYS["RSA"].jwk()}, {HOST_KEYS: {"keys": [RSA_JWK]}}, [HOST_KEYS, DID_PAGE]),
        ({"kid": f"{EVIL_PAGE}#short"},
         {HOST_KEYS: {"keys": [RSA_JWK]}, EVIL_PAGE: {"keys": [OTHER_JWK, RSA_JWK | {"kid": "short"}]}},
         [HOST_KEYS, EVIL_PAGE, DID_PAGE]),
    ],
)  # fmt: skip
def test_the_key_of_a_token_is_found_where_the_issuer_vouches_for_it(
    header: dict[str, Any], pages: dict[str, Any], asked: list[str]
) -> None:
    web = Web(pages)
    assert did.resolve_jose_key(header, DID, web) == KEYS["RSA"]
    assert web.asked == asked


@pytest.mark.parametrize("kind", KEYS)
def test_a_did_jwk_may_show_its_key_in_the_header(kind: str) -> None:
    name = did.did_jwk(KEYS[kind])
    for header in ({"jwk": KEYS[kind].jwk()}, {"kid": f"{name}#0"}, {"kid": "#0"}):
        assert did.resolve_jose_key(header, name, Web({})) == KEYS[kind]
    thief = KEYS["RSA" if kind != "RSA" else "P-256"]
    for header in ({"jwk": thief.jwk()}, {"kid": EVIL_PAGE}, {"kid": f"{did.did_jwk(thief)}#0"}):
        with pytest.raises(NotTheIssuersKey):
            did.resolve_jose_key(header, name, Web({EVIL_PAGE: thief.jwk()}))


THIEF = KEYS["Ed25519"]
THIEFS_JWK = THIEF.jwk()
GOOD_PAGES = {
    HOST_KEYS: {"keys": [RSA_JWK]},
    KEY_PAGE: RSA_JWK,
    DID_PAGE: did.did_document(DID, [("r", KEYS["RSA"])]),
}


@pytest.mark.parametrize(
    ("header", "pages"),
    [
        ({"jwk": THIEFS_JWK}, {}),
        (BY_KID | {"jwk": THIEFS_JWK}, {}),
        ({"kid": EVIL_PAGE}, {EVIL_PAGE: THIEFS_JWK}),
        ({"kid": EVIL_PAGE}, {EVIL_PAGE: THIEFS_JWK | {"iss": DID}}),
        ({"kid": EVIL_PAGE}, {EVIL_PAGE: {"keys": [THIEFS_JWK]}}),
        ({"kid": f"{EVIL_PAGE}#{THIEF.multikey}"}, {EVIL_PAGE: {"keys": [THIEFS_JWK | {"kid": THIEF.multikey}]}}),
        ({"kid": "https://school.example/uploads/1"}, {"https://school.example/uploads/1": THIEFS_JWK}),
        ({"kid": f"{DID}#{THIEF.multikey}"}, {}),
        ({"kid": THIEF.multikey}, {}),
        ({"kid": f"{did.did_key(THIEF)}#{THIEF.multikey}"}, {}),
        ({"kid": did.did_key(THIEF)}, {}),
        ({"kid": "https://school.example/keys/9"},
         {"https://school.example/keys/9": THIEFS_JWK, HOST_KEYS: {"keys": [RSA_JWK, THIEFS_JWK | {"iss": ISSUER}]}}),
        ({"jwk": THIEFS_JWK}, {HOST_KEYS: {"keys": [RSA_JWK, THIEFS_JWK | {"iss": ISSUER}]}}),
        ({"jwk": THIEFS_JWK}, {HOST_KEYS: {"keys": [None, "x", {"kty": "oct"}, RSA_JWK]}}),
        ({"jwk": THIEFS_JWK}, {HOST_KEYS: {"keys": None}}),
        ({"jwk": THIEFS_JWK}, {DID_PAGE: {"id": DID, "assertionMethod": [{"id": []}, {}, 1, METHOD]}}),
        ({"jwk": THIEFS_JWK}, {DID_PAGE: {"id": "did:web:evil.example", "assertionMethod": [
            {"id": "did:web:evil.example#k", "type": "JsonWebKey", "controller": "did:web:evil.example",
             "publicKeyJwk": THIEFS_JWK}]}}),
        ({"jwk": THIEFS_JWK}, {DID_PAGE: {"id": DID, "authentication": [
            {"id": METHOD, "type": "JsonWebKey", "controller": DID, "publicKeyJwk": THIEFS_JWK}]}}),
        ({"jwk": THIEFS_JWK}, {DID_PAGE: {"id": DID, "assertionMethod": [
            {"id": METHOD, "type": "JsonWebKey", "controller": ISSUER, "publicKeyJwk": THIEFS_JWK}]}}),
        ({"kid": "urn:uuid:1"}, {}),
        ({"kid": ""}, {}),
    ],
)  # fmt: skip
def test_a_thiefs_key_is_never_taken_for_the_issuers(header: dict[str, Any], pages: dict[str, Any]) -> None:
    with pytest.raises(NotTheIssuersKey):
        did.resolve_jose_key(header, DID, Web(GOOD_PAGES | pages))


@pytest.mark.parametrize(
    ("header", "pages", "error"),
    [
        ({"jwk": THIEFS_JWK}, {}, NotFoundError),
        (
            {"jwk": THIEFS_JWK},
            {HOST_KEYS: {"keys": [RSA_JWK]}, DID_PAGE: UnavailableError("busy")},
            UnavailableError,
        ),
        ({"jwk": THIEFS_JWK}, {HOST_KEYS: [], DID_PAGE: did.did_document(DID, [])}, CannotResolve),
        (BY_KID, {HOST_KEYS: {"keys": [RSA_JWK | {"kid": "x"}]}}, NotFoundError),
        ({"jwk": {"kty": "EC", "crv": "secp256k1"}}, GOOD_PAGES, CannotResolve),
        (BY_KID, {HOST_KEYS: {"keys": [RSA_JWK | {"alg": "PS256"}]}}, CannotResolve),
    ],
)
def test_what_cannot_be_found_out_is_said_so(
    header: dict[str, Any], pages: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error) as refused:
        did.resolve_jose_key(header, DID, Web(pages))
    assert not isinstance(refused.value, NotTheIssuersKey)


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ({}, "key_not_named"),
        ({"jwk": RSA_JWK | {"d": "AQAB"}}, "private_key"),
        ({"jwk": {"kty": "OKP", "crv": "Ed25519", "x": "A" * 43}}, "weak_key"),
        ({"jwk": {"kty": "OKP", "crv": "Ed25519", "x": 1}}, "key_malformed"),
    ],
)
def test_a_header_without_a_proper_key_is_refused(header: dict[str, Any], code: str) -> None:
    with pytest.raises(InvalidError) as refused:
        did.resolve_jose_key(header, DID, Web(GOOD_PAGES))
    assert (refused.value.code, isinstance(refused.value, CannotResolve)) == (code, False)


def test_tokens_of_a_demonstration_are_found_on_localhost() -> None:
    issuer, page = "did:web:localhost%3A8000:issuers:a", "http://localhost:8000/keys/1"
    entry = did.jwk_document(KEYS["RSA"], key_id="short", issuer_id=issuer)
    web = Web({"http://localhost:8000/.well-known/jwks.json": {"keys": [entry]}, page: KEYS["RSA"].jwk()})
    assert did.resolve_jose_key({"kid": page}, issuer, web) == KEYS["RSA"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from([DID, METHOD, "Multikey", "keys", "id"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "keys", "kid", "assertionMethod", "verificationMethod", "controller", "type"]
            ),
            inner,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=150)
@given(JSON, JSON, st.sampled_from([{"kid": METHOD}, {"kid": KEY_PAGE}, {"jwk": RSA_JWK}]))
def test_any_pages_are_understood_or_refused(one: Any, other: Any, header: dict[str, Any]) -> None:
    for page in (one, one | {"id": DID} if isinstance(one, dict) else one):
        with pytest.raises((InvalidError, NotFoundError)):
            did.resolve_jose_key(header, DID, Web({DID_PAGE: page, HOST_KEYS: other, KEY_PAGE: other}))


def test_a_document_that_is_too_large_is_not_read(new_key: Any) -> None:
    document = did.did_document(DID, [("k1", new_key().public_key)])
    assert did.resolve_key(METHOD, DID, _fetch({**document, "x": "x" * 200_000}))
    with pytest.raises(CannotResolve):
        did.resolve_key(METHOD, DID, _fetch({**document, "x": "x" * 300_000}))


def test_two_keys_of_one_name_are_none() -> None:
    document = did.did_document(DID, [("k1", KEYS["Ed25519"]), ("k1", KEYS["P-256"])])
    with pytest.raises(NotTheIssuersKey) as refused:
        did.resolve_key(METHOD, DID, _fetch(document))
    assert refused.value.code == "key_controller"


@pytest.mark.parametrize("purpose", ["assertionMethod", "authentication"])
def test_a_key_shown_in_the_header_may_stand_whole_under_its_purpose(purpose: str) -> None:
    entry = {"id": METHOD, "type": "JsonWebKey", "controller": DID, "publicKeyJwk": KEYS["P-384"].jwk()}
    header = {"jwk": KEYS["P-384"].jwk()}
    for page in (
        {"id": DID, purpose: [entry]},
        {"id": DID, purpose: [METHOD], "verificationMethod": [entry]},
    ):
        web = Web({DID_PAGE: page, HOST_KEYS: {"keys": []}})
        assert did.resolve_jose_key(header, DID, web, purpose=purpose) == KEYS["P-384"]
        other = "authentication" if purpose == "assertionMethod" else "assertionMethod"
        with pytest.raises(NotTheIssuersKey):
            did.resolve_jose_key(header, DID, web, purpose=other)


def test_a_page_with_one_key_needs_no_name_for_it_and_a_page_with_two_does() -> None:
    nameless = {name: value for name, value in RSA_JWK.items() if name != "kid"}
    vouched = {HOST_KEYS: {"keys": [nameless]}}
    web = Web({**vouched, EVIL_PAGE: {"keys": [nameless]}})
    assert did.resolve_jose_key({"kid": EVIL_PAGE}, DID, web) == KEYS["RSA"]
    for kid, keys in (
        (EVIL_PAGE, [nameless, nameless]),
        (EVIL_PAGE, [nameless, nameless | {"iss": ISSUER}]),
        (EVIL_PAGE, []),
        (f"{EVIL_PAGE}#other", [nameless]),
    ):
        with pytest.raises(NotTheIssuersKey) as refused:
            did.resolve_jose_key({"kid": kid}, DID, Web({**vouched, EVIL_PAGE: {"keys": keys}}))
        assert refused.value.code == "key_not_listed"


def test_a_key_that_cannot_be_used_hides_none_of_the_others() -> None:
    document = did.did_document(DID, [("k1", KEYS["P-384"])])
    document["assertionMethod"] += [f"{DID}#missing{number}" for number in range(9)]
    web = Web({DID_PAGE: document, HOST_KEYS: {"keys": [RSA_JWK]}})
    assert did.resolve_jose_key({"jwk": KEYS["P-384"].jwk()}, DID, web) == KEYS["P-384"]


def test_a_key_in_the_document_of_an_issuer_by_https_is_named_by_its_address() -> None:
    entry = {**BARE, "id": f"{ISSUER}#k"}
    web = Web({ISSUER: {"id": ISSUER, "assertionMethod": [entry]}, HOST_KEYS: {"keys": []}})
    assert did.resolve_jose_key({"kid": f"{ISSUER}#k"}, ISSUER, web) == KEYS["P-256"]


def test_the_key_of_a_token_counts_until_it_ends() -> None:
    now = datetime(2026, 11, 21, 12, tzinfo=UTC)
    page = _changed(KEYS["P-256"], method={"expires": "2026-11-21T13:00:00Z"})
    web = Web({DID_PAGE: page, HOST_KEYS: {"keys": [OTHER_JWK | {"iss": ISSUER}]}})
    for header in ({"kid": METHOD}, {"jwk": KEYS["P-256"].jwk()}):
        assert did.resolve_jose_key(header, DID, web, now=now) == KEYS["P-256"]
        for moment in (now.replace(hour=13), None):
            with pytest.raises(NotTheIssuersKey):
                did.resolve_jose_key(header, DID, web, now=moment)


@pytest.mark.parametrize(
    ("header", "more"),
    [({"kid": "short"}, {}), ({"jwk": KEYS["RSA"].jwk()}, {}), (BY_KID, {KEY_PAGE: RSA_JWK})],
)
def test_a_key_in_the_set_of_the_host_is_not_believed_when_its_issuer_has_revoked_it(
    header: dict[str, Any], more: dict[str, Any]
) -> None:
    """Whatever the set says: the issuer's own document knows better, under any name of the key."""
    document = did.did_document(DID, [("r", KEYS["RSA"])])
    pages = {HOST_KEYS: {"keys": [RSA_JWK | {"kid": "short"}]}, DID_PAGE: document, **more}
    now = datetime(2026, 11, 21, tzinfo=UTC)
    assert did.resolve_jose_key(header, DID, Web(pages), now=now) == KEYS["RSA"]
    document["verificationMethod"][0]["revoked"] = "2026-11-01T00:00:00Z"
    with pytest.raises(NotTheIssuersKey) as refused:
        did.resolve_jose_key(header, DID, Web(pages), now=now)
    assert refused.value.code == "key_revoked"
