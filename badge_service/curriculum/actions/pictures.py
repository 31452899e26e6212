"""Pictures that writers bring for a draft in place of the drawn one: taken in, thrown away again."""

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from badge_service.curriculum.actions.drafts import find_own_version
from badge_service.curriculum.rules import VersionState
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.errors import ConflictError
from badge_service.people.rules import Viewer
from badge_service.storage import audit
from badge_service.storage.session import now
from badge_service.web.pictures import keep_square

SIDE, LEAST_SIDE = 600, 400
MOST_BYTES = 5_000_000


def upload_picture(session: Session, viewer: Viewer, version_id: int, data: bytes) -> DefinitionVersion:
    """Take a PNG, JPEG or WebP picture for a draft: re-encoded as a square PNG without what the camera wrote into it.

    Raises `NotFoundError`, `ConflictError` (published), `InvalidError` with a fault at `picture` (`web.pictures`).
    """
    version = _draft(session, viewer, version_id)
    kept = keep_square(data, side=SIDE, least=LEAST_SIDE, most_bytes=MOST_BYTES)
    version.picture_png, version.picture_uploaded = kept.content, True
    _note(session, viewer, version, "definition.picture_uploaded")
    return version


def remove_picture(session: Session, viewer: Viewer, version_id: int) -> DefinitionVersion:
    """Go back to the drawn picture; raises `NotFoundError`, `ConflictError` (published)."""
    version = _draft(session, viewer, version_id)
    version.picture_png, version.picture_uploaded = None, False
    _note(session, viewer, version, "definition.picture_removed")
    return version


def _draft(session: Session, viewer: Viewer, version_id: int) -> DefinitionVersion:
    version = find_own_version(session, viewer, version_id, lock=True)
    if version.state != VersionState.DRAFT:
        message = _("A published version is never changed. Begin a new version.")
        raise ConflictError(message, code="definition.published")
    return version


def _note(session: Session, viewer: Viewer, version: DefinitionVersion, deed: str) -> None:
    version.changed_at = now(session)
    subject = f"definition:{version.definition.slug}/{version.version}"
    audit.record(session, viewer.acting_key(), deed, subject)
    session.flush()
