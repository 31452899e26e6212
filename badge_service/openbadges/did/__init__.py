"""DIDs and addresses of issuers: where their documents lie, how ours look, and whether a key truly belongs to an issuer."""

from badge_service.openbadges.did.documents import (
    ASSERTION,
    DID_CONTEXT,
    MAX_DOCUMENT_BYTES,
    did_document,
    jwk_document,
    key_in,
)
from badge_service.openbadges.did.jose_keys import resolve_jose_key
from badge_service.openbadges.did.names import (
    CannotResolve,
    Fetch,
    Fetched,
    NotTheIssuersKey,
    did_jwk,
    did_key,
    document_url,
    domain,
    jwks_url,
    web,
)
from badge_service.openbadges.did.resolving import resolve_key

__all__ = [
    "ASSERTION",
    "DID_CONTEXT",
    "MAX_DOCUMENT_BYTES",
    "CannotResolve",
    "Fetch",
    "Fetched",
    "NotTheIssuersKey",
    "did_document",
    "did_jwk",
    "did_key",
    "document_url",
    "domain",
    "jwk_document",
    "jwks_url",
    "key_in",
    "resolve_jose_key",
    "resolve_key",
    "web",
]
