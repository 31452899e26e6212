"""Curricula: begun, written, published in frozen versions, and found again by everybody."""

from badge_service.curriculum.actions.curricula.definitions import (
    coverage_of,
    definitions_of,
    definitions_to_choose,
    pinned,
    published_by_slug,
)
from badge_service.curriculum.actions.curricula.drafting import (
    StaleCurriculumError,
    create_curriculum,
    fill_curriculum,
    new_curriculum_version,
    note_deed,
    save_curriculum,
)
from badge_service.curriculum.actions.curricula.reading import (
    curricula_with,
    find_curriculum,
    find_own_curriculum_version,
    own_curricula,
    own_curriculum,
    published_curricula,
)

__all__ = [
    "StaleCurriculumError",
    "coverage_of",
    "create_curriculum",
    "curricula_with",
    "definitions_of",
    "definitions_to_choose",
    "fill_curriculum",
    "find_curriculum",
    "find_own_curriculum_version",
    "new_curriculum_version",
    "note_deed",
    "own_curricula",
    "own_curriculum",
    "pinned",
    "published_by_slug",
    "published_curricula",
    "save_curriculum",
]
