"""The catalogue of files: ours has no fault, and a broken one is told everything at once."""

import copy
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from badge_service.curriculum.catalogue_files import check_catalogue, draw_pictures, read_catalogue
from badge_service.curriculum.checking import definition_faults, pathway_faults
from badge_service.curriculum.commands import catalogue
from badge_service.curriculum.rules import blank_content
from badge_service.errors import InvalidError

CREDENTIALS = Path(__file__).resolve().parents[2] / "credentials"


def places(faults: Any) -> set[str]:
    return {fault.where for fault in faults}


def test_our_catalogue_has_twelve_definitions_and_four_pathways_and_no_fault() -> None:
    entries = read_catalogue(CREDENTIALS)
    assert sorted(entry.kind for entry in entries).count("definition.json") == 12
    assert len(entries) == 16
    assert check_catalogue(CREDENTIALS) == []


def test_our_pictures_are_as_the_service_draws_them_now(tmp_path: Path) -> None:
    folder = tmp_path / "credentials"
    shutil.copytree(CREDENTIALS, folder)
    draw_pictures(folder, again=True)
    for drawn in folder.glob("*/picture.svg"):
        assert drawn.read_bytes() == (CREDENTIALS / drawn.parent.name / "picture.svg").read_bytes(), (
            drawn.parent.name
        )


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    folder = tmp_path / "catalogue"
    for slug in ("willow-basket", "plant-dyes", "guest-speaker-host", "student-in-the-lead"):
        shutil.copytree(CREDENTIALS / slug, folder / slug)
    return folder


def change(folder: Path, slug: str, **changes: Any) -> dict[str, Any]:
    path = folder / slug / "definition.json"
    content = json.loads(path.read_text("utf-8")) | changes
    path.write_text(json.dumps(content), "utf-8")
    return content


def test_every_fault_of_every_file_is_named_at_once(broken: Path) -> None:
    change(
        broken,
        "willow-basket",
        title="",
        eqf_level=9,
        colour="red",
        workload_hours={"total": 5, "guided": 1, "practice": 1, "self_study": 1, "assessment": 1},
    )
    (broken / "plant-dyes" / "definition.json").write_text('{"code": "X",,}', "utf-8")
    (broken / "plant-dyes" / "notes.txt").write_text("stray", "utf-8")
    (broken / "guest-speaker-host" / "picture.svg").write_text("<svg><script>1</script></svg>", "utf-8")
    (broken / "empty").mkdir()
    found = places(check_catalogue(broken))
    assert found >= {
        "willow-basket/definition.json: title",
        "willow-basket/definition.json: eqf_level",
        "willow-basket/definition.json: colour",
        "willow-basket/definition.json: workload_hours.total",
        "willow-basket/definition.json: stackability.pathways[0]",
        "plant-dyes/definition.json: line 1, column 14",
        "plant-dyes/notes.txt",
        "guest-speaker-host/picture.svg",
        "empty",
        "student-in-the-lead/pathway.json: rule",
    }


def test_the_command_names_file_place_and_remedy_and_fails(broken: Path) -> None:
    change(broken, "willow-basket", title="")
    done = CliRunner().invoke(catalogue, ["check", str(broken)])
    assert done.exit_code == 1
    assert "willow-basket/definition.json: title\n    This is empty. Fill it in." in done.output


def test_the_command_is_content_with_our_catalogue() -> None:
    done = CliRunner().invoke(catalogue, ["check"])
    assert done.exit_code == 0, done.output
    assert done.output.startswith("16 definitions and pathways")


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    assert CliRunner().invoke(catalogue, ["check", str(tmp_path / "nowhere")]).exit_code == 1


def test_nothing_is_read_while_there_is_a_fault(broken: Path) -> None:
    change(broken, "willow-basket", title="")
    with pytest.raises(InvalidError):
        read_catalogue(broken)


def test_a_missing_picture_is_drawn_and_a_good_one_kept(broken: Path) -> None:
    shutil.copytree(CREDENTIALS / "future-craft-maker", broken / "future-craft-maker")
    (broken / "willow-basket" / "picture.svg").unlink()
    kept = (broken / "plant-dyes" / "picture.svg").read_bytes()
    assert [path.parent.name for path in draw_pictures(broken)] == ["willow-basket"]
    assert (broken / "plant-dyes" / "picture.svg").read_bytes() == kept


def test_two_definitions_with_one_code_are_a_fault(broken: Path) -> None:
    change(broken, "plant-dyes", code="CRF-WIL-1")
    assert "willow-basket/definition.json: code" in places(check_catalogue(broken))


def test_a_field_that_stands_twice_in_a_file_is_a_fault(broken: Path) -> None:
    path = broken / "willow-basket" / "definition.json"
    path.write_text(path.read_text("utf-8").replace('"title":', '"title": "Other", "title":', 1), "utf-8")
    assert "json.double" in {fault.code for fault in check_catalogue(broken)}


# --- rules beyond the schema

URL = "http://data.europa.eu/esco/skill/62c7900c-bc78-469e-9011-cec20a93e555"


def outcomes_without_criterion(content: dict[str, Any]) -> None:
    for criterion in content["rubric"]["criteria"]:
        criterion["outcomes"] = ["LO1"]


def wrong_pass_level(content: dict[str, Any]) -> None:
    content["rubric"]["pass_level"] = "mastery"


def double_alignment(content: dict[str, Any]) -> None:
    content["alignments"].append({"targetName": "again", "targetUrl": URL})


def level_six_for_pupils(content: dict[str, Any]) -> None:
    content["eqf_level"] = 6


def ects_that_do_not_fit(content: dict[str, Any]) -> None:
    content["ects_awarded"] = 5


def unknown_words(content: dict[str, Any]) -> None:
    content["participation"] = "by carrier pigeon"


def missing_descriptor(content: dict[str, Any]) -> None:
    del content["rubric"]["criteria"][0]["descriptors"]["beginning"]


def unknown_field_of_study(content: dict[str, Any]) -> None:
    content["isced_f"] = "9998"


def equal_points(content: dict[str, Any]) -> None:
    content["rubric"]["levels"][1]["points"] = 1


def repeated_generated_alignment(content: dict[str, Any]) -> None:
    content["alignments"].append(
        {"targetName": "EQF 3", "targetUrl": "http://data.europa.eu/snb/eqf/3", "targetType": "ext:EQFLevel"}
    )


def identity_contradiction(content: dict[str, Any]) -> None:
    content["identity_verified"] = False


@pytest.mark.parametrize(
    ("spoil", "place"),
    [
        (outcomes_without_criterion, "learning_outcomes[1]"),
        (wrong_pass_level, "rubric.pass_level"),
        (double_alignment, "learning_outcomes[1].alignments[0].targetUrl"),
        (level_six_for_pupils, "target_group"),
        (ects_that_do_not_fit, "ects_awarded"),
        (unknown_words, "participation"),
        (missing_descriptor, "rubric.criteria[0].descriptors.beginning"),
        (unknown_field_of_study, "isced_f"),
        (equal_points, "rubric.levels"),
        (repeated_generated_alignment, "alignments[4]"),
        (identity_contradiction, "identity_verified"),
    ],
)
def test_what_a_schema_cannot_say_is_found(definition: Any, spoil: Any, place: str) -> None:
    content = definition("willow-basket")
    assert definition_faults(content) == []
    spoil(content)
    assert place in places(definition_faults(content))


def test_one_sentence_for_an_empty_field() -> None:
    faults = [fault for fault in definition_faults(blank_content()) if fault.where == "title"]
    assert len(faults) == 1


def test_a_pathway_that_cannot_be_reached_is_a_fault() -> None:
    pathway = json.loads((CREDENTIALS / "future-craft-maker" / "pathway.json").read_text("utf-8"))
    assert pathway_faults(pathway) == []
    pathway["rule"]["all_of"][0]["at_least"] = 4
    pathway["rule"]["all_of"].append({"at_least": 1, "of": "any_other_published"})
    assert places(pathway_faults(pathway)) == {"rule.all_of[0].at_least", "rule"}


def paths(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [here] + [path for key, one in inner for path in paths(one, (*here, key))]


WILLOW = json.loads((CREDENTIALS / "willow-basket" / "definition.json").read_text("utf-8"))
wrong = st.sampled_from([None, 1, 1.5, True, "x", "", [], {}, [1], {"a": 1}, [[]], [None]])


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(paths(WILLOW)[1:]), wrong)
def test_a_value_of_any_kind_anywhere_is_answered_and_never_breaks_the_check(
    path: tuple[Any, ...], value: Any
) -> None:
    content: Any = copy.deepcopy(WILLOW)
    holder = content
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    assert all(fault.message for fault in definition_faults(content))


@pytest.mark.parametrize("content", [None, [], "text", 3, {}])
def test_a_file_that_is_something_else_is_answered(content: Any) -> None:
    assert definition_faults(content)
    assert pathway_faults(content)
