"""What an alliance activity may be: kinds, states and their transitions, who may plan one, and what must be filled in."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from flask_babel import gettext as _

from badge_service.curriculum.rules.vocabulary import CATEGORIES
from badge_service.errors import Fault
from badge_service.people.rules import Role, Viewer
from badge_service.web.texts import language_faults, text_faults

PLANNERS = (Role.TEACHER, Role.LET_LEAD, Role.ADMIN)
LONGEST_SPAN = timedelta(days=366)
FARTHEST = timedelta(days=5 * 366)
EARLIEST = date(2000, 1, 1)
MOST_TOGETHER = 99


class Kind(StrEnum):
    """What people do together."""

    MEETING = "meeting"
    GUEST_LECTURE = "guest_lecture"
    WORKSHOP = "workshop"
    CO_CREATION = "co_creation_session"


class Quality(StrEnum):
    """How people learn there; the questions to learners afterwards have the same names."""

    INTERACTIVE = "interactive"
    ITERATIVE = "iterative"
    COLLABORATIVE = "collaborative"


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
class ActivityFacts:
    """What is said about an activity, all of it public; `ends_on` is the last day, `language` an ISO 639 code.

    `qualities` are of `Quality`, `group_size` is how many learn together at a time (1: each alone), `topics` are
    categories of definitions.
    """

    kind: str
    title: str
    summary: str
    place: str
    language: str
    starts_on: date
    ends_on: date
    partners: tuple[str, ...] = ()
    qualities: tuple[str, ...] = ()
    group_size: int | None = None
    topics: tuple[str, ...] = ()


def may_move(state: str, to: State) -> bool:
    """Whether an activity in `state` may become `to`."""
    return to in TRANSITIONS[State(state)]


def may_plan(viewer: Viewer, organisation_id: int) -> bool:
    """Whether this person plans and changes activities of this organisation."""
    return planning_role(viewer, organisation_id) is not None


def planning_role(viewer: Viewer, organisation_id: int) -> Role | None:
    """The role in which somebody plans for an organisation; it is written down as the initiator's role."""
    return next((role for role in PLANNERS if viewer.has_role(role, organisation_id)), None)


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
        faults.append(Fault("kind", _("Choose what people do together there."), "kind"))
    faults += language_faults(facts.language) + _quality_faults(facts)
    return faults + _date_faults(facts.starts_on, facts.ends_on, today)


def _quality_faults(facts: ActivityFacts) -> list[Fault]:
    faults = []
    for where, chosen, known in (
        ("qualities", facts.qualities, {quality.value for quality in Quality}),
        ("topics", facts.topics, set(CATEGORIES)),
    ):
        if set(chosen) - known:
            faults.append(Fault(where, _("Choose from the list."), "choice"))
    if facts.group_size is None:
        return faults
    if not 1 <= facts.group_size <= MOST_TOGETHER:
        message = _("Write a number from 1 to %(most)s, or leave it empty.", most=MOST_TOGETHER)
        faults.append(Fault("group_size", message, "range"))
    elif facts.group_size == 1 and Quality.COLLABORATIVE in facts.qualities:
        message = _("You ticked that they work together: then a group has at least two.")
        faults.append(Fault("group_size", message, "alone"))
    return faults


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
