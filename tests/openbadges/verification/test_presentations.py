"""Wallets hand over presentations: each badge inside is judged for itself, and so is the signature around them."""

import json
from typing import Any

import pytest

from badge_service.openbadges import contexts, did
from badge_service.openbadges.proofs import SUITES, data_integrity, jose
from badge_service.openbadges.verdict import Outcome, Verdict
from tests.openbadges.verification.saying import (
    KID,
    NOW,
    TokenKey,
    claims_of,
    judged,
    publish_keys,
    says,
    sign_with,
    token,
)

SUITE: Any = SUITES["DataIntegrityProof", "eddsa-rdfc-2022"]


def presented(*members: Any, **more: Any) -> dict[str, Any]:
    document = {
        "@context": [contexts.VC2],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": list(members),
    }
    return {**document, **more}


def wallet_signed(document: dict[str, Any], wallet: Any, **options: Any) -> dict[str, Any]:
    name = did.did_key(wallet.public_key)
    more = {"proofPurpose": "authentication", "challenge": "c-1", "domain": "check.example", **options}
    options = {**data_integrity.assertion(f"{name}#{wallet.public_key.multikey}", NOW), **more}
    return SUITE.add_proof({**document, "holder": name}, options, signer=wallet)


def inside(verdict: Verdict) -> list[tuple[str, str]]:
    return [says(entry.verdict) for entry in verdict.contained]


def test_every_badge_in_a_presentation_is_judged_for_itself(
    world: Any, signed: dict[str, Any], unsigned: dict[str, Any], new_key: Any
) -> None:
    key = TokenKey("ES256")
    publish_keys(world, (KID, key))
    compact = token(claims_of(unsigned), key, typ="vc+jwt")
    text = json.dumps(unsigned).replace("guest-speaker-host", "museum-guide").replace("Zk3rT8v1", "Zk3rT8v2")
    changed = {**world.sign(json.loads(text)), "name": "Another"}
    wrapped = {
        "@context": contexts.VC2,
        "type": "EnvelopedVerifiableCredential",
        "id": f"data:application/vc+jwt,{compact}",
    }
    verdict = judged(world, wallet_signed(presented(signed, wrapped, changed), new_key(5)))
    assert inside(verdict) == [("genuine", "genuine"), ("genuine", "genuine"), ("not_valid", "signature")]
    assert says(verdict) == ("not_valid", "presentation_not_valid")
    assert [entry.where for entry in verdict.contained] == [f"verifiableCredential[{n}]" for n in range(3)]
    assert verdict.check("proof").outcome == "passed" and verdict.kind == "presentation"
    good = judged(world, wallet_signed(presented(signed, wrapped), new_key(5)))
    assert says(good) == ("genuine", "presentation_genuine")
    assert [entry["kind"] for entry in good.to_json()["contained"]] == ["badge", "badge"]


def test_unknown_issuers_and_doubts_inside_are_the_outcome(world: Any, signed: dict[str, Any]) -> None:
    assert says(judged(world, presented(signed), registries=[])) == (
        "signed_issuer_unknown", "presentation_signed_issuer_unknown",
    )  # fmt: skip
    world.pages.clear()
    assert says(judged(world, presented(signed))) == ("not_fully_checked", "presentation_not_fully_checked")


def test_an_unsigned_presentation_is_a_wrapper_and_remarked(world: Any, signed: dict[str, Any]) -> None:
    verdict = judged(world, presented(signed))
    assert says(verdict) == ("genuine", "presentation_genuine")
    assert [remark.code for remark in verdict.remarks] == ["presentation_bare"]


def test_a_bad_signature_around_good_badges_is_not_valid(
    world: Any, signed: dict[str, Any], new_key: Any
) -> None:
    changed = wallet_signed(presented(signed, id="urn:uuid:1b9a7f0e-5d1b-4c7a-9a57-8c0a5f0e6d21"), new_key(5))
    changed["id"] = "urn:uuid:2b9a7f0e-5d1b-4c7a-9a57-8c0a5f0e6d21"
    verdict = judged(world, changed)
    assert says(verdict) == ("not_valid", "presentation_signature")
    assert inside(verdict) == [("genuine", "genuine")]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"proofPurpose": "assertionMethod"}, "proof_purpose"),
        ({"challenge": "another"}, "presentation_challenge"),
        ({"domain": "other.example"}, "presentation_domain"),
        ({"expires": "2026-11-21T11:00:00Z"}, "proof_expired"),
        ({}, "presentation_genuine"),
    ],
)
def test_a_presentation_must_answer_our_question(
    world: Any, signed: dict[str, Any], new_key: Any, options: dict[str, Any], code: str
) -> None:
    data = wallet_signed(presented(signed), new_key(5), **options)
    assert judged(world, data, challenge="c-1", domain="check.example").reason_code == code


def test_a_presentation_too_large_to_canonicalize_is_not_called_false(
    world: Any, signed: dict[str, Any], new_key: Any
) -> None:
    data = wallet_signed(presented(signed), new_key(5))
    data["verifiableCredential"] = [signed] * 20
    verdict = judged(world, data)
    assert verdict.outcome is Outcome.NOT_FULLY_CHECKED
    assert inside(verdict) == [("genuine", "genuine")] * 20


def test_the_holder_is_confirmed_only_by_an_answer_to_our_question(
    world: Any, unsigned: dict[str, Any], new_key: Any
) -> None:
    wallet = new_key(5)
    unsigned["credentialSubject"]["id"] = did.did_key(wallet.public_key)
    badge = sign_with(unsigned, world.key, world.method)
    data = wallet_signed(presented(badge), wallet)
    assert judged(world, data, challenge="c-1").contained[0].verdict.holder.code == "holder_confirmed"
    assert judged(world, data).contained[0].verdict.holder.code == "holder_not_named"
    others = wallet_signed(presented(badge), new_key(6))
    assert judged(world, others, challenge="c-1").contained[0].verdict.holder.code == "holder_not_named"


def test_the_holder_named_must_be_the_one_who_signs(world: Any, signed: dict[str, Any], new_key: Any) -> None:
    data = wallet_signed(presented(signed), new_key(5))
    data["holder"] = did.did_key(new_key(6).public_key)
    assert says(judged(world, data)) == ("not_valid", "key_not_issuers")


def test_a_presentation_as_a_token(world: Any, signed: dict[str, Any], new_key: Any) -> None:
    wallet = new_key(5)
    name = did.did_key(wallet.public_key)
    header = {"typ": "vp+jwt", "kid": f"{name}#{wallet.public_key.multikey}"}
    payload = presented(signed, holder=name, iss=name, nonce="c-1", aud="check.example")
    del payload["nonce"]
    compact = jose.sign(jose.compact(payload), header=header, signer=wallet)
    envelope = {
        "@context": contexts.VC2, "type": "EnvelopedVerifiablePresentation",
        "id": f"data:application/vp+jwt,{compact}",
    }  # fmt: skip
    for data in (compact, envelope):
        assert says(judged(world, data)) == ("genuine", "presentation_genuine")
    assert says(judged(world, compact, challenge="c-2")) == ("not_valid", "presentation_challenge")
    for changes, code in (({"exp": 1}, "proof_expired"), ({"iss": "did:web:a.example"}, "jwt_iss")):
        other = jose.sign(jose.compact({**payload, **changes}), header=header, signer=wallet)
        assert says(judged(world, other)) == ("not_valid", code)


def test_presentations_hold_badges_and_nothing_deeper(world: Any, signed: dict[str, Any]) -> None:
    for member, code in (
        (presented(signed), "presentation_unsupported"),
        ({"type": ["VerifiableCredential", "AlumniCredential"]}, "other_credential"),
        (7, "carrier_unknown"),
    ):
        verdict = judged(world, presented(member))
        assert verdict.contained[0].verdict.reason_code == code
    assert says(judged(world, presented())) == ("not_valid", "shape")


def test_a_large_presentation_does_not_send_us_all_over_the_world(
    world: Any, unsigned: dict[str, Any], new_key: Any
) -> None:
    badges = []
    for number in range(20):
        issuer = f"did:web:host{number}.example"
        badge = {**unsigned, "issuer": {**unsigned["issuer"], "id": issuer}}
        badges.append(sign_with(badge, new_key(9), f"{issuer}#k"))
    verdict = judged(world, presented(*badges))
    assert verdict.outcome is Outcome.NOT_FULLY_CHECKED
    assert len(world.asked) <= 16 and len(verdict.contained) == 20
    more = judged(world, presented(*badges, badges[0]))
    assert says(more) == ("not_fully_checked", "presentation_too_many") and not more.contained


def test_a_presentation_that_is_shown_again_and_again_gets_the_same_verdict(
    world: Any, signed: dict[str, Any], unsigned: dict[str, Any], new_key: Any
) -> None:
    """From the second time its shape is known, and then the two graphs inside look alike to their holder."""
    other = json.dumps(unsigned).replace("guest-speaker-host", "museum-guide").replace("Zk3rT8v1", "Zk3rT8v2")
    shown = wallet_signed(presented(signed, world.sign(json.loads(other))), new_key(5))
    verdicts = [judged(world, shown) for _ in range(5)]
    assert says(verdicts[0]) == ("genuine", "presentation_genuine")
    assert verdicts[0].check("proof").outcome == "passed"
    assert verdicts[1:] == verdicts[:-1]


def test_a_presentation_says_how_many_of_its_badges_ended_so(
    world: Any, signed: dict[str, Any], new_key: Any
) -> None:
    changed = {**signed, "name": "Another"}
    for members, counted in (((signed, changed), ("1", "2")), ((signed, signed), ("2", "2"))):
        verdict = judged(world, presented(*members))
        assert (verdict.params["count"], verdict.params["all"]) == counted
    assert judged(world, presented()).check("shape").params["missing"] == "verifiableCredential"


def test_a_presentation_without_a_holder_is_whose_who_signed_it(
    world: Any, signed: dict[str, Any], new_key: Any
) -> None:
    wallet = new_key(5)
    method = f"{did.did_key(wallet.public_key)}#{wallet.public_key.multikey}"
    options = {**data_integrity.assertion(method, NOW), "proofPurpose": "authentication"}
    embedded = SUITE.add_proof(presented(signed), options, signer=wallet)
    compact = token(presented(signed), wallet, typ="vp+jwt", kid=method)
    for data in (embedded, compact):
        assert says(judged(world, data)) == ("genuine", "presentation_genuine")
    other = SUITE.add_proof(presented(signed), options, signer=new_key(6))
    assert says(judged(world, other)) == ("not_valid", "presentation_signature")


def test_a_presentation_of_vc_1_need_not_repeat_its_id_in_the_claims(
    world: Any, signed: dict[str, Any], new_key: Any
) -> None:
    wallet = new_key(5)
    name = did.did_key(wallet.public_key)
    payload = {"iss": name, "vp": presented(signed, id="urn:uuid:1b9a7f0e-5d1b-4c7a-9a57-8c0a5f0e6d21")}
    compact = token(payload, wallet, kid=f"{name}#{wallet.public_key.multikey}")
    assert says(judged(world, compact)) == ("genuine", "presentation_genuine")


def test_every_badge_in_a_presentation_has_fetches_of_its_own(
    world: Any, unsigned: dict[str, Any], new_key: Any
) -> None:
    del unsigned["credentialStatus"]
    badges = []
    for number in range(6):
        name = f"did:web:host{number}.example"
        world.publish_did(name, [("k", new_key(9).public_key)])
        issuer = {**unsigned["issuer"], "id": name}
        badges.append(sign_with({**unsigned, "issuer": issuer}, new_key(9), f"{name}#k"))
    verdict = judged(world, presented(*badges))
    assert inside(verdict) == [("signed_issuer_unknown", "signed_issuer_unknown")] * 6
