"""The cryptosuite eddsa-rdfc-2022: Ed25519 over the canonical N-Quads of a document and of its proof's options.

Follows: Data Integrity EdDSA Cryptosuites 1.0, section 3.2.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from badge_service.openbadges import multibase
from badge_service.openbadges.credential import Prepared
from badge_service.openbadges.proofs.data_integrity import PROOF_TYPE, RDFC, Suite, assertion
from badge_service.openbadges.proofs.secured import Secured
from badge_service.openbadges.public_key import KeyKind
from badge_service.openbadges.signing import Signer, sign_and_verify, sign_surely

SUITE = Suite("eddsa-rdfc-2022", {KeyKind.ED25519: "sha256"}, RDFC)

sign, faults, verify = SUITE.sign, SUITE.faults, SUITE.verify

_JSON: Final = json.JSONEncoder(ensure_ascii=False)


def sign_many(
    prepared: Sequence[Prepared], *, signer: Signer, verification_method: str, created: datetime
) -> list[str]:
    """The signed documents as JSON, each letter for letter what `json.dumps(sign(…), ensure_ascii=False)` gives.

    The options of the proof are canonicalized once. Of several, the first signature is verified before any is handed
    out; the others are signed as `signing.sign_surely` does. Raises as `sign` does: a key that fails, fails for all of them.
    """
    options = {
        "type": PROOF_TYPE,
        "cryptosuite": SUITE.cryptosuite,
        **assertion(verification_method, created),
    }
    before = f', "proof": [{_JSON.encode(options)[:-1]}, "proofValue": "'
    texts: list[str] = []
    for document, data in zip(prepared, _signed_data(prepared, options, signer), strict=True):
        is_first_of_many = not texts and len(prepared) > 1
        signature = (sign_and_verify if is_first_of_many else sign_surely)(signer, data)
        texts.append(f'{document.text[:-1]}{before}{multibase.encode_z(signature)}"}}]}}')
    return texts


def _signed_data(prepared: Sequence[Prepared], options: dict[str, str], signer: Signer) -> Iterator[bytes]:
    """The bytes to sign for each document; the options are read with its context, which is mostly the same."""
    of_context: dict[tuple[str, ...], bytes] = {}
    for document in prepared:
        if document.context not in of_context:
            secured = Secured.of({"@context": list(document.context)}, nquads="-")
            of_context[document.context] = SUITE.signed_data(secured, options, signer.public_key)[:32]
        yield of_context[document.context] + document.digest
