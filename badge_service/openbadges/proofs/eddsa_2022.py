"""The cryptosuite eddsa-2022: the name that eddsa-rdfc-2022 had in drafts, still met on badges of 2023.

Follows: Data Integrity EdDSA Cryptosuites 1.0, section 3.2; Open Badges 3.0 asks verifiers to go on reading it.
"""

from dataclasses import replace

from badge_service.openbadges.proofs import eddsa_rdfc_2022

SUITE = replace(eddsa_rdfc_2022.SUITE, cryptosuite="eddsa-2022")
