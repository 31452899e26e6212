"""What the proofs of ecdsa-sd-2023 hold: the issuer's own, from which others are made, and those that are shown.

Follows: Data Integrity ECDSA Cryptosuites 1.0, section 3.5 (ecdsa-sd-2023 Functions).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from badge_service.errors import InvalidError
from badge_service.openbadges import multibase, rdf_canonicalization
from badge_service.openbadges.proofs import cbor
from badge_service.openbadges.proofs.selective_disclosure import written_label
from badge_service.openbadges.public_key import KeyKind, PublicKey

MAX_CHARACTERS = 400_000
"""A `proofValue` longer than this is not read; each statement of a badge takes about 90 characters."""
LABEL_BYTES = 32

_BASE, _DERIVED = b"\xd9\x5d\x00", b"\xd9\x5d\x01"
_P256_PREFIX = b"\x80\x24"
_P256_BYTES = 33


@dataclass(frozen=True)
class BaseProof:
    """What stands in the `proofValue` of a base proof (sections 3.5.2 and 3.5.3)."""

    signature: bytes
    key: bytes
    hmac_key: bytes
    signatures: Sequence[bytes]
    mandatory: Sequence[str]

    def written(self) -> str:
        """The `proofValue`."""
        parts = [self.signature, self.key, self.hmac_key, self.signatures, self.mandatory]
        return multibase.encode_u(_BASE + cbor.encode(parts))

    @classmethod
    def read(cls, value: object) -> Self:
        """The parts of a `proofValue`; raises InvalidError `proof_value`."""
        proof = cls(*_parts(value, _BASE))
        _check(_all_bytes(proof.signature, proof.key, proof.hmac_key) and _all(proof.signatures, bytes))
        _check(_all(proof.mandatory, str))
        return proof


@dataclass(frozen=True)
class DerivedProof:
    """What stands in the `proofValue` of a derived proof (sections 3.5.5 to 3.5.8)."""

    signature: bytes
    key: bytes
    signatures: Sequence[bytes]
    labels: Mapping[int, bytes]
    mandatory: Sequence[int]

    def written(self) -> str:
        """The `proofValue`."""
        parts = [self.signature, self.key, self.signatures, self.labels, self.mandatory]
        return multibase.encode_u(_DERIVED + cbor.encode(parts))

    @classmethod
    def read(cls, value: object) -> Self:
        """The parts of a `proofValue`; raises InvalidError `proof_value`, or `base_proof` for one not to be shown.

        No two blank nodes may have one label: the signatures would then be about one thing, the JSON about two.
        """
        proof = cls(*_parts(value, _DERIVED))
        _check(_all_bytes(proof.signature, proof.key) and _all(proof.signatures, bytes))
        _check(_all(proof.mandatory, int) and len(set(proof.mandatory)) == len(proof.mandatory))
        _check(isinstance(proof.labels, Mapping) and _all(list(proof.labels.values()), bytes))
        _check(all(len(label) == LABEL_BYTES for label in proof.labels.values()))
        _check(len(set(proof.labels.values())) == len(proof.labels))
        return proof

    @property
    def statement_key(self) -> PublicKey:
        """The key under which the statements are signed; raises InvalidError `proof_value`."""
        return _key(self.key)

    def statements(self, nquads: str) -> list[str]:
        """The lines of canonical `nquads` under the issuer's labels; raises InvalidError when one has no label."""
        labels = {f"_:c14n{number}": written_label(digest) for number, digest in self.labels.items()}
        quads = rdf_canonicalization.parse(nquads)
        blank = {term for quad in quads for term in quad if term.startswith("_:")}
        _check(blank <= labels.keys())
        return rdf_canonicalization.replace_terms(quads, labels)


def key_bytes(key: PublicKey) -> bytes:
    """A key on P-256 as the proofs carry it; raises InvalidError `key_kind` for others."""
    check_kind(key)
    return _P256_PREFIX + key.data


def check_kind(key: PublicKey) -> None:
    """Raises InvalidError `key_kind` for a key that is not on P-256."""
    if key.kind is not KeyKind.P256:
        raise InvalidError("This way of signing is for keys on P-256.", code="key_kind")


def _key(data: bytes) -> PublicKey:
    """The key for the statements; whatever is wrong with it is the proof's fault, not the issuer's key's."""
    _check(data.startswith(_P256_PREFIX) and len(data) == len(_P256_PREFIX) + _P256_BYTES)
    try:
        key = PublicKey(KeyKind.P256, data[len(_P256_PREFIX) :])
        key.holds(b"", b"")
    except InvalidError as error:
        raise _malformed() from error
    return key


def _parts(value: object, header: bytes) -> list[Any]:
    if not isinstance(value, str) or len(value) > MAX_CHARACTERS:
        raise _malformed()
    try:
        data = multibase.decode_u(value)
    except InvalidError as error:
        raise _malformed() from error
    if data.startswith(_BASE) and header != _BASE:
        raise InvalidError(
            "This proof is the holder's own, from which shown ones are made.", code="base_proof"
        )
    _check(data.startswith(header))
    parts = cbor.decode(data[len(header) :])
    _check(isinstance(parts, list) and len(parts) == 5)
    return parts  # type: ignore[no-any-return]


def _check(good: bool) -> None:
    if not good:
        raise _malformed()


def _malformed() -> InvalidError:
    return InvalidError("The signature is not written as it should be.", code="proof_value")


def _all(values: object, kind: type) -> bool:
    return isinstance(values, list) and all(isinstance(value, kind) for value in values)


def _all_bytes(*values: object) -> bool:
    return _all(list(values), bytes)
