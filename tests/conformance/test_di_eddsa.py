"""What the W3C suite for EdDSA demands beyond the shared assertions: sets and chains of proofs, and one suite's name."""

import copy
from typing import Any

import pytest

from badge_service.openbadges.contexts import VC1, VC2
from badge_service.openbadges.proofs import eddsa_jcs_2022, eddsa_rdfc_2022

FIRST = "urn:uuid:5d8f0c6a-0000-4000-8000-000000000001"
SUITES = {"eddsa-rdfc-2022": eddsa_rdfc_2022.SUITE, "eddsa-jcs-2022": eddsa_jcs_2022.SUITE}


@pytest.fixture(params=SUITES)
def cryptosuite(request: pytest.FixtureRequest) -> Any:
    return SUITES[request.param]


@pytest.fixture(params=[VC1, VC2], ids=["vc1", "vc2"])
def credential(request: pytest.FixtureRequest, suite: Any) -> dict[str, Any]:
    contexts = [request.param, "https://w3id.org/security/data-integrity/v2"][
        : 2 if request.param == VC1 else 1
    ]
    dated = {"issuanceDate": "2024-01-01T00:00:00Z"} if request.param == VC1 else {}
    return {
        "@context": contexts,
        "type": ["VerifiableCredential"],
        "issuer": suite.key.did,
        "credentialSubject": {"id": "did:example:subject"},
        **dated,
    }


def _chained(suite: Any, credential: dict[str, Any], cryptosuite: Any, previous: Any) -> dict[str, Any]:
    once = suite.sign(credential, suite=cryptosuite, id=FIRST)
    return dict(suite.sign({**once, "proof": [once["proof"]]}, suite=cryptosuite, previousProof=previous))


def test_all_proofs_of_a_set_verify(
    client: Any, suite: Any, credential: dict[str, Any], cryptosuite: Any
) -> None:
    once = suite.sign(credential, suite=cryptosuite)
    twice = suite.sign({**once, "proof": [once["proof"]]}, suite=cryptosuite)

    assert client.verifies(twice)
    for place in (0, 1):
        broken = copy.deepcopy(twice)
        broken["proof"][place]["proofValue"] = twice["proof"][1 - place]["proofValue"][:-1] + "2"
        assert client.rejects(broken)


@pytest.mark.parametrize("previous", [FIRST, [FIRST]], ids=["text", "list"])
def test_a_chain_verifies(
    client: Any, suite: Any, credential: dict[str, Any], cryptosuite: Any, previous: Any
) -> None:
    assert client.verifies(_chained(suite, credential, cryptosuite, previous))


@pytest.mark.parametrize("previous", ["urn:uuid:missing", ["urn:uuid:missing"]], ids=["text", "list"])
def test_a_chain_whose_first_proof_is_missing_is_an_error(
    client: Any, suite: Any, credential: dict[str, Any], cryptosuite: Any, previous: Any
) -> None:
    chained = _chained(suite, credential, cryptosuite, FIRST)
    chained["proof"][1]["previousProof"] = previous

    assert client.rejects(chained)


def test_a_chain_whose_first_proof_fails_is_an_error(
    client: Any, suite: Any, credential: dict[str, Any], cryptosuite: Any
) -> None:
    chained = _chained(suite, credential, cryptosuite, FIRST)
    chained["proof"][0]["proofValue"] = "invalidProofValue"

    assert client.rejects(chained)


def test_the_name_of_the_other_suite_is_an_error(client: Any, suite: Any, credential: dict[str, Any]) -> None:
    signed = suite.sign(credential)

    assert client.rejects({**signed, "proof": {**signed["proof"], "cryptosuite": "eddsa-jcs-2022"}})
    assert client.rejects({**signed, "proof": {**signed["proof"], "cryptosuite": "ecdsa-rdfc-2019"}})
