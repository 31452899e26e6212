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
    document is its next edition.
    """

    token: str
    issuer_id: int
    content: Mapping[str, Any]
    visible: bool = False


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


def did_path(slug: str) -> str:
    """Where an issuer's DID document is served."""
    return f"/issuers/{slug}/did.json"


def status_list_path(slug: str, number: int) -> str:
    """Where an issuer's status list is served."""
    return f"/issuers/{slug}/status/{number}.json"


def as_jwt(path: str) -> str:
    """Where the VC-JWT form of a published document lies, beside its `.json`."""
    return path.removesuffix(".json") + ".jwt"


def credential_path(token: str) -> str:
    """The page of a badge; machines fetch the same address + `.json`."""
    return f"/credentials/{token}"


def key_name(slug: str, year: int, serial: int) -> str:
    """The name of a private key: one an organisation, algorithm and calendar year."""
    return f"{slug}-ed25519-{year}" + (f"-{serial}" if serial > 1 else "")
