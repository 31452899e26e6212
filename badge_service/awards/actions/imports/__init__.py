"""Bringing in awards from elsewhere: a draft that is read as its person says, one decision, then the worker awards."""

from badge_service.awards.actions.imports.addresses import take_suggestions
from badge_service.awards.actions.imports.awarding import award_next_rows
from badge_service.awards.actions.imports.confirming import (
    IMPORT,
    confirm_as_second,
    confirm_import,
    left_today,
    needs_reason,
    refuse_as_second,
    resume_import,
)
from badge_service.awards.actions.imports.drafts import (
    change_reading,
    discard_import,
    read_again,
    read_sent,
    same_file,
    start_import,
)
from badge_service.awards.actions.imports.finding import (
    IMPORTS_A_PAGE,
    MAY_IMPORT,
    ROWS_A_PAGE,
    ImportCounts,
    all_rows,
    find_import,
    import_counts,
    imports_of,
    imports_to_confirm,
    rows_of,
    tokens_of,
    versions_to_import,
)

__all__ = [
    "IMPORT",
    "IMPORTS_A_PAGE",
    "MAY_IMPORT",
    "ROWS_A_PAGE",
    "ImportCounts",
    "all_rows",
    "award_next_rows",
    "change_reading",
    "confirm_as_second",
    "confirm_import",
    "discard_import",
    "find_import",
    "import_counts",
    "imports_of",
    "imports_to_confirm",
    "left_today",
    "needs_reason",
    "read_again",
    "read_sent",
    "refuse_as_second",
    "resume_import",
    "rows_of",
    "same_file",
    "start_import",
    "take_suggestions",
    "tokens_of",
    "versions_to_import",
]
