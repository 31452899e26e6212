"""What is done a year after a survey was closed: single answers are deleted, the counts stay."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from badge_service.storage import outbox
from badge_service.surveys import actions


def _forget(session: Session, payload: Mapping[str, Any]) -> None:
    actions.forget_answers(session, payload["run"])


HANDLERS: outbox.Handlers = {actions.FORGET: _forget}
"""The outbox handlers of this room, by kind."""
