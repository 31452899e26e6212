"""Which schema judges a document, in which form, and in which words it says what is wrong."""

from typing import Any

import pytest

from badge_service.openbadges import schema, strict_json
from tests.effort import cpu_seconds

FOLDER = "https://purl.imsglobal.org/spec/ob/v3p0/schema"
OB3 = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
VC1 = "https://www.w3.org/2018/credentials/v1"


def by_address(document: Any, address: str) -> Any:
    form = schema.form_at(address)
    assert form is not None
    return schema.faults(document, kind=form[0], lenient=form[1])


def in_model_1_1(badge: dict[str, Any]) -> dict[str, Any]:
    """The badge as it was written before Verifiable Credentials 2.0."""
    renamed = {"validFrom": "issuanceDate", "validUntil": "expirationDate"}
    return {renamed.get(name, name): value for name, value in badge.items()} | {"@context": [VC1, OB3]}


def endorsement_of(badge: dict[str, Any]) -> dict[str, Any]:
    return {
        "@context": badge["@context"][:2],
        "id": "urn:uuid:e",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "Endorsed",
        "issuer": badge["issuer"],
        **{name: badge[name] for name in ("validFrom", "issuanceDate") if name in badge},
        "credentialSubject": {"id": badge["id"], "type": ["EndorsementSubject"]},
    }


def singled(value: Any) -> Any:
    """The same document with a single value for every array of one, but for the type of the whole."""
    if isinstance(value, list):
        return singled(value[0]) if len(value) == 1 else [singled(entry) for entry in value]
    return {name: singled(member) for name, member in value.items()} if isinstance(value, dict) else value


@pytest.mark.parametrize(
    "date", ["2026-01-01", "2026-01-01T00:00:00", "2026-02-30T00:00:00Z", "yesterday", ""]
)
def test_dates_without_a_zone_or_that_never_are_are_refused(unsigned: dict[str, Any], date: str) -> None:
    faults = schema.faults({**unsigned, "validFrom": date})
    assert {fault.where for fault in faults} == {"validFrom"}


def test_findings_name_the_place_in_plain_words(unsigned: dict[str, Any]) -> None:
    achievement = unsigned["credentialSubject"]["achievement"]
    del achievement["criteria"], achievement["name"]
    achievement["resultDescription"][0]["resultType"] = "Mark"
    unsigned["evidence"] = {}
    unsigned["issuer"] = {"type": "Profile"}
    found = {fault.where: fault.message for fault in schema.faults(unsigned)}
    kinds = found.pop("credentialSubject.achievement.resultDescription[0].resultType")
    assert kinds.startswith("This must be one of: GradePointAverage, LetterGrade,")
    assert found == {
        "credentialSubject.achievement": "Missing: criteria, name.",
        "evidence": "This must be of the kind array.",
        "issuer": "Missing: id.",
        "issuer.type": "This must be of the kind array.",
    }


def test_the_json_ld_form_takes_one_for_an_array_and_texts_by_language(unsigned: dict[str, Any]) -> None:
    document = singled(unsigned)
    document["credentialSubject"]["achievement"]["name"] = {"en": "Host", "nl-NL": "Gastheer"}
    assert schema.faults(document, lenient=True) == []
    assert not schema.is_valid(document)
    document["credentialSubject"]["achievement"]["name"] = {"english": "Host"}
    assert [fault.where for fault in schema.faults(document, lenient=True)] == [
        "credentialSubject.achievement.name"
    ]


def test_the_data_model_of_the_first_context_is_asked_for(unsigned: dict[str, Any]) -> None:
    older = in_model_1_1(unsigned)
    assert schema.faults(older) == []
    assert (
        schema.faults({**older, "@context": [VC1, "https://purl.imsglobal.org/spec/ob/v3p0/context.json"]})
        == []
    )
    assert {fault.message for fault in schema.faults({**older, "@context": unsigned["@context"]})} == {
        "Missing: validFrom."
    }
    del older["name"]
    assert {fault.message for fault in schema.faults({**older, "issuanceDate": "x"})} >= {"Missing: name."}


def test_endorsements_and_those_inside_a_badge_are_of_its_data_model(unsigned: dict[str, Any]) -> None:
    older = in_model_1_1(unsigned)
    for badge, other in ((unsigned, older), (older, unsigned)):
        assert schema.faults(endorsement_of(badge)) == []
        assert schema.faults({**badge, "endorsement": [endorsement_of(badge)]}) == []
        assert schema.faults({**badge, "endorsement": [endorsement_of(other)]}) != []


def test_a_profile_and_a_status_list_are_known_by_their_type(unsigned: dict[str, Any], world: Any) -> None:
    assert schema.kind_of(unsigned["issuer"]) == schema.PROFILE
    assert schema.faults(unsigned["issuer"]) == []
    assert schema.faults({"type": ["Profile"]})[0].message == "Missing: id."
    assert [fault.code for fault in schema.faults({"type": ["Other"]})] == ["type"]
    assert not schema.is_valid({"type": ["Other"]})
    assert [fault.where for fault in schema.faults({"type": "BitstringStatusListCredential"})] == ["", "type"]


NAMED = [
    ("json", "achievementcredential_schema", True, False),
    ("json", "achievementcredential-jsonschema1", True, False),
    ("json", "anyachievementcredential_schema", True, False),
    ("json-ld", "achievementcredential_schema", True, True),
    ("json-ld", "anyachievementcredential_schema", True, True),
    ("json", "endorsementcredential_schema", False, False),
    ("json-ld", "anyendorsementcredential_schema", False, False),
    ("json", "profile_schema", False, False),
]


@pytest.mark.parametrize(("folder", "name", "strict", "lenient"), NAMED)
def test_an_address_of_1edtech_names_the_class_and_the_form(
    unsigned: dict[str, Any], folder: str, name: str, strict: bool, lenient: bool
) -> None:
    address = f"{FOLDER}/{folder}/ob_v3p0_{name}.json"
    assert (by_address(unsigned, address) == []) is strict
    assert (by_address(in_model_1_1(unsigned), address) == []) is strict
    assert (by_address(singled(unsigned), address) == []) is lenient


@pytest.mark.parametrize(
    "address",
    [
        "https://purl.imsglobal.org.evil.example/spec/ob/v3p0/schema/json/ob_v3p0_profile_schema.json",
        f"{FOLDER}/json/ob_v3p0_imsx_statusinfo_schema.json",
        f"{FOLDER}/json/ob_v3p0_profile_schema.json#",
        "https://a.example/schema.json",
    ],
)
def test_other_addresses_are_judged_by_nobody_here(unsigned: dict[str, Any], address: str) -> None:
    assert schema.form_at(address) is None


@pytest.mark.full
@pytest.mark.parametrize(
    "entry", [{}, "x", None, {"type": ["", ""]}, {"type": ["Evidence"], "name": {"x": 0, "y": 0}}]
)
@pytest.mark.parametrize("lenient", [False, True])
def test_as_many_faults_as_fit_into_a_document_cost_little(
    unsigned: dict[str, Any], entry: Any, lenient: bool
) -> None:
    document = {**unsigned, "evidence": [entry] * (strict_json.MAX_MEMBERS // 4)}
    assert 0 < len(schema.faults(document, lenient=lenient)) <= schema.MOST_FAULTS
    assert cpu_seconds(lambda: schema.faults(document, lenient=lenient)) < 1


def test_a_text_in_five_thousand_languages_is_one_fault(unsigned: dict[str, Any]) -> None:
    document = {**unsigned, "name": {f"{number:05}": 0 for number in range(strict_json.MAX_MEMBERS)}}
    assert len(schema.faults(document, lenient=True)) == 1
    assert cpu_seconds(lambda: schema.faults(document, lenient=True)) < 1
