"""Learning Ecosystem Teams, micro-credential definitions with frozen versions, and pathways."""

from badge_service.curriculum.tables.curricula import Curriculum, CurriculumDefinition, CurriculumVersion
from badge_service.curriculum.tables.definitions import (
    Definition,
    DefinitionTranslation,
    DefinitionVersion,
    VersionAlignment,
)
from badge_service.curriculum.tables.findings import (
    ChangeNote,
    ChangeRequest,
    ChangeRequestFinding,
    Finding,
)
from badge_service.curriculum.tables.framework_uploads import FrameworkUpload
from badge_service.curriculum.tables.frameworks import Framework, FrameworkItem, FrameworkWord
from badge_service.curriculum.tables.hubs import Hub
from badge_service.curriculum.tables.listings import LISTED_WORDS, ListedVersion
from badge_service.curriculum.tables.pathways import Pathway, PathwayPart, PathwayVersion
from badge_service.curriculum.tables.teams import (
    CapacityEntry,
    CapacityPresence,
    Let,
    LetMember,
    MemberSkill,
    TeamSkill,
)

__all__ = [
    "LISTED_WORDS",
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
    "FrameworkUpload",
    "FrameworkWord",
    "Hub",
    "Let",
    "LetMember",
    "ListedVersion",
    "MemberSkill",
    "Pathway",
    "PathwayPart",
    "PathwayVersion",
    "TeamSkill",
    "VersionAlignment",
]
