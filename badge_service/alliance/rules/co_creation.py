"""What must be filled in about a co-creation session, its rights agreement, and who agreed to it when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from badge_service.curriculum.rules.teams import SECTORS
from badge_service.errors import Fault
from badge_service.web.texts import list_faults, text_faults

EARLIEST = date(2000, 1, 1)
LONGEST_AGREEMENT = 20_000


@dataclass(frozen=True)
class CoCreationFacts:
    """What a session says beside its activity: a role is a line such as "Makers: sketch three handles"."""

    challenge: str
    roles: tuple[str, ...]
    outputs: str
    sectors: tuple[str, ...]


def co_creation_faults(facts: CoCreationFacts, partners: Sequence[str]) -> list[Fault]:
    """Everything wrong with what is said about a session whose activity names these partners."""
    faults = text_faults("challenge", facts.challenge, 3000, lines=True)
    faults += list_faults("roles", facts.roles, 20, 200)
    faults += text_faults("outputs", facts.outputs, 3000, lines=True, needed=False)
    if not facts.roles:
        faults.append(Fault("roles", _("Say at least of one side what it does."), "required"))
    if not partners:
        message = _("Name the partner who brings the challenge.")
        faults.append(Fault("partners", message, "required"))
    if not set(facts.sectors) <= set(SECTORS):
        faults.append(Fault("sectors", _("Choose from the list."), "sector"))
    return faults


def agreement_faults(text: str) -> list[Fault]:
    """What is wrong with the text of a rights agreement."""
    return text_faults("text", text, LONGEST_AGREEMENT, lines=True)


def assent_faults(party: str, agreed_on: date | None, today: date) -> list[Fault]:
    """What is wrong with writing down that a party agreed."""
    faults = text_faults("party", party, 160)
    if agreed_on is None or not EARLIEST <= agreed_on <= today:
        faults.append(
            Fault("agreed_on", _("Give the day on which they agreed; it cannot be in the future."), "date")
        )
    return faults


def sectors_bridged(sectors: Sequence[str]) -> int:
    """How many fields of work met (source B: cross-sectoral collaborations)."""
    return len(set(sectors))
