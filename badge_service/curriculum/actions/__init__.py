"""What people come to do with micro-credentials: import, draft, save, publish, withdraw, and find them in the catalogue."""

from badge_service.curriculum.actions.drafts import (
    StaleDraftError,
    create_draft,
    find_own_version,
    lets_of,
    new_version_from,
    open_draft_of,
    own_versions,
    save_draft,
)
from badge_service.curriculum.actions.imports import Imported, import_catalogue, open_let
from badge_service.curriculum.actions.publishing import place_of, publish, publishing_faults, withdraw
from badge_service.curriculum.actions.reading import (
    Choices,
    Filters,
    Page,
    catalogue,
    catalogue_choices,
    find_let,
    find_pathway,
    find_version,
    newest_version,
    published_by_code,
    published_versions,
    versions_of_let,
)

__all__ = [
    "Choices",
    "Filters",
    "Imported",
    "Page",
    "StaleDraftError",
    "catalogue",
    "catalogue_choices",
    "create_draft",
    "find_let",
    "find_own_version",
    "find_pathway",
    "find_version",
    "import_catalogue",
    "lets_of",
    "new_version_from",
    "newest_version",
    "open_draft_of",
    "open_let",
    "own_versions",
    "place_of",
    "publish",
    "published_by_code",
    "published_versions",
    "publishing_faults",
    "save_draft",
    "versions_of_let",
    "withdraw",
]
