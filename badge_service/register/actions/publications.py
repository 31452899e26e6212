"""Keeps the bytes that are served at fixed addresses, and reads our own addresses without asking ourselves over HTTP."""

import hashlib
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.errors import InvalidError, NotFoundError
from badge_service.register.rules import Published
from badge_service.register.tables import Publication
from badge_service.storage.session import Database, now


def publish(session: Session, path: str, body: bytes, media_type: str, *, visible: bool = True) -> None:
    """Serve exactly `body` at `path` from this transaction's commit on; an existing publication keeps its visibility.

    Raises `InvalidError` for a path that a dumb static host could not serve.
    """
    if not path.startswith("/") or any(sign in path for sign in ("?", "#", "..", "//", "\\")):
        raise InvalidError(f"“{path}” cannot be published.", code="publication.path")
    row = session.get(Publication, path)
    if row is None:
        row = Publication(path=path, visible=visible)
        session.add(row)
    row.body, row.media_type, row.digest = body, media_type, hashlib.sha256(body).hexdigest()
    row.changed_at, row.gone_at = now(session), None


def set_visible(session: Session, path: str, visible: bool) -> None:
    """Show or hide what is published at `path`; raises `NotFoundError` when there is nothing."""
    _row(session, path).visible = visible


def mark_gone(session: Session, path: str) -> None:
    """Take the bytes away for ever; a visible address answers “gone” from now on, a hidden one as an unknown one."""
    row = _row(session, path)
    row.body, row.digest, row.gone_at = b"", hashlib.sha256(b"").hexdigest(), now(session)


def read_published(session: Session, path: str) -> Published | None:
    """What a stranger gets at `path`: the bytes, a gone mark, or `None` for unknown and hidden ones alike."""
    row = session.get(Publication, path)
    if row is None or not row.visible:
        return None
    return Published(row.body, row.media_type, row.digest, gone=row.gone_at is not None)


class OwnReader:
    """Reads our own published addresses in process: exactly what the public route serves, or `NotFoundError`."""

    def __init__(self, database: Database, *addresses: str) -> None:
        self._database = database
        self._hosts = frozenset(urlsplit(address).netloc for address in addresses)

    def owns(self, url: str) -> bool:
        """Whether `url` is on one of our own hosts."""
        return urlsplit(url).netloc in self._hosts

    def read(self, url: str) -> Published:
        """The published bytes at `url`; raises `NotFoundError` for what is unknown, hidden or gone."""
        parts = urlsplit(url)
        with self._database.reading() as session:
            found = None if parts.query else read_published(session, parts.path)
        if found is None or found.gone:
            raise NotFoundError(f"There is nothing at {url}.", code="publication.missing")
        return found


def write_folder(database: Database, folder: Path, host: str) -> int:
    """Write every visible publication to `folder/host/path`, as a static host would hold it; returns how many."""
    count = 0
    with database.reading() as session:
        shown = select(Publication).where(Publication.visible, Publication.gone_at.is_(None))
        for row in session.scalars(shown.order_by(Publication.path).execution_options(yield_per=200)):
            target = folder / host / row.path.lstrip("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(row.body)
            count += 1
    return count


def _row(session: Session, path: str) -> Publication:
    row = session.get(Publication, path)
    if row is None:
        raise NotFoundError(f"Nothing is published at {path}.", code="publication.missing")
    return row
