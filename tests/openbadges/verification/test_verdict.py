"""What the verdict says of good badges, of altered ones, and of several signatures on one."""

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from badge_service.openbadges import baking, canonical, credential, did, multibase
from badge_service.openbadges.sentences import sentence
from badge_service.openbadges.verdict import CheckOutcome, Outcome
from badge_service.openbadges.verification import KnownIssuer
from tests.openbadges.verification.saying import (
    GOOD,
    SCHOOL,
    STRANGER,
    judged,
    says,
    sign_with,
)

# Good badges


def test_a_badge_of_a_registered_issuer_is_genuine(world: Any, signed: dict[str, Any]) -> None:
    verdict = judged(world, signed)
    assert says(verdict) == ("genuine", "genuine")
    assert (verdict.registry, verdict.registered_name) == ("the LET register", "Friese Vakschool")
    assert verdict.issuer_domain == "badges.example.org"
    assert verdict.status_as_of == "2026-11-21T12:00:00Z"
    assert verdict.credential == signed
    assert len(world.asked) == 2
    assert {check.id for check in verdict.checks if check.outcome is not CheckOutcome.PASSED} == {
        "recipient", "fact_sheet", "endorsements", "refresh",
    }  # fmt: skip


def test_every_carrier_leads_to_the_same_verdict(world: Any, signed: dict[str, Any]) -> None:
    picture = BytesIO()
    Image.new("L", (2, 2)).save(picture, "PNG")
    text = json.dumps(signed, ensure_ascii=False)
    svg = baking.bake_svg('<svg xmlns="http://www.w3.org/2000/svg"/>', text)
    for data in (text, text.encode(), baking.bake_png(picture.getvalue(), text), svg, svg.encode()):
        assert says(judged(world, data)) == ("genuine", "genuine")


def test_the_same_badge_of_an_unregistered_issuer_is_amber_and_names_the_domain(
    world: Any, signed: dict[str, Any]
) -> None:
    verdict = judged(world, signed, registries=[])
    assert says(verdict) == ("signed_issuer_unknown", "signed_issuer_unknown")
    assert sentence(verdict.reason_code, verdict.params).startswith("Signed by badges.example.org.")


def test_the_holder_is_named_only_as_the_badge_does(world: Any, unsigned: dict[str, Any]) -> None:
    assert judged(world, world.sign(unsigned)).holder.code == "holder_not_named"
    unsigned["credentialSubject"]["identifier"] = [credential.named_holder("Sanne de Vries")]
    named = world.sign(unsigned)
    assert judged(world, named).holder.name == "Sanne de Vries"
    entry = named["credentialSubject"]["identifier"][0]
    entry["identityHash"], entry["hashed"] = ["Sanne de Vries"], "false"  # the same to a signature
    assert judged(world, named).holder.name == "Sanne de Vries"


def test_a_badge_without_a_status_entry_passes_with_a_remark(world: Any, unsigned: dict[str, Any]) -> None:
    del unsigned["credentialStatus"]
    verdict = judged(world, world.sign(unsigned))
    assert verdict.outcome is Outcome.GENUINE
    assert [remark.code for remark in verdict.remarks] == ["status_none"]


def test_a_single_proof_object_is_read_like_a_list_but_remarked(world: Any, signed: dict[str, Any]) -> None:
    verdict = judged(world, {**signed, "proof": signed["proof"][0]})
    assert verdict.outcome is Outcome.GENUINE
    assert [remark.code for remark in verdict.remarks] == ["schema"]


# Forgeries


def test_a_stranger_who_takes_our_name_is_shown_under_the_strangers_domain(
    world: Any, unsigned: dict[str, Any], new_key: Any
) -> None:
    del unsigned["credentialStatus"]
    thief = new_key(9)
    world.publish_did(STRANGER, [("k", thief.public_key)])
    unsigned["issuer"]["id"] = STRANGER
    verdict = judged(world, world.sign(unsigned, thief, f"{STRANGER}#k"))
    assert says(verdict) == ("signed_issuer_unknown", "signed_issuer_unknown")
    assert (verdict.issuer_domain, verdict.issuer_name) == ("friese-vakschool.example", "Friese Vakschool")
    assert verdict.registry is None


def test_a_domain_that_looks_alike_is_not_registered(
    world: Any, unsigned: dict[str, Any], new_key: Any
) -> None:
    del unsigned["credentialStatus"]
    alike = "did:web:badges.examp1e.org:issuers:friese-vakschool"
    world.publish_did(alike, [("k", new_key(9).public_key)])
    unsigned["issuer"]["id"] = alike
    verdict = judged(world, world.sign(unsigned, new_key(9), f"{alike}#k"))
    assert (verdict.outcome, verdict.issuer_domain) == (Outcome.SIGNED_ISSUER_UNKNOWN, "badges.examp1e.org")


@pytest.mark.parametrize("where", ["own_did", "fragment", "did_key", "foreign_list", "no_fragment", "number"])
def test_nobody_else_can_sign_in_our_name(
    world: Any, unsigned: dict[str, Any], new_key: Any, where: str
) -> None:
    thief = new_key(9)
    name = did.did_key(thief.public_key)
    world.publish_did(STRANGER, [("k", thief.public_key)])
    method = {
        "own_did": f"{STRANGER}#k",
        "fragment": f"{SCHOOL}#{name.removeprefix('did:key:')}",
        "did_key": f"{name}#{name.removeprefix('did:key:')}",
        "foreign_list": f"{SCHOOL}#k",
        "no_fragment": SCHOOL,
        "number": "urn:x:1",
    }[where]
    verdict = judged(world, sign_with(unsigned, thief, method))
    assert verdict.outcome is Outcome.NOT_VALID
    assert verdict.reason_code in ("key_not_issuers", "verification_relationship")
    assert did.document_url(STRANGER) not in world.asked


def test_a_key_for_signing_in_only_signs_no_badge(world: Any, unsigned: dict[str, Any]) -> None:
    document = did.did_document(SCHOOL, [("2026", world.key.public_key)])
    document["authentication"] = document.pop("assertionMethod")
    world.publish(did.document_url(SCHOOL), document)
    assert says(judged(world, world.sign(unsigned))) == ("not_valid", "verification_relationship")


def test_a_key_that_accepts_everything_is_refused(world: Any, signed: dict[str, Any]) -> None:
    document = did.did_document(SCHOOL, [("2026", world.key.public_key)])
    document["verificationMethod"][0]["publicKeyMultibase"] = multibase.encode_z(b"\xed\x01\x01" + bytes(31))
    world.publish(did.document_url(SCHOOL), document)
    signed["proof"][0]["proofValue"] = multibase.encode_z(b"\x01" + bytes(63))
    assert says(judged(world, signed)) == ("not_valid", "weak_key")


def leaves(value: Any, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    members = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, member in members:
        yield from leaves(member, (*here, key)) if isinstance(member, dict | list) else [(*here, key)]


def test_one_changed_character_anywhere_is_never_good(world: Any, signed: dict[str, Any]) -> None:
    for path in leaves(signed):
        changed = copy.deepcopy(signed)
        place: Any = changed
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = place[path[-1]] + "x"
        assert judged(world, changed).outcome not in GOOD, path


def test_what_is_added_beside_the_signature_is_never_good(world: Any, signed: dict[str, Any]) -> None:
    signed["credentialSubject"]["grade"] = "A+"
    assert says(judged(world, signed)) == ("not_valid", "undefined_term")


VC = "https://www.w3.org/2018/credentials#"


def test_an_end_date_or_status_under_another_spelling_is_found_out(
    world: Any, unsigned: dict[str, Any]
) -> None:
    """The signature covers the statements and not the JSON, so it stays good: an expired badge would look fresh."""
    world.publish_list([42])
    signed = world.sign({**unsigned, "validUntil": "2026-11-20T12:00:00Z"})
    for name in ("validUntil", "credentialStatus"):
        changed = copy.deepcopy(signed)
        changed[VC + name] = changed.pop(name)
        assert says(judged(world, changed)) == ("not_valid", "forbidden_keyword")
        changed[name] = [[changed.pop(VC + name)]]
        assert judged(world, changed).outcome is Outcome.NOT_VALID


def test_a_status_moved_to_another_mention_of_the_badge_is_found_out(
    world: Any, unsigned: dict[str, Any]
) -> None:
    world.publish_list([42])
    unsigned["evidence"].append({"id": unsigned["id"], "type": ["Evidence"]})
    signed = world.sign(unsigned)
    assert judged(world, signed).reason_code == "revoked"
    mention = signed["evidence"][-1]
    mention["type"] = ["Evidence", "VerifiableCredential", "OpenBadgeCredential"]
    mention["credentialStatus"] = signed.pop("credentialStatus")
    unsigned_again = {name: value for name, value in signed.items() if name != "proof"}
    before = world.sign(unsigned)
    original = {name: value for name, value in before.items() if name != "proof"}
    assert canonical.canonicalize(unsigned_again) == canonical.canonicalize(original)
    assert says(judged(world, signed)) == ("not_valid", "forbidden_keyword")


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"proofPurpose": "authentication"}, "proof_purpose"),
        ({"created": "2026-11-22T12:00:00Z"}, "proof_created_future"),
        ({"created": "2026-11-21T12:04:00Z"}, "genuine"),
        ({"created": "2026-11-21T12:05:00Z"}, "genuine"),
        ({"created": "2026-11-21T12:05:01Z"}, "proof_created_future"),
        ({"expires": "2026-11-21T12:00:00Z"}, "proof_expired"),
        ({"expires": "2026-11-21T11:00:00Z"}, "proof_expired"),
        ({"expires": "2026-11-21T13:00:00Z"}, "genuine"),
        ({"created": "yesterday"}, "proof_malformed"),
    ],
)
def test_the_options_of_a_proof_count(
    world: Any, unsigned: dict[str, Any], options: dict[str, Any], code: str
) -> None:
    assert judged(world, sign_with(unsigned, world.key, world.method, **options)).reason_code == code


# Several proofs


def test_every_understood_proof_must_hold_and_one_must_be_the_issuers(
    world: Any, unsigned: dict[str, Any], new_key: Any
) -> None:
    own = sign_with(unsigned, world.key, world.method)["proof"][0]
    name = did.did_key(new_key(9).public_key)
    other = sign_with(unsigned, new_key(9), f"{name}#{name.removeprefix('did:key:')}")["proof"][0]
    bad = {**own, "proofValue": other["proofValue"]}
    strange = {**own, "cryptosuite": "eddsa-2099"}
    chained = {**own, "previousProof": "urn:uuid:none"}

    def with_proofs(*proofs: Any) -> tuple[str, str]:
        return says(judged(world, {**unsigned, "proof": list(proofs)}))

    assert with_proofs(own, other) == with_proofs(own, strange) == ("genuine", "genuine")
    assert with_proofs(own, bad) == with_proofs(bad, own) == with_proofs(bad) == ("not_valid", "signature")
    assert with_proofs(other) == ("not_valid", "key_not_issuers")
    assert with_proofs(strange) == ("not_fully_checked", "cryptosuite_unsupported")
    assert with_proofs(chained) == ("not_valid", "previous_proof")
    assert with_proofs(*[own] * 5) == ("not_valid", "proof_malformed")
    assert with_proofs(own, 7) == ("not_valid", "proof_malformed")
    verdict = judged(world, {**unsigned, "proof": [own, strange]})
    assert [remark.code for remark in verdict.remarks] == ["cryptosuite_unsupported_beside"]


@pytest.mark.parametrize(
    ("proof", "code"),
    [
        ([], "no_proof"),
        (None, "no_proof"),
        ({}, "proof_malformed"),
        ("x", "proof_malformed"),
        ([[]], "proof_malformed"),
    ],
)
def test_a_badge_without_a_proof_is_not_valid(
    world: Any, unsigned: dict[str, Any], proof: Any, code: str
) -> None:
    assert says(judged(world, {**unsigned, "proof": proof})) == ("not_valid", code)
    assert says(judged(world, unsigned)) == ("not_valid", "no_proof")


# Registers


@dataclass(frozen=True)
class Listed:
    """A register with one entry."""

    name: str
    known: KnownIssuer

    def knows(self, issuer_id: str) -> KnownIssuer | None:
        return self.known if issuer_id == SCHOOL else None


def test_every_register_that_lists_the_issuer_is_named_and_the_domain_proof_apart(
    world: Any, signed: dict[str, Any]
) -> None:
    own = Listed("our own list", KnownIssuer("Friese Vakschool", confirmed=False))
    alliance = Listed("the alliance's list", KnownIssuer("Friese Vakschool BV", confirmed=True))
    verdict = judged(world, signed, registries=[own, alliance])
    assert sentence(verdict.reason_code, verdict.params).endswith(
        "listed in our own list, the alliance's list."
    )
    assert (verdict.registered_name, verdict.name_confirmed) == ("Friese Vakschool", True)
    assert verdict.to_json()["issuer"]["registries"] == [
        {"registry": "our own list", "name": "Friese Vakschool", "nameConfirmed": False},
        {"registry": "the alliance's list", "name": "Friese Vakschool BV", "nameConfirmed": True},
    ]
    assert judged(world, signed, registries=[own]).name_confirmed is False
    assert judged(world, signed).name_confirmed is None


def test_a_register_is_not_named_for_what_nobody_signed(world: Any, signed: dict[str, Any]) -> None:
    verdict = judged(world, {**signed, "name": "Another"})
    assert (verdict.registry, verdict.registered, verdict.outcome) == (None, (), Outcome.NOT_VALID)
