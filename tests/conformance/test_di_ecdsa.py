"""What the W3C suite for ECDSA demands beyond the shared assertions: kinds of keys, and credentials shown in parts."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from badge_service.openbadges.contexts import VC2
from badge_service.openbadges.proofs import ecdsa_jcs_2019, ecdsa_rdfc_2019
from badge_service.openbadges.public_key import KeyKind

EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"
HEADERS = {"p256": "zDna", "p384": "z82L"}
NESTED = {
    "@context": [VC2, EXAMPLES],
    "type": ["VerifiableCredential"],
    "credentialSubject": {
        "id": "did:example:sailor",
        "sails": [{"size": 5.5, "year": 2023}, {"size": 6.1, "year": 2023}, {"size": 7.0, "year": 2020}],
        "boards": [{"name": "CompFoil170", "year": 2022}, {"name": "Kanaha Custom", "year": 2019}],
    },
}
MANDATORY = ["/issuer"]


@pytest.mark.parametrize("kind", HEADERS)
@pytest.mark.parametrize("form", ["rdfc", "jcs"])
def test_the_issuers_key_is_of_the_kind_asked_for(client: Any, form: str, kind: str) -> None:
    issued = client.issued(f"ecdsa-{form}-2019-{kind}")

    assert issued["issuer"].startswith(f"did:key:{HEADERS[kind]}")


@pytest.mark.parametrize("suite_", [ecdsa_rdfc_2019.SUITE, ecdsa_jcs_2019.SUITE], ids=["rdfc", "jcs"])
@pytest.mark.parametrize("kind", [KeyKind.P256, KeyKind.P384])
def test_one_verifier_takes_both_kinds_of_keys(
    client: Any, signing: Callable[[KeyKind], Any], suite_: Any, kind: KeyKind
) -> None:
    signer = signing(kind)
    signed = signer.sign({**NESTED, "issuer": signer.key.did}, suite=suite_)

    assert client.verifies(signed)
    assert client.rejects({**signed, "proof": {**signed["proof"], "cryptosuite": "invalid-cryptosuite"}})


def test_a_key_of_another_suite_is_an_error(client: Any) -> None:
    issued = client.issued("ecdsa-rdfc-2019-p256")
    other = client.issued("eddsa-rdfc-2022")

    assert client.rejects(
        {**issued, "proof": {**issued["proof"], "verificationMethod": other["proof"]["verificationMethod"]}}
    )


# ecdsa-sd-2023


@pytest.fixture
def base(client: Any) -> dict[str, Any]:
    return dict(client.issued("ecdsa-sd-2023", NESTED, mandatoryPointers=MANDATORY))


def _derived(client: Any, base: dict[str, Any], *pointers: str) -> dict[str, Any]:
    body = {"verifiableCredential": base, "options": {"selectivePointers": list(pointers)}}
    status, derived = client.post("/credentials/derive", body)
    assert 200 <= status < 300, derived
    return dict(derived)


def test_a_base_proof_is_written_in_base64url(base: dict[str, Any]) -> None:
    assert base["proof"]["proofValue"].startswith("u")
    assert base["issuer"].startswith("did:key:zDna")


def test_a_base_proof_does_not_verify(client: Any, base: dict[str, Any]) -> None:
    assert client.rejects(base)


@pytest.mark.parametrize(
    "pointers",
    [
        ["/credentialSubject/id"],
        ["/credentialSubject/sails/1", "/credentialSubject/boards/0/name"],
        ["/credentialSubject/sails"],
        ["/credentialSubject/sails/2", "/credentialSubject/boards"],
        ["/credentialSubject"],
    ],
)
def test_what_is_shown_of_it_verifies(client: Any, base: dict[str, Any], pointers: list[str]) -> None:
    shown = _derived(client, base, *pointers)

    assert client.verifies(shown)
    assert shown["issuer"] == base["issuer"]


def test_what_was_left_out_is_not_there(client: Any, base: dict[str, Any]) -> None:
    assert "sails" not in _derived(client, base, "/credentialSubject/boards/0")["credentialSubject"]


def test_a_changed_part_does_not_verify(client: Any, base: dict[str, Any]) -> None:
    shown = _derived(client, base, "/credentialSubject/id", "/credentialSubject/boards/0")
    changed = copy.deepcopy(shown)
    changed["credentialSubject"]["id"] = "urn:invalid"

    assert client.rejects(changed)
    for value in ("a", "z" + shown["proof"]["proofValue"][1:], shown["proof"]["proofValue"][:-8]):
        assert client.rejects({**shown, "proof": {**shown["proof"], "proofValue": value}})
    assert client.rejects({**shown, "proof": {**shown["proof"], "cryptosuite": "invalid-cryptosuite"}})


def test_what_cannot_be_derived_is_told(client: Any, base: dict[str, Any]) -> None:
    for document, pointers in (
        (base, ["/nobody/is/here"]),
        (base, ["not a pointer"]),
        (client.issued("eddsa-rdfc-2022"), ["/credentialSubject/id"]),
        ({"@context": [VC2]}, ["/credentialSubject/id"]),
        (base, "no list"),
    ):
        body = {"verifiableCredential": document, "options": {"selectivePointers": pointers}}
        status, told = client.post("/credentials/derive", body)
        assert status == 400 and told["errors"]
