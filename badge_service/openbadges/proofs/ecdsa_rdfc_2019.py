"""The cryptosuite ecdsa-rdfc-2019: ECDSA over the canonical N-Quads of a document and of its proof's options.

Follows: Data Integrity ECDSA Cryptosuites 1.0, sections 3 and 3.2. With P-384 every digest is SHA-384, also those that tell
blank nodes apart.
"""

from badge_service.openbadges.proofs.data_integrity import ECDSA_HASHES, RDFC, Suite

SUITE = Suite("ecdsa-rdfc-2019", ECDSA_HASHES, RDFC)
