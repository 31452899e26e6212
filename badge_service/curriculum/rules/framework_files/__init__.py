"""Reads framework files that people bring: CSV tables, ESCO's CSV and JSON, CASE packages; every bad row is named at once."""

from badge_service.curriculum.rules.framework_files.addressing import addressed, framework_key
from badge_service.curriculum.rules.framework_files.found import FileFormat, FrameworkFile, Guess
from badge_service.curriculum.rules.framework_files.reading import MOST_BYTES, MOST_ROWS, read_framework_file

__all__ = [
    "MOST_BYTES",
    "MOST_ROWS",
    "FileFormat",
    "FrameworkFile",
    "Guess",
    "addressed",
    "framework_key",
    "read_framework_file",
]
