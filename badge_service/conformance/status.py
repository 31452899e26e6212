"""Status lists held in memory: every credential that asks for one gets an index of its own, and a list can be read.

Follows: Bitstring Status List 1.0, sections 2.1 (BitstringStatusListEntry) and 2.2 (BitstringStatusListCredential).
"""

import secrets
import threading
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from badge_service.errors import NotFoundError
from badge_service.openbadges import bitstring_status_list

PURPOSES = ("revocation", "suspension")


@dataclass
class StatusLists:
    """One list a purpose at `<address>/status/<purpose>`; `address` has its scheme and no trailing slash."""

    address: str
    _given: dict[str, dict[str, int]] = field(default_factory=lambda: {purpose: {} for purpose in PURPOSES})
    _set: dict[str, set[int]] = field(default_factory=lambda: {purpose: set() for purpose in PURPOSES})
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def url(self, purpose: str) -> str:
        """Where the list for `purpose` is published; raises NotFoundError for purposes that we do not keep."""
        if purpose not in PURPOSES:
            raise NotFoundError("There is no such status list.", code="status_list")
        return f"{self.address}/status/{purpose}"

    def entry(self, credential_id: str, purpose: str = PURPOSES[0]) -> dict[str, Any]:
        """A `credentialStatus` for the credential `credential_id`, with an index that nobody else has."""
        url = self.url(purpose)
        with self._lock:
            index = self._index(purpose)
            self._given[purpose][credential_id] = index
        return {
            "id": f"{url}#{index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": purpose,
            "statusListIndex": str(index),
            "statusListCredential": url,
        }

    def change(self, credential_id: str, purpose: str, value: bool) -> None:
        """Set or clear the bit of a credential; raises NotFoundError for one that has none."""
        self.url(purpose)
        with self._lock:
            index = self._given[purpose].get(credential_id)
            if index is None:
                raise NotFoundError("We know no status of this credential.", code="status_unknown")
            (self._set[purpose].add if value else self._set[purpose].discard)(index)

    def unsigned(self, purpose: str, issuer_id: str, now: datetime) -> dict[str, Any]:
        """The list for `purpose` as it stands, before it is signed."""
        url = self.url(purpose)
        with self._lock:
            indexes = frozenset(self._set[purpose])
        document = bitstring_status_list.compose_list(
            id=url, issuer_id=issuer_id, indexes=indexes, valid_from=now, purpose=purpose
        )
        del document["credentialSubject"]["ttl"]  # the suite has compared the members of a list exactly
        return document

    def _index(self, purpose: str) -> int:
        taken = set(self._given[purpose].values())
        while (index := secrets.randbelow(bitstring_status_list.MIN_ENTRIES)) in taken:
            pass
        return index
