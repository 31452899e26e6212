"""What is kept when two people change one draft: of any two changes none is lost unseen, and only clashes are asked."""

import copy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from badge_service.curriculum.rules import blank_content, fingerprints, merged
from badge_service.curriculum.rules.merging import opened_anew
from badge_service.curriculum.rules.steps import STEPS, by_step, step_of
from badge_service.errors import Fault

FIELDS = ("title", "workload_hours", "learning_outcomes", "tags", "look")


def outcome(name: str, text: str) -> dict[str, Any]:
    return {"id": name, "kind": "skill", "text": text, "alignments": []}


texts = st.sampled_from(["", "a", "b", "c"])
rows = st.lists(st.tuples(st.sampled_from(["LO1", "LO2", "LO3", "LO4"]), texts), unique_by=lambda one: one[0])
contents = st.fixed_dictionaries(
    {
        "title": texts,
        "workload_hours": st.fixed_dictionaries({"total": st.integers(0, 3), "guided": st.integers(0, 3)}),
        "learning_outcomes": rows.map(lambda some: [outcome(*one) for one in some]),
        "tags": st.lists(texts, max_size=2),
        "look": st.one_of(
            st.none(), st.dictionaries(st.sampled_from(["shape", "motif"]), texts.filter(bool))
        ),
    }
)


@given(base=contents, mine=contents, theirs=contents)
def test_of_two_changes_none_is_lost_unseen(base: Any, mine: Any, theirs: Any) -> None:
    found = merged(theirs, mine, fingerprints(base, FIELDS), FIELDS)
    asked = {one.place.partition("#")[0] for one in found.clashes}
    for field in ("title", "tags"):
        if field in asked:
            assert mine[field] != theirs[field] and base[field] not in (mine[field], theirs[field])
        else:
            assert found.content[field] == (theirs[field] if mine[field] == base[field] else mine[field])
    clashing = {one.place for one in found.clashes}
    by_name = [
        {row["id"]: row for row in one["learning_outcomes"]} for one in (base, mine, theirs, found.content)
    ]
    for name in {*by_name[1], *by_name[2], *by_name[0]}:
        before, ours, others, kept = (some.get(name) for some in by_name)
        if f"learning_outcomes#{name}" not in clashing:
            assert kept == (others if ours == before else ours)


@given(base=contents, mine=contents)
def test_whoever_is_alone_is_never_asked(base: Any, mine: Any) -> None:
    alone = merged(base, mine, fingerprints(base, FIELDS), FIELDS)
    assert alone.clashes == ()
    for field in ("title", "workload_hours", "learning_outcomes", "tags"):
        assert alone.content[field] == mine[field]


@given(base=contents, mine=contents, theirs=contents, gives_up=st.booleans())
def test_whoever_chose_is_not_asked_again(base: Any, mine: Any, theirs: Any, gives_up: bool) -> None:
    opened = fingerprints(base, FIELDS)
    clashes = merged(theirs, mine, opened, FIELDS).clashes
    places = {one.place for one in clashes} if gives_up else set()
    after = merged(theirs, mine, opened_anew(opened, clashes), FIELDS, places)
    assert after.clashes == ()
    for one in clashes:
        if "#" not in one.place and "." not in one.place:
            assert after.content[one.place] == (one.theirs if gives_up else one.mine)


def test_an_order_that_only_one_person_changed_stands() -> None:
    base = {**blank_content(), "learning_outcomes": [outcome("LO1", "a"), outcome("LO2", "b")]}
    mine, theirs = copy.deepcopy(base), copy.deepcopy(base)
    mine["learning_outcomes"].reverse()
    theirs["learning_outcomes"].append(outcome("LO3", "c"))
    found = merged(theirs, mine, fingerprints(base, FIELDS), FIELDS)
    assert found.clashes == ()
    assert [row["id"] for row in found.content["learning_outcomes"]] == ["LO2", "LO1", "LO3"]


def test_two_orders_are_asked() -> None:
    base = {"learning_outcomes": [outcome(f"LO{number}", "a") for number in (1, 2, 3)]}
    mine = {"learning_outcomes": [base["learning_outcomes"][place] for place in (1, 0, 2)]}
    theirs = {"learning_outcomes": [base["learning_outcomes"][place] for place in (0, 2, 1)]}
    found = merged(theirs, mine, fingerprints(base, FIELDS), ["learning_outcomes"])
    assert [(one.place, one.theirs) for one in found.clashes] == [
        ("learning_outcomes#", ["LO1", "LO3", "LO2"])
    ]


def test_every_field_of_a_content_belongs_to_one_step() -> None:
    fields = [field for some in STEPS.values() for field in some]
    assert len(fields) == len(set(fields))
    assert set(blank_content()) - set(fields) == {"code", "version", "achievement_type"}


def test_a_fault_is_shown_where_it_is_put_right() -> None:
    assert step_of("rubric.criteria[0].name") == "assessment"
    unjudged = Fault("learning_outcomes[0]", "No criterion judges LO1.", "outcome.unjudged")
    assert by_step([unjudged, Fault("tags", "x")])["assessment"] == [unjudged]
