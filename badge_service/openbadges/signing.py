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


def is_proven(signer: Signer) -> bool:
    """Whether `signer` has a member `proven` that is true: its signatures need not each be verified.

    Only for an Ed25519 key in this process's own memory whose halves were checked against each other when it was
    read: signing and verifying are then done by one library on one machine, and verifying takes three times as long
    as signing. Never for a key behind a device or a connection, which are known to give bad signatures now and then
    (SoftHSM issue 901), nor for RSA, whose private key one bad signature gives away.
    """
    return getattr(signer, "proven", False) is True


def sign_surely(signer: Signer, data: bytes) -> bytes:
    """The signature over `data`, verified before it is handed out unless `signer` is proven; raises as below."""
    return signer.sign(data) if is_proven(signer) else sign_and_verify(signer, data)


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
