"""The documents that say which keys an issuer signs with: how ours look, and what a stranger's truly says.

Follows: Controlled Identifiers 1.0, sections 2.1 to 2.3 and 3.3 (Retrieve Verification Method); RFC 7517, section 5 (JWK Set).
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from badge_service.errors import InvalidError
from badge_service.openbadges import dates, public_key, strict_json
from badge_service.openbadges.contexts import MULTIKEY
from badge_service.openbadges.did.names import CannotResolve, Fetch, NotTheIssuersKey, readable_key
from badge_service.openbadges.public_key import ALGORITHMS, KeyKind, PublicKey

DID_CONTEXT = "https://www.w3.org/ns/did/v1"
JWK_CONTEXT = "https://w3id.org/security/jwk/v1"
ASSERTION = "assertionMethod"
MAX_DOCUMENT_BYTES = 256 * 1024

_MULTIKEY_TYPES = frozenset({"Multikey", "Ed25519VerificationKey2020"})
_JWK_TYPES = frozenset({"JsonWebKey", "JsonWebKey2020"})
_PURPOSES = (ASSERTION, "authentication")
_ENDS = {"revoked": "key_revoked", "expires": "key_expired"}


def did_document(did: str, keys: Sequence[tuple[str, PublicKey]]) -> dict[str, Any]:
    """The document to publish for `did`: `keys` are (fragment, public key); RSA keys stand there as JWK.

    All of them may sign badges (assertionMethod), named by their full DID URLs as plain text.
    """
    methods = [_published_method(did, fragment, key) for fragment, key in keys]
    contexts = [DID_CONTEXT, MULTIKEY]
    if any("publicKeyJwk" in method for method in methods):
        contexts.append(JWK_CONTEXT)
    return {
        "@context": contexts,
        "id": did,
        "verificationMethod": methods,
        ASSERTION: [method["id"] for method in methods],
    }


def jwk_document(key: PublicKey, *, key_id: str, issuer_id: str) -> dict[str, str]:
    """The bare JWK to publish at the address `key_id`, and as a member of the JWK Set of the issuer's host."""
    algorithm = next(name for name, (kind, _) in ALGORITHMS.items() if kind is key.kind)
    return {**key.jwk(), "kid": key_id, "use": "sig", "alg": algorithm, "iss": issuer_id}


def key_in(
    document: Mapping[str, Any],
    verification_method: str,
    issuer_id: str,
    *,
    purpose: str = ASSERTION,
    now: datetime | None = None,
) -> PublicKey:
    """The key that the issuer's `document` lists as `verification_method` for `purpose`.

    Raises NotTheIssuersKey when the document is somebody else's, does not list the method for the purpose, names
    another controller, or says that the key was revoked or expired (at `now`; without `now`, ever); CannotResolve;
    InvalidError `weak_key` or `private_key`.
    """
    method = listed_method(document, verification_method, issuer_id, purpose)
    if method is None:
        raise NotTheIssuersKey("The issuer's key document does not hold this key.", code="key_not_listed")
    return key_of(method, issuer_id, now)


def listed_method(
    document: Mapping[str, Any], verification_method: str, issuer_id: str, purpose: str
) -> Mapping[str, Any] | None:
    """The method of that name, listed for `purpose`; None when the document lists its name only."""
    check_subject(document, issuer_id)
    listed = entries(document.get(purpose))
    if not any(entry == verification_method or id_of(entry) == verification_method for entry in listed):
        raise NotTheIssuersKey(
            "The issuer does not sign badges with this key.", code="verification_relationship"
        )
    candidates = entries(document.get("verificationMethod")) + listed
    methods = [entry for entry in candidates if id_of(entry) == verification_method]
    if len(methods) > 1:
        raise NotTheIssuersKey("The issuer's key document holds two keys of one name.", code="key_controller")
    return methods[0] if methods else None


def key_of(method: Mapping[str, Any], issuer_id: str, now: datetime | None) -> PublicKey:
    """The key of a verification method that names `issuer_id` as its controller; raises as `key_in`."""
    if method.get("controller") != issuer_id:
        raise NotTheIssuersKey("The key is not under the issuer's control.", code="key_controller")
    _refuse_ended_method(method, now)
    return readable_key(lambda: _decoded(method))


def refuse_ended(document: Mapping[str, Any], key: PublicKey, now: datetime | None) -> None:
    """Raises NotTheIssuersKey when any method of `document` that holds `key` says that its use has ended."""
    listed = [document.get(name) for name in ("verificationMethod", *_PURPOSES)]
    for method in itertools.chain.from_iterable(map(entries, listed)):
        if isinstance(method, Mapping) and not method.keys().isdisjoint(_ENDS) and _holds(method, key):
            _refuse_ended_method(method, now)


def _refuse_ended_method(method: Mapping[str, Any], now: datetime | None) -> None:
    for end, code in _ENDS.items():
        if end in method and _has_come(method[end], now):
            raise NotTheIssuersKey("The issuer has ended the use of this key.", code=code)


def _holds(method: Mapping[str, Any], key: PublicKey) -> bool:
    try:
        return _decoded(method) == key
    except InvalidError:
        return False


def keys_in(
    document: Mapping[str, Any], issuer_id: str, *, purpose: str, now: datetime | None
) -> Iterator[PublicKey]:
    """All keys that the issuer's own `document` lists for `purpose`; those that we cannot use are left out."""
    check_subject(document, issuer_id)
    named = [entry if isinstance(entry, str) else id_of(entry) for entry in entries(document.get(purpose))]
    for name in {name for name in named if isinstance(name, str)}:
        try:
            yield key_in(document, name, issuer_id, purpose=purpose, now=now)
        except InvalidError:
            continue


def members(jwks: Mapping[str, Any], issuer_id: str) -> list[Mapping[str, Any]]:
    """The JWKs of a set that may be `issuer_id`'s: a member that says `iss` must name this very issuer."""
    keys = entries(jwks.get("keys"))
    return [key for key in keys if isinstance(key, Mapping) and key.get("iss", issuer_id) == issuer_id]


def read_document(fetch: Fetch, url: str) -> Mapping[str, Any]:
    """The JSON object at `url`; raises CannotResolve, and whatever `fetch` raises."""
    try:
        document = strict_json.loads(fetch(url).body, max_bytes=MAX_DOCUMENT_BYTES)
    except InvalidError as error:
        raise CannotResolve(
            "The issuer's key document cannot be read.", code="did_document_unreadable"
        ) from error
    if not isinstance(document, dict):
        raise CannotResolve("The issuer's key document cannot be read.", code="did_document_unreadable")
    return document


def check_subject(document: Mapping[str, Any], issuer_id: str) -> None:
    """Raises NotTheIssuersKey unless `document` is about `issuer_id`."""
    if document.get("id") != issuer_id:
        raise NotTheIssuersKey("The issuer's key document is about somebody else.", code="did_document_id")


def entries(value: object) -> list[Any]:
    """`value` as a list: a single value counts as a list of one."""
    return value if isinstance(value, list) else [value] if value is not None else []


def id_of(entry: object) -> object:
    """The `id` of an object, None for anything else."""
    return entry.get("id") if isinstance(entry, Mapping) else None


def _published_method(did: str, fragment: str, key: PublicKey) -> dict[str, Any]:
    method = {"id": f"{did}#{fragment}", "type": "Multikey", "controller": did}
    if key.kind is KeyKind.RSA:
        return {**method, "type": "JsonWebKey", "publicKeyJwk": key.jwk()}
    return {**method, "publicKeyMultibase": key.multikey}


def _has_come(value: object, now: datetime | None) -> bool:
    try:
        return now is None or dates.read(value) <= now
    except InvalidError:
        return True


def _decoded(method: Mapping[str, Any]) -> PublicKey:
    kind, encoded, jwk = method.get("type"), method.get("publicKeyMultibase"), method.get("publicKeyJwk")
    if not isinstance(kind, str):
        raise InvalidError("The issuer's key cannot be read.", code="key_malformed")
    if kind in _MULTIKEY_TYPES and isinstance(encoded, str) and jwk is None:
        key = public_key.from_multikey(encoded)
        if kind == "Multikey" or key.kind is KeyKind.ED25519:
            return key
    elif kind in _JWK_TYPES and isinstance(jwk, Mapping) and encoded is None:
        return public_key.from_jwk(jwk)
    elif kind not in _MULTIKEY_TYPES | _JWK_TYPES:
        raise InvalidError("This kind of key we cannot check.", code="key_unsupported")
    raise InvalidError("The issuer's key cannot be read.", code="key_malformed")
