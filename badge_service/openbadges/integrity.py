"""The digests by which a credential names the content of a related resource: whether they can be, and whether they fit.

Follows: Verifiable Credentials Data Model 2.0, section 5.3; Subresource Integrity, section 3.5; Controlled Identifiers 1.0,
section 2.5 (Multihash).
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from badge_service.errors import InvalidError
from badge_service.openbadges import multibase

_SRI_HASHES = {"sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512}
_MULTIHASHES = {b"\x12\x20": hashlib.sha256, b"\x20\x30": hashlib.sha384, b"\x13\x40": hashlib.sha512}
_BY_LENGTH = {32: hashlib.sha256, 48: hashlib.sha384, 64: hashlib.sha512}


def can_be_digests(entry: Mapping[str, Any]) -> bool:
    """Whether each digest given has the length of its algorithm, or is of an algorithm that we do not know."""
    return all(_DIGEST_FORMS[name](entry[name]) for name in _DIGEST_FORMS if name in entry)


def _can_be_sri(text: object) -> bool:
    digests = text.split() if isinstance(text, str) else []
    return any(_sri_algorithm_fits(digest) for digest in digests)


def _sri_algorithm_fits(digest: str) -> bool:
    name, _, _ = digest.partition("-")
    if name not in _SRI_HASHES:
        return True
    data = _sri_bytes(digest)
    return data is not None and len(data) == _SRI_HASHES[name]().digest_size


def _can_be_multibase(text: object) -> bool:
    data = _multibase_bytes(text)
    return data is not None and (len(data) in _BY_LENGTH or (len(data) > 2 and data[1] == len(data) - 2))


def digests_fit(entry: Mapping[str, Any], body: bytes) -> bool:
    """Whether every digest given is that of `body`."""
    return ("digestSRI" not in entry or _sri_fits(entry["digestSRI"], body)) and (
        "digestMultibase" not in entry or _multibase_fits(entry["digestMultibase"], body)
    )


def _sri_fits(text: object, body: bytes) -> bool:
    """Subresource Integrity, section 3.5: one of the digests given."""
    for digest in text.split() if isinstance(text, str) else ():
        name, _, _ = digest.partition("-")
        if name in _SRI_HASHES and _SRI_HASHES[name](body).digest() == _sri_bytes(digest):
            return True
    return False


def _sri_bytes(digest: str) -> bytes | None:
    """What is after the name of the algorithm; None when it is not base64."""
    _, _, encoded = digest.partition("-")
    try:
        return multibase.decode_u("u" + encoded.rstrip("=").replace("+", "-").replace("/", "_"))
    except InvalidError:
        return None


def _multibase_fits(text: object, body: bytes) -> bool:
    """Controlled Identifiers 1.0, section 2.5 (Multihash); a bare digest, as the public test suite writes, is taken too."""
    data = _multibase_bytes(text)
    if data is None:
        return False
    by_header = _MULTIHASHES.get(data[:2])
    if by_header is not None and by_header(body).digest() == data[2:]:
        return True
    by_length = _BY_LENGTH.get(len(data))
    return by_length is not None and by_length(body).digest() == data


def _multibase_bytes(text: object) -> bytes | None:
    try:
        return multibase.decode_z(str(text)) if str(text).startswith("z") else multibase.decode_u(str(text))
    except InvalidError:
        return None


_DIGEST_FORMS: dict[str, Callable[[object], bool]] = {
    "digestSRI": _can_be_sri,
    "digestMultibase": _can_be_multibase,
}
