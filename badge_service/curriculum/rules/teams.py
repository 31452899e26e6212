"""What a team may say about itself: members and their helix roles, levels of skill, the capacity log, hubs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from flask_babel import gettext as _

from badge_service.errors import Fault
from badge_service.web.texts import language_faults, list_faults, text_faults

EARLIEST = date(1990, 1, 1)
SKILL_LEVELS = (1, 2, 3, 4)
MOST_SKILLS = 60
MOST_MEMBERS = 200
LONGEST_MINUTES = 60 * 1000
MOST_PEOPLE = 10_000
SECTORS = (
    "craft",
    "design_fashion",
    "digital",
    "manufacturing",
    "trade_tourism",
    "heritage_culture",
    "education",
    "research",
    "public",
    "environment",
)
"""Fields of work, so that one can count how many meet in an activity."""


class Helix(StrEnum):
    """The four sides of the quadruple helix."""

    EDUCATION = "education"
    BUSINESS = "business"
    PUBLIC_AUTHORITY = "public_authority"
    CIVIL_SOCIETY = "civil_society"


@dataclass(frozen=True)
class TeamFacts:
    """What a team says about itself publicly."""

    name: str
    description: str


@dataclass(frozen=True)
class MemberFacts:
    """What is said about a member; a person of the service needs no `name`. `listed`: the name may be shown publicly."""

    name: str
    organisation: str
    helix: str
    sector: str
    since: date
    until: date | None = None
    listed: bool = False


@dataclass(frozen=True)
class CapacityFacts:
    """One entry of the capacity log: how long in minutes, how many people, and which members (their tokens)."""

    held_on: date
    what: str
    topic: str
    minutes: int
    headcount: int
    members: tuple[str, ...] = ()


@dataclass(frozen=True)
class HubFacts:
    """What a hub says about itself, all of it public; `spoken` are ISO 639 codes."""

    name: str
    place: str
    about: str
    machines: tuple[str, ...]
    partners: tuple[str, ...]
    opening: str
    accessibility: str
    language: str
    spoken: tuple[str, ...]


def missing_helix(roles: Iterable[str]) -> tuple[Helix, ...]:
    """The sides of the helix from which a team has nobody."""
    present = set(roles)
    return tuple(side for side in Helix if side.value not in present)


def team_faults(facts: TeamFacts) -> list[Fault]:
    """Everything wrong with what a team says about itself."""
    return text_faults("name", facts.name, 120) + text_faults(
        "description", facts.description, 2000, lines=True
    )


def member_faults(facts: MemberFacts, today: date, *, is_person: bool) -> list[Fault]:
    """Everything wrong with what is said about a member."""
    faults = text_faults("name", facts.name, 120, needed=not is_person)
    faults += text_faults("organisation", facts.organisation, 160)
    if facts.helix not in {side.value for side in Helix}:
        faults.append(Fault("helix", _("Choose the side from which this member comes."), "helix"))
    if facts.sector not in SECTORS:
        faults.append(Fault("sector", _("Choose from the list."), "sector"))
    if not EARLIEST <= facts.since <= today:
        faults.append(Fault("since", _("A member has joined by today. Check the year."), "date"))
    if facts.until and facts.until < facts.since:
        faults.append(
            Fault("until", _("Nobody leaves before joining. Correct one of the two dates."), "date")
        )
    elif facts.until and facts.until.year > today.year + 10:
        faults.append(Fault("until", _("This date is too far away. Check the year."), "date"))
    return faults


def capacity_faults(facts: CapacityFacts, today: date) -> list[Fault]:
    """Everything wrong with an entry of the capacity log."""
    faults = text_faults("what", facts.what, 500, lines=True) + text_faults("topic", facts.topic, 120)
    if not EARLIEST <= facts.held_on <= today:
        faults.append(Fault("held_on", _("The log tells what has happened: give a day until today."), "date"))
    if not 0 < facts.minutes <= LONGEST_MINUTES:
        faults.append(Fault("hours", _("Give the hours as a number such as 2.5, at most 1000."), "hours"))
    if not max(1, len(facts.members)) <= facts.headcount <= MOST_PEOPLE:
        message = _("Give how many people took part, the ticked members among them.")
        faults.append(Fault("headcount", message, "headcount"))
    return faults


def hub_faults(facts: HubFacts) -> list[Fault]:
    """Everything wrong with what a hub says about itself."""
    faults = text_faults("name", facts.name, 120) + text_faults("place", facts.place, 200)
    faults += text_faults("about", facts.about, 2000, lines=True, needed=False)
    faults += list_faults("machines", facts.machines, 40, 160)
    faults += list_faults("partners", facts.partners, 40, 160)
    faults += text_faults("opening", facts.opening, 500, lines=True)
    faults += text_faults("accessibility", facts.accessibility, 1000, lines=True)
    faults += language_faults(facts.language)
    for code in facts.spoken[:40]:
        faults += language_faults(code, "spoken")
    return faults
