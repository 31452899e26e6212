"""Whatever is sent to the door, it answers in JSON, never with an error of ours, and never calls a changed thing good."""

import copy
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from badge_service.conformance import keys, vocabulary
from badge_service.conformance.app import create_app, fresh_door
from badge_service.openbadges.contexts import VC2
from badge_service.openbadges.proofs import eddsa_rdfc_2022
from badge_service.openbadges.public_key import KeyKind

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
)
PATHS = [
    "/issuers/eddsa-rdfc-2022/credentials/issue",
    "/issuers/ecdsa-sd-2023/credentials/issue",
    "/issuers/vc-jwt/credentials/issue",
    "/credentials/verify",
    "/presentations/verify",
    "/credentials/derive",
    "/credentials/status",
]
MEMBERS = {
    "issuers": "credential",
    "credentials": "verifiableCredential",
    "presentations": "verifiablePresentation",
}

_door = fresh_door("https://127.0.0.1:1")
_http = create_app(_door).test_client()


def _signed_presentation() -> dict[str, Any]:
    key = keys.fresh(KeyKind.ED25519)
    credential = {
        "@context": [VC2],
        "id": "urn:uuid:4f0c0bd4-0000-4000-8000-00000000000c",
        "type": ["VerifiableCredential"],
        "issuer": {"id": key.did, "name": "A school"},
        "validFrom": "2024-01-01T00:00:00Z",
        "credentialSubject": [{"id": "did:example:1", "name": [{"@value": "Ann", "@language": "en"}]}],
        "evidence": [{"type": "https://example.org/#Photo", "description": "a photo"}],
    }
    presentation = {"@context": [VC2], "type": ["VerifiablePresentation"], "holder": key.did}
    signed = _sign(key, credential, "assertionMethod")
    return _sign(key, {**presentation, "verifiableCredential": [signed]}, "authentication")


def _sign(key: keys.MemoryKey, document: dict[str, Any], purpose: str) -> dict[str, Any]:
    options = {"created": "2024-01-01T00:00:00Z", "verificationMethod": key.key_id, "proofPurpose": purpose}
    return eddsa_rdfc_2022.SUITE.add_proof(document, options, signer=key, examine=vocabulary.examine)


PRESENTATION = _signed_presentation()


def _places(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every member of a document."""
    members = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    return [place for name, member in members for place in [(*way, name), *_places(member, (*way, name))]]


def _changed(document: Any, way: tuple[Any, ...], value: Any) -> tuple[Any, Any]:
    """`document` with another value at the end of `way`, and the value that was there."""
    copied = inner = copy.deepcopy(document)
    for name in way[:-1]:
        inner = inner[name]
    before, inner[way[-1]] = inner[way[-1]], value
    return copied, before


def _ask(path: str, body: Any) -> tuple[int, Any]:
    response = _http.post(path, json=body)
    assert response.status_code < 500, (path, body, response.text)
    return response.status_code, response.get_json()


def test_the_document_that_is_changed_below_is_good() -> None:
    assert _ask("/presentations/verify", {"verifiablePresentation": PRESENTATION})[0] == 200


@pytest.mark.parametrize("path", PATHS)
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(body=JSON)
def test_any_json_is_answered(path: str, body: Any) -> None:
    member = MEMBERS[path.split("/")[1]]
    for sent in (body, {member: body}, {member: {}, "options": body}):
        status, told = _ask(path, sent)
        assert status in (400, 404)
        assert told["errors"]


def _change_and_ask(way: tuple[Any, ...], value: Any) -> None:
    changed, before = _changed(PRESENTATION, way, value)
    status, told = _ask("/presentations/verify", {"verifiablePresentation": changed})
    if status == 200:
        assert _says_the_same(before, value), (way, before, value, told)
    _ask("/issuers/eddsa-rdfc-2022/credentials/issue", {"credential": changed})
    _ask(
        "/credentials/derive", {"verifiableCredential": changed, "options": {"selectivePointers": ["/type"]}}
    )


def _says_the_same(before: Any, after: Any) -> bool:
    """One value and a list of that one value are the same statement."""
    return (before if isinstance(before, list) else [before]) == (
        after if isinstance(after, list) else [after]
    )


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(way=st.sampled_from(_places(PRESENTATION)), value=JSON)
def test_no_changed_presentation_is_good(way: tuple[Any, ...], value: Any) -> None:
    _change_and_ask(way, value)


@pytest.mark.slow
def test_no_place_of_a_presentation_can_be_changed() -> None:
    chosen = random.Random(7)
    values = [
        None,
        "",
        "x",
        0,
        True,
        [],
        {},
        "did:example:x",
        "2030-01-01T00:00:00Z",
        [None],
        {"id": "urn:x"},
    ]
    for way in _places(PRESENTATION):
        for value in chosen.sample(values, 8):
            _change_and_ask(way, value)
