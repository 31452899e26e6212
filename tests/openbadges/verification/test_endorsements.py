"""Endorsements inside a badge: each judged by its own issuer's key, status and dates; none makes the badge red."""

from typing import Any

import pytest

from badge_service.openbadges import canonical, contexts
from badge_service.openbadges.verdict import Outcome
from badge_service.openbadges.verification import Recipient, verify_endorsement
from tests.openbadges.verification.saying import NOW, TokenKey, judged, publish_keys, says, sign_with, token

MUSEUM = "did:web:museum.example"


@pytest.fixture
def museum(world: Any, new_key: Any) -> Any:
    world.publish_did(MUSEUM, [("k", new_key(4).public_key)])
    return new_key(4)


def endorsement(about: str, **changes: Any) -> dict[str, Any]:
    return {
        "@context": [contexts.VC2, contexts.OB3, contexts.OB_EXTENSIONS],
        "id": "https://museum.example/endorsements/1",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "Endorsement",
        "issuer": {"id": MUSEUM, "type": ["Profile"], "name": "Museum"},
        "validFrom": "2026-11-01T00:00:00Z",
        "credentialSubject": {
            "id": about,
            "type": ["EndorsementSubject"],
            "endorsementComment": "Well done.",
        },
        **changes,
    }


def with_endorsement(world: Any, badge: dict[str, Any], *signed: Any, place: str = "badge") -> dict[str, Any]:
    holder = {
        "badge": badge, "issuer": badge["issuer"], "achievement": badge["credentialSubject"]["achievement"],
    }[place]  # fmt: skip
    holder["endorsement"] = list(signed)
    return sign_with(badge, world.key, world.method)


def about(badge: dict[str, Any], place: str) -> str:
    return {
        "badge": badge["id"], "issuer": badge["issuer"]["id"], "achievement": badge["credentialSubject"]["achievement"]["id"],
    }[place]  # fmt: skip


@pytest.mark.parametrize("place", ["badge", "issuer", "achievement"])
def test_an_endorsement_is_judged_wherever_it_stands(
    world: Any, unsigned: dict[str, Any], museum: Any, place: str
) -> None:
    inner = sign_with(endorsement(about(unsigned, place)), museum, f"{MUSEUM}#k")
    verdict = judged(world, with_endorsement(world, unsigned, inner, place=place))
    assert says(verdict) == ("genuine", "genuine")
    assert verdict.check("endorsements").code == "endorsements_good"
    (found,) = verdict.contained
    assert (found.kind, says(found.verdict)) == (
        "endorsement",
        ("signed_issuer_unknown", "endorsement_signed_issuer_unknown"),
    )
    assert found.verdict.issuer_domain == "museum.example"


def test_a_known_endorser_is_named_by_its_register(world: Any, unsigned: dict[str, Any], museum: Any) -> None:
    world.registered[MUSEUM] = "Museum of the Town"
    inner = sign_with(endorsement(unsigned["id"]), museum, f"{MUSEUM}#k")
    verdict = judged(world, with_endorsement(world, unsigned, inner))
    found = verdict.contained[0].verdict
    assert (found.registered_name, found.reason_code) == ("Museum of the Town", "endorsement_genuine")


def test_bad_endorsements_are_remarked_and_the_badge_stays_green(
    world: Any, unsigned: dict[str, Any], museum: Any, new_key: Any
) -> None:
    def one(number: int, about: str = unsigned["id"], **changes: Any) -> dict[str, Any]:
        inner = endorsement(about, **changes)
        inner["id"] = f"https://museum.example/endorsements/{number}"
        inner["credentialSubject"]["endorsementComment"] = f"Comment {number}."
        return inner

    def by_museum(document: dict[str, Any]) -> dict[str, Any]:
        return sign_with(document, museum, f"{MUSEUM}#k")

    good = by_museum(one(1))
    cases = {
        "expired": by_museum(one(2, validUntil="2026-11-20T00:00:00Z")),
        "endorsement_of_other": by_museum(one(3, "https://a.example/1")),
        "key_not_issuers": sign_with(one(4), new_key(9), "did:web:other.example#k"),
        "signature": {**by_museum(one(5)), "name": "Another"},
        "no_proof": one(6),
    }
    verdict = judged(world, with_endorsement(world, unsigned, good, *cases.values()))
    assert verdict.outcome is Outcome.GENUINE
    assert [entry.verdict.reason_code for entry in verdict.contained] == [
        "endorsement_signed_issuer_unknown",
        *cases,
    ]
    (remark,) = [remark for remark in verdict.remarks if remark.code.startswith("endorsements")]
    assert (remark.code, remark.params["bad"], remark.params["count"]) == ("endorsements_bad", "5", "6")


def test_an_endorsement_that_cannot_be_checked_is_unknown(
    world: Any, unsigned: dict[str, Any], museum: Any
) -> None:
    inner = sign_with(endorsement(unsigned["id"]), museum, f"{MUSEUM}#k")
    badge = with_endorsement(world, unsigned, inner)
    del world.pages["https://museum.example/.well-known/did.json"]
    verdict = judged(world, badge)
    assert (verdict.outcome, verdict.check("endorsements").code) == (
        Outcome.GENUINE,
        "endorsements_unchecked",
    )


def test_endorsements_as_tokens(world: Any, unsigned: dict[str, Any]) -> None:
    key, kid = TokenKey("ES256"), "https://museum.example/keys/1"
    publish_keys(world, (kid, key), issuer=MUSEUM)
    inner = endorsement(unsigned["id"])
    claims = {"iss": MUSEUM, "jti": inner["id"], "sub": unsigned["id"], "nbf": 1793491200}
    unsigned["endorsementJwt"] = [token({**inner, **claims}, key, kid=kid), "no token"]
    verdict = judged(world, sign_with(unsigned, world.key, world.method))
    assert [says(entry.verdict)[0] for entry in verdict.contained] == ["signed_issuer_unknown", "not_valid"]
    assert verdict.outcome is Outcome.GENUINE


def test_many_endorsements_share_the_fetches_and_end_somewhere(
    world: Any, unsigned: dict[str, Any], new_key: Any
) -> None:
    inner = []
    for number in range(12):
        name = f"did:web:host{number}.example"
        one = endorsement(
            unsigned["id"], issuer={"id": name, "type": ["Profile"]}, id=f"https://a.example/{number}"
        )
        inner.append(sign_with(one, new_key(9), f"{name}#k"))
    verdict = judged(world, with_endorsement(world, unsigned, *inner))
    assert (verdict.outcome, len(verdict.contained)) == (Outcome.GENUINE, 8)
    assert verdict.check("endorsements").params["unknown"] == "12"
    assert len(world.asked) == 8


def test_an_endorsement_can_be_judged_alone(world: Any, museum: Any, unsigned: dict[str, Any]) -> None:
    inner = sign_with(endorsement(unsigned["id"]), museum, f"{MUSEUM}#k")
    verdict = verify_endorsement(inner, now=NOW, fetch=world.fetch)
    assert (verdict.kind, verdict.outcome) == ("endorsement", Outcome.SIGNED_ISSUER_UNKNOWN)
    assert says(judged(world, inner)) == ("not_fully_checked", "endorsement_unsupported")
    badge = world.sign(unsigned)
    assert says(verify_endorsement(badge, now=NOW, fetch=world.fetch)) == ("not_valid", "not_an_endorsement")


def test_asking_for_a_person_asks_nothing_of_the_endorsements(
    world: Any, unsigned: dict[str, Any], museum: Any
) -> None:
    inner = sign_with(endorsement(unsigned["id"]), museum, f"{MUSEUM}#k")
    asked = Recipient("id", unsigned["credentialSubject"]["id"])
    verdict = judged(world, with_endorsement(world, unsigned, inner), recipient=asked)
    assert verdict.outcome is Outcome.GENUINE
    assert verdict.contained[0].verdict.outcome is Outcome.SIGNED_ISSUER_UNKNOWN


def test_an_endorsement_beside_something_without_an_id_is_about_something_else(
    world: Any, unsigned: dict[str, Any], museum: Any
) -> None:
    inner = sign_with(endorsement("did:web:ministry.example"), museum, f"{MUSEUM}#k")
    unsigned["issuer"]["parentOrg"] = {"type": ["Profile"], "name": "Holding", "endorsement": [inner]}
    verdict = judged(world, sign_with(unsigned, world.key, world.method))
    assert [says(entry.verdict) for entry in verdict.contained] == [("not_valid", "endorsement_of_other")]


def test_an_endorsement_of_the_creator_says_whom_it_is_about(
    world: Any, unsigned: dict[str, Any], museum: Any
) -> None:
    inner = sign_with(endorsement("did:web:ministry.example"), museum, f"{MUSEUM}#k")
    creator = {"id": "did:web:ministry.example", "type": ["Profile"], "name": "Ministry"}
    unsigned["credentialSubject"]["achievement"]["creator"] = {**creator, "endorsement": [inner]}
    (found,) = judged(world, sign_with(unsigned, world.key, world.method)).contained
    assert (found.verdict.params["about"], found.verdict.params["about_name"]) == (creator["id"], "Ministry")


def test_endorsements_of_endorsements_are_not_followed(
    world: Any, unsigned: dict[str, Any], museum: Any
) -> None:
    inner = endorsement(unsigned["id"])
    inner["issuer"]["endorsement"] = [
        sign_with(endorsement(MUSEUM, id="https://a.example/2"), museum, f"{MUSEUM}#k")
    ]
    verdict = judged(world, with_endorsement(world, unsigned, sign_with(inner, museum, f"{MUSEUM}#k")))
    (found,) = verdict.contained
    assert (found.verdict.contained, found.verdict.check("endorsements").outcome) == ((), "unknown")


def test_an_endorsement_as_a_token_about_something_else_is_bad(world: Any, unsigned: dict[str, Any]) -> None:
    key, kid = TokenKey("ES256"), "https://museum.example/keys/1"
    publish_keys(world, (kid, key), issuer=MUSEUM)
    inner = endorsement("https://badges.example.org/credentials/another")
    claims = {"iss": MUSEUM, "jti": inner["id"], "sub": inner["credentialSubject"]["id"], "nbf": 1793491200}
    unsigned["endorsementJwt"] = [token({**inner, **claims}, key, kid=kid)]
    verdict = judged(world, sign_with(unsigned, world.key, world.method))
    assert [says(entry.verdict) for entry in verdict.contained] == [("not_valid", "endorsement_of_other")]


def test_whatever_may_be_endorsed_is_looked_at(world: Any, unsigned: dict[str, Any]) -> None:
    def profile(name: str, **more: Any) -> dict[str, Any]:
        return {"id": f"https://a.example/{name}", "type": ["Profile"], "endorsementJwt": ["none"], **more}

    unsigned["issuer"] |= {"endorsementJwt": ["none"], "parentOrg": profile("town")}
    unsigned["credentialSubject"]["source"] = profile("source")
    unsigned["credentialSubject"]["achievement"]["creator"] = profile("creator")
    verdict = judged(world, sign_with(unsigned, world.key, world.method))
    places = (
        "issuer",
        "issuer.parentOrg",
        "credentialSubject.source",
        "credentialSubject.achievement.creator",
    )
    assert {entry.where for entry in verdict.contained} == {f"{place}.endorsementJwt[0]" for place in places}


def test_an_endorsement_alone_is_examined_by_the_means_that_were_given(
    world: Any, museum: Any, unsigned: dict[str, Any]
) -> None:
    examined: list[Any] = []

    def examine(document: Any, **options: Any) -> Any:
        examined.append(document["id"])
        return canonical.examine(document, **options)

    inner = sign_with(endorsement(unsigned["id"]), museum, f"{MUSEUM}#k")
    verify_endorsement(inner, now=NOW, fetch=world.fetch, examine=examine)
    assert examined[:1] == [inner["id"]]
