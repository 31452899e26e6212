"""What an alliance activity may be: kinds, states and their transitions, who may plan one, and what must be filled in."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Generic, TypeVar

from flask_babel import gettext as _

from badge_service.errors import Fault
from badge_service.people.rules import Role, Viewer

PLANNERS = (Role.TEACHER, Role.LET_LEAD, Role.ADMIN)
OPENERS = (Role.LET_LEAD, Role.ADMIN)
PAGE_SIZE = 20
LONGEST_SPAN = timedelta(days=366)
FARTHEST = timedelta(days=5 * 366)
EARLIEST = date(2000, 1, 1)
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_ISSUER = re.compile(r"did:(web|key|jwk):[A-Za-z0-9._:%-]+|https://[A-Za-z0-9.-]+(/[!-~]*)?")
_LINE_BREAKS = frozenset("\n\r\t")
_DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

Row = TypeVar("Row")


class Kind(StrEnum):
    """What people do together."""

    MEETING = "meeting"
    GUEST_LECTURE = "guest_lecture"
    WORKSHOP = "workshop"


class State(StrEnum):
    """Where an activity stands."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


TRANSITIONS: dict[State, frozenset[State]] = {
    State.PLANNED: frozenset({State.HELD, State.CANCELLED}),
    State.CANCELLED: frozenset({State.PLANNED}),
    State.HELD: frozenset(),
}


@dataclass(frozen=True)
class AllianceFacts:
    """What is said about an alliance when it is opened; `slug` becomes its address."""

    slug: str
    name: str
    aims: str
    region_id: int


@dataclass(frozen=True)
class ActivityFacts:
    """What is said about an activity, all of it public; `ends_on` is the last day, `language` an ISO 639 code."""

    kind: str
    title: str
    summary: str
    place: str
    language: str
    starts_on: date
    ends_on: date
    partners: tuple[str, ...] = ()


@dataclass(frozen=True)
class Listing(Generic[Row]):
    """One page of a longer list; `number` counts from 1."""

    rows: tuple[Row, ...]
    number: int
    total: int
    size: int = PAGE_SIZE

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size))


def may_move(state: str, to: State) -> bool:
    """Whether an activity in `state` may become `to`."""
    return to in TRANSITIONS[State(state)]


def may_plan(viewer: Viewer, organisation_id: int) -> bool:
    """Whether this person plans and changes activities of this organisation."""
    return planning_role(viewer, organisation_id) is not None


def planning_role(viewer: Viewer, organisation_id: int) -> Role | None:
    """The role in which somebody plans for an organisation; it is written down as the initiator's role."""
    return next((role for role in PLANNERS if viewer.has_role(role, organisation_id)), None)


def alliance_faults(facts: AllianceFacts) -> list[Fault]:
    """Everything wrong with what is said about an alliance."""
    faults = text_faults("name", facts.name, 120) + text_faults("aims", facts.aims, 2000, lines=True)
    if not _SLUG.fullmatch(facts.slug) or len(facts.slug) > 60:
        message = _("Use small Latin letters, digits and hyphens, for example central-bulgaria.")
        faults.append(Fault("slug", message, "slug"))
    return faults


def issuer_faults(did: str, name: str) -> list[Fault]:
    """What is wrong with an entry of the list of issuers elsewhere."""
    faults = text_faults("name", name, 120)
    if not _ISSUER.fullmatch(did) or len(did) > 500:
        faults.append(
            Fault("did", _("This is no identifier of an issuer, such as did:web:school.example."), "did")
        )
    return faults


def activity_faults(facts: ActivityFacts, today: date) -> list[Fault]:
    """Everything wrong with what is said about an activity, seen from `today`."""
    faults = text_faults("title", facts.title, 120)
    faults += text_faults("summary", facts.summary, 2000, lines=True)
    faults += text_faults("place", facts.place, 120)
    for partner in facts.partners:
        faults += text_faults("partners", partner, 120)
    if len(facts.partners) > 20:
        faults.append(Fault("partners", _("Name at most 20 partners."), "too_many"))
    if facts.kind not in {kind.value for kind in Kind}:
        faults.append(Fault("kind", _("Choose a meeting, a guest lecture or a workshop."), "kind"))
    if not _LANGUAGE.fullmatch(facts.language):
        faults.append(Fault("language", _("Choose the language it is held in."), "language"))
    return faults + _date_faults(facts.starts_on, facts.ends_on, today)


def _date_faults(starts_on: date, ends_on: date, today: date) -> list[Fault]:
    faults = []
    if not EARLIEST <= starts_on <= today + FARTHEST:
        faults.append(Fault("starts_on", _("This date is too far away. Check the year."), "date"))
    if ends_on < starts_on:
        faults.append(
            Fault("ends_on", _("It cannot end before it starts. Correct one of the two dates."), "date")
        )
    elif ends_on - starts_on > LONGEST_SPAN:
        faults.append(Fault("ends_on", _("It can last a year at most. Check the year."), "date"))
    return faults


def text_faults(where: str, text: str, longest: int, *, lines: bool = False) -> list[Fault]:
    """What is wrong with a text that must be there; `lines` allows line breaks, `longest` counts characters."""
    if not text.strip():
        return [Fault(where, _("Please fill this in."), "required")]
    faults = []
    if len(text) > longest:
        message = _(
            "This is %(length)s characters long; %(longest)s is the most.", length=len(text), longest=longest
        )
        faults.append(Fault(where, message, "too_long"))
    if hidden_character(text, lines=lines):
        message = _(
            "There is an invisible control character in it. Type this text anew instead of pasting it."
        )
        faults.append(Fault(where, message, "control_character"))
    return faults


def hidden_character(text: str, *, lines: bool = False) -> bool:
    """Whether a text holds a control character, half a character, or a mark that turns the writing direction."""
    allowed = _LINE_BREAKS if lines else frozenset()
    return any(
        character in _DIRECTION_MARKS
        or (unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} and character not in allowed)
        for character in text
    )
