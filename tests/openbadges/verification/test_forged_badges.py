"""A table of forgeries: each would pass the checks of the official validator, or of a careless one, and none is good here."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from badge_service.openbadges import did, multibase
from badge_service.openbadges.proofs import jose
from badge_service.openbadges.verdict import Layer, Outcome
from badge_service.openbadges.verification import Remembered
from tests.openbadges.verification.saying import (
    GOOD,
    KID,
    LIST_URL,
    NOW,
    SCHOOL,
    STRANGER,
    TokenKey,
    claims_of,
    judged,
    own_document,
    publish_keys,
    says,
    sign_with,
    token,
)  # fmt: skip

Forge = Callable[[Any, dict[str, Any], Any], Any]


def fragment_key(world: Any, badge: dict[str, Any], thief: Any) -> Any:
    """Gap 1: the key stands in the fragment of the school's own address."""
    name = did.did_key(thief.public_key).removeprefix("did:key:")
    return sign_with(badge, thief, f"{SCHOOL}#{name}")


def did_key_without_fragment(world: Any, badge: dict[str, Any], thief: Any) -> Any:
    """Gap 2: a did:key without fragment has no controller, so nothing is compared."""
    return sign_with(badge, thief, did.did_key(thief.public_key))


def key_without_controller(world: Any, badge: dict[str, Any], thief: Any) -> Any:
    """A key document on another host names the school as its controller; the school knows nothing of it."""
    address = "https://evil.example/key"
    page = {
        "id": address,
        "type": "Multikey",
        "controller": SCHOOL,
        "publicKeyMultibase": thief.public_key.multikey,
    }
    world.publish(address, page)
    return sign_with(badge, thief, address)


def foreign_controller(world: Any, badge: dict[str, Any], thief: Any) -> Any:
    """The school's document lists a key that says it is under somebody else's control."""
    document = own_document(world)
    document["verificationMethod"][0]["controller"] = STRANGER
    world.publish(did.document_url(SCHOOL), document)
    return world.sign(badge)


def only_authentication(world: Any, badge: dict[str, Any], thief: Any) -> Any:
    """A key for signing in, not for signing badges."""
    document = own_document(world)
    document["authentication"] = document.pop("assertionMethod")
    world.publish(did.document_url(SCHOOL), document)
    return world.sign(badge)


def revoked_key(world: Any, badge: dict[str, Any], thief: Any) -> Any:
    """The school says that the key was lost."""
    document = own_document(world)
    document["verificationMethod"][0]["revoked"] = "2026-10-01T00:00:00Z"
    world.publish(did.document_url(SCHOOL), document)
    return world.sign(badge)


def token_with_own_key(world: Any, badge: dict[str, Any], thief: Any) -> Any:
    """Gap 3: the token brings its key in its header."""
    publish_keys(world, (KID, TokenKey("ES256")))
    key = TokenKey("RS256")
    return token(claims_of(badge), key, kid=KID, jwk=key.public_key.jwk())


def token_with_own_key_only(world: Any, badge: dict[str, Any], thief: Any) -> Any:
    """Gap 3, without a name for the key."""
    publish_keys(world, (KID, TokenKey("ES256")))
    key = TokenKey("RS256")
    return jose.sign(
        jose.compact(claims_of(badge)), header={"typ": "JWT", "jwk": key.public_key.jwk()}, signer=key
    )


def token_with_foreign_address(world: Any, badge: dict[str, Any], thief: Any) -> Any:
    """The name of the key is an address on the thief's host, which answers the thief's key as the school's."""
    publish_keys(world, (KID, TokenKey("ES256")))
    key, address = TokenKey("RS256"), "https://evil.example/key"
    world.publish(address, {**key.public_key.jwk(), "kid": address, "iss": SCHOOL})
    return token(claims_of(badge), key, kid=address)


def claim(**changes: Any) -> Forge:
    """Gap 3: the claims of the token say something else than the badge."""

    def forge(world: Any, badge: dict[str, Any], thief: Any) -> Any:
        key = TokenKey()
        publish_keys(world, (KID, key))
        return token(claims_of(badge, **changes), key)

    return forge


def token_in_two_ways(world: Any, badge: dict[str, Any], thief: Any) -> Any:
    """A badge of VC 2.0 around a second one in the claim `vc`."""
    key = TokenKey()
    publish_keys(world, (KID, key))
    return token({**claims_of(badge), "vc": {**badge, "name": "another"}}, key)


def nobodys_badge(world: Any, badge: dict[str, Any], thief: Any) -> Any:
    """Gap 4: neither an id nor an identifier of a holder."""
    del badge["credentialSubject"]["id"]
    return sign_with(badge, world.key, world.method)


def proof_of_yesterday(world: Any, badge: dict[str, Any], thief: Any) -> Any:
    """Gap 5: `expires` of the proof."""
    return sign_with(badge, world.key, world.method, expires="2026-11-20T00:00:00Z")


def strangers_list(world: Any, badge: dict[str, Any], thief: Any) -> Any:
    """Gap 5: the status list is signed, but by somebody else."""
    world.publish_did(STRANGER, [("k", thief.public_key)])
    other = json.loads(world.pages[LIST_URL])
    del other["proof"]
    world.publish(LIST_URL, world.sign({**other, "issuer": STRANGER}, thief, f"{STRANGER}#k"))
    return world.sign(badge)


def old_list(world: Any, badge: dict[str, Any], thief: Any) -> Any:
    """Gap 5: the status list is signed, but of last week."""
    world.publish_list([], validUntil="2026-11-21T11:00:00Z")
    return world.sign(badge)


def list_of_its_own_list(world: Any, badge: dict[str, Any], thief: Any) -> Any:
    """A status list whose status is in itself."""
    world.publish_list([])
    document = json.loads(world.pages[LIST_URL])
    del document["proof"]
    document["credentialStatus"] = badge["credentialStatus"]
    world.publish(LIST_URL, sign_with(document, world.key, world.method))
    return world.sign(badge)


def another_message_by_a_weak_key(world: Any, badge: dict[str, Any], thief: Any) -> Any:
    """A key of small order, which any message satisfies."""
    document = own_document(world)
    document["verificationMethod"][0]["publicKeyMultibase"] = multibase.encode_z(b"\xed\x01\x01" + bytes(31))
    world.publish(did.document_url(SCHOOL), document)
    signed = world.sign(badge)
    signed["proof"][0]["proofValue"] = multibase.encode_z(b"\x01" + bytes(63))
    return signed


def chain_to_nothing(world: Any, badge: dict[str, Any], thief: Any) -> Any:
    """A proof that builds on one that is not there."""
    signed = copy.deepcopy(world.sign(badge))
    signed["proof"][0]["previousProof"] = "urn:uuid:none"
    return signed


def chain_in_a_ring(world: Any, badge: dict[str, Any], thief: Any) -> Any:
    """Two proofs that build on each other."""
    proof = world.sign(badge)["proof"][0]
    ring = [{**proof, "id": f"urn:x:{a}", "previousProof": f"urn:x:{b}"} for a, b in ("ab", "ba")]
    return {**badge, "proof": ring}


def type_that_nobody_signed(world: Any, badge: dict[str, Any], thief: Any) -> Any:
    """No vocabulary knows this type, so no signature covers it; a page would show it all the same."""
    signed = world.sign(badge)
    achievement = {**signed["credentialSubject"]["achievement"], "type": ["Achievement", "PhD"]}
    return {**signed, "credentialSubject": {**signed["credentialSubject"], "achievement": achievement}}


TABLE: list[tuple[Forge, str, str]] = [
    (fragment_key, "not_valid", "verification_relationship"),
    (did_key_without_fragment, "not_valid", "key_not_issuers"),
    (key_without_controller, "not_valid", "verification_relationship"),
    (foreign_controller, "not_valid", "key_controller"),
    (only_authentication, "not_valid", "verification_relationship"),
    (revoked_key, "not_valid", "key_revoked"),
    (token_with_own_key, "not_valid", "key_not_issuers"),
    (token_with_own_key_only, "not_valid", "key_not_listed"),
    (token_with_foreign_address, "not_valid", "key_not_listed"),
    (claim(iss=STRANGER), "not_valid", "jwt_iss"),
    (claim(iss=None), "not_valid", "jwt_iss"),
    (claim(sub="urn:uuid:00000000-0000-4000-8000-000000000000"), "not_valid", "jwt_sub"),
    (claim(sub=None), "not_valid", "jwt_sub"),
    (claim(jti="https://badges.example.org/credentials/other"), "not_valid", "jwt_jti"),
    (claim(nbf=1), "not_valid", "jwt_nbf"),
    (claim(exp=1), "not_valid", "expired"),
    (token_in_two_ways, "not_valid", "jwt_vc_claim"),
    (nobodys_badge, "not_valid", "shape"),
    (proof_of_yesterday, "not_valid", "proof_expired"),
    (strangers_list, "not_fully_checked", "status_issuer"),
    (old_list, "not_fully_checked", "status_stale"),
    (list_of_its_own_list, "not_fully_checked", "status_recursion"),
    (another_message_by_a_weak_key, "not_valid", "weak_key"),
    (chain_to_nothing, "not_valid", "previous_proof"),
    (chain_in_a_ring, "not_valid", "previous_proof"),
    (type_that_nobody_signed, "not_valid", "undefined_type"),
]


@pytest.mark.parametrize(
    ("forge", "outcome", "code"), TABLE, ids=[f"{row[0].__name__}-{row[2]}" for row in TABLE]
)
def test_no_forgery_is_good(
    world: Any, unsigned: dict[str, Any], new_key: Any, forge: Forge, outcome: str, code: str
) -> None:
    verdict = judged(world, forge(world, unsigned, new_key(9)))
    assert says(verdict) == (outcome, code)


def test_the_same_badges_are_good_when_nothing_is_forged(world: Any, unsigned: dict[str, Any]) -> None:
    key = TokenKey()
    publish_keys(world, (KID, key))
    assert says(judged(world, token(claims_of(unsigned), key))) == ("genuine", "genuine")
    assert says(judged(world, sign_with(unsigned, world.key, world.method))) == ("genuine", "genuine")


def test_the_official_checks_alone_never_make_a_badge_green(
    world: Any, unsigned: dict[str, Any], new_key: Any
) -> None:
    """A forgery with a good signature: all of the first layer is well as far as it goes, and the outcome is red."""
    verdict = judged(world, fragment_key(world, unsigned, new_key(9)))
    assert verdict.layers()["binding"] == "failed"
    parity = [check.outcome.value for check in verdict.checks if check.layer is Layer.PARITY]
    assert "failed" not in parity and verdict.outcome is Outcome.NOT_VALID
    amber = judged(world, world.sign(unsigned), registries=[])
    assert amber.layers() == {"1edtech": "passed", "binding": "passed", "trust": "unknown"}
    assert amber.outcome is Outcome.SIGNED_ISSUER_UNKNOWN


LOOK_ALIKES = {
    "another letter": "did:web:badges.examp1e.org:issuers:friese-vakschool",
    "another ending": "did:web:badges.example.com:issuers:friese-vakschool",
    "our domain as a beginning": "did:web:badges.example.org.evil.example:issuers:friese-vakschool",
    "another path": "did:web:badges.example.org:issuers:friese-vakschoo1",
    "capitals": "did:web:BADGES.example.org:issuers:friese-vakschool",
}


@pytest.mark.parametrize("alike", LOOK_ALIKES.values(), ids=LOOK_ALIKES)
def test_an_issuer_that_looks_like_ours_is_unknown_and_named_by_its_domain(
    world: Any, unsigned: dict[str, Any], new_key: Any, alike: str
) -> None:
    """Same name, same achievement id, a key and a status list of its own: signed, by somebody we do not know."""
    thief = new_key(9)
    world.publish_did(alike, [("k", thief.public_key)])
    del unsigned["credentialStatus"]
    unsigned["issuer"]["id"] = alike
    verdict = judged(world, sign_with(unsigned, thief, f"{alike}#k"))
    assert says(verdict) == ("signed_issuer_unknown", "signed_issuer_unknown")
    assert verdict.issuer_domain == did.domain(alike)
    assert (verdict.registry, verdict.registered_name, verdict.issuer_name) == (
        None,
        None,
        "Friese Vakschool",
    )


def test_a_homoglyph_domain_is_no_address_at_all(world: Any, unsigned: dict[str, Any]) -> None:
    unsigned["issuer"]["id"] = "did:web:b\u0430dges.example.org:issuers:friese-vakschool"
    verdict = judged(world, sign_with(unsigned, world.key, world.method))
    assert verdict.outcome not in GOOD


def test_a_homoglyph_name_does_not_become_the_registered_name(
    world: Any, unsigned: dict[str, Any], new_key: Any
) -> None:
    world.publish_did(STRANGER, [("k", new_key(9).public_key)])
    del unsigned["credentialStatus"]
    unsigned["issuer"] |= {"id": STRANGER, "name": "Fri\u0435se Vakschool"}
    verdict = judged(world, sign_with(unsigned, new_key(9), f"{STRANGER}#k"))
    assert (verdict.outcome, verdict.registered_name) == (Outcome.SIGNED_ISSUER_UNKNOWN, None)


def test_the_achievement_of_another_issuer_stays_the_signers_badge(
    world: Any, unsigned: dict[str, Any], new_key: Any
) -> None:
    """Anybody may name our achievement's id; the verdict is about who signed, never about whose achievement it is."""
    world.publish_did(STRANGER, [("k", new_key(9).public_key)])
    del unsigned["credentialStatus"]
    unsigned["issuer"] = {"id": STRANGER, "type": ["Profile"], "name": "Somebody"}
    unsigned["credentialSubject"]["achievement"]["creator"] = {
        "id": SCHOOL,
        "type": ["Profile"],
        "name": "Friese Vakschool",
    }
    verdict = judged(world, sign_with(unsigned, new_key(9), f"{STRANGER}#k"))
    assert (verdict.outcome, verdict.issuer_domain) == (
        Outcome.SIGNED_ISSUER_UNKNOWN,
        "friese-vakschool.example",
    )


def test_results_that_point_nowhere_are_remarked(world: Any, unsigned: dict[str, Any]) -> None:
    for result in (
        {"type": ["Result"], "resultDescription": "https://other.example/a#1", "value": "100"},
        {**unsigned["credentialSubject"]["result"][0], "achievedLevel": "https://other.example/a#best"},
    ):
        unsigned["credentialSubject"]["result"] = [result]
        verdict = judged(world, sign_with(unsigned, world.key, world.method))
        assert [remark.code for remark in verdict.remarks] == ["result_link"]
        assert verdict.check("schema").outcome == "failed"


def test_a_key_that_ends_is_good_until_then(world: Any, signed: dict[str, Any]) -> None:
    document = own_document(world)
    document["verificationMethod"][0]["expires"] = "2026-11-21T12:30:00Z"
    world.publish(did.document_url(SCHOOL), document)
    remembered = Remembered()
    assert judged(world, signed, remembered=remembered).outcome is Outcome.GENUINE
    later = NOW.replace(hour=13)
    assert says(judged(world, signed, now=later, remembered=remembered)) == ("not_valid", "key_expired")
