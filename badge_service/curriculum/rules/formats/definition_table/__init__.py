"""A table of definitions as CSV: one row a definition, every field a column; what a row holds several times is a line of its cell."""

from badge_service.curriculum.rules.formats.definition_table.columns import COLUMNS
from badge_service.curriculum.rules.formats.definition_table.table import read_table, table_of

__all__ = ["COLUMNS", "read_table", "table_of"]
