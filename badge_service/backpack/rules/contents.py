"""What stands in a signed badge, read from the document itself, in the order a person would ask for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class CriterionResult:
    """The level reached on one criterion, in the badge's own words."""

    criterion: str
    level: str
    description: str


@dataclass(frozen=True)
class EvidenceItem:
    """One piece of evidence as the badge names it."""

    name: str
    narrative: str


@dataclass(frozen=True)
class BadgeContents:
    """What one edition of a badge says; `name` is the learner's name in it, or `None`; dates are UTC."""

    title: str
    description: str
    language: str
    version: str
    issuer: str
    creator: str | None
    name: str | None
    has_email_hash: bool
    awarded: datetime
    valid_from: datetime
    valid_until: datetime | None
    results: tuple[CriterionResult, ...]
    evidence: tuple[EvidenceItem, ...]
    kind: str


def contents_of(document: Mapping[str, Any]) -> BadgeContents:
    """Read one of our own credentials (prepared or signed)."""
    subject = document["credentialSubject"]
    achievement = subject["achievement"]
    identities = subject.get("identifier", [])
    valid_from = _moment(document["validFrom"])
    return BadgeContents(
        title=achievement["name"],
        description=achievement["description"],
        language=achievement.get("inLanguage", "en"),
        version=achievement.get("version", ""),
        issuer=document["issuer"]["name"],
        creator=achievement.get("creator", {}).get("name"),
        name=_name(identities),
        has_email_hash=any(entry.get("identityType") == "emailAddress" for entry in identities),
        awarded=_moment(document["awardedDate"]) if "awardedDate" in document else valid_from,
        valid_from=valid_from,
        valid_until=_moment(document["validUntil"]) if "validUntil" in document else None,
        results=_results(achievement.get("resultDescription", []), subject.get("result", [])),
        evidence=tuple(
            EvidenceItem(entry.get("name", ""), entry.get("narrative", ""))
            for entry in document.get("evidence", [])
        ),
        kind=achievement.get("achievementType", ""),
    )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _name(identities: Sequence[Mapping[str, Any]]) -> str | None:
    names = (entry["identityHash"] for entry in identities if entry.get("identityType") == "name")
    return next(names, None)


def _results(
    descriptions: Sequence[Mapping[str, Any]], results: Sequence[Mapping[str, Any]]
) -> tuple[CriterionResult, ...]:
    by_id = {description["id"]: description for description in descriptions}
    return tuple(
        _result(by_id[result["resultDescription"]], result)
        for result in results
        if result.get("resultDescription") in by_id
    )


def _result(description: Mapping[str, Any], result: Mapping[str, Any]) -> CriterionResult:
    levels = {level["id"]: level for level in description.get("rubricCriterionLevel", [])}
    reached = levels.get(result.get("achievedLevel", ""), {})
    level = reached.get("level") or reached.get("name") or result.get("value") or result.get("status", "")
    return CriterionResult(description["name"], level, reached.get("description", ""))
