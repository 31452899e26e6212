"""The crosswalk to the European Learning Model v3, in one table: a definition as unsigned material for an EDC issuer.

Follows the Commission's sample “MC-Annex1” of ELM v3 (February 2024) and, for a certificate of completion,
“CertOfPart”. Nothing here claims conformity with EDC: only a seal and its validation there could show that.
"""

from badge_service.curriculum.rules.elm.crosswalk import CROSSWALK, OF_ISSUER, at
from badge_service.curriculum.rules.elm.document import FILE_ENDING, LABEL, elm_material
from badge_service.curriculum.rules.elm.issuers import IssuerFacts

__all__ = ["CROSSWALK", "FILE_ENDING", "LABEL", "OF_ISSUER", "IssuerFacts", "at", "elm_material"]
