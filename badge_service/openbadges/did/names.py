"""The names of issuers: where the document behind each lies, and the DIDs that carry their key in their own name.

Follows: did:web method; did:key method; did:jwk method.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from badge_service.errors import InvalidError
from badge_service.openbadges import public_key, strict_json
from badge_service.openbadges.multibase import decode_base64url, encode_base64url
from badge_service.openbadges.public_key import PublicKey

MAX_ID_CHARACTERS = 500
MAX_DID_JWK_CHARACTERS = 4_000

_DID_WEB = re.compile(r"did:web:[A-Za-z0-9.%_-]+(:[A-Za-z0-9.%_~-]+)*\Z")
_HTTPS = re.compile(r"https://[A-Za-z0-9][A-Za-z0-9.-]*(:\d{1,5})?(/[!-~]*)?\Z")
_LOCALHOST = re.compile(r"http://localhost(:\d{1,5})?(/[!-~]*)?\Z")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:\d{1,5})?\Z")


@dataclass(frozen=True)
class Fetched:
    """What stands at an address: its bytes and the media type that the server named."""

    body: bytes
    media_type: str


Fetch = Callable[[str], Fetched]
"""Reads an address; raises NotFoundError (nothing there) or UnavailableError (no answer, or not allowed)."""


class NotTheIssuersKey(InvalidError):
    """The key does not belong to the issuer, or not for signing badges."""

    code = "key_not_issuers"


class CannotResolve(InvalidError):
    """We have no means to find out: an unknown method, an unreadable document, another kind of key."""

    code = "key_unknown"


def web(address: str) -> str:
    """The did:web of a web address, such as `https://host:8000/issuers/slug` (which has no `did.json`)."""
    parts = urlsplit(address)
    path = [quote(unquote(step), safe="") for step in parts.path.split("/") if step]
    return ":".join(["did:web", parts.netloc.replace(":", "%3A"), *path])


def document_url(issuer_id: str) -> str:
    """Where the document of `issuer_id` (did:web or https address) lies; raises CannotResolve.

    `localhost` is reached by http, as only a demonstration on the reader's own machine is called so.
    """
    if len(issuer_id) > MAX_ID_CHARACTERS:
        raise CannotResolve("This issuer's address is not well-formed.", code="did_malformed")
    if not issuer_id.startswith("did:web:"):
        if _HTTPS.match(issuer_id):
            return issuer_id.partition("#")[0]
        raise CannotResolve("We cannot look up issuers of this kind.", code="did_method_unsupported")
    host, *path = issuer_id.removeprefix("did:web:").split(":")
    host = unquote(host)
    if (
        not _DID_WEB.match(issuer_id)
        or not _HOST.match(host)
        or any(unquote(p) in ("", ".", "..") for p in path)
    ):
        raise CannotResolve("This issuer's address is not well-formed.", code="did_malformed")
    scheme = "http" if host.split(":")[0] == "localhost" else "https"
    return f"{scheme}://{host}/{'/'.join(path) or '.well-known'}/did.json"


def jwks_url(issuer_id: str) -> str:
    """Where the host of `issuer_id` (did:web or https address) lists its issuers' keys; raises CannotResolve."""
    parts = urlsplit(document_url(issuer_id))
    return f"{parts.scheme}://{parts.netloc}/.well-known/jwks.json"


def is_address(name: str) -> bool:
    """Whether `name` is a web address that we would read: https, or http on the reader's own machine (`localhost`)."""
    pattern = _LOCALHOST if name.startswith("http:") else _HTTPS
    return len(name) <= MAX_ID_CHARACTERS and pattern.match(name) is not None


def domain(issuer_id: str) -> str:
    """The host (with its port) that vouches for `issuer_id`; empty for issuers that have none."""
    try:
        return urlsplit(document_url(issuer_id)).netloc
    except (CannotResolve, ValueError):
        return ""


def did_key(key: PublicKey) -> str:
    """The did:key of an Ed25519 or ECDSA public key; raises InvalidError for RSA."""
    return f"did:key:{key.multikey}"


def did_jwk(key: PublicKey) -> str:
    """The did:jwk of a public key of any kind."""
    return f"did:jwk:{encode_base64url(json.dumps(key.jwk(), separators=(',', ':')).encode())}"


def inherent_key(did: str) -> tuple[str, PublicKey] | None:
    """The one verification method (full DID URL) and key that a did:key or did:jwk is; None for all other names.

    Raises CannotResolve, and InvalidError `weak_key` or `private_key`.
    """
    if did.startswith("did:key:"):
        encoded = did.removeprefix("did:key:")
        return f"{did}#{encoded}", readable_key(lambda: public_key.from_multikey(encoded))
    if did.startswith("did:jwk:"):
        return f"{did}#0", readable_key(lambda: _from_did_jwk(did))
    return None


def readable_key(read: Callable[[], PublicKey]) -> PublicKey:
    """What `read` gives; a key that we cannot read is one that we cannot resolve, a dangerous one stays a fault."""
    try:
        return read()
    except InvalidError as error:
        if error.code in ("weak_key", "private_key"):
            raise
        raise CannotResolve("The issuer's key is of a kind that we cannot check.", code=error.code) from error


def _from_did_jwk(did: str) -> PublicKey:
    if len(did) > MAX_DID_JWK_CHARACTERS:
        raise InvalidError("This is no did:jwk.", code="key_malformed")
    try:
        jwk = strict_json.loads(decode_base64url(did.removeprefix("did:jwk:")))
    except InvalidError as error:
        raise InvalidError("This is no did:jwk.", code="key_malformed") from error
    if not isinstance(jwk, dict):
        raise InvalidError("This is no did:jwk.", code="key_malformed")
    return public_key.from_jwk(jwk)
