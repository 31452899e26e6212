"""What we sign with each suite another library finds good, and finds changed when it was changed."""

import copy
from datetime import UTC, datetime
from typing import Any

import pytest

pytest.importorskip("openvc", reason="openvc-core is installed for development only")

from openbadgeslib.ob3.contexts import bundled_contexts
from openvc.errors import OpenvcError
from openvc.keys import P256SigningKey
from openvc.proof.di_ecdsa_rdfc import EcdsaRdfcProofSuite
from openvc.proof.di_jcs import EcdsaJcsProofSuite, EddsaJcsProofSuite

from badge_service.openbadges import proofs, public_key
from badge_service.openbadges.proofs.data_integrity import Suite
from badge_service.openbadges.proofs.secured import Secured

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
RDFC = {"extra_contexts": bundled_contexts()}
CASES = [
    ("eddsa-jcs-2022", "ed25519", EddsaJcsProofSuite, {}),
    ("ecdsa-jcs-2019", "p256", EcdsaJcsProofSuite, {}),
    ("ecdsa-jcs-2019", "p384", EcdsaJcsProofSuite, {}),
    ("ecdsa-rdfc-2019", "p256", EcdsaRdfcProofSuite, RDFC),
]
"""Not ecdsa-rdfc-2019 with P-384: that library tells blank nodes apart by SHA-256 there, against the W3C's vectors."""


@pytest.mark.parametrize(("name", "kind", "theirs", "more"), CASES, ids=[f"{n}-{k}" for n, k, _, _ in CASES])
def test_another_library_accepts_and_refuses(
    unsigned: dict[str, Any], options: dict[str, Any], new_key: Any, p256: Any, p384: Any,
    name: str, kind: str, theirs: Any, more: dict[str, Any],
) -> None:  # fmt: skip
    key = {"ed25519": new_key(3), "p256": p256, "p384": p384}[kind]
    suite = proofs.SUITES["DataIntegrityProof", name]
    assert isinstance(suite, Suite)
    signed = suite.add_proof(unsigned, options, signer=key)
    single = {**signed, "proof": signed["proof"][0]}  # it reads one proof object and no list
    theirs().verify(single, public_key_jwk=key.public_key.jwk(), now=NOW, **more)
    changed = copy.deepcopy(single)
    changed["credentialSubject"]["achievement"]["name"] += "x"
    with pytest.raises(OpenvcError):
        theirs().verify(changed, public_key_jwk=key.public_key.jwk(), now=NOW, **more)


def test_we_accept_and_refuse_what_another_library_signed(unsigned: dict[str, Any]) -> None:
    signer = P256SigningKey.generate(kid="urn:x")
    signed = EcdsaRdfcProofSuite().add_proof(
        unsigned, signing_key=signer, verification_method="urn:x#k", created=NOW, **RDFC
    )
    key = public_key.from_jwk({name: signer.public_jwk()[name] for name in ("kty", "crv", "x", "y")})
    suite = proofs.suite_of(signed["proof"])
    assert suite is not None
    assert suite.faults(Secured.of(signed), signed["proof"], key) == []
    assert suite.faults(Secured.of({**signed, "name": "Forged"}), signed["proof"], key) != []
