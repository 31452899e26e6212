"""Ed25519 public keys as Multikey text (`z6Mk…`), and the refusal of keys that any message would satisfy.

Follows: Controlled Identifiers 1.0, section 2.2.2 (Multikey); RFC 8032, section 5.1.3 (decoding of points).
"""

from badge_service.errors import InvalidError
from badge_service.openbadges.multibase import decode_z, encode_z

ED25519_PREFIX = b"\xed\x01"
ED25519_BYTES = 32

_P = 2**255 - 19
_ORDER_EIGHT = (
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
    bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
)
_SMALL_ORDER = frozenset({0, 1, _P - 1, *(int.from_bytes(point, "little") for point in _ORDER_EIGHT)})
"""The y coordinates of all eight points of small order; with either sign bit they are refused."""


def check_ed25519(public_key: bytes) -> bytes:
    """`public_key` (32 bytes) itself; raises InvalidError `weak_key` for small-order and non-canonical keys."""
    if len(public_key) != ED25519_BYTES:
        raise InvalidError("An Ed25519 public key has 32 bytes.", code="key_malformed")
    y = int.from_bytes(public_key, "little") & (2**255 - 1)
    if y >= _P or y in _SMALL_ORDER:
        raise InvalidError("This public key is weak: it would accept forged signatures.", code="weak_key")
    return public_key


def encode_ed25519(public_key: bytes) -> str:
    """The Multikey text of an Ed25519 public key; raises InvalidError for a weak key."""
    return encode_z(ED25519_PREFIX + check_ed25519(public_key))


def decode_ed25519(text: str) -> bytes:
    """The 32 bytes behind Multikey `text`; raises InvalidError (`key_unsupported` for other kinds of keys)."""
    data = decode_z(text)
    if not data.startswith(ED25519_PREFIX):
        raise InvalidError("This is not an Ed25519 key.", code="key_unsupported")
    return check_ed25519(data[len(ED25519_PREFIX) :])
