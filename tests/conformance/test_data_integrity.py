"""What the shared Data Integrity assertions of the W3C suites demand of every cryptosuite's issuer and verifier."""

import copy
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import pytest

from badge_service.openbadges import multibase
from badge_service.openbadges.contexts import DATA_INTEGRITY, ED25519_2020, VC1, VC2
from badge_service.openbadges.proofs import SUITES
from badge_service.openbadges.public_key import KeyKind

ISSUERS = {
    "eddsa-rdfc-2022": KeyKind.ED25519,
    "eddsa-jcs-2022": KeyKind.ED25519,
    "ecdsa-rdfc-2019-p256": KeyKind.P256,
    "ecdsa-rdfc-2019-p384": KeyKind.P384,
    "ecdsa-jcs-2019-p256": KeyKind.P256,
    "ecdsa-jcs-2019-p384": KeyKind.P384,
    "ed25519-signature-2020": KeyKind.ED25519,
}
OLD = {
    "@context": [VC1],
    "type": ["VerifiableCredential"],
    "credentialSubject": {"id": "did:example:subject"},
}
NEW = {**OLD, "@context": [VC2]}


@pytest.fixture(params=ISSUERS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=[OLD, NEW], ids=["vc1", "vc2"])
def issued(request: pytest.FixtureRequest, client: Any, name: str) -> dict[str, Any]:
    """A credential of either data model, as the issuer made it."""
    return dict(client.issued(name, request.param))


@pytest.fixture
def made(name: str, signing: Callable[[KeyKind], Any]) -> Callable[..., dict[str, Any]]:
    """Credentials that the suite signs itself, whose proofs may be odd."""

    def sign(credential: dict[str, Any] = NEW, **options: Any) -> dict[str, Any]:
        signer = signing(ISSUERS[name])
        document = {**copy.deepcopy(credential), "issuer": signer.key.did}
        if _suite(name).proof_type == "Ed25519Signature2020":
            document["@context"] = [*document["@context"], ED25519_2020]
        return dict(signer.sign(document, suite=_suite(name), **options))

    return sign


def _suite(name: str) -> Any:
    wanted = name.removesuffix("-p256").removesuffix("-p384")
    return next(
        suite for suite in SUITES.values() if (suite.cryptosuite or "ed25519-signature-2020") == wanted
    )


# Create


def test_the_proof_is_an_object(issued: dict[str, Any]) -> None:
    assert isinstance(issued["proof"], dict)


def test_an_id_of_a_proof_is_a_url(issued: dict[str, Any]) -> None:
    assert urlsplit(issued["proof"].get("id", "urn:uuid:x")).scheme


def test_the_type_of_the_proof_and_the_contexts_that_define_it(issued: dict[str, Any], name: str) -> None:
    suite, named = _suite(name), issued["@context"]

    assert issued["proof"]["type"] == suite.proof_type
    if suite.proof_type == "DataIntegrityProof":
        assert VC2 in named or DATA_INTEGRITY in named
    else:
        assert ED25519_2020 in named


def test_the_cryptosuite_is_named(issued: dict[str, Any], name: str) -> None:
    assert issued["proof"].get("cryptosuite", "") == _suite(name).cryptosuite


def test_created_is_a_date_time_stamp(issued: dict[str, Any]) -> None:
    assert datetime.fromisoformat(issued["proof"]["created"]).tzinfo is not None


def test_the_verification_method_is_a_did_key_with_its_fragment(issued: dict[str, Any]) -> None:
    did, _, fragment = issued["proof"]["verificationMethod"].partition("#")

    assert did == f"did:key:{fragment}" == issued["issuer"]


def test_the_purpose_is_assertion(issued: dict[str, Any]) -> None:
    assert issued["proof"]["proofPurpose"] == "assertionMethod"


def test_the_value_is_multibase_base58_of_the_right_length(issued: dict[str, Any], name: str) -> None:
    value = issued["proof"]["proofValue"]

    assert len(multibase.decode_z(value)) == (96 if name.endswith("p384") else 64)


def test_there_is_no_domain_challenge_previous_proof_or_nonce(issued: dict[str, Any]) -> None:
    assert not {"domain", "challenge", "previousProof", "nonce"} & issued["proof"].keys()


def test_what_was_issued_verifies(issued: dict[str, Any], client: Any) -> None:
    assert client.verifies(issued)
    assert client.verifies({**issued, "proof": [issued["proof"]]})
    assert client.verifies(issued, checks=["proof", "validityPeriod", "credentialStatus"])


def test_what_cannot_be_issued(client: Any, name: str) -> None:
    for document in (
        {**NEW, "@context": ["https://example.org/unknown"]},
        {**NEW, "unknownWord": "lost"},
        {**NEW, "type": ["VerifiableCredential", "UnknownType"]},
        {
            **NEW,
            "@context": [VC2, {"@base": "https://example.com/"}],
            "type": ["VerifiableCredential", "Relative"],
        },
        {**NEW, "issuer": "did:example:somebody-else"},
    ):
        assert client.refuses_to_issue(name, document)


# Verify


def test_a_credential_of_the_suite_verifies(client: Any, made: Callable[..., dict[str, Any]]) -> None:
    assert client.verifies(made())
    assert client.verifies(
        made({**OLD, "@context": [VC1, DATA_INTEGRITY], "issuanceDate": "2024-01-01T00:00:00Z"})
    )


def test_a_proof_must_be_there(client: Any, issued: dict[str, Any]) -> None:
    without = {member: value for member, value in issued.items() if member != "proof"}

    for bad in (without, *({**without, "proof": value} for value in (None, [], {}, "proof", 4, True))):
        assert client.rejects(bad)


@pytest.mark.parametrize("member", ["type", "verificationMethod", "proofPurpose", "proofValue"])
def test_a_proof_must_have_all_its_members(client: Any, issued: dict[str, Any], member: str) -> None:
    for bad in (None, "", 4, ["x"], {}):
        assert client.rejects({**issued, "proof": {**issued["proof"], member: bad}})
    assert client.rejects({**issued, "proof": {k: v for k, v in issued["proof"].items() if k != member}})


def test_an_unknown_type_or_cryptosuite_is_an_error(client: Any, issued: dict[str, Any], name: str) -> None:
    for change in ({"type": "UnknownProofType"}, {"cryptosuite": "UnknownCryptosuite"}):
        assert client.rejects({**issued, "proof": {**issued["proof"], **change}})


def test_a_method_that_names_no_key_is_an_error(client: Any, made: Callable[..., dict[str, Any]]) -> None:
    assert client.rejects(made(verificationMethod="did:key:invalidVm"))


def test_another_purpose_is_an_error(client: Any, made: Callable[..., dict[str, Any]]) -> None:
    assert client.rejects(made(proofPurpose="authentication"))
    assert client.rejects(made(), expectedProofPurpose="authentication")


def test_a_value_without_its_multibase_letter_is_an_error(client: Any, issued: dict[str, Any]) -> None:
    value = issued["proof"]["proofValue"]

    for bad in (value[1:], "u" + value[1:], value[:-2], value + "1", "z"):
        assert client.rejects({**issued, "proof": {**issued["proof"], "proofValue": bad}})


def test_words_that_would_be_lost_are_an_error(client: Any, issued: dict[str, Any]) -> None:
    changed = copy.deepcopy(issued)
    changed["credentialSubject"]["undefinedTerm"] = "IfDroppedWillVerify"

    assert client.rejects(changed)
    assert client.rejects({**issued, "type": [*issued["type"], "UndefinedType"]})


def test_a_changed_word_is_an_error(client: Any, issued: dict[str, Any]) -> None:
    assert client.rejects({**issued, "credentialSubject": {"id": "did:example:mallory"}})


def test_created_and_expires_are_dates(client: Any, made: Callable[..., dict[str, Any]], name: str) -> None:
    assert client.verifies(made(created="2024-01-01T00:00:00Z", expires="2199-01-01T00:00:00Z"))
    assert client.rejects(made(created="invalidDate"))
    assert client.rejects(made(expires="invalidDate"))
    assert client.rejects(made(expires="2020-01-01T00:00:00Z"))


def test_a_moment_without_an_offset_is_in_utc(client: Any, made: Callable[..., dict[str, Any]]) -> None:
    assert client.verifies(made(created="2024-01-01T00:00:00"))
    assert client.rejects(made(expires="2020-01-01T00:00:00"))


def test_created_may_be_left_out_but_for_the_oldest_suite(
    client: Any, made: Callable[..., dict[str, Any]], name: str
) -> None:
    if name != "ed25519-signature-2020":
        assert client.verifies(made(created=None))


def test_domain_and_challenge_must_be_those_asked_for(
    client: Any, made: Callable[..., dict[str, Any]]
) -> None:
    good = made(domain="domain.example", challenge="1235abcd6789")

    assert client.verifies(good, domain="domain.example", challenge="1235abcd6789")
    assert client.rejects(good, domain="other.example", challenge="1235abcd6789")
    assert client.rejects(good, domain="domain.example", challenge="other")
    assert client.rejects(made(), domain="domain.example")
