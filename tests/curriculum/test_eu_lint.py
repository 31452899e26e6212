"""The lint of the 16 European elements: each row with an example that fails, in every place where it is asked."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from badge_service.curriculum import actions
from badge_service.curriculum.catalogue_files import check_catalogue
from badge_service.curriculum.checking import definition_faults, fact_sheet_faults
from badge_service.curriculum.commands import catalogue
from badge_service.curriculum.rules import (
    AchievementType,
    Place,
    achievement,
    achievement_type,
    check_eu_elements,
    criteria_narrative,
    eu_box,
    fact_sheet,
)
from badge_service.curriculum.rules.elm.specification import specification
from badge_service.curriculum.rules.eu_facts import ELEMENTS, MANDATORY
from badge_service.curriculum.rules.formats.definition_file import definition_file
from badge_service.curriculum.words import EXPLANATIONS
from badge_service.errors import InvalidError
from badge_service.openbadges.canonical import undefined

from .conftest import CREDENTIALS, PUBLIC_URL, School

PLACE = Place("https://badges.example.org", "willow-basket", "1.0.0", "friesland", "LET Friesland", "school")
WILLOW = json.loads((CREDENTIALS / "willow-basket" / "definition.json").read_text("utf-8"))
AWARDED = {
    "issuer": {"name": "School", "address": {"addressCountryCode": "NL", "addressRegion": "Friesland"}},
    "awardedDate": "2026-11-20T10:00:00Z",
    "credentialSubject": {
        "id": "urn:uuid:0b9a7f0e-5d1b-4c7a-9a57-8c0a5f0e6d21",
        "achievement": {
            "resultDescription": [
                {"id": "#C1", "name": "Base", "rubricCriterionLevel": [{"id": "#C1-4", "name": "Exemplary"}]}
            ]
        },
        "result": [{"resultDescription": "#C1", "achievedLevel": "#C1-4"}],
    },
}


def without(document: dict[str, Any], *path: str) -> dict[str, Any]:
    spoilt: dict[str, Any] = copy.deepcopy(document)
    holder = spoilt
    for step in path[:-1]:
        holder = holder[step]
    del holder[path[-1]]
    return spoilt


def with_value(*path: str, value: Any) -> dict[str, Any]:
    spoilt: dict[str, Any] = copy.deepcopy(WILLOW)
    holder = spoilt
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    return spoilt


def missing(content: Any, credential: Any = AWARDED) -> set[str]:
    return {check.id for check in check_eu_elements(content, credential) if not check.ok}


@pytest.mark.parametrize(
    ("element", "content", "credential"),
    [
        ("M1", WILLOW, without(AWARDED, "credentialSubject", "id")),
        ("M2", with_value("title", value=" "), AWARDED),
        ("M3", WILLOW, without(AWARDED, "issuer", "address")),
        ("M4", WILLOW, without(AWARDED, "issuer", "name")),
        ("M5", WILLOW, without(AWARDED, "awardedDate")),
        ("M6", with_value("learning_outcomes", value=[]), AWARDED),
        ("M7", with_value("workload_hours", "total", value=None), AWARDED),
        ("M8", with_value("eqf_level", value=None), AWARDED),
        ("M9", with_value("assessment_types", value=[]), AWARDED),
        ("M10", with_value("participation", value=""), AWARDED),
        ("M11", with_value("quality_assurance", "name", value=""), AWARDED),
        ("O1", with_value("prerequisites", value=""), AWARDED),
        ("O2", with_value("supervision", value=""), AWARDED),
        ("O3", WILLOW, without(AWARDED, "credentialSubject", "result")),
        ("O4", with_value("stackability", "kind", value=""), AWARDED),
        ("O5", with_value("description", value=""), AWARDED),
    ],
    ids=ELEMENTS,
)
def test_each_element_has_an_example_that_fails(element: str, content: Any, credential: Any) -> None:
    assert missing(WILLOW) == set()
    assert missing(content, credential) == {element}
    (check,) = [one for one in check_eu_elements(content, credential) if one.id == element]
    assert check.level == ("mandatory" if element in MANDATORY else "optional")
    assert check.state == "missing"
    assert check.message
    assert check.from_award == (element in {"M1", "M3", "M4", "M5", "O3"})


def test_every_element_is_explained_with_an_example() -> None:
    assert tuple(EXPLANATIONS) == ELEMENTS
    for explanation in EXPLANATIONS.values():
        assert all(len(str(text)) > 3 for text in explanation)


@pytest.mark.parametrize("element", ["M2", "M6", "M7", "M8", "M9", "M10", "M11"])
def test_nothing_is_published_while_a_mandatory_element_is_empty(
    element: str, database: Any, imported: School
) -> None:
    spoilt = {
        "M2": with_value("title", value=" "),
        "M6": with_value("learning_outcomes", value=[]),
        "M7": with_value("workload_hours", "total", value=None),
        "M8": with_value("eqf_level", value=None),
        "M9": with_value("assessment_types", value=["level of attendance"]),
        "M10": with_value("participation", value=""),
        "M11": with_value("quality_assurance", "description", value=""),
    }[element]
    with pytest.raises(InvalidError) as caught, database.writing() as session:
        version = actions.create_draft(
            session,
            imported.lead,
            organisation_id=imported.organisation.id,
            let_id=imported.let.id,
            code="EUL-TST-1",
            title="Test",
        )
        actions.save_draft(session, imported.lead, version.id, spoilt, version.revision)
        actions.publish(session, imported.lead, version.id, public_url=PUBLIC_URL)
    (check,) = [one for one in check_eu_elements(spoilt) if one.id == element]
    assert check.field.split(".")[0] in {
        fault.where.split(".")[0].split("[")[0] for fault in caught.value.faults
    }


@pytest.mark.parametrize("reason", ["n/a", "-", "None", "nvt", "inapplicable"])
def test_not_applicable_needs_a_reason(reason: str) -> None:
    content = with_value("eqf_level", value=None) | {"level_not_applicable": reason}
    assert missing(content) == {"M8"}
    assert "level_not_applicable" in {fault.where for fault in definition_faults(content)}


def test_a_level_that_does_not_apply_for_a_reason_is_said_to_everybody() -> None:
    reason = "No framework covers this craft."
    content = with_value("eqf_level", value=None) | {"level_not_applicable": reason}
    (check,) = [one for one in check_eu_elements(content) if one.id == "M8"]
    assert (check.ok, check.state) == (True, "not_applicable")
    assert definition_faults(content) == []
    (row,) = [one for one in eu_box(fact_sheet(content, PLACE), None) if one.id == "M8"]
    assert (row.value, row.applies, row.source) == (reason, False, "fact_sheet")


def test_all_twelve_definitions_of_the_catalogue_pass(every_definition: list[dict[str, Any]]) -> None:
    assert len(every_definition) == 12
    for content in every_definition:
        assert [
            check for check in check_eu_elements(content) if not check.ok and check.level == "mandatory"
        ] == []
        assert definition_faults(content) == []


# --- one lint everywhere


def ten_faults() -> dict[str, Any]:
    content: dict[str, Any] = copy.deepcopy(WILLOW)
    content["title"] = ""
    content["description"] = "x" * 601
    content["alliance_topic"] = "gardening"
    content["eqf_level"] = None
    content["isced_f"] = "9999"
    content["workload_hours"]["total"] = 1
    content["participation"] = ""
    content["assessment_types"] = []
    content["rubric"]["pass_level"] = "mastery"
    content["quality_assurance"]["url"] = "no address"
    return content


TEN = {
    "title",
    "description",
    "alliance_topic",
    "eqf_level",
    "isced_f",
    "workload_hours.total",
    "participation",
    "assessment_types",
    "rubric.pass_level",
    "quality_assurance.url",
}


def test_a_definition_with_ten_faults_shows_all_ten() -> None:
    assert {fault.where for fault in definition_faults(ten_faults())} == TEN


def test_the_address_for_programs_names_the_same_ten(visitor: FlaskClient) -> None:
    answer = visitor.post("/api/v1/definitions/check", json=ten_faults())
    assert answer.status_code == 200
    told = answer.get_json()
    assert told["ok"] is False
    assert {fault["where"] for fault in told["faults"]} == TEN
    assert [row["id"] for row in told["elements"]] == list(ELEMENTS)
    assert {row["id"] for row in told["elements"] if not row["ok"]} == {"M2", "M8", "M9", "M10"}
    assert all(row["message"] and row["what"] and row["why"] and row["example"] for row in told["elements"])
    assert "Set-Cookie" not in answer.headers


def test_the_address_for_programs_is_content_with_every_definition(
    visitor: FlaskClient, every_definition: list[dict[str, Any]]
) -> None:
    for content in every_definition:
        told = visitor.post("/api/v1/definitions/check", json=content).get_json()
        assert (told["ok"], told["faults"], told["achievementType"]) == (True, [], "MicroCredential")


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"[]", "application/json", 400),
        (b"{", "application/json", 400),
        (b'{"a": 1, "a": 2}', "application/json", 400),
        (b'{"workload_hours": {"total": 1e999}}', "application/json", 400),
        (b'{"title": "\\ud800"}', "application/json", 400),
        (b"\xff\xfe{}", "application/json", 400),
        (b'{"a":' * 200 + b"1" + b"}" * 200, "application/json", 400),
        (b" " * 1_100_000, "application/json", 413),
        (b"{}", "text/plain", 415),
        (b"{}", "application/json", 200),
        (b'{"learning_outcomes": 3, "rubric": [], "title": {}}', "application/json", 200),
    ],
)
def test_the_address_for_programs_answers_anything(
    visitor: FlaskClient, body: bytes, kind: str, status: int
) -> None:
    answer = visitor.post("/api/v1/definitions/check", data=body, content_type=kind)
    assert answer.status_code == status
    if status == 400:
        assert answer.get_json()["faults"]


def test_the_address_for_programs_reads_the_file_that_we_export(visitor: FlaskClient) -> None:
    told = visitor.post("/api/v1/definitions/check", json=definition_file(WILLOW, "More", None)).get_json()
    assert (told["ok"], told["faults"]) == (True, [])
    spoilt = definition_file(ten_faults(), "", None) | {"extra": 1}
    wrong = visitor.post("/api/v1/definitions/check", json=spoilt).get_json()
    assert {fault["where"] for fault in wrong["faults"]} == {*TEN, "extra"}
    other = visitor.post("/api/v1/definitions/check", json={"format": "urn:other", "definition": WILLOW})
    assert [fault["where"] for fault in other.get_json()["faults"]] == ["format"]


@pytest.mark.parametrize(
    ("path", "element", "member"),
    [
        (("supervision",), "O2", "plannedSupervision"),
        (("prerequisites",), "O1", "prerequisites"),
        (("stackability", "kind"), "O4", "stackability"),
    ],
)
def test_an_optional_element_may_stay_empty_and_is_then_not_recorded(
    path: tuple[str, ...], element: str, member: str
) -> None:
    content = with_value(*path, value="")
    assert definition_faults(content) == []
    check = next(one for one in check_eu_elements(content) if one.id == element)
    assert (check.level, check.ok, check.needed) == ("optional", False, False)
    sheet = fact_sheet(content, PLACE)
    assert member not in sheet and fact_sheet_faults(sheet) == []
    row = next(one for one in eu_box(sheet, None) if one.id == element)
    assert row.source == "not_recorded"
    assert criteria_narrative(content) and specification(content, PLACE)


def test_the_description_is_needed_in_checklist_and_publication_alike() -> None:
    content = with_value("description", value="")
    check = next(one for one in check_eu_elements(content) if one.id == "O5")
    assert check.needed and not check.ok
    assert [fault.where for fault in definition_faults(content)] == ["description"]


@pytest.mark.parametrize("hours", [99999999999999, 2001, "99999999999999999999"])
def test_too_many_hours_are_too_large_and_not_no_number(hours: Any) -> None:
    faults = definition_faults(with_value("workload_hours", "total", value=hours))
    told = [fault.message for fault in faults if fault.where == "workload_hours.total"]
    assert f"{hours} is too large; at most 2000 hours." in told
    assert not any("is not a number" in message for message in told)


def test_the_command_names_the_same_ten(tmp_path: Path) -> None:
    path = tmp_path / "definition.json"
    path.write_text(json.dumps(ten_faults()), "utf-8")
    done = CliRunner().invoke(catalogue, ["lint", str(path)])
    assert done.exit_code == 1
    for place in TEN:
        assert f"{path}: {place}\n" in done.output
    assert "10 to correct." in done.output
    assert "M2  missing" in done.output and "For example: Willow Basket" in done.output


def test_the_command_is_content_with_the_catalogue_and_asks_about_ects(tmp_path: Path) -> None:
    files = [str(path) for path in sorted(CREDENTIALS.glob("*/definition.json"))]
    assert CliRunner().invoke(catalogue, ["lint", *files]).exit_code == 0
    refused = CliRunner().invoke(catalogue, ["lint", "--no-ects", *files])
    assert refused.exit_code == 1
    assert refused.output.count("ects.not_allowed") == 4


def test_the_catalogue_of_files_asks_the_same_lint(tmp_path: Path) -> None:
    folder = tmp_path / "catalogue" / "willow-basket"
    folder.mkdir(parents=True)
    spoilt = with_value("eqf_level", value=None) | {"level_not_applicable": "n/a"}
    (folder / "definition.json").write_text(json.dumps(spoilt), "utf-8")
    assert "eu.M8" in {fault.code for fault in check_catalogue(tmp_path / "catalogue")}


# --- a certificate of completion


def certificate(**changes: Any) -> dict[str, Any]:
    content: dict[str, Any] = copy.deepcopy(WILLOW)
    content["rubric"]["criteria"] = []
    return content | {
        "achievement_type": "CertificateOfCompletion",
        "assessment_types": [],
        "evidence_required": [],
        **changes,
    }


def test_without_a_criterion_it_is_a_certificate_of_completion_and_complete_without_assessment() -> None:
    content = certificate()
    assert achievement_type(WILLOW) is AchievementType.MICRO_CREDENTIAL
    assert achievement_type(content) is AchievementType.CERTIFICATE
    assert definition_faults(content) == []
    states = {check.id: check.state for check in check_eu_elements(content)}
    assert {id_ for id_, state in states.items() if state == "not_applicable"} == {"M6", "M9", "O3"}


def test_a_draft_that_says_nothing_yet_is_no_certificate() -> None:
    assert achievement_type({}) is AchievementType.MICRO_CREDENTIAL
    assert achievement_type({"rubric": {}}) is AchievementType.MICRO_CREDENTIAL


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (WILLOW | {"achievement_type": "CertificateOfCompletion"}, "achievement_type"),
        (certificate(achievement_type="MicroCredential"), "achievement_type"),
        (certificate(assessment_types=["quiz"]), "assessment_types"),
        (certificate(ects_awarded=1.0), "ects_awarded"),
        (certificate(title=""), "title"),
    ],
)
def test_the_type_is_never_chosen_against_the_content(content: dict[str, Any], place: str) -> None:
    assert {fault.where for fault in definition_faults(content)} == {place}


def test_the_type_of_a_draft_follows_whatever_was_sent(database: Any, imported: School) -> None:
    with database.writing() as session:
        version = actions.create_draft(
            session,
            imported.lead,
            organisation_id=imported.organisation.id,
            let_id=imported.let.id,
            code="COC-TST-1",
            title="Test",
        )
        for content, kind in (
            (certificate(achievement_type="MicroCredential"), "CertificateOfCompletion"),
            (WILLOW, "MicroCredential"),
        ):
            actions.save_draft(session, imported.lead, version.id, content, version.revision)
            assert version.content["achievement_type"] == kind


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Nothing was assessed"),
        ("nl", "Er is niets beoordeeld"),
        ("es", "No se evaluó nada"),
        ("bg", "Нищо не е оценявано"),
        ("fi", "Nothing was assessed"),
    ],
)
def test_its_criteria_text_and_fact_sheet_say_so_in_its_language(language: str, words: str) -> None:
    content = certificate(language=language)
    text = criteria_narrative(content)
    assert words in text
    assert "assessor" not in text and "None" not in text
    sheet = fact_sheet(content, PLACE)
    assert words in sheet["learningOutcomes"]["notApplicable"]
    assert fact_sheet_faults(sheet) == []
    rows = {row.id: row for row in eu_box(sheet, None)}
    assert {id_ for id_, row in rows.items() if not row.applies} == {"M6", "M9", "O3"}


def test_its_achievement_says_its_type_and_describes_no_results() -> None:
    document = achievement(certificate(), PLACE)
    assert document["achievementType"] == "CertificateOfCompletion"
    assert "resultDescription" not in document
    contexts = [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ]
    assert undefined({"@context": contexts, **document}) == []


def test_a_badge_without_fact_sheet_gives_level_and_quality_from_its_alignments() -> None:
    subject = {"id": "urn:uuid:1", "achievement": achievement(WILLOW, PLACE)}
    rows = {row.id: row for row in eu_box(None, {"credentialSubject": subject})}
    assert (rows["M8"].value, rows["M8"].source) == ("EQF 3", "credential")
    assert rows["M11"].value == WILLOW["quality_assurance"]["name"]


def test_pages_of_a_certificate_say_that_nothing_was_assessed(
    database: Any, imported: School, lead: FlaskClient, visitor: FlaskClient
) -> None:
    with database.writing() as session:
        version = actions.create_draft(
            session,
            imported.lead,
            organisation_id=imported.organisation.id,
            let_id=imported.let.id,
            code="COC-TST-1",
            title="A day with willow",
        )
        content = certificate(title="A day with willow")
        actions.save_draft(session, imported.lead, version.id, content, version.revision)
    asked = lead.get("/definitions/a-day-with-willow/1.0.0/publish").get_data(as_text=True)
    assert "published as a certificate of completion" in asked
    assert lead.post("/definitions/a-day-with-willow/1.0.0/publish").status_code == 302
    page = visitor.get("/achievements/a-day-with-willow/1.0.0").get_data(as_text=True)
    assert "Certificate of completion: nothing is assessed" in page
    assert page.count("does not apply") == 3
    assert "A named assessor" not in page and "How it is judged" not in page
    assert "Certificate of completion" in visitor.get("/catalogue").get_data(as_text=True)
    assert "Nothing was assessed" in visitor.get("/achievements/a-day-with-willow/1.0.0/criteria").get_data(
        as_text=True
    )


def test_the_public_box_has_sixteen_lines_each_with_its_source(visitor: FlaskClient) -> None:
    page = visitor.get("/achievements/willow-basket/1.0.0").get_data(as_text=True)
    box = page[page.index('class="fact-box eu-box"') :].partition("</section>")[0]
    assert box.count("<dt>") == 16
    assert box.count("written into each badge") == 5
    assert box.count("from the definition") == 11
    assert "as planned" in box
