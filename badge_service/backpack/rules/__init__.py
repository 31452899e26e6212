"""What is true about a learner's badge: who may see it, what stands in it, what its files and addresses are called."""

from badge_service.backpack.rules.contents import BadgeContents, CriterionResult, EvidenceItem, contents_of
from badge_service.backpack.rules.linkedin import LinkedInForm, linkedin_form
from badge_service.backpack.rules.names import file_name, json_path, share_address
from badge_service.backpack.rules.sharing import Refusal, is_open, refusal_to_open

__all__ = [
    "BadgeContents",
    "CriterionResult",
    "EvidenceItem",
    "LinkedInForm",
    "Refusal",
    "contents_of",
    "file_name",
    "is_open",
    "json_path",
    "linkedin_form",
    "refusal_to_open",
    "share_address",
]
