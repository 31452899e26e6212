"""What other rooms ask of the register: open an issuer, intend and sign documents, revoke, publish, read back."""

from badge_service.register.actions.documents import (
    current_edition,
    find_document,
    newest_edition,
    unsigned_count,
)
from badge_service.register.actions.intending import intend
from badge_service.register.actions.issuers import find_issuer, open_issuer, set_profile
from badge_service.register.actions.jwts import current_jwt, want_jwt
from badge_service.register.actions.publications import (
    OwnReader,
    mark_gone,
    publish,
    read_published,
    set_visible,
    write_folder,
)
from badge_service.register.actions.signing import sign_intended
from badge_service.register.actions.status import (
    Explanation,
    explain,
    open_new_lists,
    refresh_status_lists,
    revoke,
    revoke_many,
)

__all__ = [
    "Explanation",
    "OwnReader",
    "current_edition",
    "current_jwt",
    "explain",
    "find_document",
    "find_issuer",
    "intend",
    "mark_gone",
    "newest_edition",
    "open_issuer",
    "open_new_lists",
    "publish",
    "read_published",
    "refresh_status_lists",
    "revoke",
    "revoke_many",
    "set_profile",
    "set_visible",
    "sign_intended",
    "unsigned_count",
    "want_jwt",
    "write_folder",
]
