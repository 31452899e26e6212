"""The content of a definition's version as the code reads it: a document shaped by `schemas/definition.schema.json`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Content = Mapping[str, Any]


@dataclass(frozen=True)
class RubricLevel:
    """One level of a rubric, for example proficient with 3 points."""

    id: str
    name: str
    points: int


@dataclass(frozen=True)
class Criterion:
    """One thing that is judged, with a sentence for every level."""

    id: str
    name: str
    outcomes: tuple[str, ...]
    weight: int
    descriptors: Mapping[str, str]


@dataclass(frozen=True)
class Rubric:
    """Levels from low to high, the one that passes, and what is judged."""

    levels: tuple[RubricLevel, ...]
    pass_level: RubricLevel
    criteria: tuple[Criterion, ...]

    @property
    def level_below_pass(self) -> RubricLevel | None:
        """The level one step under the passing one, if there is one."""
        place = self.levels.index(self.pass_level)
        return self.levels[place - 1] if place else None

    def points(self, level_id: str) -> int:
        """The points of a level; raises `KeyError` for an unknown one."""
        return {level.id: level.points for level in self.levels}[level_id]


def rubric_of(content: Content) -> Rubric:
    """The rubric of a content that has no faults."""
    raw = content["rubric"]
    levels = tuple(sorted((RubricLevel(**level) for level in raw["levels"]), key=lambda level: level.points))
    passing = next(level for level in levels if level.id == raw["pass_level"])
    criteria = tuple(
        Criterion(c["id"], c["name"], tuple(c["outcomes"]), c["weight"], c["descriptors"])
        for c in raw["criteria"]
    )
    return Rubric(levels, passing, criteria)


def whole_numbers(value: Any) -> Any:
    """A copy in which 4.0 is written 4: JSON does not tell them apart, and levels, points and months are whole."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    if isinstance(value, dict):
        return {name: whole_numbers(one) for name, one in value.items()}
    return [whole_numbers(one) for one in value] if isinstance(value, list) else value


def all_alignments(content: Content) -> list[tuple[str, Mapping[str, Any]]]:
    """Every alignment with its place: the definition's own first, then each outcome's."""
    own = content.get("alignments") or []
    found = [(f"alignments[{index}]", one) for index, one in enumerate(own)]
    for place, outcome in enumerate(content.get("learning_outcomes") or []):
        for index, one in enumerate(outcome.get("alignments") or []):
            found.append((f"learning_outcomes[{place}].alignments[{index}]", one))
    return found


def target_urls(content: Content) -> set[str]:
    """The addresses that the alignments of a content name, however unfinished it is."""
    holders = [content, *_dicts(content.get("learning_outcomes"))]
    found = {one.get("targetUrl") for holder in holders for one in _dicts(holder.get("alignments"))}
    return {url for url in found if isinstance(url, str) and url.isprintable() and 0 < len(url) <= 500}


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def blank_content() -> dict[str, Any]:
    """An empty content with every field, as a new draft begins: four usual levels, one outcome, one criterion."""
    return {
        "code": "",
        "version": "1.0.0",
        "title": "",
        "description": "",
        "category": "",
        "alliance_topic": "",
        "achievement_type": "MicroCredential",
        "language": "en",
        "target_group": "",
        "eqf_level": None,
        "isced_f": "",
        "workload_hours": {"total": None, "guided": 0, "practice": 0, "self_study": 0, "assessment": 0},
        "ects_awarded": None,
        "participation": "",
        "learning_mode": "",
        "assessment_types": [],
        "supervision": "",
        "identity_verified": False,
        "quality_assurance": {"name": "", "type": "internal", "description": "", "url": None},
        "prerequisites": "None",
        "stackability": {"kind": "stand-alone", "pathways": []},
        "validity_months": None,
        "learning_outcomes": [{"id": "LO1", "kind": "skill", "text": "", "alignments": []}],
        "rubric": _blank_rubric(),
        "evidence_required": [],
        "alignments": [],
        "activity_types": [],
        "awarded_by": "",
        "endorsers": [],
        "tags": [],
    }


def _blank_rubric() -> dict[str, Any]:
    names = ("Beginning", "Developing", "Proficient", "Exemplary")
    return {
        "levels": [
            {"id": name.lower(), "name": name, "points": points} for points, name in enumerate(names, 1)
        ],
        "pass_level": "proficient",
        "criteria": [{"id": "C1", "name": "", "outcomes": ["LO1"], "weight": 1, "descriptors": {}}],
    }
