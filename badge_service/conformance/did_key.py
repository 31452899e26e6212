"""Answers what a did:key stands for, or which rule of the method it breaks.

Follows: The did:key Method 0.7 (W3C CCG), sections 3.1 (Create) and 3.2 (Read); DID Resolution, section on results.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from badge_service.errors import InvalidError
from badge_service.openbadges import multibase, public_key
from badge_service.openbadges.contexts import ED25519_2020, MULTIKEY
from badge_service.openbadges.did import DID_CONTEXT

RESOLUTION_CONTEXT = "https://w3id.org/did-resolution/v1"
JWK_CONTEXT = "https://w3id.org/security/suites/jws-2020/v1"
MULTIKEY_FORMAT, JWK_FORMAT, ED25519_FORMAT = "Multikey", "JsonWebKey2020", "Ed25519VerificationKey2020"

_SIGNING_FORMATS = {MULTIKEY_FORMAT: MULTIKEY, JWK_FORMAT: JWK_CONTEXT, ED25519_FORMAT: ED25519_2020}
_ENCRYPTION_FORMATS = frozenset({MULTIKEY_FORMAT, JWK_FORMAT, "X25519KeyAgreementKey2020"})
_EXPERIMENTAL_FORMATS = frozenset({"Ed25519VerificationKey2018", "X25519KeyAgreementKey2019"})
_KNOWN_FORMATS = _EXPERIMENTAL_FORMATS | _ENCRYPTION_FORMATS | set(_SIGNING_FORMATS)
_KEY_BYTES = {b"\xed\x01": 32, b"\x80\x24": 33, b"\x81\x24": 49, b"\x82\x24": 67, b"\xec\x01": 32}
_DID_URL = re.compile(r"did:[a-z0-9]+:[A-Za-z0-9:._%-]+(#[A-Za-z0-9._~-]+)?\Z")
_VERSION = re.compile(r"[1-9]\d{0,8}\Z")
_X25519_FRAGMENT = "z6LS"


class NotResolved(InvalidError):
    """The DID breaks a rule; `code` is the error that the method names for it."""


@dataclass(frozen=True)
class Answer:
    """What was asked for: a whole document, or one member of it (`is_part`)."""

    document: dict[str, Any]
    is_part: bool


def resolve(asked: str, options: Mapping[str, str]) -> Answer:
    """The document of a did:key, or the key that a DID URL with a fragment names; raises NotResolved.

    `options` are the query's: `publicKeyFormat` and `enableExperimentalPublicKeyTypes`.
    """
    did, _, fragment = asked.partition("#")
    if fragment and not _DID_URL.match(asked):
        raise NotResolved("This is not a DID URL.", code="invalidDidUrl")
    encoded = _encoded(did)
    wanted = options.get("publicKeyFormat", MULTIKEY_FORMAT)
    _check_format(wanted, fragment, options.get("enableExperimentalPublicKeyTypes", "false") == "true")
    if fragment and fragment != encoded:
        raise NotResolved("There is no such key in this document.", code="notFound")
    method = _method(did, encoded, wanted)
    if fragment:
        return Answer({"@context": _SIGNING_FORMATS[method["type"]], **method}, is_part=True)
    return Answer(_document(did, method), is_part=False)


def _encoded(did: str) -> str:
    """The multibase text of a well-formed did:key, with or without a version in front of it."""
    parts = did.split(":")
    if parts[0] != "did" or len(parts) < 3:
        raise NotResolved("This is not a DID.", code="invalidDid")
    if parts[1] != "key":
        raise NotResolved("We resolve did:key alone.", code="methodNotSupported")
    version, encoded = (parts[2], parts[3]) if len(parts) == 4 else ("1", parts[2])
    if len(parts) > 4 or not _VERSION.match(version) or not encoded.startswith("z"):
        raise NotResolved("This is not a did:key.", code="invalidDid")
    try:
        data = multibase.decode_z(encoded)
    except InvalidError as error:
        raise NotResolved("This is not a did:key.", code="invalidDid") from error
    if len(data) - 2 != _KEY_BYTES.get(data[:2], len(data) - 2):
        raise NotResolved("This key does not have the length of its kind.", code="invalidPublicKeyLength")
    return encoded


def _check_format(wanted: str, fragment: str, experimental: bool) -> None:
    if wanted not in _KNOWN_FORMATS:
        raise NotResolved("We do not know this format of keys.", code="unsupportedPublicKeyType")
    allowed = _ENCRYPTION_FORMATS if fragment.startswith(_X25519_FRAGMENT) else set(_SIGNING_FORMATS)
    if not experimental and wanted not in allowed:
        raise NotResolved("Keys of this kind are not written so.", code="invalidPublicKeyType")
    if wanted not in _SIGNING_FORMATS:
        raise NotResolved("We do not write keys in this format.", code="unsupportedPublicKeyType")


def _method(did: str, encoded: str, wanted: str) -> dict[str, Any]:
    try:
        key = public_key.from_multikey(encoded)
    except InvalidError as error:
        known = error.code != "key_unsupported"
        code = "invalidPublicKey" if known else "unsupportedPublicKeyType"
        raise NotResolved("This key cannot be used.", code=code) from error
    if wanted == ED25519_FORMAT and key.kind is not public_key.KeyKind.ED25519:
        raise NotResolved("Keys of this kind are not written so.", code="invalidPublicKeyType")
    value = {"publicKeyJwk": key.jwk()} if wanted == JWK_FORMAT else {"publicKeyMultibase": encoded}
    return {"id": f"{did}#{encoded}", "type": wanted, "controller": did, **value}


def _document(did: str, method: dict[str, Any]) -> dict[str, Any]:
    purposes = ("authentication", "assertionMethod", "capabilityInvocation", "capabilityDelegation")
    return {
        "@context": [DID_CONTEXT, _SIGNING_FORMATS[method["type"]]],
        "id": did,
        "verificationMethod": [method],
        **{purpose: [method["id"]] for purpose in purposes},
    }
