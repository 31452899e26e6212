"""The cryptosuite eddsa-rdfc-2022: Ed25519 over the canonical N-Quads of a document and of its proof's options.

Follows: Data Integrity EdDSA Cryptosuites 1.0, section 3.2.
"""

from badge_service.openbadges.proofs.data_integrity import RDFC, Suite
from badge_service.openbadges.public_key import KeyKind

SUITE = Suite("eddsa-rdfc-2022", {KeyKind.ED25519: "sha256"}, RDFC)

sign, faults, verify = SUITE.sign, SUITE.faults, SUITE.verify
