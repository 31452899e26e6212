"""What the W3C suite for Bitstring Status List demands: an entry in the credential, a list behind its address, a verdict."""

from typing import Any

import pytest

from badge_service.openbadges import bitstring_status_list, multibase

ISSUER = "bitstring-status-list"
ALL = ["proof", "credentialStatus"]


@pytest.fixture
def issued(client: Any) -> dict[str, Any]:
    return dict(client.issued(ISSUER))


@pytest.fixture
def listed(client: Any, issued: dict[str, Any]) -> dict[str, Any]:
    """The list, from the address that the credential names."""
    url = issued["credentialStatus"]["statusListCredential"]
    assert url.startswith("https://127.0.0.1:")
    return dict(client.http.get(url.removeprefix(client.door.lists.address)).get_json())


def test_the_credential_conforms(client: Any, issued: dict[str, Any]) -> None:
    assert client.verifies(issued)


def test_the_id_of_the_entry_is_not_that_of_the_list(issued: dict[str, Any]) -> None:
    entry = issued["credentialStatus"]

    assert isinstance(entry, dict)
    assert entry["id"] != entry["statusListCredential"]


def test_the_type_of_the_entry(issued: dict[str, Any]) -> None:
    assert issued["credentialStatus"]["type"] == "BitstringStatusListEntry"


def test_the_purpose_is_text(issued: dict[str, Any]) -> None:
    assert issued["credentialStatus"]["statusPurpose"] == "revocation"


def test_the_index_is_a_whole_number_written_as_text(issued: dict[str, Any]) -> None:
    index = issued["credentialStatus"]["statusListIndex"]

    assert index == str(int(index)) and int(index) >= 0


def test_the_list_is_a_credential_with_its_types(client: Any, listed: dict[str, Any]) -> None:
    assert listed["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]
    assert listed["credentialSubject"]["type"] == "BitstringStatusList"
    assert client.verifies(listed, checks=["proof", "validityPeriod"])


def test_the_list_says_its_address_and_its_issuer(issued: dict[str, Any], listed: dict[str, Any]) -> None:
    assert listed["id"] == issued["credentialStatus"]["statusListCredential"]
    assert listed["issuer"] == issued["issuer"]


def test_the_list_has_the_purpose_of_the_entry(issued: dict[str, Any], listed: dict[str, Any]) -> None:
    assert listed["credentialSubject"]["statusPurpose"] == issued["credentialStatus"]["statusPurpose"]


def test_the_encoded_list_is_multibase_base64url_of_at_least_16_kilobytes(listed: dict[str, Any]) -> None:
    encoded = listed["credentialSubject"]["encodedList"]

    assert multibase.decode_u(encoded)[:2] == b"\x1f\x8b"
    assert len(bitstring_status_list.decode(encoded)) >= 16 * 1024


def test_every_credential_has_an_index_of_its_own(client: Any) -> None:
    indexes = {client.issued(ISSUER)["credentialStatus"]["statusListIndex"] for _ in range(20)}

    assert len(indexes) == 20


def test_a_good_status_is_good(client: Any, issued: dict[str, Any]) -> None:
    assert client.verifies(issued, checks=ALL)


def test_a_set_bit_is_an_error_and_a_cleared_one_is_not(client: Any, issued: dict[str, Any]) -> None:
    change = {"credentialId": issued["id"], "credentialStatus": {"statusPurpose": "revocation"}}
    other = client.issued(ISSUER)

    client.post("/credentials/status", {**change, "status": True})
    assert client.rejects(issued, checks=ALL)
    assert client.verifies(issued)  # its proof alone was asked for
    assert client.verifies(other, checks=ALL)
    client.post("/credentials/status", {**change, "status": False})
    assert client.verifies(issued, checks=ALL)


@pytest.mark.parametrize(
    "change, code",
    [
        ({"statusListCredential": "https://nowhere.example/list"}, "not_ours"),
        ({"statusListCredential": "https://127.0.0.1:34443/status/nothing"}, "status_list"),
        ({"statusListIndex": "99999999"}, "status_range"),
        ({"statusListIndex": "-1"}, "status_index"),
        ({"statusPurpose": "suspension"}, "status_purpose"),
        ({"statusSize": 2}, "status_kind_unknown"),
    ],
)
def test_a_status_that_cannot_be_read_is_an_error(
    client: Any, suite: Any, change: dict[str, Any], code: str
) -> None:
    issuer = type(suite)(client.door.issuers[ISSUER].key)
    entry = {**client.issued(ISSUER)["credentialStatus"], **change}
    signed = issuer.credential(credentialStatus=entry)

    assert client.verifies(signed)
    status, body = client.verify(signed, checks=ALL)
    assert (status, [error["code"] for error in body["errors"]]) == (400, [code])


def test_the_list_of_another_issuer_is_an_error(client: Any, suite: Any, issued: dict[str, Any]) -> None:
    borrowed = suite.credential(credentialStatus=issued["credentialStatus"])

    assert client.verifies(borrowed)
    status, body = client.verify(borrowed, checks=ALL)
    assert status == 400
    assert [error["code"] for error in body["errors"]] == ["status_issuer"]


def test_an_unknown_list_is_not_found(client: Any) -> None:
    assert client.http.get("/status/unknown").status_code == 404
    change = {"credentialId": "urn:uuid:nobody", "credentialStatus": {"statusPurpose": "revocation"}}
    assert client.post("/credentials/status", change)[0] == 404
    assert client.post("/credentials/status", {"credentialId": 4})[0] == 400
