"""What a judged badge says, read out of a document that a stranger may have written in any shape, and what an address means."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import SplitResult, parse_qs, urlsplit

from badge_service.errors import InvalidError
from badge_service.openbadges import dates
from badge_service.openbadges.one_spelling import in_one_spelling
from badge_service.openbadges.vc_data_model import is_version_1
from badge_service.openbadges.verification import Recipient

_SHARE_PATH = re.compile(
    r"/credentials/([A-Za-z0-9_-]{10,64})(?:\.(?:json|jwt|png|svg)|/certificate\.pdf|/qr\.(?:png|svg))?/?\Z"
)
_SHARE_CODE = re.compile(r"[0-9A-Za-z]{4}[- ]?[0-9A-Za-z]{4}[- ]?[0-9A-Za-z]{4}\Z")
LONGEST_RECIPIENT = 320
PERIOD, PERIOD_1_1 = ("validFrom", "validUntil"), ("issuanceDate", "expirationDate")
_LINE = 300
_TEXT = 8_000
_MOST = 60
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*\Z")


@dataclass(frozen=True)
class Reached:
    """The level reached on one criterion, in the badge's own words; `value` when it names no level."""

    criterion: str
    level: str
    description: str


@dataclass(frozen=True)
class Link:
    """Something the badge points to: `address` is empty unless it is an http(s) one; `note` is the badge's own text."""

    name: str
    address: str
    note: str = ""


@dataclass(frozen=True)
class BadgeFacts:
    """What one badge says, for people; empty texts where it says nothing. `language` is that of its own words."""

    title: str
    description: str
    language: str
    version: str
    picture: str
    criteria: str
    page: str
    issuer: Link
    creator: str
    awarded: datetime | None
    valid_until: datetime | None
    outcomes: tuple[str, ...]
    results: tuple[Reached, ...]
    evidence: tuple[Link, ...]
    frameworks: tuple[tuple[str, tuple[Link, ...]], ...]
    kind: str = ""

    @property
    def is_unassessed(self) -> bool:
        """Whether it says itself that somebody took part, and nothing about what they can do."""
        return self.kind == "CertificateOfCompletion" and not self.results


def facts_of(
    document: Mapping[str, Any], sheet: Mapping[str, Any] | None, judged_end: str = ""
) -> BadgeFacts:
    """Read a credential that has the members a badge must have; nothing else about its shape is taken for granted.

    `judged_end` is the last day (ISO) by which it was judged, which a token around it may set.
    """
    begins, ends = PERIOD_1_1 if is_version_1(document) else PERIOD
    document = in_one_spelling(document)
    subject = first(document.get("credentialSubject"))
    achievement = first(subject.get("achievement"))
    issuer = first(document.get("issuer"))
    criteria = first(achievement.get("criteria"))
    language = line(achievement.get("inLanguage"))
    return BadgeFacts(
        title=line(achievement.get("name")) or line(document.get("name")),
        description=text(achievement.get("description")),
        language=language if _LANGUAGE.match(language) else "",
        version=line(achievement.get("version")),
        picture=_address(achievement.get("image")),
        criteria=text(criteria.get("narrative")),
        page=_address(achievement),
        issuer=Link(line(issuer.get("name")), _address(issuer.get("url"))),
        creator=line(first(achievement.get("creator")).get("name")),
        awarded=_moment(document.get("awardedDate")) or _moment(document.get(begins)),
        valid_until=_earlier(_moment(document.get(ends)), judged_end),
        outcomes=tuple(line(one) for one in _list((sheet or {}).get("learningOutcomes")) if line(one)),
        results=_results(achievement, subject),
        evidence=tuple(_evidence(one) for one in all_of(document.get("evidence"))),
        frameworks=_frameworks(achievement),
        kind=line(achievement.get("achievementType")),
    )


def share_token(url: str, hosts: frozenset[str]) -> str | None:
    """The badge that an address of ours leads to, or None for other addresses.

    Its page, its files and its certificate count; query and fragment are ignored, and the scheme may be missing.
    """
    parts = _own_address(url, hosts)
    found = _SHARE_PATH.match(parts.path) if parts else None
    return found[1] if found else None


def share_code(typed: str, hosts: frozenset[str]) -> str | None:
    """The share code that was typed, alone or in our address `/v/<code>` as certificates print it; None for others."""
    typed = typed.strip()
    parts = _own_address(typed, hosts)
    if parts and parts.path.rstrip("/") == "/v":
        typed = parse_qs(parts.query).get("code", [""])[0].strip()
    elif parts:
        typed = parts.path.removeprefix("/v/").rstrip("/")
    return typed if _SHARE_CODE.match(typed) else None


def _own_address(typed: str, hosts: frozenset[str]) -> SplitResult | None:
    """The parts of an address of this service; people leave out the scheme, as certificates and browsers do."""
    typed = typed.strip()
    try:
        parts = urlsplit(typed if re.match(r"https?://", typed, re.IGNORECASE) else f"https://{typed}")
    except ValueError:
        return None
    return parts if parts.netloc.lower() in hosts else None


def own_path(url: str, public_url: str) -> str:
    """What follows `public_url` in an address of ours; empty for others, and where a browser would find another host in it."""
    path = url.removeprefix(public_url) if url.startswith(f"{public_url}/") else ""
    return "" if path.startswith(("//", "/\\")) or not re.match(r"[!-~]+\Z", path) else path


def https_address(typed: str) -> str | None:
    """A typed web address as we would ask for it, with its host in plain letters (punycode), or None when it is none."""
    try:
        parts = urlsplit(typed.strip())
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = parts.port
    except ValueError:
        return None
    if parts.scheme != "https" or not host or parts.username or port not in (None, 443):
        return None
    return parts._replace(netloc=host, fragment="").geturl()


def recipient_asked(typed: str) -> Recipient | None:
    """The person somebody asks about: an e-mail address, an identifier, else a name; None when nobody asks."""
    typed = typed.strip()[:LONGEST_RECIPIENT]
    if not typed:
        return None
    if re.match(r"(did|urn|https?):", typed):
        return Recipient("id", typed)
    return Recipient("emailAddress" if "@" in typed else "name", typed)


def line(value: Any) -> str:
    """A short text without line breaks; empty for anything else."""
    return " ".join(value[:_LINE].split()) if isinstance(value, str) else ""


def text(value: Any) -> str:
    """A longer text, cut where no honest badge would go on; empty for anything else."""
    return value[:_TEXT].strip() if isinstance(value, str) else ""


def first(value: Any) -> Mapping[str, Any]:
    """The object in a member that may be one object or a list of them; an empty one when there is none."""
    found = all_of(value)
    return found[0] if found else {}


def all_of(value: Any) -> list[Mapping[str, Any]]:
    """The objects in a member that may be one object or a list of them, as many as a page can show."""
    return [one for one in _list(value) if isinstance(one, Mapping)]


def _list(value: Any) -> list[Any]:
    return (value if isinstance(value, list) else [value])[:_MOST]


def _address(value: Any) -> str:
    """An http(s) address written as text or as the id of an object."""
    found = value.get("id") if isinstance(value, Mapping) else value
    if not isinstance(found, str) or len(found) > 2_000:
        return ""
    return found if re.match(r"https?://[!-~]+\Z", found) else ""


def _named(value: Any) -> str:
    """An address written as text or as the id of an object."""
    return line(value.get("id") if isinstance(value, Mapping) else value)


def _by_id(value: Any) -> dict[str, Mapping[str, Any]]:
    """The objects in `value` by their identifiers; those without one are not named by anything."""
    return {line(one.get("id")): one for one in all_of(value) if line(one.get("id"))}


def _moment(value: Any) -> datetime | None:
    try:
        return dates.read(value)
    except InvalidError:
        return None


def _earlier(ends: datetime | None, judged_end: str) -> datetime | None:
    """The end that the badge names, unless it was judged by an earlier one."""
    judged = _moment(f"{judged_end}T00:00:00Z")
    return judged if judged and (ends is None or judged.date() < ends.date()) else ends


def _evidence(one: Mapping[str, Any]) -> Link:
    return Link(line(one.get("name")) or line(one.get("genre")), _address(one), text(one.get("narrative")))


def _results(achievement: Mapping[str, Any], subject: Mapping[str, Any]) -> tuple[Reached, ...]:
    described = _by_id(achievement.get("resultDescription"))
    results = []
    for result in all_of(subject.get("result")):
        description = described.get(_named(result.get("resultDescription")), {})
        level = _by_id(description.get("rubricCriterionLevel")).get(_named(result.get("achievedLevel")), {})
        reached = line(level.get("name")) or line(level.get("level")) or line(result.get("value"))
        reached = reached or line(result.get("status"))
        if reached:
            results.append(Reached(line(description.get("name")), reached, line(level.get("description"))))
    return tuple(results)


def _frameworks(achievement: Mapping[str, Any]) -> tuple[tuple[str, tuple[Link, ...]], ...]:
    groups: dict[str, list[Link]] = {}
    for one in all_of(achievement.get("alignment")):
        if one.get("targetType") == "ext:QualityAssurance":
            continue  # it is a line of the EU box
        found = Link(line(one.get("targetName")), _address(one.get("targetUrl")))
        groups.setdefault(line(one.get("targetFramework")), []).append(found)
    return tuple((framework, tuple(found)) for framework, found in groups.items())
