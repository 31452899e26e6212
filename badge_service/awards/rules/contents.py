"""What is in a badge, taken out of the credential itself, so that the learner reads exactly what is or will be signed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from badge_service.openbadges import dates


@dataclass(frozen=True)
class Contents:
    """The parts of a credential that its learner is asked about; `results` are (criterion, level, descriptor)."""

    title: str
    description: str
    language: str
    issuer: str
    awarded: datetime
    results: tuple[tuple[str, str, str], ...]
    evidence: tuple[tuple[str, str], ...]
    name: str | None
    kind: str


def contents_of(credential: Mapping[str, Any]) -> Contents:
    """Read one of our own credentials, signed or not."""
    subject = credential["credentialSubject"]
    achievement = subject["achievement"]
    names = [
        one["identityHash"] for one in subject.get("identifier", ()) if one.get("identityType") == "name"
    ]
    return Contents(
        title=achievement["name"],
        description=achievement["description"],
        language=achievement.get("inLanguage", "en"),
        issuer=credential["issuer"]["name"],
        awarded=dates.read(credential["awardedDate"]),
        results=_results(subject, achievement),
        evidence=tuple(
            (one.get("name", ""), one.get("narrative", "")) for one in credential.get("evidence", ())
        ),
        name=names[0] if names else None,
        kind=achievement.get("achievementType", ""),
    )


def _results(subject: Mapping[str, Any], achievement: Mapping[str, Any]) -> tuple[tuple[str, str, str], ...]:
    described = {one["id"]: one for one in achievement.get("resultDescription", ())}
    found = []
    for result in subject.get("result", ()):
        criterion = described[result["resultDescription"]]
        level = next(one for one in criterion["rubricCriterionLevel"] if one["id"] == result["achievedLevel"])
        found.append((criterion["name"], level["name"], level.get("description", "")))
    return tuple(found)
