"""The later editions of an award: same address, same decision, another name in it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from badge_service.awards.rules import next_edition
from badge_service.awards.tables import Award
from badge_service.register import actions as register
from badge_service.register.rules import Intention
from badge_service.storage.session import now


def latest_content(session: Session, award: Award) -> Mapping[str, Any]:
    """What the newest edition says, signed already or still waiting for its signature."""
    newest = register.newest_edition(session, award.token)
    assert newest is not None  # an award and its first edition are written in one transaction
    return newest.content


def intend_next(session: Session, award: Award, content: Mapping[str, Any], *, name: str | None) -> None:
    """Intend the next edition, with this name in it or none; the older one is replaced when the new one is signed."""
    document = register.find_document(session, award.token)
    following = next_edition(content, valid_from=now(session), name=name)
    register.intend(session, [Intention(award.token, document.issuer_id, following)])
