"""What the service may ask of whoever keeps its private keys."""

from typing import Protocol

from badge_service.openbadges.signing import Signer


class Keyring(Protocol):
    """Keeps private keys by name and signs with them; a file folder today, an HSM behind the same two methods."""

    def create(self, name: str) -> bytes:
        """Make an Ed25519 key called `name`; returns its raw 32 public bytes. Raises `ConflictError` if it exists."""
        ...

    def signer(self, name: str) -> Signer:
        """A signer for the key `name`. Raises `UnavailableError` if it cannot be used now."""
        ...
