"""Regional alliances and what they do: activities, plans, co-creation with partners, and what industry needs."""

from badge_service.alliance.tables.activities import Activity
from badge_service.alliance.tables.alliances import Alliance, AllianceIssuer, AllianceMember
from badge_service.alliance.tables.co_creation import CoCreationSession, RightsAgreement, RightsAssent
from badge_service.alliance.tables.needs import IndustryNeed, NeedItem
from badge_service.alliance.tables.plans import Action, ActionStep

__all__ = [
    "Action",
    "ActionStep",
    "Activity",
    "Alliance",
    "AllianceIssuer",
    "AllianceMember",
    "CoCreationSession",
    "IndustryNeed",
    "NeedItem",
    "RightsAgreement",
    "RightsAssent",
]
