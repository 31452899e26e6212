"""Learning Ecosystem Teams, micro-credential definitions with frozen versions, and pathways."""

from badge_service.curriculum.tables.definitions import Definition, DefinitionTranslation, DefinitionVersion
from badge_service.curriculum.tables.pathways import PathwayVersion
from badge_service.curriculum.tables.teams import Let

__all__ = ["Definition", "DefinitionTranslation", "DefinitionVersion", "Let", "PathwayVersion"]
