"""Public keys of every kind that we check, read strictly from Multikey text or a JWK; keys that prove nothing are refused.

Follows: Controlled Identifiers 1.0, section 2.2.2 (Multikey); RFC 7517 and RFC 7518, section 6 (JWK); RFC 8037, section 2;
RFC 7638 (thumbprint); RFC 8032, section 5.1.3 (decoding of points).
"""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from badge_service.errors import InvalidError
from badge_service.openbadges.multibase import decode_base64url, decode_z, encode_base64url, encode_z

MIN_RSA_BITS, MAX_RSA_BITS = 2048, 8192
MIN_RSA_EXPONENT, MAX_RSA_EXPONENT_BITS = 65537, 64


class KeyKind(StrEnum):
    """The kinds of keys, by the names that JOSE gives their curves."""

    ED25519 = "Ed25519"
    P256 = "P-256"
    P384 = "P-384"
    P521 = "P-521"
    RSA = "RSA"


LoadedKey = Ed25519PublicKey | ec.EllipticCurvePublicKey | rsa.RSAPublicKey

ALGORITHMS: Mapping[str, tuple[KeyKind, str]] = MappingProxyType(
    {
        "EdDSA": (KeyKind.ED25519, ""),
        "Ed25519": (KeyKind.ED25519, ""),
        "ES256": (KeyKind.P256, "sha256"),
        "ES384": (KeyKind.P384, "sha384"),
        "ES512": (KeyKind.P521, "sha512"),
        "RS256": (KeyKind.RSA, "sha256"),
    }
)
"""JOSE algorithm -> the one kind of key that it may be used with, and its hash."""

_HASHES: Mapping[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


@dataclass(frozen=True)
class _Curve:
    curve: ec.EllipticCurve
    size: int
    own_hash: str
    prefix: bytes


_CURVES = {
    KeyKind.P256: _Curve(ec.SECP256R1(), 32, "sha256", b"\x80\x24"),
    KeyKind.P384: _Curve(ec.SECP384R1(), 48, "sha384", b"\x81\x24"),
    KeyKind.P521: _Curve(ec.SECP521R1(), 66, "sha512", b"\x82\x24"),
}
_PREFIXES = {KeyKind.ED25519: b"\xed\x01"} | {kind: curve.prefix for kind, curve in _CURVES.items()}

_PRIVATE_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})

_P = 2**255 - 19
_ORDER_EIGHT = (
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
    bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
)
_SMALL_ORDER = frozenset({0, 1, _P - 1, *(int.from_bytes(point, "little") for point in _ORDER_EIGHT)})
"""The y coordinates of all eight points of small order; with either sign bit they are refused."""
_SMALL_PRIMES = math.prod(n for n in range(3, 752, 2) if all(n % d for d in range(3, math.isqrt(n) + 1, 2)))


@dataclass(frozen=True)
class PublicKey:
    """A public key that was looked at: one that any message would satisfy, or that is no key, cannot be made.

    `data`: Ed25519 the 32 raw bytes; P-xxx the compressed SEC 1 point; RSA the DER SubjectPublicKeyInfo.
    Making one raises InvalidError `weak_key` or `key_malformed`.
    """

    kind: KeyKind
    data: bytes

    def __post_init__(self) -> None:
        if self.kind is KeyKind.ED25519:
            _check_ed25519(self.data)
        elif isinstance(self._loaded, rsa.RSAPublicKey):
            _check_rsa(self._loaded.public_numbers())

    def holds(self, data: bytes, signature: bytes, *, hash: str = "") -> bool:
        """Whether `signature` over `data` verifies; never raises for a bad signature.

        `hash` is sha256, sha384 or sha512: by default the curve's own, and sha256 for RSA (PKCS #1 v1.5); Ed25519 has
        its own. ECDSA signatures are r‖s (IEEE P1363), each half as long as the curve's field.
        """
        key = self._loaded
        try:
            if isinstance(key, Ed25519PublicKey):
                key.verify(signature, data)
            elif isinstance(key, rsa.RSAPublicKey):
                key.verify(signature, data, padding.PKCS1v15(), _HASHES[hash or "sha256"])
            else:
                curve = _CURVES[self.kind]
                key.verify(_der(signature, curve.size), data, ec.ECDSA(_HASHES[hash or curve.own_hash]))
        except (InvalidSignature, ValueError):
            return False
        return True

    @property
    def multikey(self) -> str:
        """The key as Multikey text (`z6Mk…`); raises InvalidError `key_unsupported` for RSA, which has none."""
        if self.kind not in _PREFIXES:
            raise InvalidError("An RSA key is not written as Multikey.", code="key_unsupported")
        return encode_z(_PREFIXES[self.kind] + self.data)

    def jwk(self) -> dict[str, str]:
        """The members that RFC 7638 calls required, in its order: no `kid`, `alg`, `use`, which their user adds."""
        key = self._loaded
        if isinstance(key, Ed25519PublicKey):
            return {"crv": self.kind.value, "kty": "OKP", "x": encode_base64url(self.data)}
        if isinstance(key, rsa.RSAPublicKey):
            numbers = key.public_numbers()
            return {"e": _written(numbers.e), "kty": "RSA", "n": _written(numbers.n)}
        point, size = key.public_numbers(), _CURVES[self.kind].size
        return {
            "crv": self.kind.value,
            "kty": "EC",
            "x": _written(point.x, size),
            "y": _written(point.y, size),
        }

    @property
    def thumbprint(self) -> str:
        """The SHA-256 thumbprint of the JWK (RFC 7638), base64url without padding."""
        canonical = json.dumps(self.jwk(), separators=(",", ":"), sort_keys=True)
        return encode_base64url(hashlib.sha256(canonical.encode()).digest())

    @cached_property
    def _loaded(self) -> LoadedKey:
        try:
            if self.kind is KeyKind.ED25519:
                return Ed25519PublicKey.from_public_bytes(self.data)
            if self.kind is KeyKind.RSA:
                return _loaded_rsa(self.data)
            return _loaded_point(self.kind, self.data)
        except (ValueError, UnsupportedAlgorithm) as error:
            raise InvalidError("This is not a public key.", code="key_malformed") from error


def from_loaded(key: LoadedKey) -> PublicKey:
    """The key behind an object of the library `cryptography`; raises InvalidError (`key_unsupported`, `weak_key`)."""
    if isinstance(key, Ed25519PublicKey):
        return PublicKey(KeyKind.ED25519, key.public_bytes_raw())
    if isinstance(key, rsa.RSAPublicKey):
        return PublicKey(KeyKind.RSA, key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    for kind, curve in _CURVES.items():
        if curve.curve.name == key.curve.name:
            return PublicKey(kind, key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint))
    raise InvalidError("This kind of key we cannot check.", code="key_unsupported")


def from_multikey(text: str) -> PublicKey:
    """The key behind Multikey `text`; raises InvalidError: `multibase`, `key_malformed`, `key_unsupported`, `weak_key`."""
    data = decode_z(text)
    for kind, prefix in _PREFIXES.items():
        if data.startswith(prefix):
            return PublicKey(kind, data[len(prefix) :])
    raise InvalidError("This kind of key we cannot check.", code="key_unsupported")


def from_jwk(jwk: Mapping[str, Any]) -> PublicKey:
    """The public signature key in `jwk`, which comes from strict JSON.

    Raises InvalidError: `private_key` (it holds secrets too), `key_unsupported` (another kind or use), `key_malformed`,
    `weak_key` (also a point that is not on its curve).
    """
    if _PRIVATE_MEMBERS & jwk.keys():
        raise InvalidError("This key shows its private half.", code="private_key")
    kind = _kind_of(jwk)
    _check_use(jwk, kind)
    if kind is KeyKind.ED25519:
        return PublicKey(kind, _bytes(jwk, "x", 32))
    if kind is KeyKind.RSA:
        return _rsa_from_numbers(_number(jwk, "n"), _number(jwk, "e"))
    return _point_from_numbers(
        kind, _bytes(jwk, "x", _CURVES[kind].size), _bytes(jwk, "y", _CURVES[kind].size)
    )


def _kind_of(jwk: Mapping[str, Any]) -> KeyKind:
    kty, crv = jwk.get("kty"), jwk.get("crv")
    for kind in KeyKind:
        expected = {KeyKind.ED25519: "OKP", KeyKind.RSA: "RSA"}.get(kind, "EC")
        if kty == expected and crv == (None if kind is KeyKind.RSA else kind.value):
            return kind
    raise InvalidError("This kind of key we cannot check.", code="key_unsupported")


def _check_use(jwk: Mapping[str, Any], kind: KeyKind) -> None:
    """RFC 7517, sections 4.2 to 4.4: a key that says what it is for is used for nothing else."""
    operations = jwk.get("key_ops", ["verify"])
    fitting = [name for name, (kind_of, _) in ALGORITHMS.items() if kind_of is kind]
    if not isinstance(operations, list) or "verify" not in operations:
        raise InvalidError("This key is not for checking signatures.", code="key_unsupported")
    if jwk.get("use", "sig") != "sig" or jwk.get("alg", fitting[0]) not in fitting:
        raise InvalidError("This key is for another use.", code="key_unsupported")


def _check_ed25519(data: bytes) -> None:
    if len(data) != 32:
        raise InvalidError("An Ed25519 public key has 32 bytes.", code="key_malformed")
    y = int.from_bytes(data, "little") & (2**255 - 1)
    if y >= _P or y in _SMALL_ORDER:
        raise _weak()


def _check_rsa(numbers: rsa.RSAPublicNumbers) -> None:
    bits, e, n = numbers.n.bit_length(), numbers.e, numbers.n
    if bits > MAX_RSA_BITS or e.bit_length() > MAX_RSA_EXPONENT_BITS:
        raise InvalidError("This RSA key is larger than keys are.", code="key_unsupported")
    if bits < MIN_RSA_BITS or e < MIN_RSA_EXPONENT or not e & n & 1 or math.gcd(n, _SMALL_PRIMES) != 1:
        raise _weak()


def _weak() -> InvalidError:
    return InvalidError("This public key is weak: it would accept forged signatures.", code="weak_key")


def _loaded_rsa(data: bytes) -> rsa.RSAPublicKey:
    key = load_der_public_key(data)
    if not isinstance(key, rsa.RSAPublicKey):
        raise ValueError("not an RSA key")
    return key


def _loaded_point(kind: KeyKind, data: bytes) -> ec.EllipticCurvePublicKey:
    curve = _CURVES[kind]
    if len(data) != curve.size + 1 or data[0] not in (2, 3):
        raise ValueError("not a compressed point")
    return ec.EllipticCurvePublicKey.from_encoded_point(curve.curve, data)


def _point_from_numbers(kind: KeyKind, x: bytes, y: bytes) -> PublicKey:
    try:
        key = ec.EllipticCurvePublicKey.from_encoded_point(_CURVES[kind].curve, b"\x04" + x + y)
    except ValueError as error:
        raise _weak() from error
    return from_loaded(key)


def _rsa_from_numbers(n: int, e: int) -> PublicKey:
    """The numbers are looked at first: the library refuses some weak keys too, but does not say why."""
    numbers = rsa.RSAPublicNumbers(e, n)
    _check_rsa(numbers)
    return from_loaded(numbers.public_key())


def _der(signature: bytes, size: int) -> bytes:
    if len(signature) != 2 * size:
        raise ValueError("not r and s")
    return encode_dss_signature(int.from_bytes(signature[:size]), int.from_bytes(signature[size:]))


def _bytes(jwk: Mapping[str, Any], name: str, size: int = 0) -> bytes:
    value = jwk.get(name)
    try:
        data = decode_base64url(value) if isinstance(value, str) else b""
    except InvalidError as error:
        raise InvalidError("This key is not written as it should be.", code="key_malformed") from error
    if not data or (size and len(data) != size):
        raise InvalidError("This key is not written as it should be.", code="key_malformed")
    return data


def _number(jwk: Mapping[str, Any], name: str) -> int:
    data = _bytes(jwk, name)
    if data[0] == 0 or len(data) > MAX_RSA_BITS // 8:
        raise InvalidError("This key is not written as it should be.", code="key_malformed")
    return int.from_bytes(data)


def _written(number: int, size: int = 0) -> str:
    return encode_base64url(number.to_bytes(size or (number.bit_length() + 7) // 8))
