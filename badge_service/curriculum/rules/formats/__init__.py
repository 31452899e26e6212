"""Definitions on their way in and out as files: our own JSON, a CSV table, an Open Badges 3.0 achievement."""

from badge_service.curriculum.rules.formats.any_file import ReadFile, read_file
from badge_service.curriculum.rules.formats.definition_file import (
    MOST_BYTES,
    definition_file,
    read_definition_file,
)
from badge_service.curriculum.rules.formats.definition_table import COLUMNS, read_table, table_of
from badge_service.curriculum.rules.formats.incoming import Incoming, completed, text_faults_in
from badge_service.curriculum.rules.formats.open_badges import read_achievement
from badge_service.curriculum.rules.formats.pathway_file import (
    IncomingPathway,
    pathway_file,
    read_pathway_file,
)

__all__ = [
    "COLUMNS",
    "MOST_BYTES",
    "Incoming",
    "IncomingPathway",
    "ReadFile",
    "completed",
    "definition_file",
    "pathway_file",
    "read_achievement",
    "read_definition_file",
    "read_file",
    "read_pathway_file",
    "read_table",
    "table_of",
    "text_faults_in",
]
