"""What the small buttons of a step do to what was typed: rows, alignments, rubrics; each is saved with everything else."""

from collections.abc import Mapping
from typing import Any

from badge_service.curriculum.pages.editor import library, picker
from badge_service.curriculum.pages.editor.places import Done
from badge_service.curriculum.rows import with_deed
from badge_service.curriculum.tables import DefinitionVersion


def done(
    deed: str, typed: Mapping[str, Any], saved: Mapping[str, Any], version: DefinitionVersion
) -> Done | None:
    """The typed fields after this button; None for a button that only saves, and for one that nobody knows."""
    if (row := with_deed(typed, deed, saved)) is not None:
        return Done(*row)
    return picker.done(deed, typed, saved, version) or library.done(deed, typed, saved)
