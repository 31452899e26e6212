"""What signs: a key seen as two members, wherever it lies (a file, an encrypted row, a security module)."""

from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from badge_service.errors import UnavailableError
from badge_service.openbadges import multikey


class Signer(Protocol):
    """One Ed25519 private key that can sign and tell its public half."""

    @property
    def public_key(self) -> bytes:
        """The 32 bytes of the public key."""
        ...

    def sign(self, data: bytes) -> bytes:
        """The 64-byte signature over `data`; raises UnavailableError when the key cannot be reached."""
        ...


def sign_and_verify(signer: Signer, data: bytes) -> bytes:
    """The signature over `data`, verified before it is handed out.

    Raises UnavailableError when the signer gives one that does not verify, and InvalidError for a weak key.
    """
    signature = signer.sign(data)
    if not holds(data, signature, signer.public_key):
        raise UnavailableError(
            "The key gave a signature that does not hold; nothing was issued.", code="bad_signature"
        )
    return signature


def holds(data: bytes, signature: bytes, public_key: bytes) -> bool:
    """Whether `signature` over `data` verifies under the 32-byte `public_key` (RFC 8032); InvalidError for a weak key."""
    try:
        Ed25519PublicKey.from_public_bytes(multikey.check_ed25519(public_key)).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True
