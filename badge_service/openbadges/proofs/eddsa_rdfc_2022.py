"""The cryptosuite eddsa-rdfc-2022: Ed25519 over the canonical form of a document and of its proof's options.

Follows: Data Integrity EdDSA Cryptosuites 1.0, section 3.2; Data Integrity 1.0, sections 4.2 and 4.4.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from badge_service.errors import Fault, InvalidError
from badge_service.openbadges import canonical, contexts, dates, multibase
from badge_service.openbadges.canonical import LoadContext
from badge_service.openbadges.credential import Prepared
from badge_service.openbadges.public_key import KeyKind, PublicKey
from badge_service.openbadges.signing import Signer, sign_and_verify

CRYPTOSUITE = "eddsa-rdfc-2022"
PROOF_TYPE = "DataIntegrityProof"
SIGNATURE_BYTES = 64


def sign(
    prepared: Prepared, *, signer: Signer, verification_method: str, created: datetime
) -> dict[str, Any]:
    """The signed document, with `"proof": [ {…} ]`; every signature is verified before it is handed out.

    `verification_method` is the full DID URL of the key, `created` has a time zone. Raises UnavailableError when
    the signer gives a signature that does not verify.
    """
    document = prepared.document
    options = {
        "type": PROOF_TYPE,
        "cryptosuite": CRYPTOSUITE,
        "created": dates.write(created),
        "verificationMethod": verification_method,
        "proofPurpose": "assertionMethod",
    }
    data = _hash(_options_nquads(document, options, contexts.load)) + _hash(prepared.nquads)
    signature = sign_and_verify(signer, data)
    return {**document, "proof": [{**options, "proofValue": multibase.encode_z(signature)}]}


def faults(
    document_nquads: str,
    document: Mapping[str, Any],
    proof: Mapping[str, Any],
    public_key: PublicKey,
    *,
    load: LoadContext = contexts.load,
) -> list[Fault]:
    """Why `proof` does not hold for `document`; empty when it does.

    `document_nquads` is the canonical text of `document` without its proofs. Codes: `proof_value`, `key_unsupported`,
    `signature`, and those of `canonical.examine` for the proof's own options.
    """
    try:
        if public_key.kind is not KeyKind.ED25519:
            raise InvalidError("This proof needs an Ed25519 key.", code="key_unsupported")
        signature = _signature(proof.get("proofValue"))
        if "@context" in proof and proof["@context"] != document.get("@context"):
            raise InvalidError("The proof brings its own definitions of words.", code="inline_context")
        options = {name: value for name, value in proof.items() if name not in ("proofValue", "@context")}
        data = _hash(_options_nquads(document, options, load)) + _hash(document_nquads)
    except InvalidError as error:
        return list(error.faults) or [Fault("proof", error.message, error.code)]
    if not public_key.holds(data, signature):
        return [Fault("proof", "This was changed after it was signed.", "signature")]
    return []


def verify(document: Mapping[str, Any], proof: Mapping[str, Any], public_key: PublicKey) -> bool:
    """Whether `proof` holds for `document` (its own `proof` member is left out) under `public_key`."""
    unsigned = {name: value for name, value in document.items() if name != "proof"}
    examined = canonical.examine(unsigned)
    return not examined.faults and not faults(examined.nquads, unsigned, proof, public_key)


def _options_nquads(document: Mapping[str, Any], options: Mapping[str, Any], load: LoadContext) -> str:
    """Section 3.2.5: the proof options are read with the document's own context."""
    examined = canonical.examine({"@context": document.get("@context"), **options}, load)
    if examined.faults:
        raise InvalidError("The proof holds something that it does not cover.", faults=examined.faults)
    return examined.nquads


def _signature(value: object) -> bytes:
    if not isinstance(value, str):
        raise InvalidError("The proof holds no signature.", code="proof_value")
    try:
        signature = multibase.decode_z(value)
    except InvalidError as error:
        raise InvalidError("The signature is not written as it should be.", code="proof_value") from error
    if len(signature) != SIGNATURE_BYTES:
        raise InvalidError("The signature does not have 64 bytes.", code="proof_value")
    return signature


def _hash(nquads: str) -> bytes:
    return hashlib.sha256(nquads.encode("utf-8")).digest()
