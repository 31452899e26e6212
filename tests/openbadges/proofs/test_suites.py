"""Every suite signs what it then finds good, and finds every forgery that its kind allows."""

import contextlib
import copy
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from badge_service.errors import InvalidError, UnavailableError
from badge_service.openbadges import contexts, credential, multibase, proofs
from badge_service.openbadges.proofs import data_integrity
from badge_service.openbadges.proofs.data_integrity import Suite
from badge_service.openbadges.proofs.secured import Secured

SIMPLE = {name: suite for (_, name), suite in proofs.SUITES.items() if isinstance(suite, Suite)}
NOW = datetime(2026, 11, 21, tzinfo=UTC)
LEGACY = "Ed25519Signature2020"
WITH_KEYS = [
    *(
        (name, kind)
        for name in ("eddsa-rdfc-2022", "eddsa-jcs-2022", "eddsa-2022", "")
        for kind in ("ed25519",)
    ),
    *((name, kind) for name in ("ecdsa-rdfc-2019", "ecdsa-jcs-2019") for kind in ("p256", "p384")),
]


@pytest.fixture
def keys(new_key: Any, p256: Any, p384: Any) -> dict[str, Any]:
    return {"ed25519": new_key(3), "p256": p256, "p384": p384}


@pytest.fixture(params=WITH_KEYS, ids=lambda pair: f"{pair[0] or LEGACY}-{pair[1]}")
def case(
    request: pytest.FixtureRequest, keys: dict[str, Any], unsigned: dict[str, Any], options: dict[str, Any]
) -> tuple[Suite, Any, dict[str, Any]]:
    """A suite, a key that it takes, and a badge that it signed."""
    name, kind = request.param
    document = copy.deepcopy(unsigned)
    if not name:
        document["@context"] = [*document["@context"], contexts.ED25519_2020]
    return SIMPLE[name], keys[kind], SIMPLE[name].add_proof(document, options, signer=keys[kind])


def codes(suite: Suite, signed: dict[str, Any], key: Any, **changes: Any) -> list[str]:
    proof = {**signed["proof"][0], **changes}
    return [fault.code for fault in suite.faults(Secured.of(signed), proof, key.public_key)]


def test_all_suites_are_listed_under_the_names_that_proofs_carry() -> None:
    assert set(proofs.SUITES) == {
        ("DataIntegrityProof", name)
        for name in ("eddsa-rdfc-2022", "eddsa-jcs-2022", "eddsa-2022", "ecdsa-rdfc-2019", "ecdsa-jcs-2019", "ecdsa-sd-2023")
    } | {(LEGACY, "")}  # fmt: skip


@pytest.mark.parametrize(
    "proof",
    [
        {},
        {"type": "DataIntegrityProof"},
        {"type": "DataIntegrityProof", "cryptosuite": None},
        {"type": "DataIntegrityProof", "cryptosuite": ["eddsa-rdfc-2022"]},
        {"type": ["DataIntegrityProof"], "cryptosuite": "eddsa-rdfc-2022"},
        {"type": LEGACY, "cryptosuite": "eddsa-rdfc-2022"},
        {"type": "Ed25519Signature2018"},
    ],
)
def test_other_names_are_no_suite(proof: dict[str, Any]) -> None:
    assert proofs.suite_of(proof) is None


def test_what_was_signed_is_good(case: tuple[Suite, Any, dict[str, Any]]) -> None:
    suite, key, signed = case
    (proof,) = signed["proof"]
    assert proofs.suite_of(proof) is suite
    assert codes(suite, signed, key) == []
    assert suite.verify(signed, proof, key.public_key)


def test_a_prepared_badge_is_signed_by_every_suite(
    keys: dict[str, Any], unsigned: dict[str, Any], options: dict[str, Any]
) -> None:
    prepared = credential.prepare(unsigned)
    for name, kind in WITH_KEYS:
        if name:
            signed = SIMPLE[name].sign(
                prepared, signer=keys[kind], verification_method="urn:x#k", created=NOW
            )
            assert SIMPLE[name].verify(signed, signed["proof"][0], keys[kind].public_key), name


@pytest.mark.parametrize(
    "change",
    [
        lambda signed: signed.update(name="Forged"),
        lambda signed: signed["credentialSubject"]["achievement"].update(name="Forged"),
        lambda signed: signed["evidence"].clear(),
        lambda signed: signed.update(validUntil="2099-01-01T00:00:00Z"),
        lambda signed: signed.pop("credentialStatus"),
    ],
)
def test_a_changed_document_is_found(
    case: tuple[Suite, Any, dict[str, Any]], change: Callable[[dict[str, Any]], Any]
) -> None:
    suite, key, signed = case
    change(signed)
    assert codes(suite, signed, key) == ["signature"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("created", "2020-01-01T00:00:00Z"),
        ("proofPurpose", "authentication"),
        ("verificationMethod", "https://badges.example.org/issuers/2#key"),
        ("domain", "https://elsewhere.example"),
        ("expires", "2099-01-01T00:00:00Z"),
    ],
)
def test_a_changed_or_added_option_is_found(
    case: tuple[Suite, Any, dict[str, Any]], name: str, value: str
) -> None:
    suite, key, signed = case
    assert codes(suite, signed, key, **{name: value}) == ["signature"]


def test_a_key_of_another_kind_is_found(
    case: tuple[Suite, Any, dict[str, Any]], keys: dict[str, Any]
) -> None:
    suite, key, signed = case
    for other in keys.values():
        if other.public_key.kind not in suite.hashes:
            assert codes(suite, signed, other) == ["key_kind"]
            with pytest.raises(InvalidError):
                suite.add_proof({**signed, "proof": []}, {}, signer=other)
        elif other is not key:
            assert codes(suite, signed, other)[0] in ("signature", "proof_value")


def test_another_key_of_the_same_kind_is_found(
    case: tuple[Suite, Any, dict[str, Any]], new_key: Any, p256: Any, p384: Any
) -> None:
    suite, key, signed = case
    other = new_key(8) if key.algorithm == "EdDSA" else type(p256)(key.private.curve, 8)
    assert codes(suite, signed, other) == ["signature"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda value: None,
        lambda value: 7,
        lambda value: "",
        lambda value: "z",
        lambda value: value[1:],
        lambda value: "u" + value[1:],
        lambda value: value[:-2],
        lambda value: value + "11",
        lambda value: "z1" + value[1:],
        lambda value: value + " ",
        lambda value: value + "0",
        lambda value: multibase.encode_u(multibase.decode_z(value)),
        lambda value: "z" + "2" * 100_000,
    ],
)
def test_a_signature_in_another_spelling_is_found(
    case: tuple[Suite, Any, dict[str, Any]], damage: Callable[[str], Any]
) -> None:
    suite, key, signed = case
    assert codes(suite, signed, key, proofValue=damage(signed["proof"][0]["proofValue"])) == ["proof_value"]


def test_a_signature_of_another_proof_is_found(
    case: tuple[Suite, Any, dict[str, Any]], options: dict[str, Any]
) -> None:
    suite, key, signed = case
    other = suite.add_proof({**signed, "name": "Other", "proof": []}, options, signer=key)
    value = other["proof"][0]["proofValue"]
    assert codes(suite, signed, key, proofValue=value) == ["signature"]


def test_ecdsa_signatures_are_raw_and_under_the_hash_of_the_curve(
    p256: Any, p384: Any, unsigned: dict[str, Any], options: dict[str, Any]
) -> None:
    class Der:
        def __init__(self, key: Any) -> None:
            self.key_id, self.algorithm, self.public_key, self.sign = (
                "x",
                key.algorithm,
                key.public_key,
                key.der,
            )

    class OtherHash(type(p384)):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(ec.SECP384R1())
            self.hash = p256.hash

    for name in ("ecdsa-rdfc-2019", "ecdsa-jcs-2019"):
        suite = SIMPLE[name]
        for signer in (Der(p256), Der(p384), OtherHash()):
            with pytest.raises(UnavailableError):
                suite.add_proof(unsigned, options, signer=signer)
        signed = suite.add_proof(unsigned, options, signer=p384)
        data = suite.signed_data(
            Secured.of(signed),
            {k: v for k, v in signed["proof"][0].items() if k != "proofValue"},
            p384.public_key,
        )
        for forged in (p384.der(data), OtherHash().sign(data)):
            found = codes(suite, signed, p384, proofValue=multibase.encode_z(forged))
            assert found in (["signature"], ["proof_value"])


def test_a_jcs_signature_is_about_the_json_and_an_rdfc_signature_about_what_it_says(
    new_key: Any, unsigned: dict[str, Any], options: dict[str, Any]
) -> None:
    key = new_key(3)
    for name, turned in (("eddsa-jcs-2022", ["signature"]), ("eddsa-rdfc-2022", [])):
        signed = SIMPLE[name].add_proof(unsigned, options, signer=key)
        signed["type"] = signed["type"][::-1]
        assert codes(SIMPLE[name], signed, key) == turned


def test_a_jcs_proof_repeats_the_context_and_lets_others_be_added_behind(
    new_key: Any, unsigned: dict[str, Any], options: dict[str, Any]
) -> None:
    suite, key = SIMPLE["eddsa-jcs-2022"], new_key(3)
    signed = suite.add_proof(unsigned, options, signer=key)
    assert signed["proof"][0]["@context"] == unsigned["@context"]
    assert codes(suite, {**signed, "@context": [*signed["@context"], contexts.MULTIKEY]}, key) == []
    for other in (signed["@context"][:1], [contexts.MULTIKEY, *signed["@context"]], contexts.VC2, None):
        assert codes(suite, {**signed, "@context": other}, key) == ["inline_context"]
    bare = {name: value for name, value in signed["proof"][0].items() if name != "@context"}
    assert [f.code for f in suite.faults(Secured.of(signed), bare, key.public_key)] == ["signature"]


@pytest.mark.parametrize("number", [2**53, float("inf"), float("nan"), "\ud800"])
def test_jcs_refuses_what_json_cannot_hold(
    new_key: Any, unsigned: dict[str, Any], options: dict[str, Any], number: Any
) -> None:
    suite, key = SIMPLE["eddsa-jcs-2022"], new_key(3)
    signed = suite.add_proof(unsigned, options, signer=key)
    assert codes(suite, {**signed, "name": number}, key) == ["json_number_range"]


def test_an_rdfc_proof_brings_no_words_of_its_own(
    new_key: Any, unsigned: dict[str, Any], options: dict[str, Any]
) -> None:
    suite, key = SIMPLE["eddsa-rdfc-2022"], new_key(3)
    signed = suite.add_proof(unsigned, options, signer=key)
    assert codes(suite, signed, key, **{"@context": signed["@context"]}) == []
    assert codes(suite, signed, key, **{"@context": {"@vocab": "urn:x"}}) == ["inline_context"]
    assert codes(suite, signed, key, madeUp="x") == ["undefined_term"]


def test_the_older_proof_type_needs_its_date(
    new_key: Any, unsigned: dict[str, Any], options: dict[str, Any]
) -> None:
    suite, key = SIMPLE[""], new_key(3)
    document = {**unsigned, "@context": [*unsigned["@context"], contexts.ED25519_2020]}
    signed = suite.add_proof(document, options, signer=key)
    dateless = {name: value for name, value in signed["proof"][0].items() if name != "created"}
    assert [f.code for f in suite.faults(Secured.of(signed), dateless, key.public_key)] == ["proof_malformed"]
    with pytest.raises(InvalidError):
        suite.add_proof(document, {"proofPurpose": "assertionMethod"}, signer=key)


def test_a_badge_of_the_older_data_model_can_bear_the_older_proof(
    new_key: Any, options: dict[str, Any]
) -> None:
    key = new_key(3)
    document = {
        "@context": [contexts.VC1, contexts.ED25519_2020],
        "id": "urn:uuid:3",
        "type": ["VerifiableCredential"],
        "issuer": "did:web:badges.example.org",
        "issuanceDate": "2023-01-01T00:00:00Z",
        "credentialSubject": {"id": "urn:uuid:4"},
    }
    signed = SIMPLE[""].add_proof(document, options, signer=key)
    assert SIMPLE[""].verify(signed, signed["proof"][0], key.public_key)
    assert not SIMPLE[""].verify(
        {**signed, "issuanceDate": "2024-01-01T00:00:00Z"}, signed["proof"][0], key.public_key
    )


def test_a_document_with_undefined_words_is_not_signed_by_the_rdfc_suites(
    new_key: Any, unsigned: dict[str, Any], options: dict[str, Any]
) -> None:
    with pytest.raises(InvalidError) as raised:
        SIMPLE["eddsa-rdfc-2022"].add_proof({**unsigned, "grade": "A"}, options, signer=new_key(3))
    assert [fault.code for fault in raised.value.faults] == ["undefined_term"]
    assert not SIMPLE["eddsa-jcs-2022"].verify({**unsigned, "grade": "A"}, {}, new_key(3).public_key)


def test_jcs_signs_documents_of_no_vocabulary_too(new_key: Any, options: dict[str, Any]) -> None:
    suite, key = SIMPLE["eddsa-jcs-2022"], new_key(3)
    signed = suite.add_proof({"name": "a list"}, options, signer=key)
    assert "@context" not in signed["proof"][0]
    assert codes(suite, signed, key) == []
    assert codes(suite, {**signed, "@context": [contexts.VC2]}, key) == ["signature"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from(["uAAAA", "z" + "1" * 64, "did:key:z6Mk", "2026-01-01T00:00:00Z", contexts.VC2]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
MEMBERS = (
    "id",
    "type",
    "created",
    "proofPurpose",
    "proofValue",
    "verificationMethod",
    "@context",
    "previousProof",
    "x",
)


@given(st.dictionaries(st.sampled_from(MEMBERS), json_values))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_proof_makes_a_suite_raise(
    unsigned: dict[str, Any], keys: dict[str, Any], proof: dict[str, Any]
) -> None:
    secured = Secured.of(unsigned)
    for suite in proofs.SUITES.values():
        for key in keys.values():
            assert suite.faults(secured, proof, key.public_key) != []
    with contextlib.suppress(InvalidError):
        secured.chained(proof, [proof, {**proof, "id": proof.get("previousProof")}])


def test_deep_json_is_refused_and_not_an_exception() -> None:
    deep: dict[str, Any] = {}
    place = deep
    for _ in range(100_000):
        place["x"] = place = {}
    with pytest.raises(InvalidError):
        data_integrity.canonical_json(deep)
    while deep:  # taken apart from outside in: freeing it at once would recurse
        deep = deep.pop("x", {})
