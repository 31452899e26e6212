"""Ed25519Signature2020: Ed25519 over canonical N-Quads, a proof type of its own from before there were cryptosuites.

Follows: Data Integrity EdDSA Cryptosuites 1.0, appendix A (The Ed25519Signature2020 Suite). The document names the
suite's own context, and `created` must be there.
"""

from badge_service.openbadges.proofs.data_integrity import RDFC, Suite
from badge_service.openbadges.public_key import KeyKind

SUITE = Suite(
    cryptosuite="",
    hashes={KeyKind.ED25519: "sha256"},
    form=RDFC,
    proof_type="Ed25519Signature2020",
    required=("created",),
)
