"""DIDs of issuers: where their documents lie, how ours look, and whether a key truly belongs to the issuer it is used for.

Follows: did:web method; did:key method; Controlled Identifiers 1.0, sections 2 and 3.3 (Retrieve Verification Method).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from badge_service.errors import InvalidError
from badge_service.openbadges import public_key, strict_json
from badge_service.openbadges.contexts import MULTIKEY
from badge_service.openbadges.public_key import PublicKey

DID_CONTEXT = "https://www.w3.org/ns/did/v1"
MAX_DOCUMENT_BYTES = 256 * 1024
MAX_ID_CHARACTERS = 500

_DID_WEB = re.compile(r"did:web:[A-Za-z0-9.%_-]+(:[A-Za-z0-9.%_~-]+)*\Z")
_HTTPS = re.compile(r"https://[A-Za-z0-9][A-Za-z0-9.-]*(:\d{1,5})?(/[!-~]*)?\Z")
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


def domain(issuer_id: str) -> str:
    """The host (with its port) that vouches for `issuer_id`; empty for issuers that have none."""
    try:
        return urlsplit(document_url(issuer_id)).netloc
    except (CannotResolve, ValueError):
        return ""


def did_document(did: str, keys: Sequence[tuple[str, PublicKey]]) -> dict[str, Any]:
    """The document to publish for `did`: `keys` are (fragment, Ed25519 or ECDSA public key).

    All of them may sign badges (assertionMethod), named by their full DID URLs as plain text.
    """
    methods = [
        {
            "id": f"{did}#{fragment}",
            "type": "Multikey",
            "controller": did,
            "publicKeyMultibase": key.multikey,
        }
        for fragment, key in keys
    ]
    return {
        "@context": [DID_CONTEXT, MULTIKEY],
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


def did_key(key: PublicKey) -> str:
    """The did:key of an Ed25519 or ECDSA public key."""
    return f"did:key:{key.multikey}"


def resolve_key(verification_method: str, issuer_id: str, fetch: Fetch) -> PublicKey:
    """The public key behind `verification_method`, once it is sure that `issuer_id` signs badges with it.

    The binding goes both ways: the method is in the issuer's OWN document (whose id is the issuer's), under
    assertionMethod, and names the issuer as its controller. A fragment alone proves nothing. Raises
    NotTheIssuersKey, CannotResolve, InvalidError `weak_key`, and whatever `fetch` raises.
    """
    owner, _, fragment = verification_method.partition("#")
    if owner != issuer_id:
        raise NotTheIssuersKey("The key that signed this belongs to somebody else than the issuer it names.")
    if issuer_id.startswith("did:key:"):
        return _did_key_bytes(issuer_id, fragment)
    fetched = fetch(document_url(issuer_id))
    return key_in(_readable(fetched.body), verification_method, issuer_id)


def key_in(document: Mapping[str, Any], verification_method: str, issuer_id: str) -> PublicKey:
    """The key that the issuer's `document` lists as `verification_method` for assertions; raises as above."""
    if document.get("id") != issuer_id:
        raise NotTheIssuersKey("The issuer's key document is about somebody else.", code="did_document_id")
    listed = _entries(document.get("assertionMethod"))
    if not any(entry == verification_method or _id(entry) == verification_method for entry in listed):
        raise NotTheIssuersKey(
            "The issuer does not sign badges with this key.", code="verification_relationship"
        )
    candidates = _entries(document.get("verificationMethod")) + listed
    methods = [entry for entry in candidates if _id(entry) == verification_method]
    if not methods:
        raise NotTheIssuersKey("The issuer's key document does not hold this key.", code="key_not_listed")
    method = methods[0]
    if len(methods) > 1 or method.get("controller") != issuer_id:
        raise NotTheIssuersKey("The key is not under the issuer's control.", code="key_controller")
    return _method_bytes(method)


def _did_key_bytes(did: str, fragment: str) -> PublicKey:
    encoded = did.removeprefix("did:key:")
    if fragment != encoded:
        raise NotTheIssuersKey("A did:key has one key only, and this is another.")
    return _decoded(encoded)


def _method_bytes(method: Mapping[str, Any]) -> PublicKey:
    if method.get("type") not in ("Multikey", "Ed25519VerificationKey2020"):
        raise CannotResolve("This kind of key we cannot check.", code="key_unsupported")
    encoded = method.get("publicKeyMultibase")
    if not isinstance(encoded, str):
        raise CannotResolve("The issuer's key cannot be read.", code="key_malformed")
    return _decoded(encoded)


def _decoded(encoded: str) -> PublicKey:
    try:
        return public_key.from_multikey(encoded)
    except InvalidError as error:
        if error.code == "weak_key":
            raise
        raise CannotResolve("The issuer's key is of a kind that we cannot check.", code=error.code) from error


def _readable(body: bytes) -> Mapping[str, Any]:
    try:
        document = strict_json.loads(body, max_bytes=MAX_DOCUMENT_BYTES)
    except InvalidError as error:
        raise CannotResolve(
            "The issuer's key document cannot be read.", code="did_document_unreadable"
        ) from error
    if not isinstance(document, dict):
        raise CannotResolve("The issuer's key document cannot be read.", code="did_document_unreadable")
    return document


def _entries(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value] if value is not None else []


def _id(entry: object) -> object:
    return entry.get("id") if isinstance(entry, Mapping) else None
