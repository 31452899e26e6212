"""What the small buttons of a step do to what was typed: rows, alignments, rubrics; each is saved with everything else."""

from collections.abc import Mapping
from typing import Any

from badge_service.curriculum.pages.editor.library import rubric_deed
from badge_service.curriculum.pages.editor.picker import alignment_deed
from badge_service.curriculum.pages.editor.places import Done
from badge_service.curriculum.rows import with_deed


def done(deed: str, typed: Mapping[str, Any], saved: Mapping[str, Any]) -> Done | None:
    """The typed fields after this button; None for a button that only saves, and for one that nobody knows."""
    if (row := with_deed(typed, deed, saved)) is not None:
        return Done(*row)
    if deed == "certificate":
        return _without_assessment(typed)
    return alignment_deed(deed, typed, saved) or rubric_deed(deed, typed, saved)


def _without_assessment(typed: Mapping[str, Any]) -> Done | None:
    """What makes a certificate of completion: no criterion and no type of assessment, or no outcome, as the step has them."""
    if "rubric" in typed:
        rubric = {**typed["rubric"], "criteria": []}
        return Done({**typed, "rubric": rubric, "assessment_types": []}, "rubric")
    if "learning_outcomes" in typed:
        return Done({**typed, "learning_outcomes": []}, "learning_outcomes")
    return None
