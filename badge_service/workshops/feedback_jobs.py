"""What is done some time after a workshop: learners are asked again by mail, reminded once, and their answers counted."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from badge_service.settings import Settings
from badge_service.storage import outbox
from badge_service.workshops.actions import feedback


def handlers(settings: Settings) -> dict[str, outbox.Handler]:
    """The outbox handlers of feedback, by kind."""

    def opens(session: Session, payload: Mapping[str, Any]) -> None:
        feedback.open_follow_up(session, settings, payload["run"])

    def reminds(session: Session, payload: Mapping[str, Any]) -> None:
        feedback.remind_learners(session, settings, payload["run"])

    def closes(session: Session, payload: Mapping[str, Any]) -> None:
        feedback.close_by_day(session, payload["run"])

    return {feedback.OPENS: opens, feedback.REMINDS: reminds, feedback.CLOSES: closes}
