"""What signs: a key seen as two members, wherever it lies (a file, an encrypted row, a security module)."""

from typing import Protocol


class Signer(Protocol):
    """One Ed25519 private key that can sign and tell its public half."""

    @property
    def public_key(self) -> bytes:
        """The 32 bytes of the public key."""
        ...

    def sign(self, data: bytes) -> bytes:
        """The 64-byte signature over `data`; raises UnavailableError when the key cannot be reached."""
        ...
