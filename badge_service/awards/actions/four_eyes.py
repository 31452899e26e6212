"""The second person for what is more than one may award in a day: never who decided, never who gets a badge by it.

Batches and files from elsewhere keep to the same rules in the same words.
"""

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.errors import Fault, NotAllowedError
from badge_service.people.rules import Viewer
from badge_service.people.tables import Person
from badge_service.web.texts import LONGEST_REASON, text_faults


def require_another(viewer: Viewer, *deciders: str | None) -> None:
    """Raise `NotAllowedError` (`four_eyes`) for whoever is among those who decided (keys)."""
    if viewer.acting_key() in deciders:
        raise NotAllowedError(
            _("You decided this yourself. Somebody else has to confirm it."),
            code="four_eyes",
            hint=_("Ask a colleague who teaches this workshop, or an administrator of your organisation."),
        )


def refuse_own(*, is_named: bool) -> None:
    """Raise `NotAllowedError` (`four_eyes`) for whoever is among those who would get the badge."""
    if is_named:
        raise NotAllowedError(_("Nobody confirms their own badge."), code="four_eyes")


def reason_faults(reason: str) -> list[Fault]:
    """What is wrong with the words by which somebody says no, or why awards of long ago come now."""
    return text_faults("reason", reason, LONGEST_REASON, lines=True)


def first_person(session: Session, key: str) -> str:
    """The name of who decided, for the second person to ask; empty when nobody has it any more."""
    return session.scalar(select(Person.name).where(Person.key == key)) or ""
