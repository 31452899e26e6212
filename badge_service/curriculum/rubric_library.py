"""The rubrics that come with the service, for copying into definitions: our own wording, each for a kind of work."""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

LEVELS = ("Beginning", "Developing", "Proficient", "Exemplary")


@dataclass(frozen=True)
class LibraryRubric:
    """One rubric with its kind of work; `rubric` has the shape of a definition's, its criteria judge no outcome yet."""

    id: str
    area: str
    name: str
    language: str
    rubric: Mapping[str, Any]


@functools.cache
def library() -> tuple[LibraryRubric, ...]:
    """All of them, in the order of the file."""
    text = (resources.files("badge_service.curriculum") / "rubrics.json").read_text("utf-8")
    document = json.loads(text)
    return tuple(
        LibraryRubric(one["id"], one["area"], one["name"], document["language"], _rubric(one["criteria"]))
        for one in document["rubrics"]
    )


def _rubric(criteria: list[dict[str, Any]]) -> dict[str, Any]:
    ids = [name.lower() for name in LEVELS]
    levels = [{"id": name.lower(), "name": name, "points": points} for points, name in enumerate(LEVELS, 1)]
    rows = [
        {
            "id": f"C{number}",
            "name": one["name"],
            "outcomes": [],
            "weight": 1,
            "descriptors": dict(zip(ids, one["levels"], strict=True)),
        }
        for number, one in enumerate(criteria, 1)
    ]
    return {"levels": levels, "pass_level": "proficient", "criteria": rows}
