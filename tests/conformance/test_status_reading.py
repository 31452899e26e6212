"""Status lists that are not what they should be: never good, and each told by its own code."""

import json
from typing import Any

import pytest

from badge_service.conformance.status_reading import MAX_ENTRIES, status_faults
from badge_service.errors import Fault, NotFoundError
from badge_service.openbadges import bitstring_status_list
from badge_service.openbadges.did import Fetched

URL = "https://lists.example/1"
ENTRY = {
    "id": f"{URL}#7",
    "type": "BitstringStatusListEntry",
    "statusPurpose": "revocation",
    "statusListIndex": "7",
    "statusListCredential": URL,
}
CREDENTIAL: dict[str, Any] = {"issuer": "did:example:school", "credentialStatus": ENTRY}


def _listed(**subject: Any) -> dict[str, Any]:
    encoded = bitstring_status_list.encode(bitstring_status_list.bits_of([9]))
    whole = {"type": "BitstringStatusList", "statusPurpose": "revocation", "encodedList": encoded, **subject}
    types = ["VerifiableCredential", "BitstringStatusListCredential"]
    return {"type": types, "issuer": "did:example:school", "credentialSubject": whole}


def _codes(body: Any, credential: dict[str, Any] = CREDENTIAL, faults: tuple[Any, ...] = ()) -> list[str]:
    def fetch(url: str) -> Fetched:
        if url != URL:
            raise NotFoundError("nothing there", code="not_found")
        return Fetched(body if isinstance(body, bytes) else json.dumps(body).encode(), "application/vc")

    return [fault.code for fault in status_faults(credential, fetch, lambda _: list(faults))]


def test_a_bit_that_is_not_set_is_good_and_one_that_is_says_for_what() -> None:
    revoked = {**CREDENTIAL, "credentialStatus": {**ENTRY, "statusListIndex": "9"}}

    assert _codes(_listed()) == []
    assert _codes(_listed(statusPurpose=["revocation", "suspension"])) == []
    assert _codes(_listed(), {"issuer": "did:example:school"}) == []
    assert _codes(_listed(), revoked) == ["status_revocation"]
    assert _codes(_listed(), {**CREDENTIAL, "credentialStatus": [ENTRY, revoked["credentialStatus"]]}) == [
        "status_revocation"
    ]


@pytest.mark.parametrize(
    "body, code",
    [
        (b"{", "json_invalid"),
        ([], "status_list_format"),
        ({}, "status_list_format"),
        ({**_listed(), "type": ["VerifiableCredential"]}, "status_list_format"),
        ({**_listed(), "type": None}, "status_list_format"),
        ({**_listed(), "credentialSubject": []}, "status_list_format"),
        ({**_listed(), "issuer": "did:example:else"}, "status_issuer"),
        (_listed(statusPurpose="suspension"), "status_purpose"),
        (_listed(encodedList=None), "status_encoding"),
        (_listed(encodedList="uAAAA"), "status_encoding"),
        (_listed(encodedList=bitstring_status_list.encode(bytes(100))), "status_too_short"),
    ],
)
def test_a_list_that_is_not_good(body: Any, code: str) -> None:
    assert _codes(body) == [code]


def test_a_list_whose_signature_does_not_hold_is_not_good() -> None:
    assert _codes(_listed(), faults=(Fault("proof", "changed", "signature"),)) == ["signature"]


@pytest.mark.parametrize(
    "change, code",
    [
        ({"type": "OtherStatus"}, "status_kind_unknown"),
        ({"statusSize": 2}, "status_kind_unknown"),
        ({"statusListCredential": None}, "status_index"),
        ({"statusPurpose": 4}, "status_index"),
        ({"statusListIndex": "x"}, "status_index"),
        ({"statusListIndex": "999999"}, "status_range"),
        ({"statusListCredential": "https://nowhere.example"}, "not_found"),
    ],
)
def test_an_entry_that_is_not_good(change: dict[str, Any], code: str) -> None:
    assert _codes(_listed(), {**CREDENTIAL, "credentialStatus": {**ENTRY, **change}}) == [code]


def test_too_many_entries_are_not_read() -> None:
    assert _codes(_listed(), {**CREDENTIAL, "credentialStatus": [ENTRY] * (MAX_ENTRIES + 1)}) == [
        "status_too_many"
    ]
