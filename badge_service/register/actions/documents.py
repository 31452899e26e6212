"""Finds documents and their editions."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from badge_service.errors import NotFoundError
from badge_service.register.rules import EditionState
from badge_service.register.tables import Document, Edition
from badge_service.storage.bulk import one_of


def find_document(session: Session, token: str) -> Document:
    """The document at this address; raises `NotFoundError`."""
    document = session.scalar(select(Document).where(Document.token == token))
    if document is None:
        raise NotFoundError("There is no such document.", code="document.missing")
    return document


def newest_edition(session: Session, token: str) -> Edition | None:
    """The newest edition of a document, signed already or not."""
    return session.scalars(
        select(Edition)
        .join(Document, Document.id == Edition.document_id)
        .where(Document.token == token)
        .order_by(Edition.number.desc())
        .limit(1)
    ).first()


def current_edition(session: Session, token: str) -> Edition | None:
    """The newest signed edition of a document, or `None` while the first still waits for its signature."""
    return session.scalars(
        select(Edition)
        .join(Document, Document.id == Edition.document_id)
        .where(Document.token == token, Edition.state == EditionState.SIGNED.value)
        .order_by(Edition.number.desc())
        .limit(1)
    ).first()


def unsigned_count(session: Session, tokens: Sequence[str] = ()) -> int:
    """How many editions still wait for their signature."""
    waiting = select(func.count()).select_from(Edition).where(Edition.state == EditionState.INTENDED.value)
    if tokens:
        waiting = waiting.join(Document, Document.id == Edition.document_id).where(
            one_of(session, Document.token, tokens)
        )
    return session.scalar(waiting) or 0
