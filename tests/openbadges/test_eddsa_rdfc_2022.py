"""The cryptosuite reproduces the published vectors, and never hands out a signature that does not hold."""

import copy
import json
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from badge_service.errors import UnavailableError
from badge_service.openbadges import canonical, contexts, credential, multibase, proofs, public_key
from badge_service.openbadges.proofs import eddsa_rdfc_2022
from badge_service.openbadges.proofs.secured import Secured

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def without_proof(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name != "proof"}


def test_the_vector_of_1edtech_has_this_canonical_text_and_verifies(shared: Any) -> None:
    folder = shared / "standards" / "vectors"
    signed = json.loads((folder / "ob3-eddsa-rdfc-2022-signed.json").read_text())
    proof = signed["proof"]
    options = {"@context": signed["@context"]} | {k: v for k, v in proof.items() if k != "proofValue"}
    assert canonical.canonicalize(without_proof(signed)) == (folder / "ob3-document-canon.txt").read_text()
    assert canonical.canonicalize(options) == (folder / "ob3-proof-canon.txt").read_text()
    key = public_key.from_multikey(proof["verificationMethod"].partition("#")[2])
    assert eddsa_rdfc_2022.verify(signed, proof, key)
    assert not eddsa_rdfc_2022.verify({**signed, "name": "Teamwork badge"}, proof, key)


def test_the_vector_of_w3c_verifies_and_is_signed_again_byte_for_byte(shared: Any) -> None:
    root = shared / "standards" / "vectors" / "vc-di-eddsa-TestVectors"
    folder = root / "eddsa-rdfc-2022"
    examples = json.loads((shared / "standards" / "contexts" / "credentials-examples-v2.json").read_text())

    def load(url: str) -> dict[str, Any]:
        return examples if url == "https://www.w3.org/ns/credentials/examples/v2" else contexts.load(url)

    signed = json.loads((folder / "signedDataInt.json").read_text())
    pair = json.loads((root / "keyPair.json").read_text())
    key = public_key.from_multikey(pair["publicKeyMultibase"])
    proof, document = signed["proof"], without_proof(signed)
    examined = canonical.examine(document, load)
    assert examined.nquads == (folder / "canonDocDataInt.txt").read_text()
    secured = Secured.of(document, examine=partial(canonical.examine, load=load))
    assert eddsa_rdfc_2022.faults(secured, proof, key) == []
    private = Ed25519PrivateKey.from_private_bytes(multibase.decode_z(pair["privateKeyMultibase"])[2:])
    again = private.sign(bytes.fromhex((folder / "combinedHashDataInt.txt").read_text().strip()))
    assert (
        multibase.encode_z(again)
        == proof["proofValue"]
        == (folder / "sigBTC58DataInt.txt").read_text().strip()
    )
    changed = {**proof, "created": "2023-02-24T23:36:39Z"}
    assert eddsa_rdfc_2022.faults(secured, changed, key)[0].code == "signature"


def test_the_vector_of_1edtech_is_signed_again_in_our_own_form(shared: Any, new_key: Any) -> None:
    signed = json.loads((shared / "standards" / "vectors" / "ob3-eddsa-rdfc-2022-signed.json").read_text())
    key = new_key(7)
    again = eddsa_rdfc_2022.sign(
        credential.prepare(without_proof(signed)), signer=key, verification_method="urn:x#k", created=NOW
    )
    assert eddsa_rdfc_2022.verify(again, again["proof"][0], key.public_key)


def test_a_signed_badge_is_the_document_and_one_proof_in_an_array(
    world: Any, unsigned: dict[str, Any]
) -> None:
    signed = world.sign(unsigned)
    (proof,) = signed["proof"]
    assert without_proof(signed) == unsigned
    assert {k: v for k, v in proof.items() if k != "proofValue"} == {
        "type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022", "created": "2026-11-21T12:00:00Z",
        "verificationMethod": world.method, "proofPurpose": "assertionMethod",
    }  # fmt: skip
    assert signed == world.sign(unsigned)
    assert proofs.suite_of(proof) is eddsa_rdfc_2022.SUITE


def test_only_a_prepared_document_is_signed(world: Any, unsigned: dict[str, Any]) -> None:
    with pytest.raises(AttributeError):
        eddsa_rdfc_2022.sign(unsigned, signer=world.key, verification_method="urn:x#k", created=NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize("signature", [b"", bytes(64), b"\xff" * 64])
def test_a_signature_that_does_not_hold_is_never_handed_out(
    new_key: Any, unsigned: dict[str, Any], signature: bytes
) -> None:
    class Broken:
        key_id, algorithm = "broken", "EdDSA"
        public_key = new_key().public_key

        def sign(self, data: bytes) -> bytes:
            return signature

    with pytest.raises(UnavailableError):
        eddsa_rdfc_2022.sign(
            credential.prepare(unsigned), signer=Broken(), verification_method="urn:x#k", created=NOW
        )


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"nonce": "x"}, "signature"),
        ({"created": "yesterday"}, "signature"),
        ({"evil": "x"}, "undefined_term"),
        ({"proofValue": "z1"}, "proof_value"),
        ({"proofValue": None}, "proof_value"),
        ({"proofValue": "uAAAA"}, "proof_value"),
        ({"@context": [{"@vocab": "urn:x"}]}, "inline_context"),
    ],
)
def test_a_changed_proof_does_not_hold(
    signed: dict[str, Any], world: Any, change: dict[str, Any], code: str
) -> None:
    proof = {**signed["proof"][0], **change}
    found = eddsa_rdfc_2022.faults(Secured.of(signed), proof, world.key.public_key)
    assert [fault.code for fault in found] == [code]


def test_a_longer_signature_does_not_hold(signed: dict[str, Any], world: Any) -> None:
    proof = copy.deepcopy(signed["proof"][0])
    proof["proofValue"] = multibase.encode_z(multibase.decode_z(proof["proofValue"]) + b"\0")
    assert not eddsa_rdfc_2022.verify(signed, proof, world.key.public_key)
