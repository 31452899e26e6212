"""What the VC-API suite for verifiers demands: 200 for what holds, 400 for what does not, whatever is wrong with it."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from badge_service.conformance.reading import verification
from badge_service.errors import InvalidError
from badge_service.openbadges.contexts import OB3, VC2

VECTORS = Path(__file__).parents[2] / ".." / "shared" / "data" / "standards" / "vectors"
FOREIGN = [
    "vc-di-eddsa-TestVectors/Ed25519Signature2020/signedEdSig.json",
    "vc-di-eddsa-TestVectors/eddsa-rdfc-2022/signedDataInt.json",
    "vc-di-eddsa-TestVectors/eddsa-jcs-2022/signedJCS.json",
    "vc-di-eddsa-TestVectors/proof-set-chain/signedProofSet2.json",
    "vc-di-eddsa-TestVectors/proof-set-chain/signedProofChain2.json",
    "vc-di-ecdsa-TestVectors/ecdsa-rdfc-2019-p256/signedECDSAP256.json",
    "vc-di-ecdsa-TestVectors/ecdsa-rdfc-2019-p384/signedECDSAP384.json",
    "vc-di-ecdsa-TestVectors/ecdsa-jcs-2019-p256/signedJCSECDSAP256.json",
    "vc-di-ecdsa-TestVectors/ecdsa-jcs-2019-p384/signedJCSECDSAP384.json",
]


@pytest.fixture(params=["ed25519-signature-2020", "eddsa-rdfc-2022"])
def good(request: pytest.FixtureRequest, client: Any) -> dict[str, Any]:
    return dict(client.issued(request.param))


def _without(document: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key != name}


def _rejects_each(client: Any, good: dict[str, Any], member: str, values: list[Any]) -> bool:
    return all(client.rejects({**copy.deepcopy(good), member: value}) for value in values)


def test_a_valid_credential_verifies(client: Any, good: dict[str, Any]) -> None:
    status, body = client.verify(good)

    assert status == 200
    assert body == {"verified": True, "checks": ["proof"], "warnings": [], "errors": []}


@pytest.mark.parametrize("member", ["@context", "type", "issuer", "credentialSubject", "proof"])
def test_a_member_of_the_credential_is_missing(client: Any, good: dict[str, Any], member: str) -> None:
    assert client.rejects(_without(good, member))


@pytest.mark.parametrize("member", ["type", "verificationMethod", "proofValue", "proofPurpose"])
def test_a_member_of_the_proof_is_missing(client: Any, good: dict[str, Any], member: str) -> None:
    assert client.rejects({**good, "proof": _without(good["proof"], member)})


def test_the_moment_of_the_oldest_proof_is_missing(client: Any) -> None:
    good = client.issued("ed25519-signature-2020")

    assert client.rejects({**good, "proof": _without(good["proof"], "created")})


def test_the_context_is_not_a_list(client: Any, good: dict[str, Any]) -> None:
    assert _rejects_each(client, good, "@context", ["string", {}, None, 10, True])


def test_contexts_are_not_text(client: Any, good: dict[str, Any]) -> None:
    assert _rejects_each(client, good, "@context", [[[]], [{}], [None], [10], [True]])


def test_the_type_is_not_a_list(client: Any, good: dict[str, Any]) -> None:
    assert _rejects_each(client, good, "type", ["string", {}, None, 10, True])


def test_types_are_not_text(client: Any, good: dict[str, Any]) -> None:
    assert _rejects_each(client, good, "type", [[[]], [{}], [None], [10], [True]])


def test_the_issuer_is_neither_text_nor_object(client: Any, good: dict[str, Any]) -> None:
    assert _rejects_each(client, good, "issuer", [[], None, 10, True])


def test_the_subject_is_no_object(client: Any, good: dict[str, Any]) -> None:
    assert _rejects_each(client, good, "credentialSubject", ["string", None, 10, True, []])


def test_the_proof_is_no_object(client: Any, good: dict[str, Any]) -> None:
    assert _rejects_each(client, good, "proof", ["string", None, 10, True, [], [None], [["x"]], ["x"]])


@pytest.mark.parametrize("body", [{}, [], None, {"verifiableCredential": "x"}, {"verifiableCredential": []}])
def test_what_is_no_request_is_answered_in_words(client: Any, body: Any) -> None:
    for path in ("/credentials/verify", "/presentations/verify", "/credentials/derive"):
        status, told = client.post(path, body)
        assert status == 400
        assert told["verified"] is False
        assert told["errors"]


def test_a_problem_has_a_type_a_title_and_our_code(client: Any, good: dict[str, Any]) -> None:
    _, told = client.verify({**good, "credentialSubject": {"id": "did:example:mallory"}})

    assert told["errors"] == [
        {
            "type": "https://www.w3.org/TR/vc-data-model-2.0/#CRYPTOGRAPHIC_SECURITY_ERROR",
            "title": "This was changed after it was signed.",
            "detail": "proof",
            "code": "signature",
        }
    ]


# Proof alone, or everything


@pytest.mark.parametrize("vector", FOREIGN)
def test_a_foreign_key_is_a_warning_when_the_proof_alone_was_asked_for(client: Any, vector: str) -> None:
    file = VECTORS / vector
    if not file.is_file():
        pytest.skip("the W3C vectors are not on this machine")
    signed = json.loads(file.read_text())

    for options in (None, {}, {"checks": ["proof"]}):
        body = {"verifiableCredential": signed, **({} if options is None else {"options": options})}
        status, told = client.post("/credentials/verify", body)
        assert (status, told["errors"]) == (200, [])
        assert [warning["code"] for warning in told["warnings"]] == ["key_not_issuers"]
    status, told = client.verify(signed, checks=["proof", "credentialStatus"])
    assert (status, [error["code"] for error in told["errors"]]) == (400, ["key_not_issuers"])


def test_dates_are_judged_when_everything_was_asked_for(client: Any, suite: Any) -> None:
    for member, code in (("validUntil", "expired"), ("validFrom", "not_yet_valid")):
        moment = "2001-01-01T00:00:00Z" if member == "validUntil" else "2199-01-01T00:00:00Z"
        signed = suite.credential(**{member: moment})
        assert client.verify(signed)[1]["warnings"][0]["code"] == code
        assert client.verify(signed, checks=["validityPeriod"])[1]["errors"][0]["code"] == code


@pytest.mark.parametrize(
    "options, proof_only",
    [
        ({}, True),
        ({"checks": []}, True),
        ({"checks": ["proof"]}, True),
        ({"checks": ["proof"], "challenge": "x", "domain": "y"}, True),
        ({"expectedProofPurpose": "authentication"}, True),
        ({"checks": ["proof", "credentialStatus"]}, False),
        ({"challenge": "x"}, False),
    ],
)
def test_what_is_asked_for(options: dict[str, Any], proof_only: bool) -> None:
    assert verification(options).proof_only is proof_only


@pytest.mark.parametrize(
    "options", [{"checks": "proof"}, {"checks": ["luck"]}, {"challenge": 4}, {"domain": ["a"]}]
)
def test_options_that_cannot_be_read_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(InvalidError):
        verification(options)


# Presentations


def test_a_presentation_is_bound_to_challenge_and_domain(client: Any, suite: Any) -> None:
    asked = {"challenge": "u123", "domain": "github.com/w3c/vc-data-model-2.0-test-suite"}
    unsigned = {"@context": [VC2], "type": ["VerifiablePresentation"], "holder": suite.key.did}
    signed = suite.sign({**unsigned, "verifiableCredential": [suite.credential()]}, **asked)

    assert client.verifies_presentation(signed, **asked)
    assert client.verifies_presentation(signed)
    assert client.rejects_presentation(signed, **{**asked, "challenge": "another"})
    assert client.rejects_presentation(signed, **{**asked, "domain": "another"})
    assert client.rejects_presentation(suite.presentation(), **asked)


def test_a_presentation_is_not_signed_like_a_credential(client: Any, suite: Any) -> None:
    unsigned = {"@context": [VC2], "type": ["VerifiablePresentation"]}

    assert client.rejects_presentation(suite.sign(unsigned, proofPurpose="assertionMethod"))


def test_a_presentation_names_its_holder_truly(client: Any, suite: Any) -> None:
    borrowed = suite.presentation(holder="did:example:somebody-else")

    assert client.verifies_presentation(borrowed)  # a warning, as the proof alone was asked for
    assert client.rejects_presentation(borrowed, checks=["proof", "credentialStatus"])


def test_a_presentation_of_too_many_credentials_is_refused(client: Any, suite: Any) -> None:
    many = [suite.credential(credentialSubject={"id": f"did:example:{n}"}) for n in range(9)]

    assert client.rejects_presentation(suite.presentation(verifiableCredential=many))


def test_a_token_of_a_foreign_key_does_not_hold_for_its_issuer(client: Any) -> None:
    envelope = client.issued("vc-jwt")
    header, payload, signature = envelope["id"].split(",")[1].split(".")

    assert client.rejects({**envelope, "id": f"data:application/vc+jwt,{header}.{payload}."})
    assert client.rejects({**envelope, "id": f"data:application/vc+jwt,{header}.{header}.{signature}"})
    assert client.rejects({**envelope, "id": "data:application/vc+jwt,not-a-token"})


# The two profiles


def _badge(**members: Any) -> dict[str, Any]:
    achievement = {
        "id": "urn:uuid:4f0c0bd4-0000-4000-8000-00000000000a",
        "type": ["Achievement"],
        "name": "Basket weaving",
        "description": "Weaves a basket",
        "criteria": {"narrative": "A basket was woven."},
    }
    return {
        "@context": [VC2, OB3],
        "id": "urn:uuid:4f0c0bd4-0000-4000-8000-00000000000b",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "validFrom": "2024-01-01T00:00:00Z",
        "credentialSubject": {"id": "urn:uuid:1", "type": ["AchievementSubject"], "achievement": achievement},
        **members,
    }


def test_a_badge_is_judged_as_the_product_judges_it_when_everything_was_asked_for(
    client: Any, suite: Any
) -> None:
    issuer = {"id": suite.key.did, "type": ["Profile"], "name": "A school"}
    plain = suite.sign(_badge(issuer=issuer))
    own_words = suite.sign(
        _badge(issuer=issuer, grade="A", **{"@context": [VC2, OB3, {"grade": "https://example.org/#grade"}]})
    )

    for signed, codes in ((plain, []), (own_words, ["inline_context"])):
        assert client.verifies(signed)
        _, told = client.verify(signed, checks=["proof", "credentialStatus"])
        assert [error["code"] for error in told["errors"]] == codes
