"""Key pairs that live in this process's memory alone: made at start, or handed in by a test suite, never stored."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from badge_service.errors import InvalidError
from badge_service.openbadges.multibase import decode_base64url
from badge_service.openbadges.public_key import ALGORITHMS, KeyKind, PublicKey, from_loaded

PrivateKey = Ed25519PrivateKey | ec.EllipticCurvePrivateKey

_CURVES: Mapping[KeyKind, ec.EllipticCurve] = {
    KeyKind.P256: ec.SECP256R1(),
    KeyKind.P384: ec.SECP384R1(),
    KeyKind.P521: ec.SECP521R1(),
}
_HASHES: Mapping[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


@dataclass(frozen=True)
class MemoryKey:
    """A signer (see `openbadges.signing`) whose private half is an object in memory."""

    key: PrivateKey = field(repr=False)

    @cached_property
    def public_key(self) -> PublicKey:
        """The public half."""
        return from_loaded(self.key.public_key())

    @cached_property
    def algorithm(self) -> str:
        """EdDSA, ES256, ES384 or ES512, as the kind of key allows."""
        return next(name for name, (kind, _) in ALGORITHMS.items() if kind is self.public_key.kind)

    @cached_property
    def did(self) -> str:
        """The did:key of the public half; Ed25519, P-256 and P-384 only."""
        return f"did:key:{self.public_key.multikey}"

    @property
    def key_id(self) -> str:
        """The verification method: the did:key with its only fragment."""
        return f"{self.did}#{self.public_key.multikey}"

    def sign(self, data: bytes) -> bytes:
        """The signature over `data`: Ed25519, or ECDSA as r‖s with the curve's own hash."""
        if isinstance(self.key, Ed25519PrivateKey):
            return self.key.sign(data)
        hash = _HASHES[ALGORITHMS[self.algorithm][1]]
        size = (self.key.key_size + 7) // 8
        r, s = decode_dss_signature(self.key.sign(data, ec.ECDSA(hash)))
        return r.to_bytes(size) + s.to_bytes(size)


def fresh(kind: KeyKind) -> MemoryKey:
    """A new key pair of `kind` (Ed25519 or one of the NIST curves)."""
    if kind is KeyKind.ED25519:
        return MemoryKey(Ed25519PrivateKey.generate())
    return MemoryKey(ec.generate_private_key(_CURVES[kind]))


def from_jwk(jwk: Mapping[str, Any]) -> MemoryKey:
    """The key pair that a test suite hands in as a private JWK; raises InvalidError `key_malformed`."""
    makers: Mapping[object, Callable[[bytes], PrivateKey]] = {
        "Ed25519": Ed25519PrivateKey.from_private_bytes,
        **{kind.value: _curve_key(curve) for kind, curve in _CURVES.items()},
    }
    make = makers.get(jwk.get("crv"))
    try:
        if make is None or not isinstance(jwk.get("d"), str):
            raise InvalidError("We cannot sign with this key.", code="key_malformed")
        return MemoryKey(make(decode_base64url(jwk["d"])))
    except ValueError as error:
        raise InvalidError("We cannot sign with this key.", code="key_malformed") from error


def _curve_key(curve: ec.EllipticCurve) -> Callable[[bytes], PrivateKey]:
    return lambda secret: ec.derive_private_key(int.from_bytes(secret), curve)
