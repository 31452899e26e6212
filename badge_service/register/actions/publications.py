"""Keeps the bytes that are served at fixed addresses, and reads our own addresses without asking ourselves over HTTP."""

import hashlib
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.errors import InvalidError, NotFoundError
from badge_service.openbadges.proofs import vc_jwt
from badge_service.register.actions.documents import current_edition
from badge_service.register.actions.keys import jwk_set
from badge_service.register.rules import JWKS_PATH, Published, as_jwt, credential_path
from badge_service.register.tables import Edition, EditionJwt, Publication
from badge_service.storage.session import Database, now

CREDENTIAL_MEDIA_TYPE = "application/vc+ld+json"
_SERVED = select(Publication.body, Publication.media_type, Publication.digest, Publication.gone_at)


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


def publish_edition(session: Session, edition: Edition) -> None:
    """Serve this edition at its document's address if anybody is served there; its older JWT is not served any more."""
    path = f"{credential_path(edition.content['id'].rsplit('/', 1)[1])}.json"
    if edition.visible or session.get(Publication, path) is not None:
        text = edition.signed_text or ""
        publish(session, path, text.encode(), CREDENTIAL_MEDIA_TYPE, visible=edition.visible)
    older = session.get(Publication, as_jwt(path))
    if older is not None:
        session.delete(older)


def publish_jwt(session: Session, edition: Edition, made: EditionJwt) -> None:
    """Serve an edition's VC-JWT beside its JSON, as visible as that; nothing while the JSON is served to nobody."""
    path = f"{credential_path(edition.content['id'].rsplit('/', 1)[1])}.json"
    row = session.get(Publication, path)
    current = current_edition(session, _badge_at(path))
    is_current = current is not None and current.id == edition.id
    if row is not None and row.gone_at is None and is_current and made.text is not None:
        publish(session, as_jwt(path), made.text.encode(), vc_jwt.BADGE_MEDIA_TYPE, visible=row.visible)


def set_visible(session: Session, path: str, visible: bool) -> None:
    """Show or hide what is published at `path`, with the JWT beside it; raises `NotFoundError` when there is nothing.

    A badge is first published when it is first shown: of most badges of a bulk nobody is ever served the bytes.
    """
    for row in _rows_at(session, path):
        row.visible = visible


def mark_gone(session: Session, path: str) -> None:
    """Take the bytes away for ever; a visible address answers “gone” from now on, a hidden one as an unknown one."""
    for row in _rows_at(session, path):
        row.body, row.digest, row.gone_at = b"", hashlib.sha256(b"").hexdigest(), now(session)


def _rows_at(session: Session, path: str) -> list[Publication]:
    """What is published at `path`, and the JWT beside it."""
    row = session.get(Publication, path) or _publish_badge(session, path)
    beside = session.get(Publication, as_jwt(path)) if _badge_at(path) else None
    return [row] if beside is None else [row, beside]


def _publish_badge(session: Session, path: str) -> Publication:
    """Hidden, until the caller shows it."""
    edition = current_edition(session, _badge_at(path))
    if edition is None or edition.signed_text is None:
        raise NotFoundError(f"Nothing is published at {path}.", code="publication.missing")
    publish(session, path, edition.signed_text.encode(), CREDENTIAL_MEDIA_TYPE, visible=False)
    made = session.get(EditionJwt, edition.id)
    if made is not None:
        publish_jwt(session, edition, made)
    return session.get_one(Publication, path)


def _badge_at(path: str) -> str:
    """The token of the badge whose document is served at `path`; empty for any other path."""
    before, after = credential_path(""), ".json"
    is_badge = path.startswith(before) and path.endswith(after) and "/" not in path[len(before) :]
    return path[len(before) : -len(after)] if is_badge else ""


def read_published(session: Session, path: str) -> Published | None:
    """What a stranger gets at `path`: the bytes, a gone mark, or `None` for unknown and hidden ones alike."""
    if path == JWKS_PATH:
        return jwk_set(session)
    wanted = Publication.path == path, Publication.visible
    row = session.execute(_SERVED.where(*wanted)).one_or_none()
    return None if row is None else Published(row[0], row[1], row[2], gone=row[3] is not None)


class OwnReader:
    """Reads our own published addresses in process: exactly what the public route serves, or `NotFoundError`."""

    def __init__(self, database: Database, *addresses: str) -> None:
        self._database = database
        self._hosts = frozenset(urlsplit(address).netloc for address in addresses)

    def owns(self, url: str) -> bool:
        """Whether `url` is on one of our own hosts; what is no address is nobody's."""
        try:
            return urlsplit(url).netloc in self._hosts
        except ValueError:
            return False

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
    with database.reading() as session:
        keys = jwk_set(session)
        _write(folder / host / JWKS_PATH.lstrip("/"), keys.body)
        count = 1
        shown = select(Publication).where(Publication.visible, Publication.gone_at.is_(None))
        for row in session.scalars(shown.order_by(Publication.path).execution_options(yield_per=200)):
            _write(folder / host / row.path.lstrip("/"), row.body)
            count += 1
    return count


def _write(file: Path, body: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(body)
