"""What the rows that are only described in words look like when they are built; each is a function under the row's id."""

import gzip
import hashlib
import hmac
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from badge_service.openbadges.contexts import OB3, VC2
from tests.verifier import stage
from tests.verifier.stage import DID_URL, ISSUER, LIST_URL, METHOD, Dripping, Network, Raw, b64url


@dataclass(frozen=True)
class Sent:
    """One request to the verifying address. `fresh` false: the same verifier goes on, with what it remembers.

    With `counts` false the answer is not compared: the request only prepares the next one. `after_seconds` lets the
    verifier's clock for its memory go on before this request.
    """

    body: bytes
    kind: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    fresh: bool = True
    counts: bool = True
    after_seconds: float = 0


Recipe = Callable[[Network], Iterator[Sent]]
RECIPES: dict[str, Recipe] = {}


def recipe(*ids: str) -> Callable[[Recipe], Recipe]:
    def put(made: Recipe) -> Recipe:
        RECIPES.update(dict.fromkeys(ids, made))
        return made

    return put


def sent(document: Any) -> Sent:
    return Sent(json.dumps(document).encode())


# JSON


MALFORMED = """
[1 true] | [a | [1: | [1,] | [1,, | ["x",, | [,1] | [1,,2] | ["x"]] | [3[4]] | [1:2] | [,] | [-] | [ , ""] | ["a",4,1, |
[*] | ["" | [1, | [{} | [fals] | [nul] | [tru] | {"x"::"b"} | {"a" b} | {:"b"} | {"a":"a" 123} | {"a | {1:1} | {9999E9999:1} | [
{ | { "x", null } | {"a":} | {"a"  | {"a":"a"}} | {a: "b"} | {'a':0} | {"id":0,} | {"id":0,,} | {"a":"b",,"c":"d"} | {"a":true} x |
{"a": true} "x" | [NaN] | [-NaN] | [Infinity] | [-Infinity] | [+1] | [-01] | [-2.] | [.-1] | [.2e-3] | [0.1.2] | [0.3e] | [0.3e+] |
[0E] | [0E+] | [0.e1] | [1.0e] | [1.0e-] | [1eE2] | [2.e+3] | [9.e+] | [1+2] | [0x1] | [0x42] | [-foo] | [- 1] | [-012] | [1ea] |
[1e1+] | [012] | [1.2a-3] | [1.8011670033376514H-308] | ["\\uD800\\"] | ["\\uD800\\u"] | ["\\uD800\\u1x"] | [\\u0020"x"] | ["\\x00"] |
["\\a"] | ["\\u00A"] | ["\\uqqqq"] | ["\\"] | ["\\"x] | ["] | ['x'] | [x | abc | "\\x" | aå | [1]x | ]| }} | <.> | [<null>] | [True] |
{"a":/*comment*/"b"} | {"a":"b"}/**/ | {"a":"b"}/**// | {"a":"b"}/ | {"a":"b"}# | * | 1] | 2@ | {}} | {"": | {"a":/b} | // | "" "" | [1}
"""


@recipe("json-021")
def _malformed_json(network: Network) -> Iterator[Sent]:
    """The kinds of malformed texts that parsers' test suites collect, written down anew; bytes and controls too."""
    texts = [text.strip("\n") for text in MALFORMED.replace("\n", "").split(" | ")]
    assert len(texts) > 100
    for text in texts:
        yield Sent(text.encode())
    for raw in (b'["\xff"]', b'["\xe5"]', b"[\xe5]", b'["a\x00a"]', b'["new\nline"]', b'["\t"]', b"\xe2\x81\xa0[]", b" ",
                b"[\xff]", b'{"\xb9":"0",}', b"\xef\xbb\xbf{}", "{}".encode("utf-16"), b"[" * 100_000, b'{"":' * 50_000):  # fmt: skip
        yield Sent(raw)


@recipe("json-023")
def _other_content(network: Network) -> Iterator[Sent]:
    yield Sent(json.dumps(stage.valid_ldp()).encode(), "text/plain")
    yield Sent(gzip.compress(bytes(64 * 1024 * 1024)), headers={"Content-Encoding": "gzip"})


# JSON-LD and canonicalization


@recipe("ld-024")
def _against_the_data_model(network: Network) -> Iterator[Sent]:
    """What the data model forbids, each signed by the school itself; an exact-shape fault alone would be a remark."""
    for path, value in DATA_MODEL_FAULTS:
        document = stage.unsigned_badge()
        target: Any = document
        *steps, last = path.split("/")
        for step in steps:
            target = target[int(step)] if isinstance(target, list) else target[step]
        if value is MISSING:
            del target[last]
        else:
            target[int(last) if isinstance(target, list) else last] = value
        yield sent(stage.sign(document))


MISSING = object()
DATA_MODEL_FAULTS: tuple[tuple[str, Any], ...] = (
    ("@context", MISSING), ("@context", []), ("@context", {}), ("@context", VC2[:-1]), ("@context", [OB3, VC2]), ("@context", [1]),
    ("@context/1", 5), ("@context/0", "http://www.w3.org/ns/credentials/v2"), ("type", MISSING), ("type", []), ("type", ""),
    ("type", ["VerifiableCredential"]), ("type", ["OpenBadgeCredential"]), ("type", ["VerifiableCredential", "OpenBadgeCredential", 4]),
    ("type/0", "VerifiableCredentia"), ("type", ["VerifiableCredential", "OpenBadgeCredential", "Undefined"]), ("id", "not a url"),
    ("id", ["https://a.test/1", "https://a.test/2"]), ("id", {"x": 1}), ("id", None), ("issuer", MISSING), ("issuer", None), ("issuer", []),
    ("issuer", {}), ("issuer", "not a url"), ("issuer/id", MISSING), ("issuer/id", None), ("issuer/id", "school"), ("issuer", 7),
    ("credentialSubject", MISSING), ("credentialSubject", {}), ("credentialSubject", []), ("credentialSubject", "did:key:x"),
    ("credentialSubject", [{}, {}]), ("credentialSubject/id", "relative"), ("credentialSubject/achievement", MISSING),
    ("validFrom", "2026-13-01T00:00:00Z"), ("validFrom", "yesterday"), ("validFrom", 5), ("validFrom", ["2026-01-01T00:00:00Z"] * 2),
    ("validUntil", "2020-01-01"), ("validUntil", "not a date"), ("validUntil", "2019-01-01T00:00:00Z"), ("credentialStatus/type", MISSING),
    ("credentialStatus", "https://a.test/status"), ("credentialStatus/type", "Undefined"), ("credentialStatus/id", "relative"),
    ("credentialSubject/type", "Undefined"), ("evidence/0/type", "Undefined"), ("issuer/type", ["Undefined"]),
    ("relatedResource", [{"id": "no address", "digestSRI": "sha256-x"}]), ("credentialSubject/achievement/id", "../x"),
)  # fmt: skip


def clique(size: int) -> list[dict[str, Any]]:
    """As many blank nodes as `size`, each pointing to each other by a term of the badge's own vocabulary."""
    names = [f"_:n{number}" for number in range(size)]
    return [
        {"id": name, "type": ["Related"], "related": [{"id": other} for other in names if other != name]}
        for name in names
    ]


@recipe("rdfc-001")
def _clique(network: Network) -> Iterator[Sent]:
    document = stage.unsigned_badge()
    document["credentialSubject"]["achievement"]["related"] = clique(10)
    yield sent(stage.sign(document))


@recipe("rdfc-004")
def _evil_graphs(network: Network) -> Iterator[Sent]:
    """Rings and pairs of blank nodes that look alike from everywhere; their N-Quads are in tests/openbadges."""
    for size in (6, 12, 20):
        ring = [{"id": f"_:r{n}", "related": [{"id": f"_:r{(n + 1) % size}"}]} for n in range(size)]
        document = stage.unsigned_badge()
        document["credentialSubject"]["achievement"]["related"] = ring
        yield sent(stage.sign(document))


def _much_evidence(count: int) -> Sent:
    document = stage.valid_ldp()
    document["evidence"] = [{"type": ["Evidence"]}] * count
    return sent(document)


@recipe("rdfc-005")
def _twenty_thousand_pieces(network: Network) -> Iterator[Sent]:
    yield _much_evidence(20_000)


@recipe("own-many-nodes")
def _as_many_pieces_as_json_may_have(network: Network) -> Iterator[Sent]:
    yield _much_evidence(1_600)


# What takes long to canonicalize


def many_tags(count: int, first: str = "t") -> dict[str, Any]:
    document = stage.unsigned_badge()
    document["credentialSubject"]["achievement"]["tag"] = [f"{first}{number}" for number in range(count)]
    return document


def unsigned_token(document: dict[str, Any]) -> str:
    """A token whose signature does not hold: nobody has to be anybody to send it."""
    return stage.jws(payload={**stage.jwt_payload(), **document}, signature=lambda _signed: bytes(64))


def presented(documents: list[dict[str, Any]]) -> dict[str, Any]:
    """An unsigned presentation of tokens."""
    members = [
        {
            "@context": [VC2],
            "type": ["EnvelopedVerifiableCredential"],
            "id": f"data:application/vc+jwt,{unsigned_token(document)}",
        }
        for document in documents
    ]
    return {"@context": [VC2], "type": ["VerifiablePresentation"], "verifiableCredential": members}


def poison(first: str) -> dict[str, Any]:
    """A hundred look-alike things with three look-alike graphs each, within every limit on size."""
    proof = {"type": "DataIntegrityProof", "created": "2020-01-01T00:00:00Z"}
    endorsement = {
        "@context": [VC2, OB3],
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "proof": [proof] * 3,
    }
    return {**many_tags(1, first), "endorsement": [endorsement] * 120}


@recipe("own-many-values")
def _many_values(network: Network) -> Iterator[Sent]:
    yield sent(many_tags(2_400))
    yield Sent(unsigned_token(many_tags(2_400)).encode(), "application/vc+jwt")


@recipe("own-many-tokens")
def _many_tokens(network: Network) -> Iterator[Sent]:
    yield sent(presented([many_tags(1_300, f"{number}.") for number in range(20)]))


@recipe("own-many-endorsements")
def _many_endorsements(network: Network) -> Iterator[Sent]:
    badge = stage.unsigned_badge()
    about = badge["credentialSubject"]["achievement"]["id"]
    endorsement = {
        "@context": [VC2, OB3],
        "id": "urn:uuid:00000000-0000-4000-8000-00000000e000",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "issuer": {"id": stage.ATTACKER.did, "type": ["Profile"]},
        "validFrom": "2026-11-01T00:00:00Z",
        "credentialSubject": {"id": about, "type": ["EndorsementSubject"]},
        "evidence": [f"urn:x:{number}" for number in range(2_400)],
    }
    badge["credentialSubject"]["achievement"]["endorsementJwt"] = [
        stage.jws(payload={**endorsement, "name": str(number)}, signature=lambda _signed: bytes(64))
        for number in range(8)
    ]
    yield sent(stage.sign(badge))


@recipe("own-nearly-too-much")
def _nearly_too_much(network: Network) -> Iterator[Sent]:
    yield sent(presented([many_tags(480, f"{number}.") for number in range(20)]))
    yield sent(presented([poison(f"{number}.") for number in range(7)]))


# Data integrity


@recipe("di-041")
def _aliased_identity(network: Network) -> Iterator[Sent]:
    point = bytes.fromhex("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")
    method = stage.multikey_method("weak", point)
    network.pages[DID_URL] = stage.did_document(method)
    yield sent(
        stage.sign(stage.unsigned_badge(), method=method["id"], by_hand=lambda _data: b"\x01" + bytes(63))
    )


ORDER = 2**252 + 27742317777372353535851937790883648493


@recipe("di-043")
def _edge_signatures(network: Network) -> Iterator[Sent]:
    """The classes of false Ed25519 signatures that test vectors collect: lengths, ranges, bits, other messages."""

    def changed(change: Callable[[bytes], bytes]) -> dict[str, Any]:
        return stage.sign(
            stage.unsigned_badge(), by_hand=lambda data: change(stage.SCHOOL.private.sign(data))
        )

    def scalar(add: int) -> Callable[[bytes], bytes]:
        return lambda good: (
            good[:32] + ((int.from_bytes(good[32:], "little") + add) % 2**256).to_bytes(32, "little")
        )

    for change in (
        lambda good: b"", lambda good: good[:32], lambda good: good[:-1], lambda good: good + b"\0", lambda good: good * 2,
        lambda good: bytes(64), lambda good: good[:32] + bytes(32), lambda good: bytes(32) + good[32:], lambda good: b"\xff" * 64,
        lambda good: bytes([good[0] ^ 1]) + good[1:], lambda good: good[:31] + bytes([good[31] ^ 0x80]) + good[32:],
        lambda good: good[32:] + good[:32], lambda good: good[::-1], scalar(ORDER), scalar(1), scalar(8 * ORDER), scalar(1 << 255),
        lambda good: (2**255 - 19).to_bytes(32, "little") + good[32:],
    ):  # fmt: skip
        yield sent(changed(change))
    yield sent(stage.sign(stage.unsigned_badge(), by_hand=lambda data: stage.SCHOOL.private.sign(data[::-1])))
    yield sent(stage.sign(stage.unsigned_badge(), by_hand=lambda data: stage.OLD.private.sign(data)))


FLIPS = 40
"""Of the two thousand of the list; the large run is in tests/openbadges and not over HTTP."""


@recipe("di-044")
def _bit_flips(network: Network) -> Iterator[Sent]:
    """One bit of one byte inside a text of the signed document, where JSON stays JSON."""
    good = json.dumps(stage.valid_ldp()).encode()
    chance, found = random.Random(44), 0
    while found < FLIPS:
        place = chance.randrange(len(good))
        flipped = good[:place] + bytes([good[place] ^ (1 << chance.randrange(6))]) + good[place + 1 :]
        try:
            document = json.loads(flipped, object_pairs_hook=_only_once)
        except ValueError:
            continue
        if _same_but_for_layout(document, json.loads(good)):
            continue
        found += 1
        yield Sent(flipped)


def _only_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) != len(pairs):
        raise ValueError
    return dict(pairs)


def _same_but_for_layout(one: Any, other: Any) -> bool:
    return bool(one == other)


# JSON Web Signatures


def token(text: str) -> Sent:
    return Sent(text.encode(), "application/vc+jwt")


def _header(**changes: Any) -> dict[str, Any]:
    return {"alg": "EdDSA", "typ": "vc+jwt", "kid": METHOD, **changes}


@recipe("jwt-001", "jwt-003", "jwt-004")
def _no_algorithm(network: Network) -> Iterator[Sent]:
    for alg in ("none", "NONE", "nOnE", "None", ""):
        yield token(stage.jws(_header(alg=alg), signature=lambda _signed: b""))
        yield token(stage.jws(_header(alg=alg)))


@recipe("jwt-005")
def _public_key_as_secret(network: Network) -> Iterator[Sent]:
    yield token(
        stage.jws(
            _header(alg="HS256"),
            signature=lambda signed: hmac.digest(stage.SCHOOL.public, signed, hashlib.sha256),
        )
    )


@recipe("jwt-010")
def _jku(network: Network) -> Iterator[Sent]:
    yield token(stage.jws(_header(jku="https://evil.test/jwks.json")))


@recipe("jwt-011")
def _x5u(network: Network) -> Iterator[Sent]:
    yield token(stage.jws(_header(x5u="http://169.254.169.254/")))


@recipe("jwt-012")
def _x5c(network: Network) -> Iterator[Sent]:
    yield token(stage.jws(_header(x5c=["MIIB"])))


@recipe("jwt-016")
def _kid_is_a_number(network: Network) -> Iterator[Sent]:
    yield token(stage.jws(_header(kid=1)))


@recipe("jwt-018")
def _unencoded(network: Network) -> Iterator[Sent]:
    yield token(stage.jws(_header(crit=["b64"], b64=False)))


@recipe("jwt-019")
def _empty_crit(network: Network) -> Iterator[Sent]:
    yield token(stage.jws(_header(crit=[])))


@recipe("jwt-020")
def _header_twice(network: Network) -> Iterator[Sent]:
    yield token(stage.jws(f'{{"alg":"none","alg":"EdDSA","typ":"vc+jwt","kid":"{METHOD}"}}'))


@recipe("jwt-022")
def _padded(network: Network) -> Iterator[Sent]:
    yield token(stage.jws() + "==")


@recipe("jwt-023")
def _newline(network: Network) -> Iterator[Sent]:
    good = stage.jws()
    yield token(good[:-9] + "\n" + good[-9:])


@recipe("jwt-026")
def _two_parts(network: Network) -> Iterator[Sent]:
    yield token(stage.jws().rpartition(".")[0])


@recipe("jwt-027")
def _four_parts(network: Network) -> Iterator[Sent]:
    yield token(stage.jws() + ".AAAA")


@recipe("jwt-029")
def _five_megabytes(network: Network) -> Iterator[Sent]:
    yield token(stage.jws(payload=b'{"a":"' + b"x" * 5_000_000 + b'"}'))


@recipe("jwt-031")
def _encrypted_bomb(network: Network) -> Iterator[Sent]:
    header = b64url(json.dumps({"alg": "dir", "enc": "A128GCM", "zip": "DEF"}).encode())
    yield token(f"{header}..{b64url(bytes(12))}.{b64url(gzip.compress(bytes(1 << 20)))}.{b64url(bytes(16))}")


@recipe("jwt-036")
def _not_yet(network: Network) -> Iterator[Sent]:
    begins = stage.moment(days=7)
    payload = stage.jwt_payload(validFrom=begins, nbf=int(stage.NOW.timestamp()) + 7 * 86_400)
    yield token(stage.jws(payload=payload))


RSA_MODULUS = (1 << 2047) + 1171


@recipe("jwt-044")
def _rsa_that_anybody_signs(network: Network) -> Iterator[Sent]:
    """With the exponent 1 the padded digest is its own signature."""
    size = 256
    jwk = {"kty": "RSA", "n": b64url(RSA_MODULUS.to_bytes(size, "big")), "e": b64url(b"\x01")}
    network.pages[DID_URL] = stage.did_document(stage.jwk_method("rsa", jwk))

    def forged(signed: bytes) -> bytes:
        info = bytes.fromhex("3031300d060960864801650304020105000420") + hashlib.sha256(signed).digest()
        return b"\x00\x01" + b"\xff" * (size - len(info) - 3) + b"\x00" + info

    yield token(stage.jws(_header(alg="RS256", kid=f"{ISSUER}#rsa"), signature=forged))


@recipe("jwt-045")
def _off_the_curve(network: Network) -> Iterator[Sent]:
    jwk = {"kty": "EC", "crv": "P-256", "x": b64url(b"\x01" * 32), "y": b64url(b"\x02" * 32)}
    network.pages[DID_URL] = stage.did_document(stage.jwk_method("ec", jwk))
    yield token(stage.jws(_header(alg="ES256", kid=f"{ISSUER}#ec"), signature=lambda _signed: b"\x01" * 64))


def _p256(network: Network, signature: Callable[[ec.EllipticCurvePrivateKey, bytes], bytes]) -> Sent:
    private = ec.derive_private_key(12345, ec.SECP256R1())
    point = private.public_key().public_numbers()
    x, y = (b64url(number.to_bytes(32, "big")) for number in (point.x, point.y))
    network.pages[DID_URL] = stage.did_document(
        stage.jwk_method("ec", {"kty": "EC", "crv": "P-256", "x": x, "y": y})
    )
    header = _header(alg="ES256", kid=f"{ISSUER}#ec")
    return token(stage.jws(header, signature=lambda signed: signature(private, signed)))


def es256(private: ec.EllipticCurvePrivateKey, signed: bytes) -> bytes:
    r, s = decode_dss_signature(private.sign(signed, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


@recipe("jwt-046")
def _psychic(network: Network) -> Iterator[Sent]:
    yield _p256(network, lambda _private, _signed: bytes(64))


@recipe("jwt-047")
def _der(network: Network) -> Iterator[Sent]:
    yield _p256(network, lambda private, signed: private.sign(signed, ec.ECDSA(hashes.SHA256())))


@recipe("jwt-048")
def _edge_tokens(network: Network) -> Iterator[Sent]:
    """The classes of false tokens that test vectors collect: other bytes, other lengths, another key, another header."""
    header, payload, signature = stage.jws().split(".")
    other = b64url(json.dumps(stage.jwt_payload(name="Another")).encode())
    yield token(f"{header}.{other}.{signature}")
    yield token(f"{b64url(json.dumps(_header(cty='x')).encode())}.{payload}.{signature}")
    yield token(f"{header}.{payload}.{b64url(bytes(64))}")
    yield token(f"{header}.{payload}.{signature[:-2]}")
    yield token(f"{header}.{payload}.")
    yield token(stage.jws(signature=stage.ATTACKER.private.sign))
    for wrong in (lambda good: good[32:] + good[:32], lambda good: good[:32], lambda good: good + b"\0"):
        yield _p256(network, lambda private, signed, wrong=wrong: wrong(es256(private, signed)))  # type: ignore[misc]


# Status


def _with_list(network: Network, listed: Any, **entry: Any) -> Sent:
    """A good badge whose status is at a list that stands at its address as given."""
    network.pages[LIST_URL] = listed
    return sent(stage.sign({**stage.unsigned_badge(), "credentialStatus": stage.status_entry(**entry)}))


@recipe("st-002")
def _no_such_name(network: Network) -> Iterator[Sent]:
    yield _with_list(network, None, statusListCredential="https://nowhere.test/status/1")


@recipe("st-003")
def _expired_certificate(network: Network) -> Iterator[Sent]:
    network.names["lists.test"] = [stage.PUBLIC_ADDRESS]
    network.expired_certificates = {"lists.test"}
    yield _with_list(network, None, statusListCredential="https://lists.test/status/1")


@recipe("st-005")
def _server_error(network: Network) -> Iterator[Sent]:
    yield _with_list(network, Raw(b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"))


@recipe("st-007")
def _slow_loris(network: Network) -> Iterator[Sent]:
    yield _with_list(network, Dripping(b" " * 9_999))


@recipe("st-009")
def _unsigned(network: Network) -> Iterator[Sent]:
    yield _with_list(network, stage.unsigned_list())


@recipe("st-011")
def _substituted(network: Network) -> Iterator[Sent]:
    yield _with_list(network, stage.sign({**stage.unsigned_list(), "id": "https://issuer.test/status/2"}))


@recipe("st-012")
def _other_purpose(network: Network) -> Iterator[Sent]:
    yield _with_list(network, stage.sign(stage.unsigned_list(purpose="suspension")))


@recipe("st-013")
def _stale(network: Network) -> Iterator[Sent]:
    old = {"validFrom": stage.moment(days=-20), "validUntil": stage.moment(days=-13)}
    yield _with_list(network, stage.sign({**stage.unsigned_list(), **old}))


@recipe("st-014")
def _future(network: Network) -> Iterator[Sent]:
    yield _with_list(network, stage.sign({**stage.unsigned_list(), "validFrom": stage.moment(days=1)}))


@recipe("st-016")
def _cached(network: Network) -> Iterator[Sent]:
    yield Sent(sent(stage.valid_ldp()).body, counts=False)
    network.is_down = True
    yield Sent(sent(stage.valid_ldp()).body, fresh=False)


@recipe("st-017")
def _rolled_back(network: Network) -> Iterator[Sent]:
    network.pages[LIST_URL] = stage.sign(stage.unsigned_list(7))
    yield Sent(sent(stage.valid_ldp()).body, counts=False)
    network.pages[LIST_URL] = stage.sign({**stage.unsigned_list(), "validFrom": stage.moment(hours=-9)})
    yield Sent(sent(stage.valid_ldp()).body, fresh=False, after_seconds=4_000)


@recipe("st-020", "st-021", "st-025")
def _odd_index(network: Network) -> Iterator[Sent]:
    for index in ("1.5", " 5 ", "1" + "0" * 30, "-1", "٧", "0x7", "7e0", "", True, 1.5, None):
        entry = stage.status_entry()
        entry["statusListIndex"] = index
        yield sent(stage.sign({**stage.unsigned_badge(), "credentialStatus": entry}))


@recipe("st-024")
def _beyond_the_list(network: Network) -> Iterator[Sent]:
    yield _with_list(network, stage.sign(stage.unsigned_list()), statusListIndex="131072")


@recipe("st-027")
def _not_multibase(network: Network) -> Iterator[Sent]:
    yield _with_list(network, stage.sign(stage.unsigned_list(encodedList=stage.encoded_list()[1:])))


@recipe("st-029")
def _bomb(network: Network) -> Iterator[Sent]:
    bomb = "u" + b64url(gzip.compress(bytes(64 * 1024 * 1024)))
    yield _with_list(network, stage.sign(stage.unsigned_list(encodedList=bomb)))


@recipe("st-030")
def _two_members(network: Network) -> Iterator[Sent]:
    packed = gzip.compress(bytes(stage.ENTRIES // 8))
    for more in (packed, b"garbage"):
        yield _with_list(network, stage.sign(stage.unsigned_list(encodedList="u" + b64url(packed + more))))


@recipe("st-033")
def _a_hundred_lists(network: Network) -> Iterator[Sent]:
    entries = [
        stage.status_entry(id=f"urn:x:{n}", statusListCredential=f"https://l{n}.test/1") for n in range(100)
    ]
    yield sent(stage.sign({**stage.unsigned_badge(), "credentialStatus": entries}))


@recipe("st-036")
def _suspended(network: Network) -> Iterator[Sent]:
    yield _with_list(
        network, stage.sign(stage.unsigned_list(7, purpose="suspension")), statusPurpose="suspension"
    )


@recipe("st-037")
def _message(network: Network) -> Iterator[Sent]:
    messages = [{"status": f"0x{n}", "message": f"m{n}"} for n in range(4)]
    yield _with_list(
        network,
        stage.sign(stage.unsigned_list(14, purpose="message")),
        statusPurpose="message",
        statusSize=2,
        statusMessage=messages,
    )


@recipe("st-038")
def _recursion(network: Network) -> Iterator[Sent]:
    """The list may say of itself what it likes: it is asked about the badge once, and nothing is asked about it."""
    network.pages[LIST_URL] = stage.sign({**stage.unsigned_list(), "credentialStatus": stage.status_entry()})
    yield sent(stage.valid_ldp())


@recipe("st-039")
def _status_taken_out(network: Network) -> Iterator[Sent]:
    document = stage.valid_ldp()
    del document["credentialStatus"]
    yield sent(document)


# Addresses


def _of_issuer(issuer: str, *, key: stage.Key = stage.ATTACKER) -> Sent:
    document = stage.unsigned_badge()
    document["issuer"] = {**document["issuer"], "id": issuer}
    return sent(stage.sign(document, key, f"{issuer}#key-1"))


def _at_public(network: Network, host: str, page: Any, path: str = "/.well-known/did.json") -> Sent:
    network.names[host] = [stage.PUBLIC_ADDRESS]
    network.pages[f"https://{host}{path}"] = page
    return _of_issuer(f"did:web:{host}")


def _moved(to: str) -> Raw:
    return Raw(f"HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n".encode())


@recipe("ssrf-047")
def _redirect_inside(network: Network) -> Iterator[Sent]:
    yield _at_public(network, "moved.test", _moved("http://169.254.169.254/"))


@recipe("ssrf-048")
def _redirect_loop(network: Network) -> Iterator[Sent]:
    yield _at_public(network, "loop.test", _moved("https://loop.test/.well-known/did.json"))


@recipe("ssrf-049", "ssrf-050", "ssrf-051", "ssrf-060")
def _odd_issuers(network: Network) -> Iterator[Sent]:
    for issuer in (
        "did:web:127.0.0.1%3A5432", "did:web:localhost", "did:web:issuer.test:..:..:admin", "did:web:a.test%0d%0aX: y",
        "did:web:a.test%0d%0aX:%20y", "did:web:issuer.test:%2e%2e:admin", "did:web:localhost%3A8000", "did:web:",
    ):  # fmt: skip
        yield _of_issuer(issuer)


@recipe("ssrf-054")
def _somebody_elses_document(network: Network) -> Iterator[Sent]:
    document = stage.did_document()
    document["verificationMethod"][0] = stage.multikey_method("key-1", stage.ATTACKER.public)
    yield _at_public(network, "attacker.test", document)


@recipe("ssrf-055")
def _fifty_megabytes(network: Network) -> Iterator[Sent]:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"10000\r\n" + b" " * 65_536 + b"\r\n"
    yield _at_public(network, "large.test", Raw(head + chunk * 800 + b"0\r\n\r\n"))


@recipe("ssrf-057")
def _five_hundred_hosts(network: Network) -> Iterator[Sent]:
    document = stage.valid_ldp()
    hosts = [f"h{number}.test" for number in range(500)]
    network.names.update({host: [stage.PUBLIC_ADDRESS] for host in hosts})
    good = document["proof"]
    others = [{**good, "verificationMethod": f"did:web:{host}#key-1"} for host in hosts]
    for proofs in ([good, *others], [good, *others[:3]], [*others[:3], good]):
        yield sent({**document, "proof": proofs})


@recipe("ssrf-058")
def _one_foot_inside(network: Network) -> Iterator[Sent]:
    network.names["mixed.test"] = [stage.PUBLIC_ADDRESS, "::1"]
    yield _of_issuer("did:web:mixed.test")


@recipe("ssrf-059")
def _proxy(network: Network) -> Iterator[Sent]:
    """The proxy that the machine names is not asked (the test sets it): the host itself is, and has nothing."""
    yield _at_public(network, "silent.test", None)
