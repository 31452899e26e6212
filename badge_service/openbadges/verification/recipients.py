"""Whose badge is it? The person that somebody asks about, compared with what the badge says of its recipient.

Follows: Open Badges 3.0, section 9 (Verification), step 5, and IdentityHash. The standard says nothing about capitals in mail
addresses: an address is compared as it was given and then in lower case; a name with capitals and spaces aside.
"""

import hashlib
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from badge_service.openbadges.verdict import Check
from badge_service.openbadges.verification.case import (
    Case,
    Recipient,
    failed,
    listed,
    not_checked,
    objects,
    passed,
    unknown,
)

_HASHES = {"md5": "md5", "sha256": "sha256"}


def recipient(case: Case) -> Check:
    """Step 12: it must be the person who was asked about, and cannot be good when it does not say whose it is."""
    asked = case.enquiry.recipient
    if asked is None or case.kind != "badge":
        return not_checked("recipient", "recipient_not_asked")
    subject = case.document["credentialSubject"]
    if asked.kind == "id":
        if not isinstance(subject.get("id"), str):
            return unknown("recipient", "recipient_not_said")
        matches = subject["id"] == asked.value
    else:
        entries = [entry for entry in objects(subject.get("identifier")) if _kind(entry) == asked.kind]
        if not entries:
            return unknown("recipient", "recipient_not_said")
        matches = any(_matches(entry, asked) for entry in entries)
    return passed("recipient", "recipient_matches") if matches else failed("recipient", "recipient_other")


def plain_identities(document: Mapping[str, Any], kind: str) -> Iterator[str]:
    """What the badge says in clear text of its recipient, in any spelling that the signature covers as well."""
    for subject in objects(document.get("credentialSubject")):
        for entry in objects(subject.get("identifier")):
            if _kind(entry) == kind and not _is_hashed(entry):
                yield from (value for value in listed(entry.get("identityHash")) if isinstance(value, str))


def _kind(entry: Mapping[str, Any]) -> str:
    kinds = [kind for kind in listed(entry.get("identityType")) if isinstance(kind, str)]
    return kinds[0] if len(kinds) == 1 else ""


def _is_hashed(entry: Mapping[str, Any]) -> bool:
    """Whatever is not plainly said to be clear text is taken for a hash."""
    return listed(entry.get("hashed")) not in ([False], ["false"])


def _matches(entry: Mapping[str, Any], asked: Recipient) -> bool:
    values = [value for value in listed(entry.get("identityHash")) if isinstance(value, str)]
    if _is_hashed(entry):
        return any(
            _same_hash(value, entry.get("salt"), known) for value in values for known in _spellings(asked)
        )
    if asked.kind == "emailAddress":
        return any(value.strip().lower() == asked.value.strip().lower() for value in values)
    if asked.kind == "name":
        return any(_folded(value) == _folded(asked.value) for value in values)
    return asked.value in values


def _spellings(asked: Recipient) -> tuple[str, ...]:
    given = asked.value.strip()
    return (given, given.lower()) if asked.kind == "emailAddress" else (given,)


def _same_hash(written: str, salt: object, known: str) -> bool:
    algorithm, _, digest = written.partition("$")
    if algorithm not in _HASHES:
        return False
    data = (known + (salt if isinstance(salt, str) else "")).encode("utf-8", "surrogatepass")
    return hashlib.new(_HASHES[algorithm], data, usedforsecurity=False).hexdigest() == digest.lower()


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())
