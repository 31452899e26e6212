"""A curriculum's content as the code reads it, its faults, and which approach or impact no unit or outcome of it has."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _

from badge_service.curriculum.rules.content import all_alignments
from badge_service.curriculum.rules.findings import text_faults
from badge_service.errors import Fault

Content = Mapping[str, Any]
MOST_TITLE, MOST_TEXT, MOST_ROWS, MOST_DEFINITIONS, MOST_HOURS, MOST_ITERATION = 120, 2000, 60, 24, 2000, 99


class Approach(StrEnum):
    """The three approaches that a curriculum integrates (Source B of the project)."""

    DESIGN_THINKING = "design_thinking"
    PROBLEM_SOLVING = "problem_solving"
    COLLABORATIVE_WORK = "collaborative_work"


class Impact(StrEnum):
    """The three kinds of impact that a curriculum has an outcome for."""

    ENVIRONMENTAL = "environmental"
    CULTURAL = "cultural"
    SOCIAL = "social"


@dataclass(frozen=True)
class Coverage:
    """How a tag is covered: the titles of the units that carry it and, for an impact, the outcomes that stand for it."""

    tag: str
    units: tuple[str, ...]
    outcomes: tuple[str, ...]
    is_impact: bool

    @property
    def is_missing(self) -> bool:
        """Whether no unit carries it, or it is an impact for which no outcome stands."""
        return not self.units or (self.is_impact and not self.outcomes)


def blank_curriculum(title: str, language: str) -> dict[str, Any]:
    """The content of a new curriculum: one empty unit, no topic yet."""
    return {
        "title": title,
        "language": language,
        "description": "",
        "units": [blank_unit([])],
        "topics": [],
    }


def blank_unit(taken: Sequence[str]) -> dict[str, Any]:
    """A new unit with an id that is not taken; `definitions` are `{"slug", "version"}`, the version set at publication."""
    return {
        "id": _free("U", taken),
        "title": "",
        "description": "",
        "hours": None,
        "approaches": [],
        "impacts": [],
        "definitions": [],
    }


def blank_topic(taken: Sequence[str], iteration: int) -> dict[str, Any]:
    """A new line of the topic calendar."""
    return {"id": _free("T", taken), "iteration": iteration, "title": "", "starts": "", "ends": ""}


def coverage(content: Content, definitions: Mapping[str, Content]) -> tuple[Coverage, ...]:
    """How each approach and each impact is covered; `definitions` are the contents of the named definitions by slug.

    An outcome stands for an impact when it lies in a unit with that tag and is aligned to a framework of that impact:
    GreenComp and the green goals, intangible heritage and goal 11, LifeComp's social area and the social goals.
    """
    approaches = (Coverage(tag, _units_with(content, "approaches", tag), (), False) for tag in Approach)
    impacts = (
        Coverage(tag, _units_with(content, "impacts", tag), tuple(_outcomes(content, definitions, tag)), True)
        for tag in Impact
    )
    return (*approaches, *impacts)


def definitions_in(content: Content) -> list[str]:
    """The slugs of all definitions that units lead to, each once."""
    return list(dict.fromkeys(one["slug"] for unit in content["units"] for one in unit["definitions"]))


def curriculum_faults(content: Content) -> list[Fault]:
    """Everything that keeps a curriculum from being published, by place (`units[0].title`)."""
    found = text_faults("title", content["title"], MOST_TITLE)
    found += text_faults("description", content["description"], MOST_TEXT)
    if not content["units"]:
        found.append(Fault("units", _("A curriculum has at least one unit."), "missing"))
    for index, unit in enumerate(content["units"]):
        found += _unit_faults(f"units[{index}]", unit)
    for index, topic in enumerate(content["topics"]):
        found += _topic_faults(f"topics[{index}]", topic)
    return found


def _unit_faults(where: str, unit: Content) -> Iterator[Fault]:
    yield from text_faults(f"{where}.title", unit["title"], MOST_TITLE)
    if len(unit["description"]) > MOST_TEXT:
        yield from text_faults(f"{where}.description", unit["description"], MOST_TEXT)
    if not unit["approaches"]:
        words = _("Every unit works with at least one of the three approaches. Tick one.")
        yield Fault(f"{where}.approaches", words, "unit.approach")
    hours = unit["hours"]
    if hours is not None and not (isinstance(hours, int | float) and 0 < hours <= MOST_HOURS):
        words = _("Write the hours as a number from 1 to %(most)s.", most=MOST_HOURS)
        yield Fault(f"{where}.hours", words, "number")


def _topic_faults(where: str, topic: Content) -> Iterator[Fault]:
    yield from text_faults(f"{where}.title", topic["title"], MOST_TITLE)
    iteration = topic["iteration"]
    if not isinstance(iteration, int) or not 0 < iteration <= MOST_ITERATION:
        words = _("Write a whole number from 1 to %(most)s.", most=MOST_ITERATION)
        yield Fault(f"{where}.iteration", words, "number")
    days = {name: _day(topic[name]) for name in ("starts", "ends")}
    for name, day in days.items():
        if topic[name] and day is None:
            yield Fault(f"{where}.{name}", _("This is no day of the calendar."), "date")
    if days["starts"] and days["ends"] and days["ends"] < days["starts"]:
        yield Fault(f"{where}.ends", _("This is before the first day."), "date.order")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _free(letter: str, taken: Sequence[str]) -> str:
    return next(name for number in range(1, 1000) if (name := f"{letter}{number}") not in taken)


def _units_with(content: Content, tags: str, tag: str) -> tuple[str, ...]:
    return tuple(unit["title"] for unit in content["units"] if tag in unit[tags])


def _outcomes(content: Content, definitions: Mapping[str, Content], tag: Impact) -> Iterator[str]:
    slugs = [
        one["slug"] for unit in content["units"] if tag in unit["impacts"] for one in unit["definitions"]
    ]
    for slug in dict.fromkeys(slugs):
        found = definitions.get(slug, {})
        for outcome in found.get("learning_outcomes", []):
            if any(impact_of(one) is tag for one in outcome.get("alignments", [])):
                yield outcome["text"]
        if any(
            impact_of(one) is tag for place, one in all_alignments(found) if place.startswith("alignments")
        ):
            yield found["title"]


_SDG = re.compile(r"https?://metadata\.un\.org/sdg/(\d{1,2})(?:\.\w+)?/?")
_GOALS = {
    **dict.fromkeys((6, 7, 12, 13, 14, 15), Impact.ENVIRONMENTAL),
    11: Impact.CULTURAL,
    **dict.fromkeys((1, 2, 3, 4, 5, 8, 10, 16, 17), Impact.SOCIAL),
}


def impact_of(alignment: Content) -> Impact | None:
    """The impact for which the target of an alignment stands, if for any."""
    kind, address = alignment.get("targetType"), str(alignment.get("targetUrl", ""))
    if kind == "ext:GreenComp":
        return Impact.ENVIRONMENTAL
    if kind == "ext:UNESCOICH":
        return Impact.CULTURAL
    if kind == "ext:LifeComp":
        return Impact.SOCIAL if str(alignment.get("targetCode", "")).startswith("S") else None
    goal = _SDG.fullmatch(address)
    return _GOALS.get(int(goal[1])) if goal else None
