"""A door with fresh keys, and a client that asks it as the public suites do."""

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from badge_service.conformance import keys, vocabulary
from badge_service.conformance.app import Door, create_app, fresh_door
from badge_service.conformance.keys import MemoryKey
from badge_service.openbadges.contexts import DATA_INTEGRITY, VC1, VC2
from badge_service.openbadges.proofs import eddsa_rdfc_2022
from badge_service.openbadges.public_key import KeyKind

ADDRESS = "https://127.0.0.1:34443"
SUBJECT = {"id": "did:example:subject"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What the public suites demand is asked in make slow; that the door stays apart, in make test too."""
    here = Path(__file__).parent
    for item in items:
        if item.path.parent == here and item.path.name != "test_apart.py":
            item.add_marker(pytest.mark.slow)


@dataclass(frozen=True)
class Client:
    """Asks a door; every answer is JSON."""

    door: Door
    http: FlaskClient

    def did(self, issuer: str) -> str:
        return self.door.issuers[issuer].key.did

    def post(self, path: str, body: Any) -> tuple[int, dict[str, Any]]:
        response = self.http.post(path, json=body, headers={"Accept": "application/json,application/ld+json"})
        assert response.status_code < 500, response.text
        return response.status_code, response.get_json()

    def issue(self, issuer: str, credential: dict[str, Any], **options: Any) -> tuple[int, dict[str, Any]]:
        body = {"credential": credential, **({"options": options} if options else {})}
        return self.post(f"/issuers/{issuer}/credentials/issue", body)

    def issued(self, issuer: str, credential: dict[str, Any] | None = None, **options: Any) -> dict[str, Any]:
        """The credential as the door issued it, with the issuer set as the harness sets it."""
        wanted = copy.deepcopy(credential or new_credential())
        wanted.setdefault("issuer", self.did(issuer))
        status, body = self.issue(issuer, wanted, **options)
        assert status == 201, body
        return body

    def refuses_to_issue(self, issuer: str, credential: dict[str, Any]) -> bool:
        wanted = {"issuer": self.did(issuer), **copy.deepcopy(credential)}
        status, body = self.issue(issuer, wanted)
        return status in (400, 422) and bool(body["errors"])

    def verify(self, credential: Any, **options: Any) -> tuple[int, dict[str, Any]]:
        body = {"verifiableCredential": credential, "options": {"checks": ["proof"], **options}}
        return self.post("/credentials/verify", body)

    def verifies(self, credential: Any, **options: Any) -> bool:
        return _good(*self.verify(credential, **options))

    def rejects(self, credential: Any, **options: Any) -> bool:
        return _bad(*self.verify(credential, **options))

    def verifies_presentation(self, presentation: Any, **options: Any) -> bool:
        return _good(*self._presented(presentation, options))

    def rejects_presentation(self, presentation: Any, **options: Any) -> bool:
        return _bad(*self._presented(presentation, options))

    def _presented(self, presentation: Any, options: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        return self.post(
            "/presentations/verify", {"verifiablePresentation": presentation, "options": options}
        )

    def resolve(self, did: str, **query: str) -> tuple[int, dict[str, Any]]:
        response = self.http.get(f"/identifiers/{quote(did, safe='')}", query_string=query)
        return response.status_code, response.get_json()


def _good(status: int, body: dict[str, Any]) -> bool:
    assert status in (200, 400)
    assert (status == 200) is (body["verified"] is True) is (body["errors"] == [])
    return status == 200


def _bad(status: int, body: dict[str, Any]) -> bool:
    return status == 400 and body["verified"] is False and len(body["errors"]) > 0


@pytest.fixture
def door() -> Door:
    return fresh_door(ADDRESS)


@pytest.fixture
def client(door: Door) -> Iterator[Client]:
    with create_app(door).test_client() as http:
        yield Client(door, http)


@dataclass(frozen=True)
class Suite:
    """What the public suites do by themselves: sign credentials and presentations with a key of their own."""

    key: MemoryKey

    def sign(
        self, document: dict[str, Any], *, suite: Any = eddsa_rdfc_2022.SUITE, **options: Any
    ) -> dict[str, Any]:
        """`document` with a proof (or one more) whose options are `options`; None leaves one out."""
        purpose = (
            "authentication" if "VerifiablePresentation" in document.get("type", []) else "assertionMethod"
        )
        wanted = {
            "created": moment(),
            "verificationMethod": self.key.key_id,
            "proofPurpose": purpose,
            **options,
        }
        given = {name: value for name, value in wanted.items() if value is not None}
        signed = suite.add_proof(document, given, signer=self.key, examine=vocabulary.examine)
        return {**signed, "proof": signed["proof"][0]} if len(signed["proof"]) == 1 else signed

    def credential(self, **members: Any) -> dict[str, Any]:
        return self.sign(new_credential(issuer=self.key.did, **members))

    def presentation(self, **members: Any) -> dict[str, Any]:
        return self.sign(new_presentation(**members))


@pytest.fixture
def suite() -> Suite:
    return Suite(keys.fresh(KeyKind.ED25519))


@pytest.fixture
def signing() -> Callable[[KeyKind], Suite]:
    return lambda kind: Suite(keys.fresh(kind))


def new_credential(**members: Any) -> dict[str, Any]:
    return {
        "@context": [VC2],
        "type": ["VerifiableCredential"],
        "credentialSubject": {**SUBJECT, "name": "Alice"},
        **members,
    }


def old_credential(**members: Any) -> dict[str, Any]:
    """One of data model 1.1."""
    return {
        "@context": [VC1, DATA_INTEGRITY],
        "type": ["VerifiableCredential"],
        "issuanceDate": moment(),
        "credentialSubject": dict(SUBJECT),
        **members,
    }


def new_presentation(**members: Any) -> dict[str, Any]:
    return {"@context": [VC2], "type": ["VerifiablePresentation"], **members}


def moment(**later: float) -> str:
    return (datetime.now(UTC) + timedelta(**later)).strftime("%Y-%m-%dT%H:%M:%SZ")
