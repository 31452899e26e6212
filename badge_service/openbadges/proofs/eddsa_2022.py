"""The cryptosuite eddsa-2022: the name that eddsa-rdfc-2022 had in drafts, still met on badges of 2023.

Follows: Open Badges 3.0, section 8.3 (which lists it as deprecated); the steps are those of eddsa-rdfc-2022.
"""

from dataclasses import replace

from badge_service.openbadges.proofs import eddsa_rdfc_2022

SUITE = replace(eddsa_rdfc_2022.SUITE, cryptosuite="eddsa-2022")
