"""Keeps private keys as PKCS #8 files that only this user can read."""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from badge_service.errors import ConflictError, InvalidError, UnavailableError
from badge_service.openbadges.signing import Signer

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,80}")


@dataclass(frozen=True)
class FileSigner:
    """Signs with one Ed25519 key that was read from its file."""

    key: Ed25519PrivateKey = field(repr=False)

    @property
    def public_key(self) -> bytes:
        """The raw 32 public bytes."""
        return self.key.public_key().public_bytes_raw()

    def sign(self, data: bytes) -> bytes:
        """The 64-byte Ed25519 signature of `data`."""
        return self.key.sign(data)


class KeyFolder:
    """A folder of keys, one file each, made with mode 0600 in a folder of mode 0700."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def create(self, name: str) -> bytes:
        """Make the key `name` and return its raw public bytes; never overwrites one."""
        path = self._path(name)
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        key = Ed25519PrivateKey.generate()
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError as error:
            raise ConflictError(f"There is a key called {name} already.", code="key.exists") from error
        with os.fdopen(handle, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        self._keep_name()
        return key.public_key().public_bytes_raw()

    def signer(self, name: str) -> Signer:
        """Read the key `name`; raises `UnavailableError` when its file is missing or unreadable."""
        try:
            key = serialization.load_pem_private_key(self._path(name).read_bytes(), password=None)
        except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise UnavailableError(
                f"The key {name} cannot be used.",
                code="key.missing",
                hint="Restore the keys folder from a backup.",
            ) from error
        if not isinstance(key, Ed25519PrivateKey):
            raise UnavailableError(f"The key {name} is not an Ed25519 key.", code="key.kind")
        return FileSigner(key)

    def _keep_name(self) -> None:
        """The file's name must survive a power cut as its content does: what it signs is out before the next one."""
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise InvalidError(f"“{name}” cannot be the name of a key.", code="key.name")
        return self.folder / f"{name}.pem"
