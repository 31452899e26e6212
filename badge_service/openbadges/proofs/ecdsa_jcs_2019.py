"""The cryptosuite ecdsa-jcs-2019: ECDSA over the canonical JSON of a document and of its proof's options.

Follows: Data Integrity ECDSA Cryptosuites 1.0, section 3.3. With P-384 every digest is SHA-384.
"""

from badge_service.openbadges.proofs.data_integrity import ECDSA_HASHES, JCS, Suite

SUITE = Suite("ecdsa-jcs-2019", ECDSA_HASHES, JCS)
