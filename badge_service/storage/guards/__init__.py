"""Triggers for rules that no code path may break: set status bits stay set, frozen versions stay frozen, logs only grow.

Each tuple is made by one migration and never changed: a later guard goes into a tuple of its own.
"""

from badge_service.storage.guards.curriculum import CURRICULUM_GUARDS, PATHWAY_GUARDS, PICTURE_GUARDS
from badge_service.storage.guards.deeds import (
    AWARDING_GUARDS,
    CASE_GUARDS,
    CHECK_IN_GUARDS,
    JOINING_GUARDS,
    PLAN_GUARDS,
    PROGRAM_GUARDS,
    SENDING_GUARDS,
    SURVEY_GUARDS,
    TEAM_GUARDS,
)
from badge_service.storage.guards.documents import EDITION_GUARDS, GUARDS
from badge_service.storage.guards.triggers import Guard, create, drop

STANDING = (
    *(guard for guard in GUARDS if guard.name != "signed_edition_frozen"),
    *EDITION_GUARDS,
    *PICTURE_GUARDS,
    *CURRICULUM_GUARDS,
    *TEAM_GUARDS,
    *PATHWAY_GUARDS,
    *PLAN_GUARDS,
    *JOINING_GUARDS,
    *CHECK_IN_GUARDS,
    *SURVEY_GUARDS,
    *AWARDING_GUARDS,
    *SENDING_GUARDS,
    *CASE_GUARDS,
    *PROGRAM_GUARDS,
)
"""What a database of the newest schema has."""

__all__ = [
    "AWARDING_GUARDS",
    "CASE_GUARDS",
    "CHECK_IN_GUARDS",
    "CURRICULUM_GUARDS",
    "EDITION_GUARDS",
    "GUARDS",
    "JOINING_GUARDS",
    "PATHWAY_GUARDS",
    "PICTURE_GUARDS",
    "PLAN_GUARDS",
    "PROGRAM_GUARDS",
    "SENDING_GUARDS",
    "STANDING",
    "SURVEY_GUARDS",
    "TEAM_GUARDS",
    "Guard",
    "create",
    "drop",
]
