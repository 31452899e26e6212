"""Lets a badge be given anew to a learner who declined it by mistake."""

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from badge_service.awards.actions.locking import lock_award
from badge_service.awards.actions.teaching import find_teachers_award
from badge_service.awards.rules import AwardState
from badge_service.awards.tables import Award
from badge_service.errors import ConflictError
from badge_service.people.rules import Viewer
from badge_service.storage import audit
from badge_service.storage.session import now


def let_again(session: Session, viewer: Viewer, award_token: str) -> Award:
    """Say that the learner wants the badge after all: where it was given, they can be awarded it anew.

    What was declined stays withdrawn for ever; a new award is a new badge. Only a person of the school who was told so by
    the learner does this: no link of an ended badge leads anywhere. Raises `NotFoundError` for a foreign award,
    `ConflictError` for one that was not declined or belongs to no class list.
    """
    lock_award(session, award_token)
    award = find_teachers_award(session, viewer, award_token)
    if award.state != AwardState.DECLINED or award.activity_id is None:
        raise ConflictError(_("This badge was not declined."), code="award.not_declined")
    if award.reopened_at is None:
        award.reopened_at = now(session)
        audit.record(session, viewer.acting_key(), "award.let_again", f"award:{award.token}")
        session.flush()
    return award
