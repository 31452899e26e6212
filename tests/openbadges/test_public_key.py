"""Keys of five kinds, as text and as JWK, and the keys that must not be accepted."""

from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jwk as joserfc_jwk

from badge_service.errors import InvalidError
from badge_service.openbadges import multibase, public_key
from badge_service.openbadges.public_key import KeyKind, PublicKey, from_jwk, from_loaded, from_multikey

P = 2**255 - 19
SMALL_ORDER = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
]
NOT_CANONICAL = [(P + n).to_bytes(32, "little").hex() for n in range(19)]

CURVES = {KeyKind.P256: ec.SECP256R1(), KeyKind.P384: ec.SECP384R1(), KeyKind.P521: ec.SECP521R1()}
HASHES = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}
OWN_HASH = {KeyKind.P256: "sha256", KeyKind.P384: "sha384", KeyKind.P521: "sha512"}

PRIVATE: dict[KeyKind, Any] = {
    KeyKind.ED25519: Ed25519PrivateKey.from_private_bytes(b"\x05" * 32),
    KeyKind.RSA: rsa.generate_private_key(65537, 2048),
    **{kind: ec.derive_private_key(1234567, curve) for kind, curve in CURVES.items()},
}
KEYS = {kind: from_loaded(private.public_key()) for kind, private in PRIVATE.items()}
RSA_OF_RFC_7638 = {
    "kty": "RSA", "e": "AQAB", "alg": "RS256", "kid": "2011-04-29",
    "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3okn"
         "jhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQ"
         "vRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKn"
         "qDKgw",
}  # fmt: skip


def sign(kind: KeyKind, data: bytes, hash: str) -> bytes:
    """What another library signs, ECDSA as r and s side by side."""
    key = PRIVATE[kind]
    if kind is KeyKind.ED25519:
        return key.sign(data)
    if kind is KeyKind.RSA:
        return key.sign(data, padding.PKCS1v15(), HASHES[hash])
    r, s = decode_dss_signature(key.sign(data, ec.ECDSA(HASHES[hash])))
    size = (key.key_size + 7) // 8
    return r.to_bytes(size) + s.to_bytes(size)


def refusal(read: Any, *arguments: Any) -> str:
    with pytest.raises(InvalidError) as refused:
        read(*arguments)
    return refused.value.code


@pytest.mark.parametrize("encoded", SMALL_ORDER + NOT_CANONICAL)
def test_a_key_that_accepts_forgeries_is_refused(encoded: str) -> None:
    assert refusal(PublicKey, KeyKind.ED25519, bytes.fromhex(encoded)) == "weak_key"
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": multibase.encode_base64url(bytes.fromhex(encoded))}
    assert refusal(from_jwk, jwk) == "weak_key"
    assert refusal(from_multikey, multibase.encode_z(b"\xed\x01" + bytes.fromhex(encoded))) == "weak_key"


@pytest.mark.parametrize("kind", KeyKind)
@pytest.mark.parametrize("hash", HASHES)
def test_a_good_signature_holds_and_a_changed_one_does_not(kind: KeyKind, hash: str) -> None:
    signature = sign(kind, b"a badge", hash)
    key = KEYS[kind]
    assert key.holds(b"a badge", signature, hash=hash)
    assert not key.holds(b"a bodge", signature, hash=hash)
    assert not key.holds(b"a badge", bytes([signature[0] ^ 1]) + signature[1:], hash=hash)
    for changed in (b"", signature[:-1], signature + b"\0", bytes(len(signature)), b"\xff" * len(signature)):
        assert not key.holds(b"a badge", changed, hash=hash)


@pytest.mark.parametrize("kind", [KeyKind.P256, KeyKind.P384, KeyKind.P521, KeyKind.RSA])
def test_each_kind_has_its_own_hash_by_default(kind: KeyKind) -> None:
    own = OWN_HASH.get(kind, "sha256")
    assert KEYS[kind].holds(b"a badge", sign(kind, b"a badge", own))
    other = "sha512" if own != "sha512" else "sha256"
    assert not KEYS[kind].holds(b"a badge", sign(kind, b"a badge", other))


def test_an_ecdsa_signature_in_der_does_not_hold() -> None:
    der = PRIVATE[KeyKind.P256].sign(b"a badge", ec.ECDSA(hashes.SHA256()))
    assert not KEYS[KeyKind.P256].holds(b"a badge", der)


def test_an_ed25519_signature_has_one_spelling() -> None:
    signature = sign(KeyKind.ED25519, b"a badge", "")
    order = 2**252 + 27742317777372353535851937790883648493
    longer = int.from_bytes(signature[32:], "little") + order
    assert not KEYS[KeyKind.ED25519].holds(b"a badge", signature[:32] + longer.to_bytes(32, "little"))


@pytest.mark.parametrize("kind", KeyKind)
def test_a_jwk_reads_back_and_another_library_reads_it_alike(kind: KeyKind) -> None:
    key = KEYS[kind]
    assert from_jwk(key.jwk()) == key
    theirs = joserfc_jwk.import_key(dict(key.jwk()))
    assert theirs.thumbprint() == key.thumbprint
    assert from_jwk(theirs.as_dict(private=False)) == key


@pytest.mark.parametrize("kind", [kind for kind in KeyKind if kind is not KeyKind.RSA])
def test_multikey_text_reads_back(kind: KeyKind) -> None:
    assert from_multikey(KEYS[kind].multikey) == KEYS[kind]


def test_an_rsa_key_has_no_multikey_text() -> None:
    assert refusal(lambda: KEYS[KeyKind.RSA].multikey) == "key_unsupported"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2", KeyKind.ED25519),
        ("zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP", KeyKind.P256),
        ("z82LkuBieyGShVBhvtE2zoiD6Kma4tJGFtkAhxR5pfkp5QPw4LutoYWhvQCnGjdVn14kujQ", KeyKind.P384),
    ],
)
def test_published_keys_of_w3c_read_back(text: str, kind: KeyKind) -> None:
    key = from_multikey(text)
    assert (key.kind, key.multikey) == (kind, text)


def test_thumbprints_are_those_of_the_rfcs() -> None:
    assert from_jwk(RSA_OF_RFC_7638).thumbprint == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
    ed25519 = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
    assert from_jwk(ed25519).thumbprint == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


@pytest.mark.parametrize("text", ["", "z", "u6Mk", "z0OIl", "z6Mkr", "zDnae", "z" + "1" * 600])
def test_other_texts_are_refused(text: str) -> None:
    assert refusal(from_multikey, text) in ("multibase", "key_unsupported", "key_malformed")


@pytest.mark.parametrize("member", ["d", "p", "q", "dp", "dq", "qi", "oth", "k"])
def test_a_key_that_shows_its_private_half_is_refused(member: str) -> None:
    for key in KEYS.values():
        assert refusal(from_jwk, {**key.jwk(), member: "AQAB"}) == "private_key"


@pytest.mark.parametrize(
    ("kind", "change", "code"),
    [
        (KeyKind.ED25519, {"key_ops": ["sign"]}, "key_unsupported"),
        (KeyKind.ED25519, {"key_ops": "verify"}, "key_unsupported"),
        (KeyKind.P256, {"use": "enc"}, "key_unsupported"),
        (KeyKind.P256, {"alg": "ES384"}, "key_unsupported"),
        (KeyKind.P256, {"alg": "ECDH-ES"}, "key_unsupported"),
        (KeyKind.P256, {"alg": ["ES256"]}, "key_unsupported"),
        (KeyKind.RSA, {"alg": "PS256"}, "key_unsupported"),
        (KeyKind.RSA, {"alg": "HS256"}, "key_unsupported"),
        (KeyKind.RSA, {"crv": "P-256"}, "key_unsupported"),
        (KeyKind.P256, {"crv": "P-384"}, "key_malformed"),
        (KeyKind.P256, {"crv": "secp256k1"}, "key_unsupported"),
        (KeyKind.P256, {"crv": ["P-256"]}, "key_unsupported"),
        (KeyKind.P256, {"kty": "OKP"}, "key_unsupported"),
        (KeyKind.ED25519, {"crv": "X25519"}, "key_unsupported"),
        (KeyKind.ED25519, {"kty": None}, "key_unsupported"),
        (KeyKind.ED25519, {"x": KEYS[KeyKind.ED25519].jwk()["x"] + "="}, "key_malformed"),
        (KeyKind.ED25519, {"x": "AA"}, "key_malformed"),
        (KeyKind.ED25519, {"x": 5}, "key_malformed"),
        (KeyKind.P256, {"y": "AA"}, "key_malformed"),
        (KeyKind.P256, {"y": KEYS[KeyKind.P256].jwk()["x"]}, "weak_key"),
        (KeyKind.RSA, {"n": "AA" + KEYS[KeyKind.RSA].jwk()["n"]}, "key_malformed"),
        (KeyKind.RSA, {"n": ""}, "key_malformed"),
        (KeyKind.RSA, {"e": "AQ"}, "weak_key"),
        (KeyKind.RSA, {"e": "Aw"}, "weak_key"),
        (KeyKind.RSA, {"e": "AQAC"}, "weak_key"),
        (KeyKind.RSA, {"e": "AQAAAAAAAAAB"}, "key_unsupported"),
        (KeyKind.RSA, {"n": multibase.encode_base64url(b"\x81" * 2000)}, "key_malformed"),
        (KeyKind.RSA, {"n": multibase.encode_base64url(b"\xff" * 256)}, "weak_key"),
    ],
)
def test_a_jwk_that_is_not_quite_right_is_refused(kind: KeyKind, change: dict[str, Any], code: str) -> None:
    assert refusal(from_jwk, {**KEYS[kind].jwk(), **change}) == code


def test_short_rsa_keys_are_weak_and_huge_ones_unsupported() -> None:
    short = rsa.generate_private_key(65537, 1024).public_key()
    assert refusal(from_loaded, short) == "weak_key"
    huge = (1 << 8199) + 15
    assert refusal(public_key._rsa_from_numbers, huge, 65537) == "key_unsupported"


def test_keys_that_say_what_they_are_for_are_taken() -> None:
    more = {
        "use": "sig",
        "key_ops": ["verify"],
        "kid": "https://school.example/keys/1",
        "iss": "did:web:school.example",
    }
    for kind, algorithm in (
        (KeyKind.ED25519, "EdDSA"),
        (KeyKind.ED25519, "Ed25519"),
        (KeyKind.P256, "ES256"),
        (KeyKind.RSA, "RS256"),
    ):
        assert from_jwk({**KEYS[kind].jwk(), **more, "alg": algorithm}) == KEYS[kind]


def test_an_uncompressed_or_foreign_point_is_no_key() -> None:
    whole = PRIVATE[KeyKind.P256].public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    der = PRIVATE[KeyKind.P256].public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    for kind, data in (
        (KeyKind.P256, whole),
        (KeyKind.P256, b"\0"),
        (KeyKind.P256, b"\x02" + b"\xff" * 32),
        (KeyKind.RSA, der),
        (KeyKind.RSA, b""),
        (KeyKind.ED25519, b""),
    ):
        assert refusal(PublicKey, kind, data) == "key_malformed"
    assert refusal(from_loaded, ec.generate_private_key(ec.SECP256K1()).public_key()) == "key_unsupported"


@given(st.binary(max_size=100))
def test_multibase_reads_back_what_it_wrote(data: bytes) -> None:
    assert multibase.decode_z(multibase.encode_z(data)) == data
    assert multibase.decode_u(multibase.encode_u(data)) == data
    assert multibase.decode_base64url(multibase.encode_base64url(data)) == data


@given(st.text(alphabet="AQgw_-9z=+/ \n", max_size=8))
def test_base64url_has_one_text_for_each_value(text: str) -> None:
    try:
        data = multibase.decode_base64url(text)
    except InvalidError as error:
        assert error.code == "b64"
    else:
        assert multibase.encode_base64url(data) == text


@given(st.text(max_size=60) | st.binary(max_size=60).map(multibase.encode_z))
def test_any_text_is_read_or_refused(text: str) -> None:
    for decode in (multibase.decode_z, multibase.decode_u, multibase.decode_base64url, from_multikey):
        try:
            decode(text)
        except InvalidError:
            continue


MEMBERS = ["kty", "crv", "x", "y", "n", "e", "alg", "use", "key_ops", "kid"]
VALUES = st.sampled_from(
    ["OKP", "EC", "RSA", "Ed25519", "P-256", "AQAB", "AA", "", "sig", "verify"]
) | st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=50), st.lists)


@settings(max_examples=200)
@given(st.sampled_from(list(KeyKind)), st.dictionaries(st.sampled_from(MEMBERS), VALUES, max_size=4))
def test_any_changed_jwk_is_the_same_key_or_refused(kind: KeyKind, changes: dict[str, Any]) -> None:
    try:
        key = from_jwk({**KEYS[kind].jwk(), **changes})
    except InvalidError as error:
        assert error.code in ("key_malformed", "key_unsupported", "weak_key")
    else:
        assert key == from_jwk(key.jwk())


@settings(max_examples=100)
@given(st.sampled_from(list(KeyKind)), st.binary(max_size=300))
def test_any_bytes_are_a_key_or_refused_and_any_signature_is_answered(kind: KeyKind, data: bytes) -> None:
    assert not KEYS[kind].holds(b"a badge", data)
    try:
        assert not PublicKey(kind, data).holds(b"a badge", data)
    except InvalidError as error:
        assert error.code in ("key_malformed", "weak_key", "key_unsupported")
