"""What signs: a key seen as a name, an algorithm, its public half and one verb, wherever it lies (a file, a security module)."""

from typing import Protocol

from badge_service.errors import UnavailableError
from badge_service.openbadges.public_key import ALGORITHMS, PublicKey


class Signer(Protocol):
    """One private key that can sign and tell its public half."""

    @property
    def key_id(self) -> str:
        """The name of the key where it is kept."""
        ...

    @property
    def algorithm(self) -> str:
        """The JOSE name of how it signs: EdDSA, ES256, ES384, RS256."""
        ...

    @property
    def public_key(self) -> PublicKey:
        """The public half."""
        ...

    def sign(self, data: bytes) -> bytes:
        """The signature over `data` (ECDSA as r‖s); raises UnavailableError when the key cannot be reached."""
        ...


def sign_and_verify(signer: Signer, data: bytes) -> bytes:
    """The signature over `data`, verified before it is handed out.

    Raises UnavailableError when the signer gives one that does not verify, or names an algorithm that is not its key's.
    """
    kind, hash = ALGORITHMS.get(signer.algorithm, (None, ""))
    signature = signer.sign(data)
    if signer.public_key.kind is not kind or not signer.public_key.holds(data, signature, hash=hash):
        raise UnavailableError(
            "The key gave a signature that does not hold; nothing was issued.", code="bad_signature"
        )
    return signature
