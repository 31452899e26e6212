"""Whether the results in a badge are described in its own achievement, so that they mean something.

Follows: Open Badges 3.0, sections on Result (`resultDescription`, `achievedLevel`, `status`) and ResultDescription.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from badge_service.errors import Fault


def link_faults(document: Mapping[str, Any]) -> list[Fault]:
    """Results that name no description or level of this achievement, or lack the status that theirs demands.

    All faults have the code `result_link`. Takes documents of strangers: nothing about their shape is believed.
    """
    subject = document.get("credentialSubject")
    achievement = subject.get("achievement") if isinstance(subject, Mapping) else None
    if not isinstance(subject, Mapping) or not isinstance(achievement, Mapping):
        return []
    results = _objects(subject.get("result"))
    described = _by_id(achievement.get("resultDescription")) if results else {}
    return [
        Fault(f"credentialSubject.result[{place}]", message, "result_link")
        for place, entry in enumerate(results)
        for message in _wrong(entry, described)
    ]


def _wrong(entry: Mapping[str, Any], described: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    name, level = entry.get("resultDescription"), entry.get("achievedLevel")
    description = described.get(name, {}) if isinstance(name, str) else {}
    if name and not description:
        yield "This result is not described in the achievement."
    if level and str(level) not in _by_id(description.get("rubricCriterionLevel")):
        yield "This level is not one of the described levels."
    if description.get("resultType") == "Status" and "status" not in entry:
        yield "This result must say its status."


def _by_id(value: object) -> Mapping[str, Mapping[str, Any]]:
    return {str(entry.get("id")): entry for entry in _objects(value)}


def _objects(value: object) -> list[Mapping[str, Any]]:
    entries = value if isinstance(value, list) else [value]
    return [entry for entry in entries if isinstance(entry, dict)]
