"""Forgets, some time after, what learners said at the door of a workshop."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from badge_service.settings import Settings
from badge_service.storage import outbox
from badge_service.workshops import actions


def handlers(settings: Settings) -> dict[str, outbox.Handler]:
    """The outbox handlers of checking in, by kind."""

    def forget(session: Session, payload: Mapping[str, Any]) -> None:
        actions.forget_request(session, payload["request"], settings.evidence_folder)

    return {actions.FORGET: forget}
