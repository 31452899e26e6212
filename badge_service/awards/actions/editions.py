"""The later editions of an award: same address, same decision, another name in it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.awards.rules import next_edition
from badge_service.awards.tables import Award
from badge_service.register import actions as register
from badge_service.register.rules import Intention
from badge_service.register.tables import Document, Edition
from badge_service.storage.session import now


def latest_content(session: Session, award: Award) -> Mapping[str, Any]:
    """What the newest edition says, signed already or still waiting for its signature."""
    content: Mapping[str, Any] = session.execute(
        select(Edition.content)
        .join(Document, Document.id == Edition.document_id)
        .where(Document.token == award.token)
        .order_by(Edition.number.desc())
        .limit(1)
    ).scalar_one()
    return content


def intend_next(session: Session, award: Award, content: Mapping[str, Any], *, name: str | None) -> Edition:
    """Intend the next edition, with this name in it or none; the older one is replaced when the new one is signed."""
    document = register.find_document(session, award.token)
    following = next_edition(content, valid_from=now(session), name=name)
    return register.intend(session, [Intention(award.token, document.issuer_id, following)])[0]
