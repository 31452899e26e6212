"""What the status lists say that a credential points to; what cannot be found out is never good.

Follows: Bitstring Status List 1.0, section 3.2 (Validate Algorithm).
"""

from collections.abc import Callable, Mapping
from typing import Any

from badge_service.errors import Fault, InvalidError, NotFoundError, UnavailableError
from badge_service.openbadges import bitstring_status_list, strict_json, vc_data_model
from badge_service.openbadges.did import Fetch

MAX_ENTRIES = 4
LIST_TYPE = "BitstringStatusListCredential"
Verify = Callable[[Mapping[str, Any]], list[Fault]]
"""Everything that is wrong with a status list as a credential."""


def status_faults(credential: Mapping[str, Any], fetch: Fetch, verify: Verify) -> list[Fault]:
    """Why the status of `credential` is not good; empty when it is, or when it has none."""
    value = credential.get("credentialStatus", [])
    entries = value if isinstance(value, list) else [value]
    if len(entries) > MAX_ENTRIES:
        return [Fault("credentialStatus", "There are too many of them.", "status_too_many")]
    found = []
    for entry in entries:
        try:
            found += _entry_faults(entry, credential, fetch, verify)
        except (InvalidError, NotFoundError, UnavailableError) as error:
            found += error.faults or (Fault("credentialStatus", error.message, error.code),)
    return found


def _entry_faults(
    entry: Mapping[str, Any], credential: Mapping[str, Any], fetch: Fetch, verify: Verify
) -> list[Fault]:
    address, purpose = entry.get("statusListCredential"), entry.get("statusPurpose")
    if entry.get("type") != "BitstringStatusListEntry" or entry.get("statusSize", 1) != 1:
        raise InvalidError("We do not know this kind of status.", code="status_kind_unknown")
    if not isinstance(address, str) or not isinstance(purpose, str):
        raise InvalidError("The status does not say where its list is, or for what.", code="status_index")
    index = bitstring_status_list.index_of(entry)
    listed = _read(address, purpose, credential, fetch, verify)
    if bitstring_status_list.read_bit(listed, index):
        return [Fault("credentialStatus", f"The bit for {purpose[:40]} is set.", f"status_{purpose[:40]}")]
    return []


def _read(address: str, purpose: str, credential: Mapping[str, Any], fetch: Fetch, verify: Verify) -> str:
    """The `encodedList` at `address`; raises InvalidError when it is not a good list of the same issuer."""
    document = strict_json.loads(fetch(address).body, max_bytes=bitstring_status_list.MAX_BYTES)
    members = document if isinstance(document, dict) else {}
    subject, types = members.get("credentialSubject"), members.get("type")
    if not isinstance(subject, dict) or not isinstance(types, list) or LIST_TYPE not in types:
        raise InvalidError("This is not a status list.", code="status_list_format")
    purposes = subject.get("statusPurpose")
    if purpose not in (purposes if isinstance(purposes, list) else [purposes]):
        raise InvalidError("The status list has another purpose.", code="status_purpose")
    if vc_data_model.issuer_id(document) != vc_data_model.issuer_id(credential):
        raise InvalidError("The status list is somebody else's.", code="status_issuer")
    if faults := verify(document):
        raise InvalidError("The status list does not hold.", code="status_verification", faults=faults)
    encoded = subject.get("encodedList")
    if not isinstance(encoded, str):
        raise InvalidError("The status list holds no list.", code="status_encoding")
    return encoded
