"""The older way to withdraw badges: 1EdTech's revocation list, which names the withdrawn ones and bears no signature.

Follows: 1EdTech Revocation List Status Method 1.0 (VCRL-10), deprecated since Open Badges 3.0's certification guide 1.4; read
only. The standard and the official validator disagree on the name of the member, so both names are read. As nobody
signs such a list, it counts as the issuer's only when it lies on the issuer's own host and does not name another
issuer; a badge that a list elsewhere names as withdrawn is withdrawn all the same, because the badge itself points there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from badge_service.errors import InvalidError
from badge_service.openbadges import did, strict_json
from badge_service.openbadges.verification.case import Case, issuer_id_of, listed

_MEMBERS = ("revokedCredential", "revokedCredentials")


@dataclass(frozen=True)
class RevocationList:
    """The ids of the withdrawn badges, and whether the list is the issuer's beyond doubt."""

    revoked: frozenset[str]
    is_issuers: bool

    def names(self, id: str) -> bool:
        """Whether the badge called `id` is withdrawn."""
        return id in self.revoked


def read(case: Case, address: str) -> RevocationList:
    """The list at `address`; raises InvalidError `status_list_format`, and whatever the fetch raises."""
    try:
        document = strict_json.loads(case.fetch(address).body)
    except InvalidError as error:
        raise InvalidError(
            "The list of withdrawn badges cannot be read.", code="status_list_format"
        ) from error
    if not isinstance(document, dict) or not any(name in document for name in _MEMBERS):
        raise InvalidError("This is not a list of withdrawn badges.", code="status_list_format")
    own_host = urlsplit(address).netloc == did.domain(case.issuer_id)
    named = issuer_id_of(document)
    is_issuers = own_host and named in ("", case.issuer_id) and document.get("id", address) == address
    return RevocationList(frozenset(_revoked(document)), is_issuers)


def _revoked(document: Mapping[str, Any]) -> Iterator[str]:
    for name in _MEMBERS:
        for entry in listed(document.get(name)):
            if isinstance(entry, str):
                yield entry
            elif isinstance(entry, Mapping) and entry.get("revoked", True) is not False:
                yield str(entry.get("id"))
