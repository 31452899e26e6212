"""The helps beside the editor's fields: verbs in four languages, gentle hints, rubrics to copy."""

import json
from importlib import resources

import pytest

from badge_service.curriculum import words
from badge_service.curriculum.rubric_library import library
from badge_service.curriculum.rules import blank_content, vocabulary
from badge_service.curriculum.rules.rubric_copies import with_rubric

DOCUMENT = json.loads((resources.files("badge_service.curriculum") / "verbs.json").read_text("utf-8"))


@pytest.mark.parametrize("language", ["en", "nl", "es", "bg"])
@pytest.mark.parametrize("level", [None, *vocabulary.LEVELS])
def test_each_column_and_level_has_verbs_of_its_own(language: str, level: int | None) -> None:
    found = words.verbs(language, level)
    assert found.language == language
    assert set(found.columns) == set(vocabulary.OUTCOME_KINDS)
    assert all(len(some) >= 4 for some in found.columns.values())
    if level in (1, 3, 5, 7):
        assert found.columns == words.verbs(language, level + 1).columns
        assert all(
            found.columns[name] != words.verbs(language, (level + 2) % 8).columns[name]
            for name in found.columns
        )


def test_a_language_without_verbs_is_helped_in_english() -> None:
    assert words.verbs("fi", 3).language == "en"


def test_no_verb_that_is_offered_is_one_that_is_warned_of() -> None:
    for known in DOCUMENT["languages"].values():
        offered = {verb for groups in known["columns"].values() for some in groups.values() for verb in some}
        assert not offered & set(known["weak"])


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("en", "Understands how fibre and water change a colour.", "understands"),
        ("en", "The learner  knows three plants.", "knows"),
        ("en", "Learns about mordants", "learns about"),
        ("en", "Knowingly mixes two dyes.", ""),
        ("en", "Explains what a mordant is.", ""),
        ("nl", "De leerling begrijpt de vezel.", "begrijpt"),
        ("nl", "Legt uit wat beits is.", ""),
        ("es", "Conoce tres plantas.", "conoce"),
        ("es", "Explica el proceso.", ""),
        ("bg", "Разбира влакното.", "разбира"),
        ("bg", "Обяснява влакното.", ""),
        ("fi", "Understands", ""),
        ("en", "", ""),
    ],
)
def test_a_beginning_that_nobody_can_see_is_noticed(language: str, text: str, found: str) -> None:
    assert words.weak_start(text, language) == found


def test_every_rubric_of_the_library_is_whole() -> None:
    assert len({one.id for one in library()}) == len(library()) >= 10
    for one in library():
        assert len(one.rubric["criteria"]) >= 3
        for criterion in one.rubric["criteria"]:
            assert list(criterion["descriptors"]) == [level["id"] for level in one.rubric["levels"]]
            assert all(0 < len(text) <= 300 for text in criterion["descriptors"].values())
            assert len(set(criterion["descriptors"].values())) == 4


def test_added_criteria_keep_the_own_levels_from_the_lowest_up() -> None:
    own = blank_content()["rubric"]
    own["levels"] = [{"id": "yes", "name": "Yes", "points": 2}, {"id": "no", "name": "No", "points": 1}]
    own["criteria"][0]["name"] = "Mine"
    found = with_rubric(own, library()[0].rubric, own, replace=False)
    assert found["levels"] == own["levels"]
    assert [one["id"] for one in found["criteria"]] == ["C1", "C2", "C3", "C4"]
    copied = library()[0].rubric["criteria"][0]["descriptors"]
    assert found["criteria"][1]["descriptors"] == {"no": copied["beginning"], "yes": copied["developing"]}
