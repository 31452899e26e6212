"""The rules of the data model, section by section: what must be accepted, and what must be named as wrong."""

import base64
import copy
import hashlib
from typing import Any

import pytest

from badge_service.openbadges import contexts, vc_data_model
from badge_service.openbadges.contexts import DATA_INTEGRITY, VC1, VC2

ISSUER = "did:example:school"
MINIMAL: dict[str, Any] = {
    "@context": [VC2],
    "type": ["VerifiableCredential"],
    "issuer": ISSUER,
    "credentialSubject": {"id": "did:example:learner"},
}
OLD: dict[str, Any] = {
    **MINIMAL,
    "@context": [VC1, DATA_INTEGRITY],
    "issuanceDate": "2024-05-06T07:08:09Z",
}
PRESENTATION: dict[str, Any] = {"@context": [VC2], "type": ["VerifiablePresentation"]}


def _codes(**changes: Any) -> set[str]:
    document = {**copy.deepcopy(MINIMAL), **changes}
    return {fault.code for fault in vc_data_model.credential_faults(document)}


def _presented(**changes: Any) -> set[str]:
    return {fault.code for fault in vc_data_model.presentation_faults({**PRESENTATION, **changes})}


def _without(document: dict[str, Any], name: str) -> set[str]:
    left = {key: value for key, value in document.items() if key != name}
    return {fault.code for fault in vc_data_model.credential_faults(left)}


def test_the_smallest_credential_of_either_version_is_good() -> None:
    assert vc_data_model.credential_faults(MINIMAL) == []
    assert vc_data_model.credential_faults(OLD) == []


def test_all_that_is_wrong_is_named_at_once() -> None:
    faults = vc_data_model.credential_faults({"type": "Nothing"})

    assert {fault.where for fault in faults} == {"@context", "type", "issuer", "credentialSubject"}


@pytest.mark.parametrize("missing", ["@context", "type", "issuer", "credentialSubject"])
def test_what_every_credential_must_have(missing: str) -> None:
    assert _without(MINIMAL, missing)


@pytest.mark.parametrize(
    "context",
    [
        4,
        None,
        [],
        {},
        VC2,
        "string",
        ["https://example.org/else", VC2],
        [VC2, 123],
        [VC2, None],
        [VC2, []],
        [VC2, "https ://not-a-url/v1"],
    ],
)
def test_4_3_contexts_are_a_list_that_begins_with_the_base_context(context: Any) -> None:
    assert _codes(**{"@context": context}) & {"context_list", "context_order", "context_entry"}


def test_4_3_more_contexts_are_addresses_or_definitions() -> None:
    assert not _codes(**{"@context": [VC2, "https://example.org/v1", {"Word": "https://example.org/#Word"}]})


@pytest.mark.parametrize(
    "identifier", [None, 4, "not a url", "relative", ["urn:a:b"], ["urn:a:b", "urn:c:d"], {}]
)
def test_4_4_an_identifier_is_one_url(identifier: Any) -> None:
    assert _codes(id=identifier) == {"url"}
    assert _codes(credentialSubject={"id": identifier}) == {"url"}
    assert _codes(credentialStatus={"id": identifier, "type": "Example"}) == {"url"}


def test_4_4_any_scheme_will_do() -> None:
    assert not _codes(id="urn:uuid:5a9e4b1e-1111-4222-8333-444455556666")
    assert not _codes(id="did:example:thing")
    assert not _codes(id="https://example.org/credentials/1?x=%20#y")


@pytest.mark.parametrize(
    "type_", [None, 4, True, [], "", "Other", ["Other"], ["VerifiableCredential", 4], {}]
)
def test_4_5_a_credential_says_that_it_is_one(type_: Any) -> None:
    assert _codes(type=type_) == {"type"}


def test_4_5_the_order_of_types_does_not_matter_and_one_may_be_text() -> None:
    assert not _codes(type=["https://example.org/#A", "VerifiableCredential", "B"])
    assert not _codes(type="VerifiableCredential")


LANGUAGE_VALUES = [
    "A name",
    {"@value": "A name"},
    {"@value": "A name", "@language": "en"},
    {"@value": "اسم", "@language": "ar", "@direction": "rtl"},
    [{"@value": "A name", "@language": "en"}, {"@value": "Een naam", "@language": "nl"}],
]
NO_LANGUAGE_VALUES = [
    4,
    None,
    [],
    {"@language": "en"},
    {"@value": 4},
    {"@value": "A name", "@language": "en", "url": "did:example:1"},
    {"@value": "A name", "@direction": "up"},
    ["A name", 4],
]


@pytest.mark.parametrize("member", ["name", "description"])
@pytest.mark.parametrize("value", LANGUAGE_VALUES)
def test_4_6_names_and_descriptions_may_say_their_language(member: str, value: Any) -> None:
    assert not _codes(**{member: value})
    assert not _codes(issuer={"id": ISSUER, member: value})


@pytest.mark.parametrize("member", ["name", "description"])
@pytest.mark.parametrize("value", NO_LANGUAGE_VALUES)
def test_4_6_names_and_descriptions_are_nothing_else(member: str, value: Any) -> None:
    assert _codes(**{member: value}) == {"language_value"}
    assert _codes(issuer={"id": ISSUER, member: value}) == {"language_value"}


@pytest.mark.parametrize(
    "issuer", [None, 4, True, [], {}, "no url", {"id": None}, {"id": "no url"}, [ISSUER]]
)
def test_4_7_an_issuer_is_a_url(issuer: Any) -> None:
    assert _codes(issuer=issuer) == {"url"}


@pytest.mark.parametrize("subject", [None, True, 4, [], {}, "did:example:1", [{"id": "did:example:1"}, {}]])
def test_4_8_something_is_said_of_every_subject(subject: Any) -> None:
    assert _codes(credentialSubject=subject) == {"subject"}


def test_4_8_there_may_be_several_subjects() -> None:
    assert not _codes(credentialSubject=[{"id": "did:example:1"}, {"name": "somebody"}])


@pytest.mark.parametrize(
    "moment", ["2024-05-06", "yesterday", "2024-05-06T07:08:09", 1715, None, "2024-13-01T00:00:00Z"]
)
@pytest.mark.parametrize("member", ["validFrom", "validUntil"])
def test_4_9_a_moment_has_a_time_zone(member: str, moment: Any) -> None:
    assert _codes(**{member: moment}) == {"date"}


def test_4_9_fractions_offsets_and_the_far_future_are_good() -> None:
    assert not _codes(validFrom="2024-05-06T07:08:09.123-05:00", validUntil="9999-05-06T07:08:09.5Z")


def test_4_9_it_ends_not_before_it_begins() -> None:
    same = "2024-05-06T07:08:09Z"

    assert not _codes(validFrom=same, validUntil="2024-05-06T09:08:09+02:00")
    assert _codes(validFrom=same, validUntil="2024-05-06T07:08:08Z") == {"date_order"}


@pytest.mark.parametrize(
    "member",
    [
        "credentialStatus",
        "termsOfUse",
        "evidence",
        "refreshService",
        "confidenceMethod",
        "renderMethod",
        "proof",
    ],
)
def test_4_10_to_5_10_such_objects_say_their_type(member: str) -> None:
    typed = {"type": "ExampleType", "id": "did:example:x"}

    assert not _codes(**{member: typed})
    assert not _codes(**{member: [typed, {"type": ["https://example.org/#T"]}]})
    assert _codes(**{member: {"id": "did:example:x"}}) == {"type"}
    assert _codes(**{member: [typed, {"id": "did:example:x"}]}) == {"type"}
    assert _codes(**{member: {"type": 2}}) == {"type"}
    assert _codes(**{member: "did:example:x"}) == {"object"}
    assert _codes(**{member: None}) == {"object"}
    assert _codes(**{member: []}) == {"empty"}


def test_4_11_a_schema_has_a_type_and_an_address() -> None:
    good = {"id": "https://example.org/schema.json", "type": "JsonSchema"}

    assert not _codes(credentialSchema=good)
    assert not _codes(credentialSchema=[good, good])
    assert _codes(credentialSchema={"type": "JsonSchema"}) == {"url"}
    assert _codes(credentialSchema={"id": good["id"]}) == {"type"}
    assert _codes(credentialSchema={"id": 4, "type": "JsonSchema"}) == {"url"}


def _sri(name: str) -> str:
    digest = hashlib.new(name, contexts.read(VC2)).digest()
    return f"{name}-{base64.b64encode(digest).decode()}"


def _multibase(data: bytes) -> str:
    return "u" + base64.urlsafe_b64encode(data).decode().rstrip("=")


def test_5_3_a_digest_that_we_can_check_must_fit() -> None:
    sha256 = hashlib.sha256(contexts.read(VC2)).digest()

    for digest in (_sri("sha256"), _sri("sha384"), _sri("sha512"), f"sha256-{'A' * 43}= {_sri('sha384')}"):
        assert not _codes(relatedResource={"id": VC2, "digestSRI": digest})
    for digest in (_multibase(b"\x12\x20" + sha256), _multibase(sha256)):
        assert not _codes(
            relatedResource=[{"id": VC2, "digestMultibase": digest, "mediaType": "application/ld+json"}]
        )
    for wrong in (
        {"digestSRI": f"sha256-{'A' * 43}="},
        {"digestSRI": "md5-abc"},
        {"digestSRI": "sha256-***"},
        {"digestMultibase": _multibase(b"\x12\x20" + bytes(32))},
        {"digestMultibase": "m" + "A" * 43},
        {"digestSRI": _sri("sha256"), "digestMultibase": _multibase(bytes(32))},
    ):
        assert _codes(relatedResource={"id": VC2, **wrong}) == {"digest_mismatch"}


def test_5_3_a_resource_that_we_do_not_carry_is_not_judged() -> None:
    for digest in (f"sha256-{'A' * 43}=", "sha3-256-abc"):
        assert not _codes(relatedResource={"id": "https://example.org/x", "digestSRI": digest})


def test_5_3_what_can_be_the_digest_of_nothing_is_an_error_wherever_the_resource_is() -> None:
    for wrong in (
        {"digestSRI": "sha256-abc"},
        {"digestSRI": f"sha256-{'0' * 64}"},
        {"digestSRI": ""},
        {"digestMultibase": _multibase(b"a file's listing")},
    ):
        assert _codes(relatedResource={"id": "https://example.org/x", **wrong}) == {"digest_mismatch"}


def test_5_3_resources_have_their_own_address_and_a_digest() -> None:
    entry = {"id": VC2, "digestSRI": _sri("sha256")}

    assert _codes(relatedResource=["https://example.org/x"]) == {"object"}
    assert _codes(relatedResource=[{"digestSRI": entry["digestSRI"]}]) == {"url"}
    assert _codes(relatedResource=[entry, entry]) == {"url"}
    assert _codes(relatedResource={"id": VC2}) == {"digest"}


def test_a_credential_of_version_1_says_when_it_was_issued() -> None:
    assert _without(OLD, "issuanceDate") == {"date"}
    assert {
        fault.code for fault in vc_data_model.credential_faults({**OLD, "expirationDate": "2020-01-01"})
    } == {"date"}


def test_4_13_a_presentation_needs_no_more_than_context_and_type() -> None:
    assert not _presented()
    assert not _presented(id="urn:uuid:1", holder="did:example:me", verifiableCredential=[MINIMAL])
    assert not _presented(holder={"id": "did:example:me"}, verifiableCredential=MINIMAL)


@pytest.mark.parametrize(
    "changes",
    [
        {"@context": ["https://example.org/v2", VC2]},
        {"type": ["Other"]},
        {"type": None},
        {"id": "no url"},
        {"holder": None},
        {"holder": {"name": "me"}},
        {"verifiableCredential": ["https://example.org/1"]},
        {"verifiableCredential": None},
        {"verifiableCredential": [4]},
        {"proof": None},
    ],
)
def test_4_13_what_a_presentation_may_not_be(changes: dict[str, Any]) -> None:
    assert _presented(**changes)


@pytest.mark.parametrize("kind", ["EnvelopedVerifiableCredential", "EnvelopedVerifiablePresentation"])
def test_4_13_an_envelope_has_the_base_context_its_type_and_a_data_address(kind: str) -> None:
    good = {"@context": VC2, "type": kind, "id": "data:application/vc+jwt,a.b.c"}

    assert vc_data_model.enveloped_faults(good, kind) == []
    assert vc_data_model.enveloped_faults({**good, "@context": [VC2], "type": [kind]}, kind) == []
    for change in (
        {"@context": []},
        {"@context": "https://example.org"},
        {"type": "X"},
        {"id": "a.b.c"},
        {"id": None},
    ):
        assert vc_data_model.enveloped_faults({**good, **change}, kind)


def test_4_13_4_only_the_holder_vouches_for_what_nobody_signed() -> None:
    def codes(holder: object) -> list[str]:
        return [fault.code for fault in vc_data_model.self_asserted_faults(MINIMAL, holder, "it")]

    assert codes(ISSUER) == codes({"id": ISSUER}) == []
    assert codes(None) == codes("did:example:else") == ["holder"]
