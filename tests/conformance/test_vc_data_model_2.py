"""What the W3C suite for the VC data model 2.0 demands of an issuer and a verifier, one test a demand, in our own words."""

import base64
import copy
import hashlib
import json
from typing import Any

import pytest

from badge_service.conformance import keys
from badge_service.conformance.keys import MemoryKey
from badge_service.openbadges import contexts
from badge_service.openbadges.contexts import VC2
from badge_service.openbadges.multibase import encode_base64url
from badge_service.openbadges.public_key import KeyKind

ISSUER = "eddsa-rdfc-2022"
EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"
SUBJECT = {"id": "did:example:subject"}


def _credential(**members: Any) -> dict[str, Any]:
    return {
        "@context": [VC2],
        "type": ["VerifiableCredential"],
        "credentialSubject": dict(SUBJECT),
        **members,
    }


def _presentation(**members: Any) -> dict[str, Any]:
    return {"@context": [VC2], "type": ["VerifiablePresentation"], **members}


def _accepts(client: Any, **members: Any) -> bool:
    client.issued(ISSUER, _credential(**members))
    return True


def _refuses(client: Any, **members: Any) -> bool:
    return client.refuses_to_issue(ISSUER, _credential(**members))


def _without(document: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key != name}


# 1.3 Conformance


def test_an_issued_document_is_secured(client: Any) -> None:
    assert client.issued(ISSUER)["proof"]["proofValue"]


def test_an_issued_document_has_all_required_members(client: Any) -> None:
    assert {"@context", "type", "issuer", "credentialSubject", "proof"} <= client.issued(ISSUER).keys()


def test_an_issuer_uses_a_securing_mechanism(client: Any) -> None:
    assert client.issued(ISSUER)["proof"]["type"] == "DataIntegrityProof"


def test_a_verifier_verifies_what_was_issued(client: Any) -> None:
    assert client.verifies(client.issued(ISSUER))


def test_a_verifier_tells_errors_of_documents_that_do_not_conform(client: Any) -> None:
    assert client.rejects({"type": ["NonconformingDocument"]})
    assert client.rejects_presentation({"type": ["NonconformingDocument"]})


# 4.3 Contexts


def test_a_credential_has_a_context(client: Any) -> None:
    assert isinstance(client.issued(ISSUER)["@context"], list)
    assert client.refuses_to_issue(ISSUER, _without(_credential(), "@context"))


def test_a_presentation_has_a_context(client: Any, suite: Any) -> None:
    good = suite.presentation()

    assert client.verifies_presentation(good)
    assert client.rejects_presentation(_without(good, "@context"))


def test_a_credential_begins_with_the_base_context_and_keeps_the_order(client: Any) -> None:
    issued = client.issued(ISSUER, _credential(**{"@context": [VC2, EXAMPLES]}))

    assert issued["@context"] == [VC2, EXAMPLES]
    assert _refuses(client, **{"@context": [EXAMPLES]})
    assert _refuses(client, **{"@context": [EXAMPLES, VC2]})


def test_a_presentation_begins_with_the_base_context(client: Any, suite: Any) -> None:
    wrong = suite.sign(_presentation(**{"@context": [EXAMPLES, VC2]}))

    assert client.rejects_presentation(wrong)
    assert client.rejects_presentation({**suite.presentation(), "@context": [EXAMPLES, VC2]})
    assert client.rejects_presentation({**suite.presentation(), "@context": [EXAMPLES]})


OWN_WORD = {"ExampleVerifiableCredential": "https://example.org/#ExampleVerifiableCredential"}


def test_further_contexts_of_a_credential_are_addresses_or_objects(client: Any) -> None:
    types = ["VerifiableCredential", "ExampleVerifiableCredential"]

    assert _accepts(client, **{"@context": [VC2, EXAMPLES]}, type=types)
    assert _accepts(client, **{"@context": [VC2, OWN_WORD]}, type=types)
    assert _refuses(client, **{"@context": [VC2, "https ://not-a-url/contexts/example/v1"]})
    assert _refuses(client, **{"@context": [VC2, "https://example.org/nobody-carries-this/v1"]})
    assert _refuses(client, **{"@context": [VC2, 123192875]})


def test_further_contexts_of_a_presentation_are_addresses_or_objects(client: Any, suite: Any) -> None:
    for more in (EXAMPLES, OWN_WORD):
        good = suite.presentation(**{"@context": [VC2, more]})
        assert client.verifies_presentation(good)
        for bad in ("https://example.com", "https ://not-a-url/contexts/example/v1", 123192875):
            assert client.rejects_presentation({**good, "@context": [VC2, bad]})


# 4.4 Identifiers


def test_an_identifier_is_a_single_url(client: Any) -> None:
    for good in ("did:example:x", "urn:uuid:4f0c0bd4-0000-4000-8000-000000000001", "https://example.org/1"):
        assert _accepts(client, id=good)
        assert _accepts(client, credentialSubject={"id": good})
    for bad in (None, ["did:example:1", "did:example:2"], "not-a-url", 4):
        assert _refuses(client, id=bad)
    assert _refuses(client, credentialSubject={"id": ["did:example:1", "did:example:2"], "name": "x"})


# 4.5 Types


def test_a_credential_has_a_type(client: Any) -> None:
    assert client.refuses_to_issue(ISSUER, _without(_credential(), "type"))


def test_a_presentation_has_a_type(client: Any, suite: Any) -> None:
    assert client.rejects_presentation(_without(suite.presentation(), "type"))


def test_types_are_terms_or_absolute_urls(client: Any) -> None:
    assert _accepts(
        client, type=["VerifiableCredential", "https://example.org/examples#ExampleTestCredential"]
    )
    assert _accepts(
        client,
        **{"@context": [VC2, {"ExampleTestCredential": "https://example.org/#ExampleTestCredential"}]},
        type=["VerifiableCredential", "ExampleTestCredential"],
    )
    assert _refuses(
        client,
        **{"@context": [VC2, {"ExampleTestCredential": "https ://not-a-url#ExampleTestCredential"}]},
        type=["VerifiableCredential", "ExampleTestCredential"],
    )
    for context in ([VC2, {"@vocab": None}], [VC2]):
        assert _refuses(
            client, **{"@context": context}, type=["VerifiableCredential", "ExampleTestCredential"]
        )


def test_the_order_of_types_does_not_matter(client: Any) -> None:
    own = ["https://example.org/#A", "https://example.org/#B"]

    assert _accepts(client, type=[*own, "VerifiableCredential"])
    assert _accepts(client, type=[own[0], "VerifiableCredential", own[1]])


def test_one_type_is_verifiable_credential(client: Any) -> None:
    assert _accepts(
        client, **{"@context": [VC2, EXAMPLES]}, type=["VerifiableCredential", "RelationshipCredential"]
    )
    assert _refuses(client, **{"@context": [VC2, EXAMPLES]}, type=["RelationshipCredential"])


def test_one_type_is_verifiable_presentation(client: Any, suite: Any) -> None:
    types = ["VerifiablePresentation", "ExamplePresentation"]
    context = [VC2, {"ExamplePresentation": "https://example.org/#ExamplePresentation"}]

    assert client.verifies_presentation(suite.presentation(**{"@context": context}, type=types))
    assert client.rejects_presentation({**suite.presentation(**{"@context": context}), "type": types[1:]})


TYPED = ["credentialStatus", "termsOfUse", "evidence", "refreshService", "credentialSchema"]


@pytest.mark.parametrize("member", TYPED)
def test_such_objects_have_a_type(client: Any, member: str) -> None:
    typed = {"id": "did:example:thing", "type": "https://example.org/#ExampleType"}

    assert _accepts(client, **{member: typed})
    assert _refuses(client, **{member: _without(typed, "type")})


# 4.6 Names and descriptions, 11.1 Language and base direction

GOOD_TEXTS: list[Any] = [
    "Dog",
    {"@value": "Dog", "@language": "en"},
    {"@value": "HTML and CSS: Designing", "@language": "en", "@direction": "ltr"},
    [{"@value": "Dog", "@language": "en"}, {"@value": "Chien", "@language": "fr"}],
]
BAD_TEXT = {"@value": "Dog", "@language": "en", "url": "did:example:dog"}


@pytest.mark.parametrize("member", ["name", "description"])
def test_a_name_or_description_is_text_or_a_language_value(client: Any, member: str) -> None:
    assert all(_accepts(client, **{member: text}) for text in GOOD_TEXTS)
    assert _refuses(client, **{member: BAD_TEXT})


@pytest.mark.parametrize("member", ["name", "description"])
def test_that_of_an_issuer_too(client: Any, member: str) -> None:
    issuer = {"id": client.did(ISSUER)}

    assert all(_accepts(client, issuer={**issuer, member: text}) for text in GOOD_TEXTS)
    assert _refuses(client, issuer={**issuer, member: BAD_TEXT})


# 4.7 Issuer


def test_a_credential_has_an_issuer(client: Any) -> None:
    assert client.issued(ISSUER)["issuer"] == client.did(ISSUER)


def test_an_issuer_is_a_url_or_an_object_with_one(client: Any) -> None:
    assert _accepts(client, issuer={"id": client.did(ISSUER), "name": "A school"})
    for bad in ("not-a-url", None, {"id": None}, {"id": "not-a-url"}, {}):
        assert _refuses(client, issuer=bad)


# 4.8 Credential subject


def test_a_credential_has_a_subject(client: Any) -> None:
    assert client.refuses_to_issue(ISSUER, _without(_credential(), "credentialSubject"))


def test_every_subject_makes_a_claim(client: Any) -> None:
    assert _accepts(client, credentialSubject=[dict(SUBJECT), {"id": "did:example:other"}])
    assert _refuses(client, credentialSubject={})
    assert _refuses(client, credentialSubject=[dict(SUBJECT), {}])


# 4.9 Validity period


@pytest.mark.parametrize("member", ["validFrom", "validUntil"])
def test_a_moment_is_a_date_time_with_a_zone(client: Any, member: str) -> None:
    for good in ("2199-05-10T23:00:00Z", "2199-05-10T23:00:00.123Z", "2199-05-10T23:00:00-05:00"):
        assert _accepts(client, **{member: good})
    for bad in ("2023-05-10", "05-10-2023T23:00:00Z", "2023-05-10T23:00:00"):
        assert _refuses(client, **{member: bad})


@pytest.mark.parametrize("earlier, later", [("validFrom", "validUntil"), ("validUntil", "validFrom")])
def test_it_begins_before_it_ends(client: Any, earlier: str, later: str) -> None:
    early, late = "2001-01-01T00:00:00Z", "2150-01-01T00:00:00Z"

    assert _accepts(client, validFrom=early, validUntil=late)
    assert _accepts(client, validFrom=early, validUntil=early)
    assert _refuses(client, validFrom=late, validUntil=early)


# 4.10 Status


def test_a_status_has_a_type(client: Any) -> None:
    assert _refuses(client, credentialStatus={"id": "did:example:status"})


def test_the_type_of_a_status_is_a_term_or_a_url(client: Any) -> None:
    context = [VC2, {"CredentialStatusList2017": "https://example.org/examples#CredentialStatusList2017"}]
    status = {"id": "did:example:status", "type": "CredentialStatusList2017"}

    assert _accepts(client, **{"@context": context}, credentialStatus=status)
    assert _refuses(client, **{"@context": context}, credentialStatus={**status, "type": 2})


def test_the_identifier_of_a_status_is_optional_and_a_url(client: Any) -> None:
    type_ = {"type": "https://example.org/#Status"}

    assert _accepts(client, credentialStatus=type_)
    assert _refuses(client, credentialStatus={**type_, "id": ["did:example:1", "did:example:2"]})
    assert _refuses(client, credentialStatus={**type_, "id": "not-a-url"})


def test_an_undefined_type_of_status_is_refused(client: Any) -> None:
    assert _refuses(client, credentialStatus={"type": "NobodyDefinedThis"})


# 4.11 Data schemas

SCHEMA = {"id": "https://example.org/examples/degree.json", "type": "JsonSchema"}


def test_there_may_be_one_schema_or_several(client: Any) -> None:
    assert _accepts(client, credentialSchema=SCHEMA)
    assert _accepts(
        client, credentialSchema=[SCHEMA, {**SCHEMA, "id": "https://example.org/examples/alumni.json"}]
    )


def test_a_schema_has_a_type_and_an_address(client: Any) -> None:
    assert _refuses(client, credentialSchema=_without(SCHEMA, "type"))
    assert _refuses(client, credentialSchema=_without(SCHEMA, "id"))
    assert _refuses(client, credentialSchema={**SCHEMA, "id": 123})


# 4.13 Presentations


def test_a_presentation_may_have_an_identifier(client: Any, suite: Any) -> None:
    assert client.verifies_presentation(
        suite.presentation(id="urn:uuid:4f0c0bd4-0000-4000-8000-000000000002")
    )


def test_a_presentation_with_its_type_alone_is_good(client: Any, suite: Any) -> None:
    assert client.verifies_presentation(suite.presentation())


def test_a_presentation_that_was_changed_is_not_good(client: Any, suite: Any) -> None:
    signed = suite.presentation()
    signed["proof"]["proofValue"] = "z5nmMBw2u9TGKd9NxxHJtyZKgjN2Eh"

    assert client.rejects_presentation(signed)


def test_a_presentation_holds_credentials_that_are_objects(client: Any, suite: Any) -> None:
    credentials = [suite.credential(), suite.credential(credentialSubject={"id": "did:example:other"})]
    good = suite.presentation(verifiableCredential=credentials)

    assert client.verifies_presentation(good)
    assert client.rejects_presentation({**good, "verifiableCredential": ["https://example.org/credential"]})
    broken = copy.deepcopy(good)
    broken["verifiableCredential"][0].pop("type")
    assert client.rejects_presentation(broken)


def test_a_bad_credential_makes_the_presentation_bad(client: Any, suite: Any) -> None:
    credential = suite.credential()
    credential["credentialSubject"]["name"] = "Mallory"

    assert client.rejects_presentation(suite.presentation(verifiableCredential=[credential]))


def test_a_holder_is_a_url_or_an_object_with_one(client: Any, suite: Any) -> None:
    assert client.verifies_presentation(suite.presentation(holder=suite.key.did))
    assert client.verifies_presentation(suite.presentation(holder={"id": suite.key.did}))
    context = {"@context": [VC2, {"@vocab": "https://example.org/#"}]}
    assert client.rejects_presentation(suite.presentation(**context, holder={"name": "nobody"}))


def test_what_the_presenter_says_needs_a_holder(client: Any, suite: Any) -> None:
    own = _credential(issuer=suite.key.did)

    assert client.rejects_presentation(suite.presentation(verifiableCredential=[own]))


def test_what_the_presenter_says_is_issued_by_the_holder(client: Any, suite: Any) -> None:
    own, foreign = _credential(issuer=suite.key.did), _credential(issuer="did:example:acme")

    assert client.verifies_presentation(suite.presentation(holder=suite.key.did, verifiableCredential=[own]))
    assert client.rejects_presentation(
        suite.presentation(holder="did:example:acme", verifiableCredential=[own])
    )
    assert client.rejects_presentation(
        suite.presentation(holder=suite.key.did, verifiableCredential=[foreign])
    )
    both_foreign = suite.presentation(holder="did:example:acme", verifiableCredential=[foreign])
    assert client.rejects_presentation(both_foreign)


# 4.13.1 Enveloped credentials


def test_an_enveloped_credential_has_the_base_context(client: Any) -> None:
    good = client.issued("vc-jwt")

    assert client.verifies(good)
    for bad in ([], EXAMPLES, None):
        assert client.rejects({**good, "@context": bad})


def test_an_enveloped_credential_is_a_data_address(client: Any) -> None:
    good = client.issued("vc-jwt")

    assert client.rejects({**good, "id": good["id"].split(",")[1]})
    assert client.rejects({**good, "id": good["id"].replace("application/vc+jwt", "text/plain")})
    assert client.rejects({**good, "id": good["id"][:-4] + "AAAA"})


def test_an_enveloped_credential_says_its_type(client: Any) -> None:
    good = client.issued("vc-jwt")

    assert client.rejects(_without(good, "type"))
    assert client.rejects({**good, "type": "VerifiableCredential"})


# 4.13.2 Enveloped presentations


def _token(key: MemoryKey, claims: dict[str, Any], **header: Any) -> str:
    """A compact JWS as other software writes it, with spaces in its JSON."""
    full = {"typ": "JWT", "alg": key.algorithm, "kid": key.key_id, **header}
    signed = ".".join(encode_base64url(json.dumps(part).encode()) for part in (full, claims))
    return f"{signed}.{encode_base64url(key.sign(signed.encode()))}"


def _old_style_envelope(challenge: str = "123456789") -> dict[str, Any]:
    """A presentation as the suite's files hold it: `application/jwt`, claims `vp` and `vc`, keys by did:key."""
    issuer, holder = keys.fresh(KeyKind.P256), keys.fresh(KeyKind.ED25519)
    credential = _credential(issuer=issuer.did, credentialSubject={**SUBJECT, "name": "Alice"})
    inner = _token(issuer, {"iss": issuer.did, "sub": SUBJECT["id"], "vc": credential})
    contained = {
        "@context": VC2,
        "type": "EnvelopedVerifiableCredential",
        "id": f"data:application/jwt,{inner}",
    }
    claims = {
        "iss": holder.did,
        "aud": "example.com",
        "nonce": challenge,
        "vp": _presentation(holder=holder.did, verifiableCredential=[contained]),
    }
    token = _token(holder, claims)
    return {"@context": VC2, "type": "EnvelopedVerifiablePresentation", "id": f"data:application/jwt,{token}"}


def test_an_enveloped_presentation_has_the_base_context(client: Any) -> None:
    good = _old_style_envelope()

    assert client.verifies_presentation(good, challenge="123456789")
    for bad in ([], [EXAMPLES], None):
        assert client.rejects_presentation({**good, "@context": bad}, challenge="123456789")


def test_an_enveloped_presentation_is_a_data_address(client: Any) -> None:
    good = _old_style_envelope()

    assert client.rejects_presentation({**good, "id": good["id"].split(",")[1]}, challenge="123456789")


def test_an_enveloped_presentation_says_its_type(client: Any) -> None:
    good = _old_style_envelope()

    assert client.rejects_presentation({**good, "type": ["VerifiablePresentation"]}, challenge="123456789")


def test_an_enveloped_presentation_answers_the_challenge(client: Any) -> None:
    assert client.rejects_presentation(_old_style_envelope("another"), challenge="123456789")
    asked = {"challenge": "123456789", "domain": "example.com"}
    assert client.verifies_presentation(_old_style_envelope(), **asked)
    assert client.rejects_presentation(_old_style_envelope(), **{**asked, "domain": "example.org"})


@pytest.mark.parametrize("claim", ["iss", "sub", "jti"])
def test_the_claims_of_a_token_say_what_its_credential_says(client: Any, claim: str) -> None:
    key = keys.fresh(KeyKind.P256)
    true = {"iss": key.did, "sub": SUBJECT["id"], "jti": "urn:uuid:1"}
    claims = {**_credential(issuer=key.did, id="urn:uuid:1"), **true}

    def envelope(claims: dict[str, Any]) -> dict[str, Any]:
        token = _token(key, claims, typ="vc+jwt")
        return {
            "@context": VC2,
            "type": "EnvelopedVerifiableCredential",
            "id": f"data:application/vc+jwt,{token}",
        }

    assert client.verifies(envelope(claims))
    assert client.rejects(envelope({**claims, claim: "did:example:another"}))


# 5. Advanced concepts


def test_no_context_may_redefine_a_protected_word(client: Any) -> None:
    word = {"ExampleVerifiableCredential": "https://example.org/#One"}
    other = {"ExampleVerifiableCredential": "https://example.org/#Two"}
    types = ["VerifiableCredential", "ExampleVerifiableCredential"]

    assert _refuses(client, **{"@context": [VC2, {"VerifiableCredential": "https://example.org/#VC"}]})
    assert _refuses(client, **{"@context": [VC2, {"@protected": True, **word}, other]}, type=types)


def _digest(name: str) -> bytes:
    return hashlib.new(name, contexts.read(VC2)).digest()


def _sri(name: str = "sha384") -> str:
    return f"{name}-{base64.b64encode(_digest(name)).decode()}"


def test_related_resources_are_objects_with_digests(client: Any) -> None:
    multihash = "u" + encode_base64url(b"\x12\x20" + _digest("sha256"))
    bare = "u" + encode_base64url(_digest("sha256"))

    assert _accepts(client, relatedResource=[{"id": VC2, "digestSRI": _sri()}])
    assert _accepts(client, relatedResource=[{"id": VC2, "digestMultibase": multihash}])
    assert _accepts(
        client, relatedResource=[{"id": VC2, "digestMultibase": bare, "mediaType": "application/ld+json"}]
    )
    assert _refuses(client, relatedResource=[VC2, EXAMPLES])


def test_a_related_resource_has_an_identifier(client: Any) -> None:
    assert _refuses(client, relatedResource=[{"digestSRI": _sri()}])


def test_a_related_resource_is_named_once(client: Any) -> None:
    entry = {"id": VC2, "digestSRI": _sri()}

    assert _refuses(client, relatedResource=[entry, entry])


def test_a_related_resource_has_a_digest(client: Any) -> None:
    assert _refuses(client, relatedResource=[{"id": VC2}])


def test_a_wrong_digest_is_an_error(client: Any) -> None:
    wrong = base64.b64encode(bytes(48)).decode()

    assert _refuses(client, relatedResource=[{"id": VC2, "digestSRI": f"sha384-{wrong}"}])
    assert _refuses(
        client, relatedResource=[{"id": VC2, "digestMultibase": "u" + encode_base64url(bytes(32))}]
    )


def _elsewhere(**digest: str) -> list[dict[str, str]]:
    """A related resource at an address that the door does not fetch."""
    return [{"id": "https://example.org/elsewhere.json", **digest}]


def test_what_can_be_no_digest_is_an_error_for_a_resource_that_is_not_fetched_too(client: Any) -> None:
    hexadecimal = _digest("sha256").hex()
    one_too_long = base64.b64encode(_digest("sha256") + b"?").decode()

    assert _accepts(client, relatedResource=_elsewhere(digestSRI=_sri("sha256")))
    assert _accepts(client, relatedResource=_elsewhere(digestSRI="sha3-256-anything"))
    assert _accepts(
        client, relatedResource=_elsewhere(digestMultibase="u" + encode_base64url(b"\x12\x20" + bytes(32)))
    )
    assert _refuses(client, relatedResource=_elsewhere(digestSRI=f"sha256-{hexadecimal}"))
    assert _refuses(client, relatedResource=_elsewhere(digestSRI=f"sha256-{one_too_long}"))
    assert _refuses(client, relatedResource=_elsewhere(digestSRI="sha256-???"))
    assert _refuses(client, relatedResource=_elsewhere(digestSRI=""))
    assert _refuses(
        client, relatedResource=_elsewhere(digestMultibase="u" + encode_base64url(b"a file's listing"))
    )
    assert _refuses(client, relatedResource=_elsewhere(digestSRI=_sri(), digestMultibase="x"))


@pytest.mark.parametrize("member", ["refreshService", "termsOfUse", "evidence"])
def test_there_may_be_one_or_several_and_each_has_a_type(client: Any, member: str) -> None:
    first = {"type": "https://example.org/#T", "id": "did:example:1"}
    second = {"type": "https://example.org/#T", "id": "did:example:2"}

    assert _accepts(client, **{member: first})
    assert _accepts(client, **{member: [first, second]})
    assert _refuses(client, **{member: [first, _without(second, "type")]})


@pytest.mark.parametrize("member", ["confidenceMethod", "renderMethod"])
def test_reserved_members_have_a_type(client: Any, member: str) -> None:
    assert _refuses(client, **{member: {"id": "did:example:1"}})


def test_undefined_words_are_an_error(client: Any) -> None:
    assert _refuses(client, grade="A")
    assert _refuses(client, credentialSubject={**SUBJECT, "grade": "A"})
    assert _accepts(client, **{"@context": [VC2, EXAMPLES]}, credentialSubject={**SUBJECT, "grade": "A"})
