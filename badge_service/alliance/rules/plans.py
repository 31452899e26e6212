"""What an action of a plan may be: tracks, states and their transitions, and what must be filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from flask_babel import gettext as _

from badge_service.errors import Fault
from badge_service.web.texts import LONGEST_REASON, text_faults

EARLIEST = date(2000, 1, 1)
FARTHEST = timedelta(days=10 * 366)


class Track(StrEnum):
    """The two tracks of a team's plan (source B: action plans for business models and emerging technologies)."""

    BUSINESS_MODEL = "business_model"
    EMERGING_TECHNOLOGY = "emerging_technology"


class ActionState(StrEnum):
    """Where an action stands."""

    OPEN = "open"
    DOING = "doing"
    DONE = "done"
    DROPPED = "dropped"


UNFINISHED = (ActionState.OPEN, ActionState.DOING)
STEPS: Mapping[ActionState, tuple[ActionState, ...]] = {
    ActionState.OPEN: (ActionState.DOING, ActionState.DONE, ActionState.DROPPED),
    ActionState.DOING: (ActionState.DONE, ActionState.OPEN, ActionState.DROPPED),
    ActionState.DONE: (ActionState.DOING,),
    ActionState.DROPPED: (ActionState.OPEN,),
}


@dataclass(frozen=True)
class ActionFacts:
    """What is said about an action; `owner` is the token of a member of the team, or empty where an organisation owns it.

    `alliance` is the slug of an alliance whose action it is as well, or empty.
    """

    track: str
    title: str
    goal: str
    due_on: date
    owner: str = ""
    owner_organisation: str = ""
    alliance: str = ""


def action_faults(facts: ActionFacts, today: date) -> list[Fault]:
    """Everything wrong with what is said about an action, seen from `today`."""
    faults = text_faults("title", facts.title, 160)
    faults += text_faults("goal", facts.goal, 2000, lines=True)
    faults += text_faults("owner_organisation", facts.owner_organisation, 160, needed=False)
    if facts.track not in {track.value for track in Track}:
        faults.append(Fault("track", _("Choose one of the two tracks."), "track"))
    if not facts.owner and not facts.owner_organisation.strip():
        message = _(
            "Choose a member of the team, or name an organisation: an action without owner is nobody's."
        )
        faults.append(Fault("owner", message, "owner"))
    if facts.owner and facts.owner_organisation.strip():
        faults.append(Fault("owner", _("Name one owner: a member of the team or an organisation."), "owner"))
    if not EARLIEST <= facts.due_on <= today + FARTHEST:
        faults.append(Fault("due_on", _("This date is too far away. Check the year."), "date"))
    return faults


def step_faults(state: str, to: str, reason: str) -> list[Fault]:
    """What is wrong with moving an action on: a step that does not exist, dropped without a reason."""
    if to not in {next_one.value for next_one in STEPS[ActionState(state)]}:
        return [Fault("to", _("This step is not possible from here."), "state")]
    needed = to == ActionState.DROPPED.value
    if needed and not reason.strip():
        return [
            Fault(
                "reason", _("Say why it is dropped, so that nobody starts it again unknowingly."), "required"
            )
        ]
    return text_faults("reason", reason, LONGEST_REASON, lines=True, needed=False)


def is_late(state: str, due_on: date, today: date) -> bool:
    """Whether an unfinished action is past its date."""
    return state in UNFINISHED and due_on < today
