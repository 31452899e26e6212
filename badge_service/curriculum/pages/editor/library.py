"""Copies a rubric into the definition: from the library that comes with the service, or from an own published definition."""

import re
from collections.abc import Mapping
from typing import Any

from badge_service.curriculum import actions
from badge_service.curriculum.pages.desk import lead
from badge_service.curriculum.pages.editor.places import Done
from badge_service.curriculum.rubric_library import library
from badge_service.curriculum.rules.rubric_copies import with_rubric
from badge_service.web.forms import small_number
from badge_service.web.unit_of_work import current_session

_DEED = re.compile(r"copy:(library|definition):([a-z0-9-]{1,60}):(add|replace)")


def rubric_deed(deed: str, typed: Mapping[str, Any], saved: Mapping[str, Any]) -> Done | None:
    """The typed rubric with the other one's criteria, added or in place of its own."""
    found = _DEED.fullmatch(deed)
    if found is None or "rubric" not in typed:
        return None
    source = _source(found[1], found[2])
    if source is None:
        return None
    rubric = with_rubric(typed["rubric"], source, saved["rubric"], replace=found[3] == "replace")
    first = 0 if found[3] == "replace" else len(typed["rubric"]["criteria"])
    return Done({**typed, "rubric": rubric}, f"rubric.criteria[{first}]")


def _source(kind: str, name: str) -> Mapping[str, Any] | None:
    if kind == "library":
        return next((one.rubric for one in library() if one.id == name), None)
    version = actions.find_own_version(current_session(), lead(), small_number(name) or 0)
    return version.content["rubric"] if version.published_at else None
