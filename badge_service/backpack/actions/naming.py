"""Putting one's name into a badge or taking it out: a new edition at the same address, the older one replaced."""

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from badge_service.awards.actions import intend_next, latest_content, school_name
from badge_service.awards.actions.claiming import NAME_CONSENT, NAME_TEXT_VERSION
from badge_service.awards.rules import AwardState
from badge_service.backpack.actions.own_badges import hold_own_award
from badge_service.errors import ConflictError
from badge_service.people.actions import give_consent, standing_consents, withdraw_consent
from badge_service.people.rules import Viewer
from badge_service.storage import audit


def set_name(
    session: Session, viewer: Viewer, token: str, *, with_name: bool, how: str = "badge page"
) -> bool:
    """Intend an edition of the viewer's badge with the name as the school wrote it, or without; the door signs it.

    Returns whether anything changes. Raises `NotFoundError` for a badge that is not the viewer's, `ConflictError` for one
    that is not accepted or was withdrawn.
    """
    actor = viewer.acting_key()
    award = hold_own_award(session, viewer, token)
    if award.state != AwardState.ACCEPTED:
        raise ConflictError(
            _("This badge cannot be changed: it is not accepted, or it was withdrawn."), code="badge.state"
        )
    name = school_name(session, award) if with_name else None
    if name == award.name_on_badge:
        return False
    intend_next(session, award, latest_content(session, award), name=name)
    award.name_on_badge = name
    _record_consent(session, viewer, token, with_name, how)
    audit.record(session, actor, "badge.name", f"award:{token}", with_name=with_name)
    return True


def _record_consent(session: Session, viewer: Viewer, token: str, with_name: bool, how: str) -> None:
    subject = f"award:{token}"
    if with_name:
        give_consent(
            session, viewer, kind=NAME_CONSENT, subject=subject, text_version=NAME_TEXT_VERSION, how=how
        )
    elif any(consent.subject == subject for consent in standing_consents(session, viewer, NAME_CONSENT)):
        withdraw_consent(session, viewer, kind=NAME_CONSENT, subject=subject)
