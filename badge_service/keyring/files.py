"""Keeps private keys as PKCS #8 files that only this user can read."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from badge_service.errors import ConflictError, InvalidError, UnavailableError
from badge_service.openbadges.public_key import KeyKind, PublicKey, from_loaded
from badge_service.openbadges.signing import sign_and_verify

RSA_BITS = 3072

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,80}")


PrivateKey = Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

_KINDS: Mapping[str, Callable[[], PrivateKey]] = {
    "EdDSA": Ed25519PrivateKey.generate,
    "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "ES384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "RS256": lambda: rsa.generate_private_key(65537, RSA_BITS),
}
_SIGNS_BY = {
    KeyKind.ED25519: "EdDSA",
    KeyKind.P256: "ES256",
    KeyKind.P384: "ES384",
    KeyKind.RSA: "RS256",
}


@dataclass(frozen=True)
class FileSigner:
    """Signs with one key that was read from its file; the algorithm follows from the kind of key.

    `proven` says that its halves were checked against each other (`openbadges.signing.is_proven`).
    """

    key_id: str
    key: PrivateKey = field(repr=False)
    proven: bool = field(default=False, repr=False)

    @cached_property
    def public_key(self) -> PublicKey:
        """The public half."""
        return from_loaded(self.key.public_key())

    @property
    def algorithm(self) -> str:
        """EdDSA, ES256, ES384 or RS256; raises InvalidError for a kind of key that we do not sign with."""
        if self.public_key.kind not in _SIGNS_BY:
            raise InvalidError("We do not sign with this kind of key.", code="key.kind")
        return _SIGNS_BY[self.public_key.kind]

    def sign(self, data: bytes) -> bytes:
        """The signature of `data`: Ed25519, ECDSA as r‖s with the curve's hash, or RSA PKCS #1 v1.5 with SHA-256.

        The same data gives the same signature, with ECDSA too (RFC 6979), as the standard recommends.
        """
        if isinstance(self.key, Ed25519PrivateKey):
            return self.key.sign(data)
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        hash = hashes.SHA256() if self.algorithm == "ES256" else hashes.SHA384()
        size = (self.key.key_size + 7) // 8
        r, s = decode_dss_signature(self.key.sign(data, ec.ECDSA(hash, deterministic_signing=True)))
        return r.to_bytes(size) + s.to_bytes(size)


class KeyFolder:
    """A folder of keys, one file each, made with mode 0600 in a folder of mode 0700."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def create(self, name: str, algorithm: str = "EdDSA") -> PublicKey:
        """Make the key `name` for EdDSA, ES256, ES384 or RS256 and return its public half; never overwrites one."""
        path = self._path(name)
        if algorithm not in _KINDS:
            raise InvalidError(f"We do not sign by {algorithm}.", code="key.algorithm")
        key = _KINDS[algorithm]()
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError as error:
            raise ConflictError(f"There is a key called {name} already.", code="key.exists") from error
        with os.fdopen(handle, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        self._keep_name()
        return from_loaded(key.public_key())

    def signer(self, name: str) -> FileSigner:
        """Read the key `name`, whose halves are checked against each other by one signature.

        Raises `UnavailableError` when its file is missing, unreadable, or of a kind that we do not sign with.
        """
        try:
            key = _read(self._path(name).read_bytes())
        except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise UnavailableError(
                f"The key {name} cannot be used.",
                code="key.missing",
                hint="Restore the keys folder from a backup.",
            ) from error
        if not isinstance(key, PrivateKey):
            raise UnavailableError(f"The key {name} is of a kind that we do not sign with.", code="key.kind")
        return _checked(FileSigner(name, key))

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


def _read(pem: bytes) -> object:
    """The library's own check of RSA keys takes a quarter of a second; the trial signature tells as much of our own file."""
    return serialization.load_pem_private_key(pem, password=None, unsafe_skip_rsa_key_validation=True)


def _checked(signer: FileSigner) -> FileSigner:
    try:
        sign_and_verify(signer, b"Do both halves of this key belong together?")
    except (InvalidError, UnavailableError) as error:
        raise UnavailableError(
            f"The key {signer.key_id} is not one that we sign with.", code="key.kind"
        ) from error
    return replace(signer, proven=isinstance(signer.key, Ed25519PrivateKey))
