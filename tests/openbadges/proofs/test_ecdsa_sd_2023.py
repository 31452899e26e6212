"""Badges shown in parts: as the W3C's vectors have it, as another library has it, and every way to cheat with them."""

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from badge_service.errors import InvalidError
from badge_service.openbadges import canonical, contexts, multibase, public_key
from badge_service.openbadges.profiles import GENERIC
from badge_service.openbadges.proofs import cbor, data_integrity, ecdsa_sd_2023
from badge_service.openbadges.proofs.data_integrity import RDFC
from badge_service.openbadges.proofs.ecdsa_sd_2023 import ProofKey, ProofSecrets
from badge_service.openbadges.proofs.ecdsa_sd_values import BaseProof, DerivedProof
from badge_service.openbadges.proofs.secured import Secured
from badge_service.openbadges.proofs.selective_disclosure import disclosure, select
from tests.effort import cpu_seconds

SUITE = ecdsa_sd_2023.SUITE
MANDATORY = [
    "/issuer",
    "/validFrom",
    "/credentialStatus",
    "/credentialSubject/type",
    "/credentialSubject/achievement",
]


def private(pair: dict[str, str]) -> ProofKey:
    number = int.from_bytes(multibase.decode_z(pair["secretKeyMultibase"])[2:])
    return ProofKey(ec.derive_private_key(number, ec.SECP256R1()))


def load(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


# The vectors


@pytest.fixture(params=[("employ", "employ", "employmentAuth"), ("prc", "prCred", "")], ids=["employ", "prc"])
def vector(request: pytest.FixtureRequest, vectors: Path) -> dict[str, Any]:
    folder, named, _ = request.param
    root = vectors / "vc-di-ecdsa-TestVectors"
    files = {path.stem: load(path) for path in (root / "ecdsa-sd-2023" / folder).glob("*.json")}
    return files | {
        "canonicalOptions": (root / "ecdsa-sd-2023" / folder / "addProofConfigCanon.txt").read_text("utf-8"),
        "mandatoryPointers": load(root / f"{named}Mandatory.json"),
        "selectivePointers": load(root / f"{named}Selective.json"),
        "keys": load(root / "ecdsa-sd-2023" / "SDKeyMaterial.json"),
    }


def test_the_published_statements_and_digests_are_reproduced(vector: dict[str, Any], examine: Any) -> None:
    signed = vector["addSignedSDBase"]
    secured = Secured.of(signed, examine=examine)
    shown = disclosure(secured, bytes.fromhex(vector["keys"]["hmacKeyString"]))
    assert secured.nquads() == "".join(vector["addBaseDocCanon"])
    assert shown.statements == vector["addBaseDocHMACCanon"]
    must = shown.of(vector["mandatoryPointers"])
    assert must == [line for _, line in vector["addBaseTransform"]["mandatory"]["value"]]
    options = {name: value for name, value in signed["proof"].items() if name != "proofValue"}
    assert RDFC.options(secured, options, "sha256").decode() == vector["canonicalOptions"]
    key = multibase.decode_z(vector["keys"]["proofKeyPair"]["publicKeyMultibase"])
    data = ecdsa_sd_2023._signed_data(secured, options, key, must)
    hashes = vector["addHashData"]
    assert data.hex() == hashes["proofHash"] + key.hex() + hashes["mandatoryHash"]


def test_the_published_base_proof_is_read_and_written_again(vector: dict[str, Any]) -> None:
    value = vector["addSignedSDBase"]["proof"]["proofValue"]
    base, raw = BaseProof.read(value), vector["derivedRecoveredBaseData"]
    assert base.written() == value
    assert base.signature.hex() == raw["baseSignature"]
    assert [signature.hex() for signature in base.signatures] == raw["signatures"]
    assert base.hmac_key.hex() == raw["hmacKey"]
    assert base.mandatory == raw["mandatoryPointers"]
    assert multibase.encode_z(base.key) == raw["proofPublicKey"]


def test_the_published_shown_credential_is_derived_byte_for_byte(
    vector: dict[str, Any], examine: Any
) -> None:
    shown = SUITE.derive(vector["addSignedSDBase"], vector["selectivePointers"], examine=examine)
    expected = vector["derivedRevealDocument"]
    assert shown == {**expected, "proof": [expected["proof"]]}
    proof, raw = DerivedProof.read(expected["proof"]["proofValue"]), vector["derivedDisclosureData"]
    assert proof.written() == expected["proof"]["proofValue"]
    assert list(proof.mandatory) == raw["mandatoryIndexes"]
    assert [signature.hex() for signature in proof.signatures] == raw["signatures"]
    labels = {f"c14n{number}": multibase.encode_u(digest) for number, digest in proof.labels.items()}
    assert labels == dict(raw["labelMap"]["value"])


def test_the_published_shown_credential_holds(vector: dict[str, Any], examine: Any) -> None:
    signed = vector["derivedRevealDocument"]
    secured, proof = Secured.of(signed, examine=examine), signed["proof"]
    key = public_key.from_multikey(vector["keys"]["baseKeyPair"]["publicKeyMultibase"])
    assert DerivedProof.read(proof["proofValue"]).statements(secured.nquads()) == vector["verifyNQuads"]
    assert SUITE.faults(secured, proof, key) == []


def test_with_the_published_secrets_our_base_proof_is_the_published_one_byte_for_byte(
    vector: dict[str, Any], examine: Any
) -> None:
    signed, keys = vector["addSignedSDBase"], vector["keys"]
    unsigned = {name: value for name, value in signed.items() if name != "proof"}
    options = {
        name: value
        for name, value in signed["proof"].items()
        if name not in ("type", "cryptosuite", "proofValue")
    }
    again = SUITE.add_proof(
        unsigned,
        options,
        signer=private(keys["baseKeyPair"]),
        mandatory=vector["mandatoryPointers"],
        proof_secrets=ProofSecrets(private(keys["proofKeyPair"]), bytes.fromhex(keys["hmacKeyString"])),
        examine=examine,
    )
    assert again == {**signed, "proof": [signed["proof"]]}
    shown = SUITE.derive(again, vector["selectivePointers"], examine=examine)
    key = private(keys["baseKeyPair"]).public_key
    assert SUITE.faults(Secured.of(shown, examine=examine), shown["proof"][0], key) == []


# Our own badges


@pytest.fixture
def signed(unsigned: dict[str, Any], options: dict[str, Any], p256: Any) -> dict[str, Any]:
    """The holder's own copy of a badge."""
    return SUITE.add_proof(unsigned, options, signer=p256, mandatory=MANDATORY)


@pytest.fixture
def shown(signed: dict[str, Any]) -> dict[str, Any]:
    """The badge without its evidence and its further dates."""
    return SUITE.derive(signed, ["/name", "/credentialSubject/result"])


def codes(document: dict[str, Any], key: Any, **changes: Any) -> list[str]:
    proof = {**document["proof"][0], **changes}
    return [fault.code for fault in SUITE.faults(Secured.of(document), proof, key.public_key)]


def test_the_holder_shows_some_and_leaves_out_the_rest(
    unsigned: dict[str, Any], shown: dict[str, Any], p256: Any
) -> None:
    assert codes(shown, p256) == []
    assert shown.keys() == {
        "@context", "id", "type", "issuer", "validFrom", "credentialStatus", "credentialSubject", "name", "proof"
    }  # fmt: skip
    assert shown["credentialSubject"].keys() == {"id", "type", "achievement", "result"}
    assert shown["credentialSubject"]["achievement"] == unsigned["credentialSubject"]["achievement"]


@pytest.mark.parametrize(
    "pointers",
    [
        [],
        [""],
        ["/evidence/0"],
        ["/evidence"],
        ["/credentialSubject/result/0/achievedLevel", "/credentialSubject/result/0/status"],
        ["/credentialSubject/achievement/resultDescription/0/rubricCriterionLevel/2/name"],
        ["/credentialSubject/id", "/id", "/type"],
    ],
)
def test_whatever_the_holder_chooses_holds(signed: dict[str, Any], p256: Any, pointers: list[str]) -> None:
    shown = SUITE.derive(signed, pointers)
    assert codes(shown, p256) == []
    if pointers == [""]:
        assert {**shown, "proof": None} == {**signed, "proof": None}


def test_a_badge_with_nothing_mandatory_shows_what_was_chosen(
    unsigned: dict[str, Any], options: dict[str, Any], p256: Any
) -> None:
    signed = SUITE.add_proof(unsigned, options, signer=p256)
    assert codes(SUITE.derive(signed, ["/name", "/issuer/name"]), p256) == []
    with pytest.raises(InvalidError):
        SUITE.derive(signed, [])


def test_parts_of_lists_keep_their_order(unsigned: dict[str, Any]) -> None:
    document = {
        **unsigned,
        "evidence": [{"id": f"urn:{n}", "type": ["Evidence"], "name": str(n)} for n in range(12)],
    }
    chosen = select(document, ["/evidence/10/name", "/evidence/2", "/evidence/10"])
    assert [entry["id"] for entry in chosen["evidence"]] == ["urn:2", "urn:10"]
    assert select({"@context": [], "a/b": 1, "c~d": 2}, ["/a~1b", "/c~0d"]) == {
        "@context": [],
        "a/b": 1,
        "c~d": 2,
    }


@pytest.mark.parametrize(
    "pointer",
    ["name", "/nothing", "/evidence/9", "/evidence/-", "/evidence/00", "/name/x", "/evidence/x", 7, None],
)
def test_a_pointer_to_nothing_is_refused(
    signed: dict[str, Any], unsigned: dict[str, Any], options: dict[str, Any], p256: Any, pointer: Any
) -> None:
    with pytest.raises(InvalidError):
        SUITE.derive(signed, [pointer])
    with pytest.raises(InvalidError):
        SUITE.add_proof(unsigned, options, signer=p256, mandatory=[pointer])


def test_the_holders_own_copy_is_not_taken_for_a_shown_one(signed: dict[str, Any], p256: Any) -> None:
    assert codes(signed, p256) == ["base_proof"]


def test_a_shown_badge_shows_nothing_more_and_is_signed_only_once(
    shown: dict[str, Any],
    signed: dict[str, Any],
    unsigned: dict[str, Any],
    options: dict[str, Any],
    p256: Any,
    p384: Any,
) -> None:
    for document in (shown, unsigned, {**signed, "proof": signed["proof"] * 2}, {**signed, "proof": [7]}):
        with pytest.raises(InvalidError):
            SUITE.derive(document, ["/name"])
    with pytest.raises(InvalidError):
        SUITE.add_proof(signed, options, signer=p256)
    with pytest.raises(InvalidError):
        SUITE.add_proof(unsigned, options, signer=p384)


@pytest.mark.parametrize(
    "change",
    [
        lambda shown: shown.update(name="Forged"),
        lambda shown: shown.update(validUntil="2099-01-01T00:00:00Z"),
        lambda shown: shown.update(description="Added"),
        lambda shown: shown["credentialSubject"]["achievement"].update(name="Forged"),
        lambda shown: shown["issuer"].update(name="Forged"),
        lambda shown: shown.pop("credentialStatus"),
        lambda shown: shown.pop("name"),
        lambda shown: shown.pop("validFrom"),
    ],
)
def test_a_changed_longer_or_shorter_badge_is_found(
    shown: dict[str, Any], p256: Any, change: Callable[[dict[str, Any]], Any]
) -> None:
    change(shown)
    assert codes(shown, p256)[0] in ("signature", "proof_value")


def test_a_changed_option_or_key_is_found(shown: dict[str, Any], p256: Any, p384: Any, new_key: Any) -> None:
    assert codes(shown, p256, created="2020-01-01T00:00:00Z") == ["signature"]
    assert codes(shown, p256, domain="elsewhere.example") == ["signature"]
    assert codes(shown, p256, madeUp="x") == ["undefined_term"]
    assert codes(shown, type(p256)(ec.SECP256R1(), 8)) == ["signature"]
    assert codes(shown, p384) == codes(shown, new_key()) == ["key_kind"]


def _swapped(values: list[Any]) -> list[Any]:
    return [*values[1:], values[0]]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda p: replace(p, signature=p.signatures[0]), "signature"),
        (lambda p: replace(p, signature=p.signature + b"\0"), "signature"),
        (lambda p: replace(p, signatures=p.signatures[:-1]), "signature"),
        (lambda p: replace(p, signatures=[*p.signatures, p.signatures[0]]), "signature"),
        (lambda p: replace(p, signatures=_swapped(p.signatures)), "signature"),
        (lambda p: replace(p, mandatory=p.mandatory[1:]), "signature"),
        (lambda p: replace(p, mandatory=[]), "signature"),
        (lambda p: replace(p, mandatory=[*p.mandatory, p.mandatory[0]]), "proof_value"),
        (lambda p: replace(p, mandatory=["0"]), "proof_value"),
        (lambda p: replace(p, labels={}), "proof_value"),
        (lambda p: replace(p, labels=dict.fromkeys(p.labels, bytes(32))), "proof_value"),
        (lambda p: replace(p, labels={k: v[:31] for k, v in p.labels.items()}), "proof_value"),
        (lambda p: replace(p, labels=dict(zip(p.labels, _swapped(list(p.labels.values())), strict=True))), "signature"),
        (lambda p: replace(p, labels=[]), "proof_value"),
        (lambda p: replace(p, key=p.key[:-1]), "proof_value"),
        (lambda p: replace(p, key=b"\xed\x01" + p.key[2:]), "proof_value"),
        (lambda p: replace(p, key=p.key[:2] + b"\x04" + p.key[3:]), "proof_value"),
        (lambda p: replace(p, key=p.key[:3] + b"\xff" * 32), "proof_value"),
        (lambda p: replace(p, key=ecdsa_sd_2023.key_bytes(ProofSecrets.fresh().key.public_key)), "signature"),
    ],
)  # fmt: skip
def test_a_rebuilt_proof_is_found(
    shown: dict[str, Any], p256: Any, change: Callable[[DerivedProof], DerivedProof], code: str
) -> None:
    proof = DerivedProof.read(shown["proof"][0]["proofValue"])
    assert codes(shown, p256, proofValue=change(proof).written()) == [code]


def test_two_parts_with_one_label_are_found_even_when_every_signature_fits(
    unsigned: dict[str, Any], options: dict[str, Any], p256: Any
) -> None:
    """The signed thing described once, shown as two things: each holds half of what was signed of it."""
    signed = SUITE.add_proof(
        {**unsigned, "evidence": [{"type": ["Evidence"], "name": "A", "genre": "B"}]}, options, signer=p256
    )
    shown = SUITE.derive(signed, ["/evidence"])
    proof = DerivedProof.read(shown["proof"][0]["proofValue"])
    shown["evidence"] = [{"type": ["Evidence"], "name": "A"}, {"type": ["Evidence"], "genre": "B"}]
    for labels in ({**proof.labels, 1: proof.labels[0]}, {**proof.labels, 2: proof.labels[0]}):
        assert codes(shown, p256, proofValue=replace(proof, labels=labels).written())[0] != []
    (fault,) = SUITE.faults(
        Secured.of(shown),
        {**shown["proof"][0], "proofValue": replace(proof, labels={0: b"x" * 32, 1: b"x" * 32}).written()},
        p256.public_key,
    )
    assert fault.code == "proof_value"


@pytest.mark.parametrize(
    "damage",
    [
        lambda value: None,
        lambda value: "",
        lambda value: "u",
        lambda value: value[1:],
        lambda value: value[:-1],
        lambda value: value + "=",
        lambda value: value + "AAAA",
        lambda value: multibase.encode_z(b"\xd9\x5d\x01\x80"),
        lambda value: multibase.encode_u(b"\xd9\x5d\x02\x85"),
        lambda value: multibase.encode_u(b"\xd9\x5d\x01" + cbor.encode([1, 2, 3, 4])),
        lambda value: multibase.encode_u(b"\xd9\x5d\x01" + cbor.encode([1, 2, 3, 4, 5])),
        lambda value: multibase.encode_u(b"\xd9\x5d\x01" + cbor.encode({1: 2})),
        lambda value: "u" + "A" * 500_000,
    ],
)
def test_a_damaged_proof_is_found(shown: dict[str, Any], p256: Any, damage: Callable[[str], Any]) -> None:
    assert codes(shown, p256, proofValue=damage(shown["proof"][0]["proofValue"])) == ["proof_value"]


def test_texts_that_look_like_blank_nodes_stay_texts(
    unsigned: dict[str, Any], options: dict[str, Any], p256: Any
) -> None:
    tricky = 'a _:c14n0 <urn:bnid:0> " \\ \u2028 \x85 \n . _:c14n1'
    signed = SUITE.add_proof({**unsigned, "name": tricky}, options, signer=p256, mandatory=MANDATORY)
    shown = SUITE.derive(signed, ["/name"])
    assert shown["name"] == tricky
    assert codes(shown, p256) == []


def test_a_document_that_names_parts_as_we_do_is_not_shown_in_parts(
    unsigned: dict[str, Any], options: dict[str, Any], p256: Any
) -> None:
    document = copy.deepcopy(unsigned)
    document["evidence"][0]["id"] = "urn:bnid:0"
    with pytest.raises(InvalidError):
        SUITE.add_proof(document, options, signer=p256)


def test_lists_with_an_order_are_shown_whole_or_not_at_all(
    unsigned: dict[str, Any], options: dict[str, Any], p256: Any
) -> None:
    """`allowedValue` is a list with an order: its links are blank nodes that no JSON object stands for."""
    document = copy.deepcopy(unsigned)
    described = document["credentialSubject"]["achievement"]["resultDescription"]
    described[0]["allowedValue"] = ["A", "B", "C"]
    described.append({**described[0], "id": "urn:2", "allowedValue": ["B", "A", "C", "A"]})
    signed = SUITE.add_proof(document, options, signer=p256, mandatory=["/issuer"])
    place = "/credentialSubject/achievement/resultDescription"
    for pointer in (f"{place}/0", f"{place}/1", f"{place}/1/allowedValue", place):
        shown = SUITE.derive(signed, [pointer])
        assert codes(shown, p256) == [], pointer
    shown["credentialSubject"]["achievement"]["resultDescription"][1]["allowedValue"].reverse()
    assert codes(shown, p256)[0] in ("signature", "proof_value")
    with pytest.raises(InvalidError):
        SUITE.derive(signed, [f"{place}/1/allowedValue/0"])


def test_blank_names_of_the_documents_own_are_followed(
    unsigned: dict[str, Any], options: dict[str, Any], p256: Any
) -> None:
    generic = partial(canonical.examine, profile=GENERIC)
    named = [{"id": f"_:{name}", "type": ["Evidence"], "name": name} for name in "ab"]
    achievement = {**unsigned["credentialSubject"]["achievement"], "id": "_:c"}
    document = {
        **unsigned,
        "evidence": named,
        "credentialSubject": {**unsigned["credentialSubject"], "achievement": achievement},
    }
    signed = SUITE.add_proof(document, options, signer=p256, examine=generic)
    shown = SUITE.derive(signed, ["/credentialSubject/achievement/name"], examine=generic)
    assert SUITE.faults(Secured.of(shown, examine=generic), shown["proof"][0], p256.public_key) == []
    with pytest.raises(InvalidError):  # which of the two is meant, a reader of the statements cannot tell
        SUITE.derive(signed, ["/evidence/1"], examine=generic)


@pytest.mark.parametrize("place", range(0, 100, 4))
def test_one_changed_byte_anywhere_in_a_proof_is_found(shown: dict[str, Any], p256: Any, place: int) -> None:
    data = bytearray(multibase.decode_u(shown["proof"][0]["proofValue"]))
    data[len(data) * place // 100] ^= 0x55
    assert codes(shown, p256, proofValue=multibase.encode_u(bytes(data))) != []


def test_another_library_shows_what_we_signed_and_finds_ours_good(
    unsigned: dict[str, Any], p256: Any
) -> None:
    ecdsa_sd = pytest.importorskip("openvc.proof.ecdsa_sd")
    known = {url: contexts.load(url) for url in unsigned["@context"]}
    issuer = f"did:key:{p256.public_key.multikey}"
    document = {**unsigned, "issuer": issuer}
    options = data_integrity.assertion(
        f"{issuer}#{p256.public_key.multikey}", datetime(2026, 11, 21, tzinfo=UTC)
    )
    signed = SUITE.add_proof(document, options, signer=p256, mandatory=["/issuer", "/validFrom"])
    theirs = ecdsa_sd.EcdsaSdProofSuite()
    shown = SUITE.derive(signed, ["/name", "/credentialSubject/achievement"])
    for value in (
        shown,
        theirs.derive_proof(
            {**signed, "proof": signed["proof"][0]}, selective_pointers=["/name"], extra_contexts=known
        ),
    ):
        single = {**value, "proof": value["proof"][0] if isinstance(value["proof"], list) else value["proof"]}
        assert theirs.verify(
            single, public_key_jwk=p256.public_key.jwk(), extra_contexts=known, check_temporal=False
        )
        assert codes({**single, "proof": [single["proof"]]}, p256) == []


@pytest.mark.full
def test_the_largest_badge_is_judged_within_a_second(
    unsigned: dict[str, Any], options: dict[str, Any], p256: Any
) -> None:
    evidence = [{"id": f"urn:e:{n}", "type": ["Evidence"], "name": str(n)} for n in range(300)]
    signed = SUITE.add_proof({**unsigned, "evidence": evidence}, options, signer=p256)
    shown = SUITE.derive(signed, [""])
    secured = Secured.of(shown)
    assert len(secured.nquads().splitlines()) > 900
    assert cpu_seconds(lambda: SUITE.faults(secured, shown["proof"][0], p256.public_key)) < 1
    assert canonical.examine(secured.document).faults == ()
