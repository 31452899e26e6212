"""Definitions written to do harm: endless, meaningless, hiding something; each is answered quickly and never published."""

import copy
import json
import time
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from badge_service.curriculum.checking import MOST_FAULTS, definition_faults, shape_faults
from badge_service.curriculum.pages.room import MOST_BYTES
from badge_service.curriculum.rules import check_eu_elements, fingerprints, merged
from badge_service.curriculum.rules.addresses import normalised
from badge_service.curriculum.rules.content import blank_content

from .conftest import CREDENTIALS
from .desk import Fields, begin, saved_content

WILLOW = json.loads((CREDENTIALS / "willow-basket" / "definition.json").read_text("utf-8"))
CHECK = "/api/v1/definitions/check"


def changed(change: Any) -> dict[str, Any]:
    content = copy.deepcopy(WILLOW)
    change(content)
    return dict(content)


def codes(content: Any) -> set[tuple[str, str]]:
    return {(one.where, one.code) for one in definition_faults(content)}


def endless() -> list[dict[str, Any]]:
    levels = [{"id": f"l{n}", "name": "L", "points": n} for n in range(1000)]
    criteria = [
        {"id": f"C{n}", "name": "C", "outcomes": ["LO1"], "weight": 1, "descriptors": {}} for n in range(1500)
    ]
    tags = [{"a": n, "b": {"c": n}} for n in range(2400)]
    described = {f"x{n}": 1 for n in range(60_000)}
    return [
        {**WILLOW, "rubric": {"levels": levels, "pass_level": "l1", "criteria": criteria}},
        {**WILLOW, "tags": tags},
        changed(lambda one: one["rubric"]["criteria"][0].update(descriptors=described)),
        {**WILLOW, **described},
    ]


@pytest.mark.parametrize("content", endless(), ids=["rubric", "tags", "descriptors", "fields"])
def test_an_endless_definition_is_answered_at_once(visitor: FlaskClient, content: Any) -> None:
    body, begun = json.dumps(content), time.process_time()
    answer = visitor.post(CHECK, data=body, content_type="application/json")
    assert answer.status_code in (200, 400)
    found = definition_faults(content)
    assert len(shape_faults(content)) <= MOST_FAULTS
    assert time.process_time() - begun < 3
    assert len(found) <= MOST_FAULTS
    assert any(one.code == "maxItems" for one in found)


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.just(10**400)
    | st.floats(allow_nan=False)
    | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "text", "points", "outcomes", "descriptors"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)
rows = st.lists(values, max_size=4)
rubrics = st.fixed_dictionaries(
    {}, optional={"levels": values | rows, "criteria": values | rows, "pass_level": values}
)
anything = st.dictionaries(st.sampled_from(sorted(blank_content())), values | rows, max_size=6)


@settings(max_examples=150, deadline=None)
@given(content=anything, rubric=rubrics | values, base=st.sampled_from([WILLOW, {}]))
def test_any_json_is_answered(content: Any, rubric: Any, base: Any) -> None:
    whole = {**base, **content, "rubric": rubric}
    assert definition_faults(whole)
    shape_faults(whole)
    check_eu_elements(whole)


@pytest.mark.parametrize(
    "content",
    [
        {"learning_outcomes": ["x", {}]},
        {"rubric": {"levels": [1, 2], "criteria": []}},
    ],
)
def test_rows_without_a_name_are_answered(visitor: FlaskClient, content: Any) -> None:
    answer = visitor.post(CHECK, json={**WILLOW, **content})
    assert answer.status_code == 200
    assert not answer.get_json()["ok"]


def test_a_number_too_large_to_calculate_with_is_too_large() -> None:
    hours = {**WILLOW["workload_hours"], "total": 10**400, "guided": 1.5}
    assert ("workload_hours.total", "maximum") in codes({**WILLOW, "workload_hours": hours})
    assert ("ects_awarded", "maximum") in codes({**WILLOW, "ects_awarded": 10**400})


def test_a_badge_for_being_there_is_refused() -> None:
    lowest = changed(lambda one: one["rubric"].update(pass_level=one["rubric"]["levels"][0]["id"]))
    assert ("rubric.pass_level", "rubric.pass_lowest") in codes(lowest)
    levels = [one["id"] for one in WILLOW["rubric"]["levels"]]
    same = changed(
        lambda one: one["rubric"]["criteria"][1].update(descriptors=dict.fromkeys(levels, "Was there."))
    )
    assert ("rubric.criteria[1].descriptors", "criterion.same") in codes(same)
    assert ("assessment_types", "eu.M9") in codes({**WILLOW, "assessment_types": ["level of attendance"]})


@pytest.mark.parametrize(("points", "code"), [([4, 3, 2, 1], "order"), ([0, 1, 2, 3], "least_points")])
def test_points_rise_with_the_levels_from_one(points: list[int], code: str) -> None:
    def spoil(one: Any) -> None:
        for level, number in zip(one["rubric"]["levels"], points, strict=True):
            level["points"] = number

    assert f"rubric.{code}" in {found for _where, found in codes(changed(spoil))}


@pytest.mark.parametrize("sign", ["\u202e", "\u200b", "\u0007", "\u00ad", "\u3164", "\U000e0041", "\ue000"])
@pytest.mark.parametrize("place", ["title", "quality_assurance.description", "tags"])
def test_nothing_hidden_is_published(sign: str, place: str, visitor: FlaskClient) -> None:
    def spoil(one: Any) -> None:
        if place == "tags":
            one["tags"][0] += sign + "x"
        else:
            holder, _dot, name = place.rpartition(".")
            target = one[holder] if holder else one
            target[name] += sign + "x"

    where = "tags[0]" if place == "tags" else place
    assert (where, "control_character") in codes(changed(spoil))


def test_what_can_be_seen_is_no_hidden_sign() -> None:
    assert definition_faults({**WILLOW, "description": "Плетене \U0001f469\u200d\U0001f3a8 é\nвторо."}) == []
    assert ("title", "control_character") in codes({**WILLOW, "title": "Two\nlines"})


@pytest.mark.parametrize(
    "other",
    [
        "http://example.org/a/b",
        "https://EXAMPLE.org:443/a/b/",
        "https://example.org/a/./c/../b",
        "https://example.org/%61/b?",
        "https://example.org/a/b#",
    ],
)
def test_two_spellings_of_one_address_are_one(other: str) -> None:
    first = {"targetName": "A", "targetUrl": "https://example.org/a/b"}
    content = {**WILLOW, "alignments": [first, {"targetName": "B", "targetUrl": other}]}
    assert ("alignments[1].targetUrl", "alignment.double") in codes(content)


def test_parts_of_one_document_are_different_addresses() -> None:
    urls = [
        "https://doi.org/10/x#1.1",
        "https://doi.org/10/x#1.2",
        "https://doi.org/10/X",
        "https://doi.org/10%2Fx",
    ]
    assert len({normalised(one) for one in urls}) == 4
    assert normalised("https://[") == "https://["
    assert normalised("https://example.org:x/") == "https://example.org:x/"


def test_whole_numbers_may_be_written_with_a_point(visitor: FlaskClient) -> None:
    content = changed(lambda one: one["rubric"]["criteria"][0].update(weight=1.0))
    told = visitor.post(CHECK, json={**content, "eqf_level": float(WILLOW["eqf_level"])}).get_json()
    assert told["ok"] and all(row["ok"] for row in told["elements"])


def test_a_whole_number_with_a_point_is_kept_as_a_whole_number(lead: Any, database: Any) -> None:
    edit = begin(lead, copy_of="Willow Basket")
    form = Fields(lead.get(f"{edit}/assessment").text).form(
        **{"rubric.levels[0].points": "1.0", "do": "stay"}
    )
    lead.post(f"{edit}/assessment", data=form)
    points = saved_content(database)["rubric"]["levels"][0]["points"]
    assert (points, type(points)) == (1, int)


@pytest.mark.parametrize("way", ["", "/autosave"])
def test_a_draft_is_not_endless(lead: Any, database: Any, way: str) -> None:
    edit = begin(lead)
    before = saved_content(database)
    form = Fields(lead.get(f"{edit}/what").text).form(description="x" * (MOST_BYTES + 1))
    assert lead.post(f"{edit}/what{way}", data=form).status_code == 413
    form["description"] = "y" * 20_001
    answer = lead.post(f"{edit}/what{way}", data=form)
    assert answer.status_code == 422
    assert "at most 20000 fit" in answer.text
    assert way or "y" * 20_001 in answer.text
    assert saved_content(database) == before
    form["description"] = "z" * 20_000
    assert lead.post(f"{edit}/what{way}", data=form).status_code in (200, 303)


def test_a_new_definition_has_a_title_of_some_length(lead: Any) -> None:
    page = lead.get("/definitions/new").text
    form = Fields(page).form(title="x" * 301, code="CRF-LNG-1", copy_of="empty")
    place = page.partition('name="place"')[2].partition('value="')[2].partition('"')[0]
    form["place"] = place
    answer = lead.post("/definitions/new", data=form)
    assert answer.status_code == 422
    assert "at most 300 fit" in answer.text


def test_no_row_more_than_a_definition_has(lead: Any, database: Any) -> None:
    edit = begin(lead)
    address = f"{edit}/assessment"
    for _number in range(3):
        lead.post(address, data=Fields(lead.get(address).text).form(do="add:rubric.levels"))
    assert len(saved_content(database)["rubric"]["levels"]) == 6
    assert "at most 6 fit" in lead.get(address).text
    form = Fields(lead.get(address).text).form(do="save")
    for number in range(6, 9):
        form[f"rubric.levels[{number}].name"] = "More"
    answer = lead.post(address, data=form)
    assert answer.status_code == 422
    assert "There are 9; at most 6 fit." in answer.text
    assert len(saved_content(database)["rubric"]["levels"]) == 6


def test_saving_and_beginning_are_limited_generously(lead: Any) -> None:
    edit = begin(lead)
    answers = [lead.post(f"{edit}/nonsense/autosave").status_code for _number in range(121)]
    assert 429 not in answers[:120]
    assert answers[120] == 429


def test_a_first_member_of_an_empty_group_is_no_clash() -> None:
    for base in ({"look": {}}, {"look": None}, {}):
        found = merged(base, {"look": {"shape": "a"}}, fingerprints(base, ["look"]), ["look"])
        assert (found.clashes, found.content["look"]) == ((), {"shape": "a"})
