"""What is true of awards from elsewhere: how their file is read, what a row may say, and what the badge says of them."""

from badge_service.awards.rules.imports.account import account_of, evidence_of_row
from badge_service.awards.rules.imports.columns import KINDS, LEVEL, column_faults, level_kind
from badge_service.awards.rules.imports.reading import (
    MOST_BYTES,
    MOST_ROWS,
    Reading,
    guess_reading,
    open_table,
)
from badge_service.awards.rules.imports.rows import RowRead, alone, read_rows
from badge_service.awards.rules.imports.states import (
    DRAFTS_ARE_KEPT,
    LONG_AGO,
    MOST_DRAFTS,
    ROWS_AT_ONCE,
    ImportState,
    RowState,
)

__all__ = [
    "DRAFTS_ARE_KEPT",
    "KINDS",
    "LEVEL",
    "LONG_AGO",
    "MOST_BYTES",
    "MOST_DRAFTS",
    "MOST_ROWS",
    "ROWS_AT_ONCE",
    "ImportState",
    "Reading",
    "RowRead",
    "RowState",
    "account_of",
    "alone",
    "column_faults",
    "evidence_of_row",
    "guess_reading",
    "level_kind",
    "open_table",
    "read_rows",
]
