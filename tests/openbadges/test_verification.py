"""What the verdict says of good badges, of forged ones, and of those that could not be fully checked."""

import copy
import hashlib
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from badge_service.errors import NotFoundError, UnavailableError
from badge_service.openbadges import baking, canonical, contexts, credential, did, multibase, verification
from badge_service.openbadges import bitstring_status_list as lists
from badge_service.openbadges.digests import digest_sri
from badge_service.openbadges.proofs import eddsa_rdfc_2022
from badge_service.openbadges.sentences import sentence
from badge_service.openbadges.verdict import CheckOutcome, Outcome, Verdict
from badge_service.openbadges.verification import Explanation

SCHOOL = "did:web:badges.example.org:issuers:friese-vakschool"
STRANGER = "did:web:friese-vakschool.example"
LIST_URL = "https://badges.example.org/issuers/friese-vakschool/status/1.json"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
GOOD = (Outcome.GENUINE, Outcome.SIGNED_ISSUER_UNKNOWN)


def judged(world: Any, data: Any, **options: Any) -> Verdict:
    """The verdict, with every sentence in it said once, as a page would."""
    verdict: Verdict = world.judge(data, **options)
    assert [check.id for check in verdict.checks] == list(verification.CHECKS)
    for code, params in [
        (verdict.reason_code, verdict.params),
        (verdict.holder.code, {"name": verdict.holder.name}),
    ]:
        assert sentence(code, params)
    for spoken in (*verdict.checks, *verdict.remarks):
        assert sentence(spoken.code, spoken.params)
    json.dumps(verdict.to_json())
    proof_failed = verdict.check("proof").outcome is not CheckOutcome.PASSED
    if proof_failed:
        later = verdict.checks[verification.CHECKS.index("proof") + 1 :]
        assert {check.outcome for check in later} == {CheckOutcome.NOT_CHECKED}
        assert verdict.outcome not in GOOD
        assert verdict.registry is None and verdict.holder.name is None
    return verdict


def says(verdict: Verdict) -> tuple[str, str]:
    return verdict.outcome.value, verdict.reason_code


def sign_with(document: dict[str, Any], key: Any, method: str, **options: Any) -> dict[str, Any]:
    """A proof with any options, as a forger could make it: nothing is checked before signing."""
    unsigned = {name: value for name, value in document.items() if name != "proof"}
    proof = {
        "type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022", "created": "2026-11-21T12:00:00Z",
        "verificationMethod": method, "proofPurpose": "assertionMethod", **options,
    }  # fmt: skip
    nquads = (
        canonical.canonicalize({"@context": unsigned["@context"], **proof}),
        canonical.canonicalize(unsigned),
    )
    data = b"".join(hashlib.sha256(text.encode()).digest() for text in nquads)
    return {**unsigned, "proof": [{**proof, "proofValue": multibase.encode_z(key.sign(data))}]}


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


# Dates and status


def test_an_expired_badge_is_not_valid(world: Any, unsigned: dict[str, Any]) -> None:
    verdict = judged(world, world.sign({**unsigned, "validUntil": "2026-11-21T12:00:00Z"}))
    assert says(verdict) == ("not_valid", "expired")
    assert sentence(verdict.reason_code, verdict.params) == "This badge expired on 2026-11-21."


def test_a_badge_of_tomorrow_is_not_valid_yet(world: Any, unsigned: dict[str, Any]) -> None:
    signed = world.sign({**unsigned, "validFrom": "2026-11-22T12:00:00Z"})
    assert says(judged(world, signed)) == ("not_valid", "not_yet_valid")
    world.publish_list([], valid_from=NOW + timedelta(days=1))
    assert judged(world, signed, now=NOW + timedelta(days=2)).outcome is Outcome.GENUINE


def test_a_revoked_badge_is_not_valid_and_its_neighbours_are(
    world: Any, signed: dict[str, Any], compose_badge: Any
) -> None:
    world.publish_list([42])
    assert says(judged(world, signed)) == ("not_valid", "revoked")
    assert judged(world, world.sign(compose_badge(43))).outcome is Outcome.GENUINE


def test_revoked_is_said_before_expired(world: Any, unsigned: dict[str, Any]) -> None:
    world.publish_list([42])
    verdict = judged(world, world.sign({**unsigned, "validUntil": "2026-11-20T12:00:00Z"}))
    assert says(verdict) == ("not_valid", "revoked")
    assert verdict.check("dates").code == "expired"


@pytest.mark.parametrize(
    ("explanation", "code"),
    [
        (Explanation("replaced", "2026-11-21"), "replaced"),
        (Explanation("withdrawn", "2026-11-21"), "withdrawn"),
        (Explanation("withdrawn", "2026-11-21", "awarded by mistake"), "withdrawn_with_reason"),
        (None, "revoked"),
    ],
)
def test_our_own_service_explains_why(
    world: Any, signed: dict[str, Any], explanation: Any, code: str
) -> None:
    world.publish_list([42])
    verdict = judged(world, signed, explain_revocation=lambda document: explanation)
    assert says(verdict) == ("not_valid", code)
    assert verdict.replaced_on == ("2026-11-21" if code == "replaced" else None)


def _strangers_list(world: Any, new_key: Any) -> None:
    world.publish_did(STRANGER, [("k", new_key(9).public_key)])
    other = json.loads(world.pages[LIST_URL])
    del other["proof"]
    world.publish(LIST_URL, world.sign({**other, "issuer": STRANGER}, new_key(9), f"{STRANGER}#k"))


def _changed_list(world: Any, **subject: Any) -> None:
    other = json.loads(world.pages[LIST_URL])
    del other["proof"]
    other["credentialSubject"] |= subject
    world.publish(LIST_URL, sign_with(other, world.key, world.method))


def _replace(world: Any, body: bytes) -> None:
    world.pages[LIST_URL] = body


DOUBTFUL_LISTS = {
    "status_unreachable": lambda w, k: w.pages.pop(LIST_URL),
    "status_issuer": _strangers_list,
    "status_stale": lambda w, k: w.publish_list([], valid_from=NOW - timedelta(days=7)),
    "status_not_yet_valid": lambda w, k: w.publish_list([], valid_from=NOW + timedelta(days=1)),
    "status_id_mismatch": lambda w, k: w.publish_list([], id=LIST_URL + "x"),
    "status_purpose": lambda w, k: _changed_list(w, statusPurpose="suspension"),
    "status_encoding": lambda w, k: _changed_list(w, encodedList="uAAAA"),
    "status_verification": lambda w, k: w.publish(LIST_URL, {**json.loads(w.pages[LIST_URL]), "proof": []}),
    "status_list_format": lambda w, k: _replace(w, b"eyJhbGciOiJSUzI1NiJ9.e30.c2ln"),
}


@pytest.mark.parametrize("code", DOUBTFUL_LISTS)
def test_a_doubtful_status_list_is_never_green(
    world: Any, signed: dict[str, Any], new_key: Any, code: str
) -> None:
    DOUBTFUL_LISTS[code](world, new_key)  # type: ignore[no-untyped-call]
    assert says(judged(world, signed)) == ("not_fully_checked", code)


def test_a_list_with_one_changed_bit_does_not_hold(world: Any, signed: dict[str, Any]) -> None:
    world.publish_list([42])
    document = json.loads(world.pages[LIST_URL])
    document["credentialSubject"]["encodedList"] = lists.encode(lists.bits_of([]))
    world.publish(LIST_URL, document)
    assert says(judged(world, signed)) == ("not_fully_checked", "status_verification")


@pytest.mark.parametrize(
    ("entry", "outcome", "code"),
    [
        ({"statusListIndex": "131072"}, "not_fully_checked", "status_range"),
        ({"statusListIndex": " 5 "}, "not_valid", "status_index"),
        ({"statusListIndex": 42}, "genuine", "genuine"),
        ({"statusPurpose": "message"}, "not_fully_checked", "status_purpose_unknown"),
        ({"statusPurpose": "refresh"}, "genuine", "genuine"),
        ({"statusPurpose": "x"}, "not_fully_checked", "status_purpose_unknown"),
        ({"statusSize": 2}, "not_fully_checked", "status_purpose_unknown"),
    ],
)
def test_entries_that_we_do_not_understand_are_never_green(
    world: Any, unsigned: dict[str, Any], entry: dict[str, Any], outcome: str, code: str
) -> None:
    unsigned["credentialStatus"] |= entry
    assert says(judged(world, sign_with(unsigned, world.key, world.method))) == (outcome, code)


def test_a_status_of_another_kind_is_never_green(world: Any, unsigned: dict[str, Any]) -> None:
    unsigned["credentialStatus"] = {"id": "https://a.example/revoked", "type": "BitstringStatusList"}
    signed = sign_with(unsigned, world.key, world.method)
    assert says(judged(world, signed)) == ("not_fully_checked", "status_kind_unknown")


def test_several_entries_all_count_and_too_many_are_refused(world: Any, unsigned: dict[str, Any]) -> None:
    entry = unsigned["credentialStatus"]
    other = {**entry, "id": entry["id"] + "0", "statusListIndex": "7"}
    both = sign_with({**unsigned, "credentialStatus": [entry, other]}, world.key, world.method)
    assert judged(world, both).outcome is Outcome.GENUINE
    world.publish_list([7])
    assert judged(world, both).reason_code == "revoked"
    many = [{**entry, "id": f"{entry['id']}{n}", "statusListIndex": str(n)} for n in range(5)]
    verdict = judged(world, sign_with({**unsigned, "credentialStatus": many}, world.key, world.method))
    assert says(verdict) == ("not_valid", "status_too_many")


def test_a_suspended_badge_is_not_valid(world: Any, unsigned: dict[str, Any]) -> None:
    unsigned["credentialStatus"]["statusPurpose"] = "suspension"
    world.publish_list([42])
    _changed_list(world, statusPurpose="suspension")
    assert says(judged(world, world.sign(unsigned))) == ("not_valid", "suspended")


# What we cannot find out


@pytest.mark.parametrize("error", [UnavailableError("no answer"), NotFoundError("nothing there")])
def test_without_a_network_nothing_is_green(world: Any, signed: dict[str, Any], error: Exception) -> None:
    def fetch(url: str) -> Any:
        raise error

    verdict = judged(world, signed, fetch=fetch)
    assert says(verdict) == ("not_fully_checked", "key_unreachable")
    assert sentence(verdict.reason_code, verdict.params).startswith(
        "badges.example.org did not show us its key"
    )


@pytest.mark.parametrize("issuer", ["did:nope:abc", "urn:uuid:1", "http://school.example/1"])
def test_issuers_that_we_cannot_look_up_are_never_green(
    world: Any, unsigned: dict[str, Any], issuer: str
) -> None:
    unsigned["issuer"]["id"] = issuer
    assert says(judged(world, sign_with(unsigned, world.key, f"{issuer}#k"))) == (
        "not_fully_checked",
        "did_method_unsupported",
    )


def test_a_badge_cannot_send_us_all_over_the_world(world: Any, unsigned: dict[str, Any]) -> None:
    entry = unsigned["credentialStatus"]
    unsigned["credentialStatus"] = [
        {**entry, "id": f"urn:x:{n}", "statusListCredential": f"https://h{n}.example/list"} for n in range(4)
    ]
    signed = sign_with(unsigned, world.key, world.method)
    assert judged(world, signed, registries=[]).outcome is Outcome.NOT_FULLY_CHECKED
    assert len(world.asked) == 4


def test_kinds_that_we_know_by_name_only_are_named(world: Any, signed: dict[str, Any]) -> None:
    cases = [
        ({"@context": "https://w3id.org/openbadges/v2", "type": "Assertion"}, "open_badges_2"),
        (
            {
                **signed,
                "@context": [*signed["@context"], "https://purl.imsglobal.org/spec/ob/v3p0/context.json"],
            },
            "unknown_context",
        ),
        ({"type": "EnvelopedVerifiableCredential"}, "envelope_unsupported"),
        ({"type": ["VerifiableCredential", "EndorsementCredential"]}, "endorsement_unsupported"),
        ({"type": ["VerifiableCredential", "AlumniCredential"]}, "other_credential"),
    ]
    for data, code in cases:
        assert says(judged(world, data)) == ("not_fully_checked", code)


def test_own_definitions_of_words_and_a_wrong_order_are_not_valid(world: Any, signed: dict[str, Any]) -> None:
    inline = {**signed, "@context": [*signed["@context"], {"@vocab": "https://evil.example/#"}]}
    assert says(judged(world, inline)) == ("not_valid", "inline_context")
    turned = {**signed, "@context": list(reversed(signed["@context"]))}
    assert says(judged(world, turned)) == ("not_valid", "context_order")


# Remarks


def test_the_fact_sheet_is_compared_but_never_decides(world: Any, unsigned: dict[str, Any]) -> None:
    url, sheet = "https://badges.example.org/eu-facts.json", b'{"title":"Guest Speaker Host"}'
    unsigned["relatedResource"] = [credential.related_resource(url, digest_sri(sheet))]
    signed = world.sign(unsigned)

    def remarks() -> list[str]:
        verdict = judged(world, signed)
        assert verdict.outcome is Outcome.GENUINE
        return [remark.code for remark in verdict.remarks]

    assert remarks() == ["fact_sheet_missing"]
    world.pages[url] = sheet
    assert remarks() == []
    world.pages[url] = sheet + b" "
    assert remarks() == ["fact_sheet_different"]


def test_a_difference_from_the_schema_alone_is_a_remark(world: Any, unsigned: dict[str, Any]) -> None:
    unsigned["credentialSubject"]["achievement"]["tag"] = "guest"
    verdict = judged(world, sign_with(unsigned, world.key, world.method))
    assert verdict.outcome is Outcome.GENUINE
    assert [remark.code for remark in verdict.remarks] == ["schema"]


# Anything at all


@given(st.binary(max_size=300) | st.text(max_size=300))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_get_a_verdict_and_none_is_good(world: Any, data: bytes | str) -> None:
    assert judged(world, data).outcome not in GOOD


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from([SCHOOL, LIST_URL, "z1", "_:b"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "type", "@context", "proof", "x"]), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@given(data=st.data(), value=anything)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_part_replaced_by_anything_gets_a_verdict(
    world: Any, signed: dict[str, Any], data: Any, value: Any
) -> None:
    changed = copy.deepcopy(signed)
    place: Any = changed
    for _ in range(data.draw(st.integers(1, 4))):
        keys = list(place.keys()) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            break
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], dict | list) or data.draw(st.booleans()):
            place[key] = value
            break
        place = place[key]
    judged(world, changed)


@given(data=st.data(), value=anything)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_published_page_gets_a_verdict(world: Any, signed: dict[str, Any], data: Any, value: Any) -> None:
    url = data.draw(st.sampled_from([LIST_URL, did.document_url(SCHOOL)]))
    page = json.loads(world.pages[url])
    name = data.draw(st.sampled_from(sorted(page)))
    pages = dict(world.pages)
    world.publish(url, {**page, name: value})
    judged(world, signed)
    world.pages = pages


HOSTILE = [
    lambda d: {**d, "evidence": [{"type": ["Evidence"], "name": str(n)} for n in range(20_000)]},
    lambda d: {**d, "evidence": [{"type": ["Evidence"]}] * 900},
    lambda d: {**d, "evidence": [{"type": ["Evidence"], "name": str(n)} for n in range(700)]},
    lambda d: {**d, "@context": [contexts.VC2, contexts.OB3] * 500},
    lambda d: {**d, "proof": d["proof"] * 5_000},
    lambda d: {**d, "name": "\\u0000" * 80_000},
    lambda d: {**d, "name": "]]>" * 150_000},
    lambda d: {**d, "type": [*d["type"], *["x" * 100] * 2000]},
    lambda d: {**d, "proof": [{**d["proof"][0], "proofValue": "z" + "2" * 400_000}]},
    lambda d: {**d, "issuer": {"id": "did:web:" + "a:" * 100_000}},
    lambda d: {**d, "issuer": {"id": "did:web:" + "%2525" * 80_000}},
    lambda d: {**d, "validFrom": "9" * 400_000},
    lambda d: {**d, "evidence": _nest(28)},
]


def _nest(depth: int) -> Any:
    inner: Any = {"id": "https://a.example/1", "type": ["Evidence"]}
    for _ in range(depth):
        inner = {"type": ["Profile"], "id": "https://a.example/2", "parentOrg": inner}
    return inner


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_hostile_documents_are_answered_within_a_cpu_second(
    world: Any, signed: dict[str, Any], number: int
) -> None:
    data = json.dumps(HOSTILE[number](signed)).encode()
    started = time.process_time()
    assert judged(world, data).outcome not in GOOD
    assert time.process_time() - started < 1


def _patched(document: dict[str, Any], operations: list[dict[str, Any]]) -> dict[str, Any]:
    changed = copy.deepcopy(document)
    for operation in operations:
        *steps, last = operation["path"].strip("/").split("/")
        place: Any = changed
        for step in steps:
            place = place[int(step)] if isinstance(place, list) else place[step]
        if operation["op"] == "remove":
            place.pop(last)
        elif isinstance(place, list):
            place.append(operation["value"]) if last == "-" else place.__setitem__(
                int(last), operation["value"]
            )
        else:
            place[last] = operation["value"]
    return changed


def test_the_shared_bad_inputs_are_never_good(world: Any, signed: dict[str, Any], shared: Any) -> None:
    single = {**signed, "proof": signed["proof"][0]}
    rows = json.loads((shared / "bad_inputs.json").read_text("utf-8"))["inputs"]
    wanted = [
        r
        for r in rows
        if r.get("base") == "valid_ldp" and r.get("ops") and r.get("resign") in ("none", "attacker")
    ]
    for row in wanted:
        started = time.process_time()
        verdict = judged(world, json.dumps(_patched(single, row["ops"])))
        assert verdict.outcome not in GOOD, row["id"]
        assert time.process_time() - started < 1, row["id"]
    assert len(wanted) >= 25
    literal = [row for row in rows if row["surface"] == "verify-api" and row.get("literal")]
    for row in literal:
        assert judged(world, row["input"]).outcome not in GOOD, row["id"]
    assert len(literal) >= 5


def test_a_proof_made_by_the_library_is_the_one_that_is_verified(
    world: Any, unsigned: dict[str, Any]
) -> None:
    assert sign_with(unsigned, world.key, world.method) == world.sign(unsigned)
    assert eddsa_rdfc_2022.verify(
        world.sign(unsigned), world.sign(unsigned)["proof"][0], world.key.public_key
    )
