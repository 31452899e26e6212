"""The register's plain facts: addresses, states and sizes of what it keeps and signs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from badge_service.openbadges import did

STATUS_LIST_SIZE = 131_072
STATUS_LIST_VALIDITY = timedelta(days=7)
LIST_IS_FULL_AT = STATUS_LIST_SIZE * 3 // 4
PROOF_ALGORITHM = "EdDSA"
JWT_ALGORITHM = "RS256"
"""How a VC-JWT is signed unless the service is set to something else: what every reader of Open Badges knows."""
JWKS_PATH = "/.well-known/jwks.json"

_IN_NAMES = {"EdDSA": "ed25519", "ES256": "es256", "RS256": "rs256"}


class EditionState(StrEnum):
    """An edition is first intended (committed), then signed; nothing else can happen to it."""

    INTENDED = "intended"
    SIGNED = "signed"


class RevocationReason(StrEnum):
    """Why a status bit was set; shown to whoever checks the badge, in words of the reader's language."""

    REPLACED = "replaced"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    MISTAKE = "mistake"
    ERASED = "erased"


@dataclass(frozen=True)
class Intention:
    """One document to be signed: `content` is the unsigned credential without `id` and `credentialStatus`.

    `token` names its permanent address `<public_url>/credentials/<token>`; an intention with the token of an existing
    document is its next edition. `first` says that the token was made just now, so that nobody needs to look.
    """

    token: str
    issuer_id: int
    content: Mapping[str, Any]
    visible: bool = False
    first: bool = False


@dataclass(frozen=True)
class Published:
    """The exact bytes that the public route serves at a path."""

    body: bytes
    media_type: str
    etag: str
    gone: bool = False


def did_of(public_url: str, slug: str) -> str:
    """The `did:web` of an issuer hosted here (decisions 5): the port is percent-encoded."""
    return did.web(f"{public_url}/issuers/{slug}")


def base_url(profile: Mapping[str, Any]) -> str:
    """The address that signed documents name: it is the host of the issuer's page."""
    return str(profile["url"]).split("/issuers/", 1)[0]


def did_path(slug: str) -> str:
    """Where an issuer's DID document is served."""
    return f"/issuers/{slug}/did.json"


def status_list_path(slug: str, number: int) -> str:
    """Where an issuer's status list is served."""
    return f"/issuers/{slug}/status/{number}.json"


def as_jwt(path: str) -> str:
    """Where the VC-JWT form of a published document lies, beside its `.json`."""
    return path.removesuffix(".json") + ".jwt"


def key_path(slug: str, fragment: str) -> str:
    """Where the bare JWK of one of an issuer's keys is served."""
    return f"/issuers/{slug}/keys/{fragment}.json"


def credential_path(token: str) -> str:
    """The page of a badge; machines fetch the same address + `.json`."""
    return f"/credentials/{token}"


def key_name(slug: str, algorithm: str, year: int, serial: int) -> str:
    """The name of a private key: one an organisation, algorithm and calendar year."""
    return f"{slug}-{_IN_NAMES[algorithm]}-{year}" + (f"-{serial}" if serial > 1 else "")
