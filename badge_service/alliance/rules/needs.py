"""What an industry need may be: states, who may log and change one, and what must be filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import gettext as _

from badge_service.errors import Fault
from badge_service.people.rules import Role
from badge_service.web.texts import language_faults, text_faults

LOGGERS = (Role.MEMBER, Role.LET_LEAD)
MOST_ITEMS = 12
MANY = 3
"""From this many answers on, a need counts as an overlap: several badges teach the same."""


class NeedState(StrEnum):
    """Where a need stands."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


NEXT_STATES: Mapping[NeedState, tuple[NeedState, ...]] = {
    NeedState.OPEN: (NeedState.ANSWERED, NeedState.CLOSED),
    NeedState.ANSWERED: (NeedState.OPEN, NeedState.CLOSED),
    NeedState.CLOSED: (NeedState.OPEN,),
}


@dataclass(frozen=True)
class NeedFacts:
    """What is said about a need; all of it is public but a company that did not agree to be named."""

    title: str
    text: str
    language: str
    for_company: bool = False
    company: str = ""
    company_agreed: bool = False


@dataclass(frozen=True)
class Hit:
    """A published definition that shares items of frameworks with a need: `shared` of the need's `asked` ones."""

    need_id: int
    definition_id: int
    shared: int
    asked: int

    @property
    def is_whole(self) -> bool:
        """Whether the definition teaches everything that the need asks for."""
        return self.shared == self.asked


def need_faults(facts: NeedFacts) -> list[Fault]:
    """Everything wrong with what is said about a need."""
    faults = text_faults("title", facts.title, 160)
    faults += text_faults("text", facts.text, 3000, lines=True)
    faults += language_faults(facts.language)
    faults += text_faults("company", facts.company, 160, needed=False)
    if facts.company.strip() and not facts.for_company:
        message = _("Choose “a company of the region” above, or leave this empty.")
        faults.append(Fault("company", message, "company"))
    if facts.company.strip() and facts.for_company and not facts.company_agreed:
        message = _("Tick that the company agreed, or leave its name out: the list is public.")
        faults.append(Fault("company_agreed", message, "agreement"))
    return faults
