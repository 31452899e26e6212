"""What differs between two contents: rows by their names, moves told from changes, words marked, the number that follows."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badge_service.curriculum.rules import FIRST, Step, parse_version
from badge_service.curriculum.rules.difference import Kind, advised, changed_fields, difference
from badge_service.curriculum.rules.marking import Mark, marked
from badge_service.curriculum.words.differences import by_field

Definition = dict[str, Any]


@pytest.fixture
def before(definition: Callable[[str], Definition]) -> Definition:
    return definition("willow-basket")


@pytest.fixture
def after(before: Definition) -> Definition:
    return copy.deepcopy(before)


def places(before: Definition, after: Definition) -> list[tuple[str, Kind]]:
    return [(change.where, change.kind) for change in difference(before, after)]


def test_the_same_content_has_no_difference(every_definition: list[Definition]) -> None:
    for content in every_definition:
        assert difference(content, copy.deepcopy(content)) == ()
        assert difference(content, {**content, "version": "9.0.0", "code": "XX-1"}) == ()


def test_a_row_is_matched_by_its_id_and_not_by_its_place(before: Definition, after: Definition) -> None:
    after["learning_outcomes"].insert(
        0, {"id": "LO9", "kind": "skill", "text": "Sells it.", "alignments": []}
    )
    after["learning_outcomes"][3]["text"] += " Sweeps the floor."
    assert places(before, after) == [
        ("learning_outcomes[0]", Kind.ADDED),
        ("learning_outcomes[3].text", Kind.CHANGED),
    ]


def test_a_moved_row_is_said_to_be_moved_and_nothing_else(before: Definition, after: Definition) -> None:
    after["learning_outcomes"].append(after["learning_outcomes"].pop(0))
    assert places(before, after) == [("learning_outcomes[2]", Kind.MOVED)]
    (change,) = difference(before, after)
    assert (change.before, change.after) == (1, 3)


def test_an_alignment_is_known_by_its_target(before: Definition, after: Definition) -> None:
    rows = after["learning_outcomes"][0]["alignments"]
    rows[0]["targetName"] = "weaving of wicker"
    del rows[1]
    assert places(before, after) == [
        ("learning_outcomes[0].alignments[0].targetName", Kind.CHANGED),
        ("learning_outcomes[0].alignments[1]", Kind.REMOVED),
    ]


def test_two_rows_of_one_name_are_told_by_their_number(before: Definition, after: Definition) -> None:
    before["tags"], after["tags"] = ["a", "a"], ["a", "a", "a"]
    assert places(before, after) == [("tags[2]", Kind.ADDED)]


def test_true_is_not_one_and_empty_is_not_missing(before: Definition) -> None:
    assert difference({**before, "ects_awarded": 1}, {**before, "ects_awarded": True})
    assert not difference({**before, "level_not_applicable": ""}, before)


@pytest.mark.parametrize(
    ("path", "value", "step"),
    [
        (("title",), "Willow Baskett: Base, Sides and Border", Step.PATCH),
        (("description",), "makes one sound round basket from prepared willow by hand, from the base to the"
         " finished border and can say where the local pattern comes from!", Step.PATCH),
        (("title",), "Hazel Basket: Base, Sides and Border", Step.MINOR),
        (("target_group",), "VET students from 14, adult learners", Step.MINOR),
        (("workload_hours", "practice"), 12, Step.MINOR),
        (("alignments",), [], Step.MINOR),
        (("learning_mode",), "Online", Step.MINOR),
        (("further_text",), "Bring gloves.", Step.MINOR),
        (("learning_outcomes", 0, "text"), "Names the willow types.", Step.MAJOR),
        (("learning_outcomes", 0, "kind"), "skill", Step.MAJOR),
        (("rubric", "pass_level"), "developing", Step.MAJOR),
        (("rubric", "criteria", 0, "weight"), 2, Step.MAJOR),
        (("rubric", "criteria", 0, "descriptors", "proficient"), "Carries 4 kg.", Step.MAJOR),
        (("assessment_types",), ["portfolio"], Step.MAJOR),
        (("evidence_required",), [], Step.MAJOR),
        (("eqf_level",), 4, Step.MAJOR),
        (("identity_verified",), False, Step.MAJOR),
    ],
)  # fmt: skip
def test_the_number_follows_what_changed(
    before: Definition, after: Definition, path: tuple[str | int, ...], value: Any, step: Step
) -> None:
    holder: Any = after
    for name in path[:-1]:
        holder = holder[name]
    holder[path[-1]] = value
    assert advised(difference(before, after)) is step


def test_a_typing_slip_in_an_outcome_is_a_patch_and_another_word_is_not(
    before: Definition, after: Definition
) -> None:
    outcome = after["learning_outcomes"][1]
    outcome["text"] = before["learning_outcomes"][1]["text"].replace("basket", "baskte")
    assert advised(difference(before, after)) is Step.PATCH
    outcome["text"] = before["learning_outcomes"][1]["text"].replace("keeps", "loses")
    assert advised(difference(before, after)) is Step.MAJOR
    before["learning_outcomes"][1]["text"], outcome["text"] = "Carries 3 kg safely", "Carries 5 kg safely"
    assert advised(difference(before, after)) is Step.MAJOR


def test_the_order_of_rows_alone_is_a_patch(before: Definition, after: Definition) -> None:
    after["rubric"]["criteria"].reverse()
    assert advised(difference(before, after)) is Step.PATCH


@pytest.mark.parametrize(
    ("version", "step", "following"),
    [
        ("1.0.0", Step.PATCH, "1.0.1"),
        ("1.4.7", Step.MINOR, "1.5.0"),
        ("1.4.7", Step.MAJOR, "2.0.0"),
        ("1.0.999", Step.PATCH, "1.1.0"),
        ("1.999.999", Step.PATCH, "2.0.0"),
    ],
)
def test_each_step_has_its_next_number(version: str, step: Step, following: str) -> None:
    assert str(parse_version(version).next(step)) == following
    assert parse_version("1.4.7").next(step).step_from(parse_version("1.4.7")) is step
    assert FIRST.next(step) > FIRST


TEXT = st.text(alphabet="ab ,.Жé\n", max_size=40)


@given(TEXT, TEXT)
def test_marked_words_are_both_texts_letter_for_letter(before: str, after: str) -> None:
    runs = marked(before, after)
    assert "".join(text for mark, text in runs if mark is not Mark.NEW) == before
    assert "".join(text for mark, text in runs if mark is not Mark.GONE) == after


def test_very_long_texts_are_marked_as_a_whole_instead_of_word_by_word() -> None:
    assert [mark for mark, _text in marked("a b " * 5000, "c d " * 5000)] == [Mark.GONE, Mark.NEW]


ROWS = st.lists(st.sampled_from("abcdef"), unique=True, max_size=6)


@given(ROWS, ROWS)
def test_a_difference_names_exactly_the_rows_that_came_and_went(old: list[str], new: list[str]) -> None:
    before = {"units": [{"id": one} for one in old]}
    after = {"units": [{"id": one} for one in new]}
    changes = difference(before, after)
    assert {one.before["id"] for one in changes if one.kind is Kind.REMOVED} == set(old) - set(new)
    assert {one.after["id"] for one in changes if one.kind is Kind.ADDED} == set(new) - set(old)
    assert (changes == ()) == (old == new)


def test_every_change_is_said_in_words(app: Any, before: Definition, after: Definition) -> None:
    after["rubric"]["criteria"][0]["descriptors"]["proficient"] = (
        "Even weave, flat base, tight border; carries 4 kg."
    )
    after["rubric"]["criteria"][0]["outcomes"] = ["LO1"]
    after["language"], after["isced_f"] = "nl", "0215"
    after["assessment_types"] = ["portfolio"]
    after["learning_outcomes"].append(after["learning_outcomes"].pop(0))
    after["evidence_required"] = after["evidence_required"][1:]
    with app.test_request_context():
        groups = by_field(difference(before, after), before, after)
        said = {line.label: line for group in groups for line in group.lines if line.kind is not Kind.REMOVED}
    assert [group.name for group in groups] == list(changed_fields(difference(before, after)))
    level = said["Criterion 1: Proficient"]
    assert (Mark.GONE, "3") in level.runs
    assert (Mark.NEW, "4") in level.runs
    assert said["Language"].after == ("Dutch",)
    assert said["Learning outcome 3"].deed == "moved from place 1 to 3"
    assert said["Criterion 1: Outcomes it judges"].after == (before["learning_outcomes"][0]["text"],)
    assert any("portfolio" in line.after for line in said.values())
