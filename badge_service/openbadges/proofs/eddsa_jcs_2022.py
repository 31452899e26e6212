"""The cryptosuite eddsa-jcs-2022: Ed25519 over the canonical JSON of a document and of its proof's options.

Follows: Data Integrity EdDSA Cryptosuites 1.0, section 3.3.
"""

from badge_service.openbadges.proofs.data_integrity import JCS, Suite
from badge_service.openbadges.public_key import KeyKind

SUITE = Suite("eddsa-jcs-2022", {KeyKind.ED25519: "sha256"}, JCS)
