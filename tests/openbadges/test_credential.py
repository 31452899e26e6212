"""Composing a badge in the standard's shape, and the gate in front of every signature."""

import copy
from datetime import UTC, datetime
from typing import Any

import pytest

from badge_service.errors import InvalidError
from badge_service.openbadges import achievement as parts
from badge_service.openbadges import bitstring_status_list, credential
from badge_service.openbadges.credential import Prepared, prepare


def rebuilt(example: dict[str, Any]) -> dict[str, Any]:
    """The shared example, made again with our own builders."""
    issuer, subject = example["issuer"], example["credentialSubject"]
    given, home = subject["achievement"], example["issuer"]["address"]
    achievement = parts.achievement(
        given["id"], given["name"], given["description"], parts.criteria(**given["criteria"]),
        achievement_type=given["achievementType"], version=given["version"], in_language=given["inLanguage"],
        human_code=given["humanCode"], field_of_study=given["fieldOfStudy"], tags=given["tag"],
        image=parts.image(given["image"]["id"]), creator=parts.profile(given["creator"]["id"], given["creator"]["name"]),
        alignments=[
            parts.alignment(a["targetName"], a["targetUrl"], target_code=a.get("targetCode"), target_type=a["targetType"],
                            target_framework=a.get("targetFramework"), target_description=a.get("targetDescription"))
            for a in given["alignment"]
        ],
        result_descriptions=[
            parts.result_description(
                r["id"], r["name"], r["resultType"], required_level=r["requiredLevel"],
                rubric_levels=[
                    parts.rubric_level(x["id"], x["name"], level=x["level"], points=x["points"], description=x["description"])
                    for x in r["rubricCriterionLevel"]
                ],
            )
            for r in given["resultDescription"]
        ],
    )  # fmt: skip
    return credential.compose(
        id=example["id"], name=example["name"], description=example["description"],
        issuer=parts.profile(
            issuer["id"], issuer["name"], url=issuer["url"],
            address=parts.address(country_code=home["addressCountryCode"], region=home["addressRegion"]),
            other_identifiers=[parts.identifier("NL-00XX")],
        ),
        valid_from=datetime(2026, 11, 20, 10, 0, 0, 999, tzinfo=UTC),
        awarded_date=datetime(2026, 11, 20, 10, tzinfo=UTC),
        subject=credential.subject(
            subject["id"], achievement, role="Host",
            activity_start=datetime(2026, 10, 1, tzinfo=UTC), activity_end=datetime(2026, 11, 12, tzinfo=UTC),
            results=[credential.result(r["resultDescription"], achieved_level=r["achievedLevel"], status=r["status"]) for r in subject["result"]],
        ),
        evidence=[credential.evidence(**{k: v for k, v in e.items() if k != "type"}) for e in example["evidence"]],
        status=credential.status_entry(example["credentialStatus"]["statusListCredential"], 42),
        related_resources=[credential.related_resource(r["id"], r["digestSRI"]) for r in example["relatedResource"]],
    )  # fmt: skip


def test_the_builders_make_exactly_the_shared_example(example: dict[str, Any]) -> None:
    assert rebuilt(example) == example


def test_a_good_badge_passes_the_gate_and_stays_as_it_was(unsigned: dict[str, Any]) -> None:
    before = copy.deepcopy(unsigned)
    prepared = prepare(unsigned)
    unsigned["credentialSubject"]["achievement"]["name"] = "Doctor"
    assert prepared.document == before
    prepared.document["name"] = "Doctor"
    assert prepared.document == before
    with pytest.raises(AttributeError):
        prepared.text = "{}"  # type: ignore[misc]


def test_nothing_is_prepared_without_the_gate() -> None:
    with pytest.raises(TypeError):
        Prepared(object(), "{}", "")


def test_a_status_list_passes_the_same_gate(world: Any) -> None:
    unsigned = bitstring_status_list.compose_list(
        id=world.list_url,
        issuer_id="did:web:a.example",
        indexes=[1],
        valid_from=datetime(2026, 1, 1, tzinfo=UTC),
    )
    assert prepare(unsigned).document == unsigned
    unsigned["credentialSubject"]["type"] = ["BitstringStatusList"]
    with pytest.raises(InvalidError):
        prepare(unsigned)


def test_all_faults_are_named_at_once(unsigned: dict[str, Any]) -> None:
    unsigned["grade"] = "A+"
    unsigned["validFrom"] = "2026-01-01"
    unsigned["credentialSubject"]["achievement"]["tag"] = "one"
    unsigned["credentialSubject"]["result"][0]["achievedLevel"] = "https://a.example/other"
    unsigned["proof"] = []
    with pytest.raises(InvalidError) as refused:
        prepare(unsigned)
    assert {fault.where for fault in refused.value.faults} >= {
        "grade", "validFrom", "credentialSubject.achievement.tag", "credentialSubject.result[0]", "proof",
    }  # fmt: skip


def test_a_result_must_belong_to_the_achievement(unsigned: dict[str, Any]) -> None:
    unsigned["credentialSubject"]["result"][0]["resultDescription"] = "https://a.example/other"
    with pytest.raises(InvalidError) as refused:
        prepare(unsigned)
    assert {fault.code for fault in refused.value.faults} == {"result_link"}


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"type": []},
        {"type": "X"},
        {"type": [{}]},
        {"type": ["OpenBadgeCredential"], "credentialSubject": 3},
    ],
)
def test_anything_else_is_refused_with_faults(document: dict[str, Any]) -> None:
    with pytest.raises(InvalidError) as refused:
        prepare(document)
    assert refused.value.faults


def test_dates_need_a_time_zone(unsigned: dict[str, Any]) -> None:
    with pytest.raises(InvalidError):
        credential.compose(
            id="urn:a", issuer=unsigned["issuer"], subject=unsigned["credentialSubject"],
            valid_from=datetime(2026, 1, 1),  # noqa: DTZ001 (that is the point)
        )  # fmt: skip


@pytest.mark.parametrize("empty", [None, [], {}])
def test_members_that_say_nothing_are_not_signed(unsigned: dict[str, Any], empty: Any) -> None:
    unsigned["credentialSubject"]["achievement"]["alignment"].append(empty)
    unsigned["evidence"] = empty
    with pytest.raises(InvalidError) as refused:
        prepare(unsigned)
    found = {fault.where for fault in refused.value.faults if fault.code == "empty"}
    assert found == {"evidence", "credentialSubject.achievement.alignment[1]"}
