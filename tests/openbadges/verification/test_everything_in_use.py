"""Every way in which honest badges come: proofs, tokens, data models, vocabularies, keys and carriers."""

import copy
import json
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from badge_service.openbadges import baking, contexts, did
from badge_service.openbadges.credential import named_holder
from badge_service.openbadges.proofs import SUITES, data_integrity
from badge_service.openbadges.verdict import Outcome
from badge_service.openbadges.verification import Recipient
from tests.openbadges.verification.saying import (
    KID,
    NOW,
    SCHOOL,
    TokenKey,
    claims_of,
    judged,
    own_document,
    publish_keys,
    says,
    sign_with,
    token,
)  # fmt: skip

GENUINE = ("genuine", "genuine")
OLD_CONTEXT = "https://purl.imsglobal.org/spec/ob/v3p0/context.json"


def suite_name(suite: Any) -> str:
    return suite.cryptosuite or suite.proof_type


def of_1_1(document: dict[str, Any], *more: str, version: str = contexts.OB3_VERSIONS[0]) -> dict[str, Any]:
    """The badge in the words of the older data model."""
    old = {name: value for name, value in without_newer_words(document).items() if name != "validFrom"}
    del old["credentialStatus"]  # its words came with VC 2.0
    own = [contexts.VC1, version, contexts.OB_EXTENSIONS, *more]
    return {**old, "@context": own, "issuanceDate": document["validFrom"]}


def without_newer_words(document: dict[str, Any]) -> dict[str, Any]:
    """The badge in the words that all versions of the vocabulary have."""
    changed = copy.deepcopy(document)
    del changed["awardedDate"], changed["credentialSubject"]["achievement"]["inLanguage"]
    return changed


def signed_by(world: Any, suite: Any, document: dict[str, Any], key: Any) -> dict[str, Any]:
    options = data_integrity.assertion(world.method, NOW)
    return suite.add_proof(document, options, signer=key)


PLAIN_SUITES = [suite for suite in SUITES.values() if suite_name(suite) != "ecdsa-sd-2023"]


SUITES_AND_KEYS = [
    (suite, curve)
    for suite in PLAIN_SUITES
    for curve in (("ES256", "ES384") if suite_name(suite).startswith("ecdsa") else ("",))
]


@pytest.mark.parametrize(
    ("suite", "curve"),
    SUITES_AND_KEYS,
    ids=[f"{suite_name(suite)} {curve}" for suite, curve in SUITES_AND_KEYS],
)
def test_every_suite_leads_to_green(world: Any, unsigned: dict[str, Any], suite: Any, curve: str) -> None:
    key = TokenKey(curve) if curve else world.key
    world.publish_did(SCHOOL, [("2026", key.public_key)])
    del unsigned["credentialStatus"]
    if suite_name(suite) == "Ed25519Signature2020":
        unsigned["@context"] = [*unsigned["@context"], contexts.ED25519_2020]
    signed = signed_by(world, suite, unsigned, key)
    assert says(judged(world, json.dumps(signed))) == GENUINE
    signed["name"] = "Another"
    assert says(judged(world, json.dumps(signed))) == ("not_valid", "signature")


@pytest.mark.parametrize(
    ("algorithm", "form"), [("RS256", "JWT"), ("ES256", "JWT"), ("ES384", "vc+jwt"), ("EdDSA", "vc+jwt")]
)
def test_tokens_of_both_forms_lead_to_green(
    world: Any, unsigned: dict[str, Any], algorithm: str, form: str
) -> None:
    key = world.key if algorithm == "EdDSA" else TokenKey(algorithm)
    publish_keys(world, (KID, key))
    text = token(claims_of(unsigned), key, typ=form)
    verdict = judged(world, text)
    assert says(verdict) == GENUINE
    assert verdict.credential is not None and verdict.credential["id"] == unsigned["id"]
    head, payload, signature = text.split(".")
    broken = ("A" if signature[0] != "A" else "B") + signature[1:]
    assert says(judged(world, f"{head}.{payload}.{broken}")) == ("not_valid", "signature")


def test_a_token_may_be_named_by_a_did_url(world: Any, unsigned: dict[str, Any]) -> None:
    assert says(judged(world, token(claims_of(unsigned), world.key, kid=world.method))) == GENUINE


def test_a_token_around_a_signed_badge_needs_both_signatures(world: Any, signed: dict[str, Any]) -> None:
    key = TokenKey()
    publish_keys(world, (KID, key))
    assert says(judged(world, token(claims_of(signed), key))) == GENUINE
    signed["proof"][0]["created"] = "2026-11-20T12:00:00Z"
    assert says(judged(world, token(claims_of(signed), key))) == ("not_valid", "signature")


def two_proofs(world: Any, unsigned: dict[str, Any], **second: str) -> dict[str, Any]:
    """The badge with two proofs of the school: side by side, or the second built on the first."""
    own = data_integrity.assertion(world.method, NOW)
    first: Any = SUITES["DataIntegrityProof", "eddsa-rdfc-2022"]
    other: Any = SUITES["DataIntegrityProof", "eddsa-jcs-2022"]
    one: dict[str, Any] = first.add_proof(unsigned, {**own, "id": "urn:uuid:first"}, signer=world.key)
    both: dict[str, Any] = other.add_proof(one, {**own, **second}, signer=world.key)
    return both


@pytest.mark.parametrize("second", [{}, {"previousProof": "urn:uuid:first"}], ids=["set", "chain"])
def test_a_set_and_a_chain_of_proofs_lead_to_green(
    world: Any, unsigned: dict[str, Any], second: dict[str, str]
) -> None:
    signed = two_proofs(world, unsigned, **second)
    assert len(signed["proof"]) == 2
    assert says(judged(world, json.dumps(signed))) == GENUINE
    for place in (0, 1):
        forged = copy.deepcopy(signed)
        forged["proof"][place]["created"] = "2026-11-20T12:00:00Z"
        assert says(judged(world, forged)) == ("not_valid", "signature")
    assert says(judged(world, {**signed, "name": "Another"})) == ("not_valid", "signature")
    without_first = judged(world, {**signed, "proof": signed["proof"][1:]})
    assert says(without_first) == (("not_valid", "previous_proof") if second else GENUINE)


@pytest.mark.parametrize("written_as", ["Multikey", "JsonWebKey", "JsonWebKey2020"])
@pytest.mark.parametrize("algorithm", ["EdDSA", "ES256", "ES384"])
def test_every_kind_of_key_leads_to_green_however_it_is_published(
    world: Any, unsigned: dict[str, Any], new_key: Any, algorithm: str, written_as: str
) -> None:
    key = world.key if algorithm == "EdDSA" else TokenKey(algorithm)
    other = new_key(9) if algorithm == "EdDSA" else TokenKey({"ES256": "ES384"}.get(algorithm, "ES256"))
    suite: Any = SUITES[
        "DataIntegrityProof", "eddsa-rdfc-2022" if algorithm == "EdDSA" else "ecdsa-rdfc-2019"
    ]

    def publish(key: Any) -> None:
        written = (
            {"publicKeyMultibase": key.public_key.multikey}
            if written_as == "Multikey"
            else {"publicKeyJwk": key.public_key.jwk()}
        )
        method = {"id": world.method, "type": written_as, "controller": SCHOOL, **written}
        page = {"id": SCHOOL, "verificationMethod": [method], "assertionMethod": [world.method]}
        world.publish(did.document_url(SCHOOL), page)

    del unsigned["credentialStatus"]
    publish(key)
    signed = signed_by(world, suite, unsigned, key)
    compact = token(claims_of(unsigned), key, kid=world.method)
    assert says(judged(world, signed)) == says(judged(world, compact)) == GENUINE
    assert says(judged(world, {**signed, "name": "Another"})) == ("not_valid", "signature")
    publish(other)
    assert judged(world, signed).outcome is judged(world, compact).outcome is Outcome.NOT_VALID


@pytest.mark.parametrize("version", contexts.OB3_VERSIONS)
def test_the_older_data_model_is_judged(world: Any, unsigned: dict[str, Any], version: str) -> None:
    old = of_1_1(unsigned, contexts.DATA_INTEGRITY, version=version)
    assert judged(world, sign_with(old, world.key, world.method)).outcome is Outcome.GENUINE
    late = {**old, "expirationDate": "2026-11-20T00:00:00Z"}
    assert says(judged(world, sign_with(late, world.key, world.method))) == ("not_valid", "expired")
    early = {**old, "issuanceDate": "2027-01-01T00:00:00Z"}
    assert says(judged(world, sign_with(early, world.key, world.method))) == ("not_valid", "not_yet_valid")


def test_a_token_of_the_older_data_model_holds_the_badge_in_a_claim(
    world: Any, unsigned: dict[str, Any]
) -> None:
    old = of_1_1(unsigned)
    key = TokenKey()
    publish_keys(world, (KID, key))
    claims = {name: claims_of(unsigned)[name] for name in ("iss", "sub", "jti", "nbf")}
    assert judged(world, token({**claims, "vc": old}, key)).outcome is Outcome.GENUINE
    assert says(judged(world, token({**claims, "vc": old, "jti": "urn:x:1"}, key))) == (
        "not_valid",
        "jwt_jti",
    )


@pytest.mark.parametrize("version", contexts.OB3_VERSIONS[1:])
def test_the_versions_of_the_vocabulary_are_known(world: Any, unsigned: dict[str, Any], version: str) -> None:
    unsigned = without_newer_words(unsigned)
    unsigned["@context"][1] = version
    assert judged(world, sign_with(unsigned, world.key, world.method)).outcome is Outcome.GENUINE


def test_a_vocabulary_that_we_do_not_carry_is_not_guessed_at(world: Any, signed: dict[str, Any]) -> None:
    for first in (contexts.VC2, contexts.VC1):
        signed["@context"] = [first, OLD_CONTEXT]
        assert says(judged(world, signed)) == ("not_fully_checked", "unknown_context")


@pytest.mark.parametrize("method", ["did:key", "did:jwk", "https"])
def test_issuers_of_every_kind_are_looked_up(world: Any, unsigned: dict[str, Any], method: str) -> None:
    key = world.key.public_key
    if method == "did:key":
        issuer, name = did.did_key(key), f"{did.did_key(key)}#{key.multikey}"
    elif method == "did:jwk":
        issuer, name = did.did_jwk(key), f"{did.did_jwk(key)}#0"
    else:
        issuer = "https://badges.example.org/issuers/plain"
        name = f"{issuer}#2026"
        world.publish(issuer, did.did_document(issuer, [("2026", key)]))
    unsigned["issuer"]["id"] = issuer
    del unsigned["credentialStatus"]
    world.registered[issuer] = "Friese Vakschool"
    assert says(judged(world, sign_with(unsigned, world.key, name))) == GENUINE


def test_a_key_page_of_its_own_counts_when_the_issuer_lists_it(world: Any, unsigned: dict[str, Any]) -> None:
    address = "https://badges.example.org/keys/2026"
    page = {
        "id": address,
        "type": "Multikey",
        "controller": SCHOOL,
        "publicKeyMultibase": world.key.public_key.multikey,
    }
    world.publish(address, page)
    document = {**own_document(world), "assertionMethod": [world.method, address]}
    world.publish(did.document_url(SCHOOL), document)
    assert says(judged(world, sign_with(unsigned, world.key, address))) == GENUINE


def test_every_carrier_holds_both_kinds_of_signature(world: Any, signed: dict[str, Any]) -> None:
    key = TokenKey()
    publish_keys(world, (KID, key))
    unsigned = {name: value for name, value in signed.items() if name != "proof"}
    picture = BytesIO()
    Image.new("L", (2, 2)).save(picture, "PNG")
    text, compact = json.dumps(signed, ensure_ascii=False), token(claims_of(unsigned), key)
    svg = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:o="https://purl.imsglobal.org/ob/v3p0">{}</svg>'
    for data, carrier in (
        (text, "carrier_json"),
        (signed, "carrier_json"),
        (compact, "carrier_jws"),
        (compact.encode() + b"\n", "carrier_jws"),
        (baking.bake_png(picture.getvalue(), text), "carrier_png"),
        (baking.bake_png(picture.getvalue(), compact), "carrier_png"),
        (baking.bake_svg(svg.format(""), text), "carrier_svg"),
        (svg.format(f'<o:credential verify="{compact}"/>'), "carrier_svg"),
    ):
        verdict = judged(world, data)
        assert says(verdict) == GENUINE
        assert verdict.check("carrier").code == carrier


def envelope(text: str, kind: str = "Credential", media_type: str = "application/vc+jwt") -> dict[str, Any]:
    return {"@context": contexts.VC2, "type": f"EnvelopedVerifiable{kind}", "id": f"data:{media_type},{text}"}


def test_an_envelope_is_opened(world: Any, unsigned: dict[str, Any]) -> None:
    key = TokenKey("ES256")
    publish_keys(world, (KID, key))
    text = token(claims_of(unsigned), key, typ="vc+jwt")
    assert says(judged(world, envelope(text))) == GENUINE
    for other in (envelope(text, media_type="application/vc+sd-jwt"), {**envelope(text), "id": 7}):
        assert says(judged(world, other)) == ("not_fully_checked", "envelope_unsupported")


def test_badges_of_the_second_generation_are_named(world: Any) -> None:
    badge = {"@context": "https://w3id.org/openbadges/v2", "type": "Assertion", "id": "https://a.example/1"}
    key = TokenKey()
    for data in (badge, token(badge, key)):
        assert says(judged(world, data)) == ("not_fully_checked", "open_badges_2")


def test_a_schema_of_somebody_else_is_never_fetched(world: Any, unsigned: dict[str, Any]) -> None:
    other = {"id": "https://a.example/schema.json", "type": "1EdTechJsonSchemaValidator2019"}
    unsigned["credentialSchema"].append(other)
    verdict = judged(world, sign_with(unsigned, world.key, world.method))
    assert (verdict.outcome, verdict.check("schema").outcome.value) == (Outcome.GENUINE, "not_checked")
    assert [remark.code for remark in verdict.remarks] == ["schema_other"]
    assert other["id"] not in world.asked


def test_a_token_that_ends_before_its_badge_is_expired(world: Any, unsigned: dict[str, Any]) -> None:
    key = TokenKey("ES256")
    publish_keys(world, (KID, key))
    for end, code in ((1795000000, "expired"), (1e30, "dates_unreadable"), ("soon", "jwt_exp")):
        text = token(claims_of(unsigned, exp=end), key, typ="vc+jwt")
        assert says(judged(world, text)) == ("not_valid", code)


def test_a_refresh_service_without_an_address_is_a_remark(world: Any, unsigned: dict[str, Any]) -> None:
    for service in ({"type": "1EdTechCredentialRefresh"}, {"id": "https://a.example/r", "type": "Evidence"}):
        unsigned["refreshService"] = service
        assert judged(world, sign_with(unsigned, world.key, world.method)).outcome is Outcome.GENUINE
    assert "https://a.example/r" not in world.asked


def test_a_recipient_cannot_be_compared_with_a_badge_without_an_id(
    world: Any, unsigned: dict[str, Any]
) -> None:
    del unsigned["credentialSubject"]["id"]
    unsigned["credentialSubject"]["identifier"] = [named_holder("Sanne")]
    signed = sign_with(unsigned, world.key, world.method)
    asked = Recipient("id", "urn:uuid:1")
    assert says(judged(world, signed, recipient=asked)) == ("not_fully_checked", "recipient_not_said")


def test_another_proof_by_a_key_that_does_not_count_spoils_the_set(
    world: Any, signed: dict[str, Any], new_key: Any
) -> None:
    other = "did:web:other.example"
    world.publish_did(other, [("k", new_key(9).public_key)])
    unsigned = {name: value for name, value in signed.items() if name != "proof"}
    second = sign_with(unsigned, new_key(9), f"{other}#not-listed")["proof"][0]
    assert says(judged(world, {**signed, "proof": [*signed["proof"], second]})) == (
        "not_valid", "verification_relationship",
    )  # fmt: skip


def test_a_digest_of_an_unknown_kind_is_a_remark(world: Any, unsigned: dict[str, Any]) -> None:
    unsigned["relatedResource"] = [{"id": "https://a.example/x", "digestSRI": "md5-AAAA"}]
    verdict = judged(world, sign_with(unsigned, world.key, world.method))
    assert (verdict.outcome, verdict.check("fact_sheet").code) == (Outcome.GENUINE, "fact_sheet_digest")
