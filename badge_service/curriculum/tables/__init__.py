"""Learning Ecosystem Teams, micro-credential definitions with frozen versions, and pathways."""

from badge_service.curriculum.tables.curricula import Curriculum, CurriculumDefinition, CurriculumVersion
from badge_service.curriculum.tables.definitions import (
    Definition,
    DefinitionTranslation,
    DefinitionVersion,
    VersionAlignment,
)
from badge_service.curriculum.tables.frameworks import Framework, FrameworkItem, FrameworkWord
from badge_service.curriculum.tables.findings import (
    ChangeNote,
    ChangeRequest,
    ChangeRequestFinding,
    Finding,
)
from badge_service.curriculum.tables.hubs import Hub
from badge_service.curriculum.tables.listings import ListedVersion, VersionWord
from badge_service.curriculum.tables.pathways import PathwayVersion
from badge_service.curriculum.tables.teams import (
    CapacityEntry,
    CapacityPresence,
    Let,
    LetMember,
    MemberSkill,
    TeamSkill,
)

__all__ = [
    "CapacityEntry",
    "CapacityPresence",
    "ChangeNote",
    "ChangeRequest",
    "ChangeRequestFinding",
    "Curriculum",
    "CurriculumDefinition",
    "CurriculumVersion",
    "Definition",
    "DefinitionTranslation",
    "DefinitionVersion",
    "Finding",
    "Framework",
    "FrameworkItem",
    "FrameworkWord",
    "Hub",
    "Let",
    "LetMember",
    "ListedVersion",
    "MemberSkill",
    "PathwayVersion",
    "TeamSkill",
    "VersionAlignment",
    "VersionWord",
]
