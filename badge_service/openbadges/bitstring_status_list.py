"""Status lists: one bit a badge, compressed into a credential that the issuer signs like a badge.

Follows: Bitstring Status List 1.0, sections 2.2 (BitstringStatusListCredential), 3.3 and 3.4 (generation, expansion).
"""

import gzip
import zlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from badge_service.errors import InvalidError
from badge_service.openbadges import dates, multibase
from badge_service.openbadges.contexts import VC2

MIN_ENTRIES = 131_072
"""Fewer entries would tell too much about whose badge is asked for (section 6.1)."""
MAX_BYTES = 4 * 1024 * 1024
VALID_FOR = timedelta(days=7)
TTL_MILLISECONDS = 300_000


def bits_of(indexes: Iterable[int], entries: int = MIN_ENTRIES) -> bytes:
    """A bit string of `entries` bits in which those at `indexes` are set; index 0 is the left-most bit."""
    bits = bytearray(entries // 8)
    for index in indexes:
        if not 0 <= index < entries:
            raise InvalidError(f"The list has no entry {index}.", code="status_range")
        bits[index // 8] |= 0x80 >> index % 8
    return bytes(bits)


def encode(bits: bytes) -> str:
    """`bits` compressed, as `encodedList`; equal bits give equal text (no time stamp inside)."""
    return multibase.encode_u(gzip.compress(bits, compresslevel=9, mtime=0))


def decode(encoded: str, max_bytes: int = MAX_BYTES) -> bytes:
    """The bits behind `encodedList`; raises InvalidError `status_encoding` or `status_too_large`."""
    try:
        packed = multibase.decode_u(encoded)
        expander = zlib.decompressobj(wbits=31)
        bits = expander.decompress(packed, max_bytes)
    except (InvalidError, zlib.error) as error:
        raise InvalidError("The status list cannot be unpacked.", code="status_encoding") from error
    if expander.unconsumed_tail:
        raise InvalidError("The status list is too large.", code="status_too_large")
    if not expander.eof or expander.unused_data:
        raise InvalidError("The status list cannot be unpacked.", code="status_encoding")
    return bits


def unpacked(encoded: str) -> bytes:
    """As `decode`; raises InvalidError `status_too_short` also for fewer entries than the standard allows."""
    bits = decode(encoded)
    if len(bits) * 8 < MIN_ENTRIES:
        raise InvalidError("The status list is shorter than the standard allows.", code="status_too_short")
    return bits


def bit(bits: bytes, index: int) -> bool:
    """Whether entry `index` of the unpacked list is set; raises InvalidError `status_range`."""
    if not 0 <= index < len(bits) * 8:
        raise InvalidError("The status list has no such entry.", code="status_range")
    return bool(bits[index // 8] & 0x80 >> index % 8)


def read_bit(encoded: str, index: int) -> bool:
    """Whether entry `index` of `encodedList` is set; raises InvalidError as `unpacked` and `bit` do."""
    return bit(unpacked(encoded), index)


def compose_list(
    *,
    id: str,
    issuer_id: str,
    indexes: Iterable[int],
    valid_from: datetime,
    entries: int = MIN_ENTRIES,
    purpose: str = "revocation",
) -> dict[str, Any]:
    """An unsigned BitstringStatusListCredential for the address `id`, valid for seven days.

    `indexes` are the entries that are set. Give the result to `credential.prepare` before signing.
    """
    if entries < MIN_ENTRIES or entries % 8:
        raise InvalidError(f"A status list has at least {MIN_ENTRIES} entries.", code="status_too_short")
    return {
        "@context": [VC2],
        "id": id,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer_id,
        "validFrom": dates.write(valid_from),
        "validUntil": dates.write(valid_from + VALID_FOR),
        "credentialSubject": {
            "id": f"{id}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": encode(bits_of(indexes, entries)),
            "ttl": TTL_MILLISECONDS,
        },
    }


def index_of(entry: Mapping[str, Any]) -> int:
    """The `statusListIndex` of an entry, written as text or number; raises InvalidError `status_index`."""
    index = entry.get("statusListIndex")
    if isinstance(index, str) and index.isascii() and index.isdigit() and len(index) <= 10:
        return int(index)
    if isinstance(index, int) and not isinstance(index, bool) and index >= 0:
        return index
    raise InvalidError("The badge does not say properly where its status is.", code="status_index")
