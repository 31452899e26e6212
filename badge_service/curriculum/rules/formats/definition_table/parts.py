"""The cells that hold several things of a kind, one a line: outcomes, alignments, rubric levels, criteria, evidence."""

from typing import Any

from flask_babel import gettext as _

from badge_service.curriculum.rules.content import Content
from badge_service.curriculum.rules.formats.cells import lines_of
from badge_service.curriculum.rules.formats.definition_table.column import (
    CellError,
    choice,
    number_in,
    rows_in,
)

_ALIGNMENT = ("targetName", "targetUrl", "targetCode", "targetFramework", "targetType")
_OWN = "-"


def write_outcomes(content: Content) -> str:
    """The learning outcomes as one cell."""
    return lines_of([one["id"], one["kind"], one["text"]] for one in content["learning_outcomes"])


def read_outcomes(content: dict[str, Any], cell: str) -> None:
    """Take the learning outcomes from a cell; raises `CellError`."""
    rows = rows_in(cell, 3, "LO1 | skill | Weaves a base")
    content["learning_outcomes"] = [
        {"id": id_, "kind": kind, "text": text, "alignments": []} for id_, kind, text in rows
    ]


def write_alignments(content: Content) -> str:
    """The alignments of the definition and of its outcomes as one cell."""
    own = [(_OWN, one) for one in content["alignments"]]
    of_outcomes = [
        (outcome["id"], one) for outcome in content["learning_outcomes"] for one in outcome["alignments"]
    ]
    return lines_of(
        [place, *(one.get(name, "") for name in _ALIGNMENT)] for place, one in [*own, *of_outcomes]
    )


def read_alignments(content: dict[str, Any], cell: str) -> None:
    """Take the alignments of the definition and of its outcomes from a cell; raises `CellError`."""
    outcomes = {outcome["id"]: outcome["alignments"] for outcome in content["learning_outcomes"]}
    for number, row in enumerate(rows_in(cell, 3, "LO1 | name | https://… | code | framework | type", 6), 1):
        place, *values = row
        if place != _OWN and place not in outcomes:
            raise CellError(_("Line %(line)s: there is no outcome %(name)s. Write - for the whole definition.", line=number, name=place[:20]))  # fmt: skip
        one = {
            name: value
            for name, value in zip(_ALIGNMENT, values, strict=True)
            if value or name in _ALIGNMENT[:2]
        }
        (content["alignments"] if place == _OWN else outcomes[place]).append(one)


def write_levels(content: Content) -> str:
    """The rubric levels as one cell."""
    return lines_of([one["id"], one["name"], str(one["points"])] for one in content["rubric"]["levels"])


def read_levels(content: dict[str, Any], cell: str) -> None:
    """Take the rubric levels from a cell; an empty one leaves the usual four. Raises `CellError`."""
    if not cell.strip():
        return
    rows = rows_in(cell, 3, "proficient | Proficient | 3")
    content["rubric"]["levels"] = [
        {"id": id_, "name": name, "points": number_in(points)} for id_, name, points in rows
    ]


def write_criteria(content: Content) -> str:
    """The criteria of the rubric as one cell."""
    return lines_of(
        [one["id"], one["name"], ", ".join(one["outcomes"]), str(one["weight"])]
        for one in content["rubric"]["criteria"]
    )


def read_criteria(content: dict[str, Any], cell: str) -> None:
    """Take the criteria of the rubric from a cell; raises `CellError`."""
    content["rubric"]["criteria"] = [
        {
            "id": id_,
            "name": name,
            "outcomes": [one.strip() for one in outcomes.split(",") if one.strip()],
            "weight": number_in(weight) if weight else 1,
            "descriptors": {},
        }
        for id_, name, outcomes, weight in rows_in(cell, 3, "C1 | Even border | LO1, LO2 | 1", 4)
    ]


def write_descriptors(content: Content) -> str:
    """The descriptors of the criteria as one cell."""
    criteria = content["rubric"]["criteria"]
    return lines_of(
        [one["id"], level, text] for one in criteria for level, text in one["descriptors"].items()
    )


def read_descriptors(content: dict[str, Any], cell: str) -> None:
    """Take the descriptors of the criteria from a cell; raises `CellError`."""
    criteria = {one["id"]: one["descriptors"] for one in content["rubric"]["criteria"]}
    for number, (criterion, level, text) in enumerate(
        rows_in(cell, 3, "C1 | proficient | The border lies flat."), 1
    ):
        if criterion not in criteria:
            raise CellError(
                _("Line %(line)s: there is no criterion %(name)s.", line=number, name=criterion[:20])
            )
        criteria[criterion][level] = text


def write_evidence(content: Content) -> str:
    """The pieces of evidence that are required as one cell."""
    return lines_of(
        [
            one["genre"],
            one["description"],
            str(one["min_count"]),
            "public" if one["in_credential"] else "private",
        ]
        for one in content["evidence_required"]
    )


def read_evidence(content: dict[str, Any], cell: str) -> None:
    """Take the pieces of evidence that are required from a cell; raises `CellError`."""
    content["evidence_required"] = [
        {
            "genre": genre,
            "description": description,
            "min_count": number_in(count),
            "in_credential": choice(shown, {"public": True, "private": False}),
        }
        for genre, description, count, shown in rows_in(cell, 4, "photo | The finished basket | 2 | private")
    ]
