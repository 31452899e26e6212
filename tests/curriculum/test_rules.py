"""The pass rule, versions, pathways, the achievement and the EU facts, without a database."""

import copy
import json
from itertools import pairwise
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from badge_service.curriculum.checking import fact_sheet_faults
from badge_service.curriculum.rules import (
    NotReady,
    Place,
    Version,
    achievement,
    check_eu_elements,
    criteria_narrative,
    eu_box,
    fact_sheet,
    fact_sheet_bytes,
    parse_version,
    progress,
    readiness,
    related_resource,
)
from badge_service.errors import InvalidError
from badge_service.openbadges.canonical import undefined
from badge_service.openbadges.digests import digest_sri
from badge_service.openbadges.schema import faults as openbadges_faults

PLACE = Place(
    "https://badges.example.org",
    "guest-speaker-host",
    "1.0.0",
    "friesland",
    "Learning Ecosystem Team Friesland",
    "friese-vakschool",
)
LEVELS = ["beginning", "developing", "proficient", "exemplary"]
POINTS = {level: number for number, level in enumerate(LEVELS, 1)}


def content_of(count: int, weights: list[int] | None = None) -> dict[str, Any]:
    return {
        "language": "en",
        "rubric": {
            "levels": [{"id": level, "name": level.title(), "points": POINTS[level]} for level in LEVELS],
            "pass_level": "proficient",
            "criteria": [
                {
                    "id": f"C{n + 1}",
                    "name": f"C {n + 1}",
                    "outcomes": ["LO1"],
                    "weight": weights[n] if weights else 1,
                    "descriptors": {},
                }
                for n in range(count)
            ],
        },
    }


def judged(*levels: str) -> dict[str, str]:
    return {f"C{n}": level for n, level in enumerate(levels, 1)}


# --- the pass rule


def test_everybody_at_the_pass_level_is_ready() -> None:
    found = readiness(content_of(3), judged("proficient", "proficient", "proficient"))
    assert found.ready
    assert not found.with_reason
    assert found.total == 9


def test_one_below_passes_only_with_a_four_and_a_reason() -> None:
    content = content_of(3)
    made_up = judged("developing", "exemplary", "proficient")
    assert readiness(content, made_up).why == (NotReady.REASON_MISSING,)
    assert readiness(content, made_up, "   ").why == (NotReady.REASON_MISSING,)
    assert readiness(content, made_up, "Ill on the last day, showed it later.").with_reason
    not_made_up = judged("developing", "proficient", "proficient")
    assert readiness(content, not_made_up, "Because").why == (NotReady.TOTAL_TOO_LOW,)


def test_why_not_names_the_criteria() -> None:
    found = readiness(content_of(3), judged("beginning", "developing"))
    assert found.why == (NotReady.NOT_JUDGED, NotReady.TOO_LOW)
    assert found.missing == ("C3",)
    assert found.below == ("C1", "C2")
    assert readiness(content_of(2), judged("developing", "developing"), "x").why == (NotReady.SEVERAL_BELOW,)


def test_a_level_that_the_rubric_does_not_know_is_not_a_judgement() -> None:
    assert readiness(content_of(1), {"C1": "brilliant"}).missing == ("C1",)


some_levels = st.lists(st.sampled_from(LEVELS), min_size=1, max_size=7)


@given(some_levels, st.booleans())
def test_the_pass_rule_is_what_the_rule_book_says(levels: list[str], has_reason: bool) -> None:
    points = [POINTS[level] for level in levels]
    book = min(points) >= 3 or (
        points.count(2) == 1 and min(points) == 2 and sum(points) >= 3 * len(points) and has_reason
    )
    found = readiness(content_of(len(levels)), judged(*levels), "why" if has_reason else None)
    assert found.ready == book
    assert found.ready == (not found.why)
    assert found.total == sum(points)


@given(some_levels, st.data())
def test_a_better_judgement_never_takes_a_badge_away(levels: list[str], data: Any) -> None:
    place = data.draw(st.integers(0, len(levels) - 1))
    better = levels.copy()
    better[place] = data.draw(st.sampled_from(LEVELS[LEVELS.index(levels[place]) :]))
    content = content_of(len(levels))
    if readiness(content, judged(*levels), "why").ready:
        assert readiness(content, judged(*better), "why").ready


def test_weights_count_in_the_total_and_in_what_is_needed() -> None:
    content = content_of(2, weights=[1, 3])
    assert readiness(content, judged("developing", "exemplary"), "why").ready
    assert readiness(content, judged("exemplary", "developing"), "why").why == (NotReady.TOTAL_TOO_LOW,)


# --- versions

parts = st.integers(0, 999)
versions = st.builds(Version, parts, parts, parts)


@given(versions, versions)
def test_versions_sort_as_their_sort_keys_do(one: Version, other: Version) -> None:
    assert (one < other) == (one.sort_key < other.sort_key)
    assert parse_version(str(one)) == one


@given(st.builds(Version, st.integers(0, 998), parts, parts))
def test_a_next_version_is_higher(version: Version) -> None:
    assert version.next_minor() > version
    assert version.next_major() > version


@pytest.mark.parametrize(
    "text", ["", "1", "1.0", "1.0.0.0", "01.0.0", "1.0.x", "v1.0.0", "1.0.1000", "1.0.0\n", "١.٠.٠"]
)
def test_what_is_not_a_version_is_refused(text: str) -> None:
    with pytest.raises(InvalidError):
        parse_version(text)


# --- pathways

MAKER = {"all_of": [{"at_least": 2, "of": ["A", "B", "C"]}, {"at_least": 1, "of": "any_other_published"}]}


def test_a_free_choice_takes_another_badge() -> None:
    assert not progress(MAKER, {"A", "B"}).done
    assert progress(MAKER, {"A", "B", "Z"}).done
    assert progress(MAKER, {"A", "B", "C"}).done
    assert not progress(MAKER, {"A", "X", "Y", "Z"}).done


def test_progress_says_which_part_is_open() -> None:
    found = progress(MAKER, {"A"})
    choice, free = found.parts
    assert (choice.kind, choice.have, choice.need, choice.done) == ("at_least", 1, 2, False)
    assert [(part.code, part.done) for part in choice.parts] == [("A", True), ("B", False), ("C", False)]
    assert (free.kind, free.have, free.done) == ("any_other", 0, False)


codes = st.sampled_from("ABCDEFGH")
rules = st.recursive(
    codes,
    lambda inner: st.one_of(
        st.builds(lambda some: {"all_of": some}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(
            lambda some, n: {"at_least": min(n, len(some)), "of": some},
            st.lists(inner, min_size=1, max_size=3),
            st.integers(1, 3),
        ),
        st.just({"at_least": 1, "of": "any_other_published"}),
    ),
    max_leaves=8,
)


@settings(max_examples=300)
@given(rules, st.sets(codes, max_size=6), codes)
def test_one_more_badge_never_undoes_a_pathway(rule: Any, held: set[str], more: str) -> None:
    if progress(rule, held).done:
        assert progress(rule, held | {more}).done


@given(rules, st.sets(codes, max_size=6))
def test_have_never_exceeds_need(rule: Any, held: set[str]) -> None:
    found = progress(rule, held)
    assert found.have <= found.need
    assert found.done == (found.have == found.need)


# --- the achievement and the facts


def test_the_achievement_has_the_shape_that_outside_verifiers_accepted(definition: Any, shared: Any) -> None:
    example = json.loads((shared / "data/example_ob3_unsigned.json").read_text("utf-8"))
    wanted = example["credentialSubject"]["achievement"]
    made = achievement(definition("guest-speaker-host"), PLACE)
    assert made.pop("image")["id"] == "https://badges.example.org/images/guest-speaker-host-1.0.0.png"
    wanted.pop("image")
    assert made == wanted


def test_the_fact_sheet_has_the_bytes_and_digest_of_the_example(definition: Any, shared: Any) -> None:
    content = definition("guest-speaker-host")
    body = fact_sheet_bytes(fact_sheet(content, PLACE))
    assert body == (shared / "data/example_eu_facts.json").read_bytes()
    assert related_resource(content, PLACE)["digestSRI"] == digest_sri(body)
    assert digest_sri(body) == "sha256-ptuWU6+ow6fajZdV2KRa/h66PKe2Fjq+3UOQ10RBegQ="


def test_every_target_stands_once(every_definition: list[dict[str, Any]]) -> None:
    for content in every_definition:
        urls = [one["targetUrl"] for one in achievement(content, PLACE)["alignment"]]
        assert len(urls) == len(set(urls))


def test_every_definition_gives_a_document_without_undefined_terms(
    every_definition: list[dict[str, Any]],
) -> None:
    contexts = [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ]
    for content in every_definition:
        assert undefined({"@context": contexts, **achievement(content, PLACE)}) == []
        assert fact_sheet_faults(fact_sheet(content, PLACE)) == []


def test_every_achievement_fits_the_standards_schema_inside_a_badge(
    every_definition: list[dict[str, Any]], shared: Any
) -> None:
    badge = json.loads((shared / "data/example_ob3_unsigned.json").read_text("utf-8"))
    strict = json.loads(
        (shared / "data/standards/schemas/plain-ob_v3p0_achievementcredential-jsonschema1.json").read_text(
            "utf-8"
        )
    )
    judge = jsonschema.Draft201909Validator(strict)
    for content in every_definition:
        badge["credentialSubject"]["achievement"] = achievement(content, PLACE)
        assert openbadges_faults(badge) == []
        assert [error.message for error in judge.iter_errors(badge)] == []


def test_ects_stand_in_the_achievement_only_when_awarded(definition: Any) -> None:
    assert achievement(definition("circular-business-model"), PLACE)["creditsAvailable"] == 1.0
    assert "creditsAvailable" not in achievement(definition("willow-basket"), PLACE)


def test_a_definition_without_level_says_so(definition: Any) -> None:
    content = definition("willow-basket") | {"eqf_level": None, "level_not_applicable": "Not in a framework."}
    assert "ext:EQFLevel" not in {one["targetType"] for one in achievement(content, PLACE)["alignment"]}
    assert fact_sheet(content, PLACE)["level"] == {"notApplicable": "Not in a framework."}
    assert fact_sheet_faults(fact_sheet(content, PLACE)) == []
    assert "**Level:** not applicable." in criteria_narrative(content)


@pytest.mark.parametrize(
    ("language", "words"),
    [("bg", "Как е оценено"), ("nl", "Hoe het is beoordeeld"), ("es", "Cómo se ha evaluado")],
)
def test_the_criteria_text_speaks_the_definitions_language(
    definition: Any, language: str, words: str
) -> None:
    text = criteria_narrative(definition("guest-speaker-host") | {"language": language})
    assert words in text
    assert "Workload" not in text
    assert "practical assessment" not in text


def test_the_criteria_text_keeps_part_hours_and_prerequisites(definition: Any) -> None:
    content = copy.deepcopy(definition("alliance-meeting-facilitator"))
    content["workload_hours"] |= {"total": 20.5}
    text = criteria_narrative(content)
    assert "20.5 hours" in text
    assert fact_sheet(content, PLACE)["notionalWorkload"] == "PT20H30M"


def test_an_empty_draft_lacks_every_mandatory_element_of_its_own() -> None:
    checks = {check.id: check for check in check_eu_elements({})}
    assert list(checks) == [*(f"M{n}" for n in range(1, 12)), *(f"O{n}" for n in range(1, 6))]
    assert [id_ for id_, check in checks.items() if check.level == "mandatory" and not check.ok] == [
        "M2",
        "M6",
        "M7",
        "M8",
        "M9",
        "M10",
        "M11",
    ]
    assert all(checks[id_].from_award for id_ in ("M1", "M3", "M4", "M5", "O3"))


def test_the_eu_box_says_where_each_line_comes_from(definition: Any, shared: Any) -> None:
    credential = json.loads((shared / "data/example_ob3_unsigned.json").read_text("utf-8"))
    sheet = json.loads((shared / "data/example_eu_facts.json").read_text("utf-8"))
    rows = {row.id: row for row in eu_box(sheet, credential)}
    assert len(rows) == 16
    assert {id_ for id_, row in rows.items() if row.source == "credential"} == {
        "M1",
        "M3",
        "M4",
        "M5",
        "O2",
        "O3",
    }
    assert rows["M3"].value == "NL, Friesland"
    assert rows["O2"].value == "known to the assessor"
    assert rows["O3"].value == ["Lead taken: Proficient", "Hosting: Proficient", "Outcome: Proficient"]


def test_without_a_fact_sheet_the_box_says_not_recorded() -> None:
    rows = {row.id: row for row in eu_box(None, {"credentialSubject": {"id": "urn:uuid:1"}})}
    assert rows["M1"].source == "credential"
    assert {row.source for id_, row in rows.items() if id_ != "M1"} == {"not_recorded"}


def test_a_name_that_the_learner_chose_to_show_is_the_learner() -> None:
    identifier = [{"identityType": "name", "hashed": False, "identityHash": "Mira Petrova"}]
    rows = eu_box(None, {"credentialSubject": {"id": "urn:uuid:1", "identifier": identifier}})
    assert rows[0].value == "Mira Petrova"


anything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["credentialSubject", "issuer", "achievement", "result", "evidence", "level", "stackability"]
            ),
            inner,
            max_size=3,
        ),
    ),
    max_leaves=10,
)


@given(anything, anything)
def test_a_strangers_badge_of_any_shape_gives_sixteen_lines(sheet: Any, credential: Any) -> None:
    assert len(eu_box(sheet, credential)) == 16


def test_levels_are_read_from_low_to_high_whatever_their_order(definition: Any) -> None:
    content = copy.deepcopy(definition("guest-speaker-host"))
    content["rubric"]["levels"].reverse()
    for description in achievement(content, PLACE)["resultDescription"]:
        points = [int(level["points"]) for level in description["rubricCriterionLevel"]]
        assert all(low < high for low, high in pairwise(points))
