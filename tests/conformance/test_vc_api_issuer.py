"""What the VC-API suite for issuers demands: exactly 201 for what is right, 400 or 422 for what is not."""

import copy
from typing import Any

import pytest

from badge_service.openbadges.contexts import VC1

ISSUER = "eddsa-rdfc-2022"
PATH = f"/issuers/{ISSUER}/credentials/issue"


@pytest.fixture
def body(client: Any) -> dict[str, Any]:
    credential = {
        "@context": [VC1],
        "id": "urn:uuid:4f0c0bd4-0000-4000-8000-000000000003",
        "type": ["VerifiableCredential"],
        "issuer": client.did(ISSUER),
        "credentialSubject": {"id": "did:key:z6MktKwz7Ge1Yxzr4JHavN33wiwa8y81QdcMRLXQsrH9T53b"},
    }
    return {"credential": credential, "options": {}}


def _is_refused(client: Any, body: Any) -> bool:
    status, told = client.post(PATH, body)
    return status in (400, 422) and bool(told["errors"])


def _with(body: dict[str, Any], **members: Any) -> dict[str, Any]:
    changed = copy.deepcopy(body)
    changed["credential"].update(members)
    return changed


def _without(body: dict[str, Any], name: str) -> dict[str, Any]:
    changed = copy.deepcopy(body)
    del changed["credential"][name]
    return changed


def test_a_credential_is_issued_with_201_and_comes_bare(client: Any, body: dict[str, Any]) -> None:
    status, issued = client.post(PATH, body)

    assert status == 201
    assert "VerifiableCredential" in issued["type"]
    assert isinstance(issued["proof"], dict)
    assert issued["@context"][0] == VC1
    assert client.post(PATH, {"credential": body["credential"]})[0] == 201


def test_the_body_must_have_a_credential(client: Any, body: dict[str, Any]) -> None:
    assert _is_refused(client, {"verifiableCredential": body["credential"], "options": {}})


def test_the_context_must_be_there(client: Any, body: dict[str, Any]) -> None:
    assert _is_refused(client, _without(body, "@context"))


def test_the_context_must_be_a_list(client: Any, body: dict[str, Any]) -> None:
    assert _is_refused(client, _with(body, **{"@context": 4}))


def test_contexts_must_be_text_or_objects(client: Any, body: dict[str, Any]) -> None:
    for bad in (4, False, None, [], [4], [VC1, None], [VC1, []]):
        assert _is_refused(client, _with(body, **{"@context": bad}))


def test_the_type_must_be_there(client: Any, body: dict[str, Any]) -> None:
    assert _is_refused(client, _without(body, "type"))


def test_the_type_must_be_a_list(client: Any, body: dict[str, Any]) -> None:
    assert _is_refused(client, _with(body, type=4))


def test_types_must_be_text(client: Any, body: dict[str, Any]) -> None:
    for bad in (None, True, 4, [], [None], ["VerifiableCredential", 4]):
        assert _is_refused(client, _with(body, type=bad))


def test_the_issuer_must_be_there(client: Any, body: dict[str, Any]) -> None:
    assert _is_refused(client, _without(body, "issuer"))


def test_the_issuer_must_be_text_or_an_object(client: Any, body: dict[str, Any]) -> None:
    for bad in (None, True, 4, []):
        assert _is_refused(client, _with(body, issuer=bad))


def test_the_subject_must_be_there(client: Any, body: dict[str, Any]) -> None:
    assert _is_refused(client, _without(body, "credentialSubject"))


def test_the_subject_must_be_an_object(client: Any, body: dict[str, Any]) -> None:
    for bad in (None, True, 4, [], "did:example:1234"):
        assert _is_refused(client, _with(body, credentialSubject=bad))


def test_an_end_may_be_given(client: Any, body: dict[str, Any]) -> None:
    status, issued = client.post(PATH, _with(body, expirationDate="2199-01-01T00:00:00Z"))

    assert status == 201
    assert issued["expirationDate"] == "2199-01-01T00:00:00Z"


def test_json_of_any_shape_is_answered_in_words(client: Any, body: dict[str, Any]) -> None:
    for bad in ([], "text", 4, None, {"credential": []}, {**body, "options": []}, {**body, "options": 4}):
        assert _is_refused(client, bad)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"credential":{},"credential":{}}',
        b'{"credential":NaN}',
        b'{"credential":' + b"[" * 100 + b"]" * 100 + b"}",
        b'{"credential":1e999}',
    ],
)
def test_what_is_not_one_strict_json_document_is_refused(client: Any, data: bytes) -> None:
    response = client.http.post(PATH, data=data, content_type="application/json")

    assert response.status_code == 400
    assert response.get_json()["errors"]


def test_what_is_too_large_or_elsewhere_is_refused(client: Any, body: dict[str, Any]) -> None:
    assert client.http.post(PATH, data=b" " * 600_000, content_type="application/json").status_code == 413
    assert client.post("/issuers/nobody/credentials/issue", body)[0] == 404
    assert client.http.get(PATH).status_code == 405


def test_an_issuer_signs_for_itself_alone(client: Any, body: dict[str, Any]) -> None:
    status, told = client.post(PATH, _with(body, issuer="did:example:another"))

    assert status == 400
    assert [error["code"] for error in told["errors"]] == ["issuer"]


def test_what_is_signed_already_is_not_signed_again(client: Any, body: dict[str, Any]) -> None:
    _, issued = client.post(PATH, body)

    assert _is_refused(client, {"credential": issued})
