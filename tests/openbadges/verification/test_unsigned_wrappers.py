"""What nobody signed proves nothing: a wrapper around a genuine badge says no word of its own, and answers no question."""

import copy
from typing import Any

import pytest

from badge_service.openbadges import contexts, did
from badge_service.openbadges.verdict import Outcome
from tests.openbadges.verification.saying import SCHOOL, judged, says
from tests.openbadges.verification.test_presentations import presented, wallet_signed


@pytest.mark.parametrize(
    "kind", ["OpenBadgeCredential", "AchievementCredential", "EndorsementCredential", None]
)
def test_a_false_badge_around_a_genuine_one_is_not_valid(
    world: Any, signed: dict[str, Any], kind: str | None
) -> None:
    """The outer document is no presentation only: its reader would take its own claims for those that were signed."""
    false = copy.deepcopy({name: value for name, value in signed.items() if name != "proof"})
    false["credentialSubject"]["achievement"]["name"] = "Doctor of Medicine"
    false["type"] = ["VerifiableCredential", *([kind] if kind else []), "VerifiablePresentation"]
    verdict = judged(world, {**false, "verifiableCredential": [signed]})
    assert says(verdict) == ("not_valid", "two_kinds")
    assert (verdict.registered, verdict.contained) == ((), ())


def test_a_signed_document_of_both_kinds_is_not_valid(
    world: Any, signed: dict[str, Any], new_key: Any
) -> None:
    kinds = ["VerifiablePresentation", "VerifiableCredential", "OpenBadgeCredential"]
    both = presented(signed, **{"@context": signed["@context"], "type": kinds})
    assert says(judged(world, wallet_signed(both, new_key(5)))) == ("not_valid", "two_kinds")
    assert says(judged(world, presented(both))) == ("not_valid", "presentation_not_valid")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"grade": "A+"}, "unsigned_member"),
        ({"name": "Doctor of Medicine"}, "unsigned_member"),
        ({"issuer": {"id": SCHOOL, "type": ["Profile"], "name": "Friese Vakschool"}}, "unsigned_member"),
        ({"credentialSubject": {"type": ["AchievementSubject"]}}, "unsigned_member"),
        ({"proof": []}, "unsigned_member"),
        ({"holder": {"id": SCHOOL, "name": "Friese Vakschool"}}, "unsigned_member"),
        ({"holder": "not an address"}, "relative_iri"),
        ({"type": ["VerifiablePresentation", "Diploma"]}, "undefined_type"),
        ({"@context": [{"@vocab": "https://a.example/"}]}, "inline_context"),
        ({"@context": [contexts.OB3]}, "context_order"),
        ({"@context": None}, "inline_context"),
    ],
)  # fmt: skip
def test_a_wrapper_that_nobody_signed_says_nothing_of_its_own(
    world: Any, signed: dict[str, Any], more: dict[str, Any], code: str
) -> None:
    verdict = judged(world, presented(signed, **more))
    assert says(verdict) == ("not_valid", code)
    assert verdict.contained[0].verdict.outcome is Outcome.GENUINE


def test_the_holder_of_a_wrapper_is_not_told_as_if_somebody_had_signed_it(
    world: Any, signed: dict[str, Any]
) -> None:
    verdict = judged(
        world, presented(signed, holder=SCHOOL, id="urn:uuid:2b9a7f0e-5d1b-4c7a-9a57-8c0a5f0e6d21")
    )
    assert says(verdict) == ("genuine", "presentation_genuine")
    assert (verdict.issuer_id, verdict.issuer_domain, verdict.issuer_name) == ("", "", None)
    assert (verdict.registered, verdict.credential, verdict.holder.code) == ((), None, "holder_not_known")
    assert verdict.check("terms").outcome == "passed"
    assert SCHOOL not in str({**verdict.to_json(), "contained": []})


@pytest.mark.parametrize("asked", [{"challenge": "c-1"}, {"domain": "check.example"}, {"challenge": ""}])
def test_what_nobody_signed_answers_no_question(
    world: Any, signed: dict[str, Any], new_key: Any, asked: dict[str, str]
) -> None:
    for data in (presented(signed), signed):
        assert says(judged(world, data, **asked)) == ("not_valid", "presentation_unanswered")
    answer = wallet_signed(presented(signed), new_key(5), **asked)
    assert says(judged(world, answer, **asked)) == ("genuine", "presentation_genuine")


def test_a_signed_presentation_is_told_with_its_holder(
    world: Any, signed: dict[str, Any], new_key: Any
) -> None:
    verdict = judged(world, wallet_signed(presented(signed), new_key(5)))
    assert verdict.issuer_id == did.did_key(new_key(5).public_key)
    assert verdict.credential is not None and verdict.credential["holder"] == verdict.issuer_id


def test_the_same_proof_twice_is_no_set(world: Any, signed: dict[str, Any]) -> None:
    assert says(judged(world, {**signed, "proof": signed["proof"] * 2})) == ("not_valid", "proof_repeated")
