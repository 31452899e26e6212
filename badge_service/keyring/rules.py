"""What the service may ask of whoever keeps its private keys."""

from typing import Protocol

from badge_service.openbadges.public_key import PublicKey
from badge_service.openbadges.signing import Signer


class Keyring(Protocol):
    """Keeps private keys by name and signs with them; a file folder today, an HSM behind the same two methods."""

    def create(self, name: str, algorithm: str = "EdDSA") -> PublicKey:
        """Make a key called `name` that signs by `algorithm` (EdDSA, ES256, ES384, RS256); returns its public half.

        Raises `ConflictError` if it exists, and `InvalidError` for another algorithm.
        """
        ...

    def signer(self, name: str) -> Signer:
        """A signer for the key `name`. Raises `UnavailableError` if it cannot be used now."""
        ...
