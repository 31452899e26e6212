"""The W3C's vectors of the EdDSA and ECDSA suites: every text and digest on the way to the signature is the published one."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from badge_service.openbadges import multibase, proofs, public_key
from badge_service.openbadges.proofs.data_integrity import Suite
from badge_service.openbadges.proofs.secured import Secured
from badge_service.openbadges.public_key import KeyKind

Examine = Callable[..., Any]

EDDSA, ECDSA = "vc-di-eddsa-TestVectors", "vc-di-ecdsa-TestVectors"
FOLDERS = {
    f"{EDDSA}/eddsa-rdfc-2022": "DataInt",
    f"{EDDSA}/eddsa-rdfc-2022/employ": "DataInt",
    f"{EDDSA}/eddsa-jcs-2022": "JCS",
    f"{EDDSA}/Ed25519Signature2020": "EdSig",
    f"{ECDSA}/ecdsa-rdfc-2019-p256": "ECDSAP256",
    f"{ECDSA}/ecdsa-rdfc-2019-p256/employ": "ECDSAP256",
    f"{ECDSA}/ecdsa-rdfc-2019-p384": "ECDSAP384",
    f"{ECDSA}/ecdsa-rdfc-2019-p384/employ": "ECDSAP384",
    f"{ECDSA}/ecdsa-jcs-2019-p256": "JCSECDSAP256",
    f"{ECDSA}/ecdsa-jcs-2019-p384": "JCSECDSAP384",
}


def key_of(proof: dict[str, Any]) -> public_key.PublicKey:
    return public_key.from_multikey(proof["verificationMethod"].partition("#")[2])


@dataclass
class Vector:
    """One folder of vectors."""

    root: Path
    ending: str
    examine: Examine

    def text(self, name: str) -> str:
        return (self.root / f"{name}{self.ending}.txt").read_text("utf-8")

    @property
    def signed(self) -> dict[str, Any]:
        return json.loads((self.root / f"signed{self.ending}.json").read_text("utf-8"))

    @property
    def options(self) -> dict[str, Any]:
        return {name: value for name, value in self.signed["proof"].items() if name != "proofValue"}

    @property
    def suite(self) -> Suite:
        suite = proofs.suite_of(self.signed["proof"])
        assert isinstance(suite, Suite)
        return suite

    @property
    def secured(self) -> Secured:
        return Secured.of(self.signed, examine=self.examine)

    @property
    def key(self) -> public_key.PublicKey:
        return key_of(self.signed["proof"])


@pytest.fixture(params=FOLDERS, ids=lambda folder: folder.partition("/")[2])
def vector(request: pytest.FixtureRequest, vectors: Path, examine: Examine) -> Vector:
    return Vector(vectors / request.param, FOLDERS[request.param], examine)


def test_texts_and_digests_are_the_published_ones(vector: Vector) -> None:
    hash = vector.suite.hashes[vector.key.kind]
    document = vector.suite.form.document(vector.secured, vector.options, hash)
    options = vector.suite.form.options(vector.secured, vector.options, hash)
    assert document.decode() == vector.text("canonDoc")
    assert options.decode() == vector.text("proofCanon")
    assert hashlib.new(hash, document).hexdigest() == vector.text("docHash")
    assert hashlib.new(hash, options).hexdigest() == vector.text("proofHash")
    combined = vector.suite.signed_data(vector.secured, vector.options, vector.key)
    assert combined.hex() == vector.text("combinedHash") == vector.text("proofHash") + vector.text("docHash")


def test_the_published_signature_holds_and_a_changed_one_does_not(vector: Vector) -> None:
    proof = vector.signed["proof"]
    signature = multibase.decode_z(proof["proofValue"])
    assert signature.hex() == vector.text("sigHex")
    assert multibase.encode_z(signature) == vector.text("sigBTC58")
    assert vector.suite.faults(vector.secured, proof, vector.key) == []
    changed = {**proof, "created": "2031-01-01T00:00:00Z"}
    assert [fault.code for fault in vector.suite.faults(vector.secured, changed, vector.key)] == ["signature"]


class _Ed25519:
    key_id, algorithm = "of the vectors", "EdDSA"

    def __init__(self, pair: dict[str, str]) -> None:
        secret = pair.get("privateKeyMultibase") or pair["secretKeyMultibase"]
        self.private = Ed25519PrivateKey.from_private_bytes(multibase.decode_z(secret)[2:])
        self.public_key = public_key.from_multikey(pair["publicKeyMultibase"])

    def sign(self, data: bytes) -> bytes:
        return self.private.sign(data)


@pytest.fixture
def signer_of(vectors: Path, ec_key: Any) -> Callable[[KeyKind], Any]:
    """The private key of the vectors, by its kind."""

    def find(kind: KeyKind) -> Any:
        if kind is KeyKind.ED25519:
            return _Ed25519(json.loads((vectors / EDDSA / "keyPair.json").read_text()))
        name = kind.value.lower().replace("-", "")
        secret = json.loads((vectors / ECDSA / f"{name}KeyPair.json").read_text())["secretKeyMultibase"]
        curve = ec.SECP256R1() if kind is KeyKind.P256 else ec.SECP384R1()
        return ec_key(curve, int.from_bytes(multibase.decode_z(secret)[2:]))

    return find


def test_the_published_proof_is_signed_again_byte_for_byte(vector: Vector, signer_of: Any) -> None:
    expected = vector.signed
    unsigned = {name: value for name, value in expected.items() if name != "proof"}
    options = {
        name: value
        for name, value in vector.options.items()
        if name not in ("@context", "type", "cryptosuite")
    }
    signer = signer_of(vector.key.kind)
    assert signer.public_key == vector.key
    again = vector.suite.add_proof(unsigned, options, signer=signer, examine=vector.examine)
    assert again == {**unsigned, "proof": [expected["proof"]]}


@pytest.mark.parametrize(
    "name", ["signedProofSet1", "signedProofSet2", "signedProofChain1", "signedProofChain2"]
)
def test_every_proof_of_the_published_sets_and_chains_holds(
    vectors: Path, examine: Examine, name: str
) -> None:
    signed = json.loads((vectors / EDDSA / "proof-set-chain" / f"{name}.json").read_text("utf-8"))
    entries = signed["proof"] if isinstance(signed["proof"], list) else [signed["proof"]]
    for proof in entries:
        suite = proofs.suite_of(proof)
        assert suite is not None
        covered = Secured.of(signed, examine=examine).chained(proof, entries)
        assert suite.faults(covered, proof, key_of(proof)) == []


def test_the_published_chain_is_signed_again_byte_for_byte(vectors: Path, examine: Examine) -> None:
    folder = vectors / EDDSA / "proof-set-chain"
    expected = json.loads((folder / "signedProofChain2.json").read_text("utf-8"))
    pairs = json.loads((folder / "multiKeyPairs.json").read_text("utf-8"))
    signers = [_Ed25519(pair) for pair in pairs.values()]
    by_key = {signer.public_key: signer for signer in signers}
    document = {name: value for name, value in expected.items() if name != "proof"}
    for proof in expected["proof"]:
        suite = proofs.suite_of(proof)
        assert isinstance(suite, Suite)
        options = {
            name: value for name, value in proof.items() if name not in ("type", "cryptosuite", "proofValue")
        }
        document = suite.add_proof(document, options, signer=by_key[key_of(proof)], examine=examine)
    assert document == expected


def test_p384_asks_for_the_longer_hash_in_the_canonical_text_too(vectors: Path, examine: Examine) -> None:
    vector = Vector(vectors / f"{ECDSA}/ecdsa-rdfc-2019-p384/employ", "ECDSAP384", examine)
    assert vector.key.kind is KeyKind.P384
    assert vector.secured.nquads("sha384") == vector.text("canonDoc") != vector.secured.nquads("sha256")
