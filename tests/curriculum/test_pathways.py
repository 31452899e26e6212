"""Pathways: the rule against brute force, the form and back, drafts and frozen versions, the badge derived from the parts."""

import json
import random
import shutil
from itertools import chain, combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text, update
from sqlalchemy.exc import DatabaseError

from badge_service.curriculum import actions
from badge_service.curriculum.actions.incoming_pathways import import_pathway
from badge_service.curriculum.checking import definition_faults, pathway_faults, pathway_shape_faults
from badge_service.curriculum.rules import badge_count, codes_in, criteria_narrative, progress
from badge_service.curriculum.rules.builder import Built, Requirement, as_form, as_rule
from badge_service.curriculum.rules.diagram import diagram
from badge_service.curriculum.rules.findings import Note
from badge_service.curriculum.rules.formats import IncomingPathway
from badge_service.curriculum.rules.pathways import (
    ANY_OTHER,
    MOST_DIFFERENT,
    MOST_PLACES,
    badges_used,
    depth,
    part_codes,
    places,
    whole_numbers,
)
from badge_service.curriculum.rules.stacking import PartFacts, least_hours, reached_level, stacked_content
from badge_service.curriculum.tables import Let, PathwayVersion
from badge_service.curriculum.words.pathways import rule_words
from badge_service.errors import ConflictError, InvalidError, NotFoundError
from badge_service.people import actions as people
from badge_service.people.rules import Role
from badge_service.people.tables import Organisation
from badge_service.settings import data_path
from badge_service.storage.revisions import StaleError
from tests.effort import cpu_seconds

CODES = [f"AA-{letter}" for letter in "ABCDEF"]
URL = "http://localhost:8000"
LONG_TITLE = "A long title of a badge that is told whole in as many rows as it takes"


def rules(free: bool = True) -> st.SearchStrategy[Any]:
    """Sound rules of distinct codes, with at most one free choice."""
    leaves = st.sampled_from(CODES)

    def groups(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        listed = st.lists(inner, min_size=1, max_size=3, unique_by=str)
        every = listed.map(lambda parts: {"all_of": parts})
        some = listed.flatmap(
            lambda parts: st.integers(1, len(parts)).map(lambda need: {"at_least": need, "of": parts})
        )
        return every | some

    named = st.recursive(leaves, groups, max_leaves=6).map(lambda rule: {"all_of": [rule]})
    choice = st.integers(1, 2).map(lambda need: {"at_least": need, "of": ANY_OTHER})
    if not free:
        return named
    return named | st.tuples(named, choice).map(lambda two: {"all_of": [two[0], two[1]]})


held_sets = st.sets(st.sampled_from([*CODES, "ZZ-1", "ZZ-2", "ZZ-3"]))


def by_brute_force(rule: Any, held: frozenset[str]) -> bool:
    """Is there a split of the badges into those for the named parts and the rest for the free choice?"""
    return any(
        _holds(rule, frozenset(used), len(held) - len(used))
        for used in _subsets(held & frozenset(codes_in(rule)))
    )


def _holds(rule: Any, used: frozenset[str], rest: int) -> bool:
    if isinstance(rule, str):
        return rule in used
    if rule.get("of") == ANY_OTHER:
        return rest >= rule["at_least"]
    parts = [_holds(part, used, rest) for part in rule.get("all_of", rule.get("of"))]
    return all(parts) if "all_of" in rule else sum(parts) >= rule["at_least"]


def _subsets(codes: frozenset[str]) -> Any:
    return chain.from_iterable(combinations(sorted(codes), size) for size in range(len(codes) + 1))


@given(rules(), held_sets)
def test_a_rule_is_fulfilled_exactly_when_trying_everything_says_so(rule: Any, held: set[str]) -> None:
    assert progress(rule, held).done == by_brute_force(rule, frozenset(held))


@given(rules(), held_sets, st.sampled_from(CODES))
def test_one_more_badge_never_undoes_a_fulfilled_rule(rule: Any, held: set[str], more: str) -> None:
    if progress(rule, held).done:
        assert progress(rule, held | {more}).done


@given(rules(), held_sets)
def test_the_badges_used_fulfil_the_rule_and_none_of_them_is_too_many(rule: Any, held: set[str]) -> None:
    used = badges_used(rule, sorted(held))
    assert bool(used) == progress(rule, held).done
    for code in used:
        assert not progress(rule, set(used) - {code}).done


@given(rules(), held_sets)
def test_the_badges_counted_are_complete_exactly_when_the_rule_is(rule: Any, held: set[str]) -> None:
    found = progress(rule, held)
    have, need = badge_count(found)
    assert 0 <= have <= need
    assert (have == need) == found.done


@given(rules(), held_sets)
def test_the_form_gives_back_a_rule_that_asks_for_the_same(rule: Any, held: set[str]) -> None:
    again = as_rule(as_form(rule))
    assert pathway_faults(document(again)) == pathway_faults(document(rule))
    assert progress(again, held).done == progress(rule, held).done


@given(rules(free=False))
def test_the_level_is_the_highest_that_everybody_reaches(rule: Any) -> None:
    levels = {code: place % 4 + 1 for place, code in enumerate(CODES)}
    fulfilling = [set(one) for one in _subsets(frozenset(codes_in(rule))) if progress(rule, set(one)).done]
    assert reached_level(rule, levels) == min(max(levels[code] for code in one) for one in fulfilling)


@given(rules(free=False))
def test_the_workload_is_that_of_the_smallest_way_where_no_badge_is_named_twice(rule: Any) -> None:
    named = list(codes_in(rule))
    if len(named) != len(set(named)):
        return
    hours = {code: 3 + place * 5 for place, code in enumerate(CODES)}
    parts = {code: PartFacts({"workload_hours": workload(hours[code])}, "") for code in CODES}
    fulfilling = [set(one) for one in _subsets(frozenset(named)) if progress(rule, set(one)).done]
    assert least_hours(rule, parts, [])["total"] == min(
        sum(hours[code] for code in one) for one in fulfilling
    )


def workload(total: int) -> dict[str, float]:
    return {"total": total, "guided": total - 2, "practice": 1, "self_study": 0, "assessment": 1}


def document(rule: Any) -> dict[str, Any]:
    return {
        "code": "PATH-A",
        "version": "1.0.0",
        "title": "A",
        "description": "A.",
        "achievement_type": "MicroCredential",
        "language": "en",
        "rule": rule,
    }


def test_what_the_form_cannot_show_is_kept_as_it_is() -> None:
    deep = {"at_least": 1, "of": ["AA-A", {"all_of": ["AA-B", {"at_least": 1, "of": ["AA-C", "AA-D"]}]}]}
    rule = {"all_of": ["AA-E", deep]}
    built = as_form(rule)
    assert [one.kind for one in built.requirements] == ["all_of", "kept"]
    assert as_rule(built) == rule


def test_wrong_numbers_are_kept_and_complained_about() -> None:
    rule = as_rule(Built((Requirement("at_least", "many", ("AA-A", "AA-B")),)))
    assert as_form(rule).requirements[0].number == "many"
    assert [fault.where for fault in pathway_faults(document(rule))] == ["rule.at_least"]


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ({"at_least": 3, "of": ["AA-A", "AA-B"]}, "pathway.unreachable"),
        ({"all_of": ["AA-A", "AA-A"]}, "pathway.double"),
        (
            {"all_of": [{"at_least": 1, "of": ANY_OTHER}, {"at_least": 2, "of": ANY_OTHER}]},
            "pathway.free_choices",
        ),
        ({"all_of": []}, "minItems"),
    ],
)
def test_a_rule_that_nobody_can_fulfil_is_refused(rule: Any, code: str) -> None:
    assert code in {fault.code for fault in pathway_faults(document(rule))}


def test_a_rule_nested_without_end_is_refused_before_it_is_read() -> None:
    rule: Any = "AA-A"
    for _ in range(5_000):
        rule = {"all_of": [rule]}
    assert depth(rule) == 5_000
    assert [fault.code for fault in pathway_faults(document(rule))] == ["pathway.depth"]


@given(rules(), held_sets)
def test_the_picture_has_a_line_for_every_part_and_fits_its_width(rule: Any, held: set[str]) -> None:
    drawn = diagram(progress(rule, held), dict.fromkeys(CODES, LONG_TITLE))
    assert {line.code for line in drawn.lines if line.code} == set(codes_in(rule))
    assert all(
        len(row) <= line.letters and line.x < drawn.width for line in drawn.lines for row in line.texts
    )
    ends = [line.y + drawn.row * max(0, len(line.texts) - 1) for line in drawn.lines]
    assert all(end < line.y for end, line in zip(ends, drawn.lines[1:], strict=False))
    assert ends[-1] < drawn.height
    assert all(" ".join(line.texts) == LONG_TITLE for line in drawn.lines if line.code)


numbers = st.sampled_from([1, 2, 3, 1.0, 2.0, 1.5, 0, -1, True, None, "2", 1e300, float("inf")])
anything = st.none() | st.booleans() | st.floats(allow_nan=False) | st.integers() | st.text(max_size=4)
strange_rules = st.recursive(
    st.sampled_from([*CODES, "", ANY_OTHER, [], {}]) | anything,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.fixed_dictionaries({"all_of": st.lists(inner, max_size=3) | inner})
        | st.fixed_dictionaries({"at_least": numbers, "of": st.lists(inner, max_size=3) | st.just(ANY_OTHER)})
        | st.dictionaries(st.sampled_from(["all_of", "of", "at_least", "x"]), inner, max_size=3)
    ),
    max_leaves=10,
)


@settings(max_examples=300)
@given(strange_rules | rules(), held_sets)
def test_no_rule_of_any_shape_breaks_what_reads_it(rule: Any, held: set[str]) -> None:
    faults = pathway_faults(document(rule))
    found = progress(rule, held)
    badge_count(found)
    badges_used(rule, sorted(held))
    diagram(found, {})
    as_rule(as_form(rule))
    pathway_shape_faults(document(rule))
    if not faults:
        assert rule_words(rule, {})
        assert found.done == by_brute_force(whole_numbers(rule), frozenset(held))
        assert reached_level(rule, dict.fromkeys(CODES, 4)) in (0, 4)


@pytest.mark.parametrize("number", [1.5, "1", True, None, 1e300])
def test_a_number_that_is_no_whole_one_is_a_fault(number: Any) -> None:
    assert pathway_shape_faults(document({"at_least": number, "of": ["AA-A", "AA-B"]}))


def test_a_whole_number_written_as_a_fraction_counts_as_one() -> None:
    rule = {"all_of": [{"at_least": 1.0, "of": ["AA-A", "AA-B"]}, {"at_least": 2.0, "of": ANY_OTHER}]}
    assert pathway_faults(document(rule)) == []
    assert badge_count(progress(rule, {"AA-A", "ZZ-1"})) == (2, 3)
    assert "2 more badges" in rule_words(rule, {})
    assert [one.number for one in as_form(rule).requirements] == ["1", "2"]
    assert "1.0" not in json.dumps(whole_numbers(rule))
    unreachable = {"at_least": 3.0, "of": ["AA-A", "AA-B"]}
    assert {one.code for one in pathway_faults(document(unreachable))} == {"pathway.unreachable"}


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ({"all_of": [{"all_of": [f"AA-{n}" for n in range(12)]}] * 6}, "pathway.places"),
        ({"all_of": [{"all_of": [f"AA-{g}{n}" for n in range(9)]} for g in range(3)]}, "pathway.different"),
        ({"all_of": [{"all_of": [{"all_of": [{"all_of": [{"all_of": ["AA-A"]}]}]}]}]}, "pathway.depth"),
    ],
)
def test_a_rule_that_is_too_large_is_refused_even_as_a_draft(rule: Any, code: str) -> None:
    assert [one.code for one in pathway_faults(document(rule))] == [code]
    assert [one.code for one in pathway_shape_faults(document(rule))] == [code]


@pytest.mark.full
def test_counting_a_large_rule_takes_no_time_that_anybody_notices() -> None:
    codes = [f"AA-{number}" for number in range(MOST_DIFFERENT)]
    free = {"at_least": 20, "of": ANY_OTHER}
    stored = {"all_of": [*({"all_of": codes[:12]} for _ in range(19)), free]}
    chosen = random.Random(101)
    groups = [
        {"at_least": 1, "of": [{"all_of": chosen.sample(codes, 2)} for _ in range(3)]} for _ in range(9)
    ]
    lists = [{"at_least": 1, "of": chosen.sample(codes, 4)} for _ in range(14)]
    others = [f"ZZ-{number}" for number in range(50)]
    assert places({"all_of": [*lists, free]}) < MOST_PLACES
    assert cpu_seconds(lambda: badges_used(stored, [*codes, *others])) < 0.5
    for large in (groups, lists):
        rule = {"all_of": [*large, free]}
        assert pathway_faults(document(rule)) == []
        assert cpu_seconds(lambda rule=rule: progress(rule, frozenset(codes))) < 0.5
        assert cpu_seconds(lambda rule=rule: badges_used(rule, [*codes, *others])) < 2


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sets(st.sampled_from(CODES), min_size=2, max_size=4), min_size=1, max_size=6), st.data())
def test_badges_that_count_at_several_places_are_counted_as_trying_everything_does(
    lists: list[set[str]], data: st.DataObject
) -> None:
    groups = [{"at_least": data.draw(st.integers(1, len(one))), "of": sorted(one)} for one in lists]
    rule = {"all_of": [*groups, {"at_least": data.draw(st.integers(1, 4)), "of": ANY_OTHER}]}
    held = data.draw(held_sets)
    assert progress(rule, held).done == by_brute_force(rule, frozenset(held))


# --- with a database ---------------------------------------------------------------------------------------------


@pytest.fixture
def studio(database: Any, keyring: Any) -> Any:
    """A school with its LET lead, all definitions and pathways of the catalogue, and a lead of another school."""
    leads = {}
    with database.writing() as session:
        operator = people.add_first_operator(session, "Olga Operator", "operator@service.example")
        boss = people.load_viewer(session, operator.id)
        people.add_region(session, boss, slug="central-bulgaria", name="Central Bulgaria", country="BG")
        for slug in ("craft-school", "other-school"):
            profile = people.OrganisationProfile(slug, "school", "central-bulgaria")
            school = people.add_organisation(session, boss, slug, profile)
            person = people.add_person(session, boss, "Lena Lead", f"lead@{slug}.example")
            people.grant_role(session, boss, person, Role.LET_LEAD, school)
            leads[slug] = people.load_viewer(session, person.id)
        school = people.organisation_by_slug(session, "craft-school")
        let = actions.open_let(
            session,
            boss,
            slug="gabrovo",
            name="LET Gabrovo",
            description="Crafts",
            region_id=school.region_id,
        )
        actions.import_catalogue(
            session,
            boss,
            data_path("credentials"),
            let=let,
            organisation=school,
            public_url=URL,
            only=[
                "willow-basket",
                "plant-dyes",
                "hand-built-ceramics",
                "network-scout",
                "future-craft-maker",
            ],
        )
    return database, leads["craft-school"], leads["other-school"], school.id, let.id


def test_a_badge_is_added_to_a_published_pathway_in_a_new_draft_and_both_are_published(studio: Any) -> None:
    database, lead, other, _school, _let = studio
    with database.writing() as session:
        with pytest.raises(NotFoundError):
            actions.add_to_pathway(session, other, "future-craft-maker", "1.0.0", "ALL-NET-1", "0")
        draft = actions.add_to_pathway(session, lead, "future-craft-maker", "1.0.0", "ALL-NET-1", "0")
        assert (draft.version, draft.state) == ("1.1.0", "draft")
        assert draft.content["rule"]["all_of"][0]["of"][-1] == "ALL-NET-1"
        with pytest.raises(InvalidError) as refused:
            actions.add_to_pathway(session, lead, "future-craft-maker", "1.0.0", "ALL-NET-1", "7")
        assert {fault.code for fault in refused.value.faults} == {"pathway.double", "pathway.spot"}
        why = [Note(("rule",), editorial="The network was asked for.")]
        published = actions.publish_pathway(
            session, lead, "future-craft-maker", "1.1.0", public_url=URL, changes=why
        )
        badge = published.badge_version
        assert badge is not None and (badge.definition.code, badge.definition.slug) == (
            "PATH-MAKER",
            "future-craft-maker",
        )
        assert definition_faults(badge.content) == []
        assert badge.content["achievement_type"] == "MicroCredential"
        assert "decided by a named assessor" in criteria_narrative(badge.content)
        assert actions.find_pathway(session, "future-craft-maker").version == "1.1.0"
        assert actions.find_pathway_version(session, "future-craft-maker", "1.0.0").state == "published"
        assert [one.version for one in actions.pathways_naming(session, ["ALL-NET-1"])] == ["1.1.0"]


def test_a_draft_is_seen_by_nobody_else_and_saved_over_by_nobody(studio: Any) -> None:
    database, lead, other, school, let = studio
    with database.writing() as session:
        made = actions.create_pathway(
            session, lead, organisation_id=school, let_id=let, code="path-new", title="New path"
        )
        with pytest.raises(NotFoundError):
            actions.find_pathway(session, made.slug)
        with pytest.raises(NotFoundError):
            actions.find_own_pathway(session, other, made.slug, "1.0.0")
        saved = actions.save_pathway(
            session, lead, made.slug, "1.0.0", {**made.content, "description": "One."}, 1
        )
        assert saved.revision == 2
        with pytest.raises(StaleError):
            actions.save_pathway(
                session, lead, made.slug, "1.0.0", {**made.content, "description": "Two."}, 1
            )
        with pytest.raises(InvalidError):
            actions.create_pathway(
                session, lead, organisation_id=school, let_id=let, code="PATH-NEW", title=""
            )
        with pytest.raises(InvalidError):
            actions.create_draft(
                session, lead, organisation_id=school, let_id=let, code="PATH-NEW", title="Taken"
            )


def test_everything_that_keeps_a_pathway_from_publication_is_said_at_once(studio: Any) -> None:
    database, lead, _other, school, let = studio
    with database.writing() as session:
        made = actions.create_pathway(
            session, lead, organisation_id=school, let_id=let, code="PATH-NEW", title="New path"
        )
        rule = {"all_of": ["PATH-NEW", "NO-SUCH-1", "CRF-WIL-1"]}
        saved = actions.save_pathway(
            session, lead, made.slug, "1.0.0", {**made.content, "description": "One.", "rule": rule}, 1
        )
        with pytest.raises(InvalidError) as refused:
            actions.publish_pathway(session, lead, made.slug, "1.0.0", public_url=URL)
        assert {fault.code for fault in refused.value.faults} == {"pathway.unknown_code", "pathway.itself"}
        free = {"at_least": 2, "of": ANY_OTHER}
        actions.save_pathway(session, lead, made.slug, "1.0.0", {**saved.content, "rule": free}, 2)
        assert [one.code for one in actions.pathway_faults_of(session, saved, URL)] == [
            "pathway.nothing_named"
        ]


def test_the_badge_passes_the_eu_lint_or_is_not_published(studio: Any) -> None:
    database, lead, _other, school, let = studio
    with database.writing() as session:
        made = actions.create_pathway(
            session, lead, organisation_id=school, let_id=let, code="PATH-NEW", title="New path"
        )
        content = {
            **made.content,
            "description": "One.",
            "rule": {"all_of": ["CRF-WIL-1"]},
            "badge": {"isced_f": "9999"},
        }
        actions.save_pathway(session, lead, made.slug, "1.0.0", content, 1)
        with pytest.raises(InvalidError) as refused:
            actions.publish_pathway(session, lead, made.slug, "1.0.0", public_url=URL)
        assert [fault.where for fault in refused.value.faults] == ["badge.isced_f"]


@pytest.mark.parametrize("change", ["content = '{}'", "published_at = NULL", "version = '9.9.9'"])
def test_the_database_refuses_to_change_a_published_pathway(studio: Any, change: str) -> None:
    database = studio[0]
    with pytest.raises(DatabaseError), database.writing() as session:
        session.execute(text(f"UPDATE pathway_versions SET {change} WHERE slug = 'future-craft-maker'"))


def test_an_imported_pathway_has_whole_numbers(studio: Any) -> None:
    database, lead, _other, school, let = studio
    rule = {
        "at_least": 1.0,
        "of": ["CRF-WIL-1", {"all_of": ["CRF-DYE-1", {"at_least": 1.0, "of": ANY_OTHER}]}],
    }
    with database.writing() as session:
        incoming = IncomingPathway({**document(rule), "code": "PATH-FLOAT", "badge": {}})
        made = import_pathway(session, lead, school, let, incoming)
        assert "1.0" not in json.dumps(made.content["rule"])
        assert actions.pathway_faults_of(session, made, URL) == []
        too_much = IncomingPathway(
            {**document({"at_least": 1.5, "of": ["AA-A", "AA-B"]}), "code": "PATH-HALF"}
        )
        with pytest.raises(InvalidError):
            import_pathway(session, lead, school, let, too_much)


def test_the_badge_of_a_published_pathway_is_named_once(studio: Any) -> None:
    database, lead, *_rest = studio
    with database.writing() as session:
        actions.publish_badge_of(session, lead, "future-craft-maker", "1.0.0", public_url=URL)
        with pytest.raises(ConflictError):
            actions.publish_badge_of(session, lead, "future-craft-maker", "1.0.0", public_url=URL)
    with pytest.raises(DatabaseError), database.writing() as session:
        session.execute(update(PathwayVersion).values(badge_version_id=None))


def test_the_badge_is_no_definition_to_teach_nor_to_write_on(studio: Any) -> None:
    database, lead, *_rest = studio
    with database.writing() as session:
        badge = actions.publish_badge_of(
            session, lead, "future-craft-maker", "1.0.0", public_url=URL
        ).badge_version
        assert badge is not None
        assert "PATH-MAKER" not in {one.definition.code for one in actions.published_versions(session)}
        with pytest.raises(ConflictError):
            actions.new_version_from(session, lead, badge.id)


def test_withdrawing_a_pathway_withdraws_its_badge_for_a_reason(studio: Any) -> None:
    database, lead, *_rest = studio
    with database.writing() as session:
        actions.publish_badge_of(session, lead, "future-craft-maker", "1.0.0", public_url=URL)
        with pytest.raises(InvalidError):
            actions.withdraw_pathway(session, lead, "future-craft-maker", "1.0.0", reason=" ")
        found = actions.withdraw_pathway(
            session, lead, "future-craft-maker", "1.0.0", reason="A better one is coming."
        )
        assert found.badge_version is not None and found.badge_version.state == "withdrawn"
        with pytest.raises(NotFoundError):
            actions.find_pathway(session, "future-craft-maker")


def test_a_badge_says_only_what_everybody_who_holds_it_has_shown(studio: Any) -> None:
    database = studio[0]
    with database.reading() as session:
        found = actions.published_by_code(session, ["CRF-WIL-1", "CRF-DYE-1", "ALL-NET-1"])
        parts = {
            code: PartFacts(one.content, f"{URL}/achievements/{one.definition.slug}/1.0.0")
            for code, one in found.items()
        }
    choice = {"at_least": 1, "of": ["CRF-WIL-1", "ALL-NET-1"]}
    content = stacked_content(document({"all_of": ["CRF-DYE-1", choice]}), "path-a", parts)
    dyes = {
        one["targetUrl"]
        for outcome in parts["CRF-DYE-1"].content["learning_outcomes"]
        for one in outcome["alignments"]
    }
    assert dyes <= {one["targetUrl"] for one in content["alignments"]}
    assert content["workload_hours"]["total"] == 25 + 15
    assert [one["text"] for one in content["learning_outcomes"][:3]] == [
        one["text"] for one in parts["CRF-DYE-1"].content["learning_outcomes"]
    ]
    assert part_codes(choice) == {"CRF-WIL-1", "ALL-NET-1"}


@pytest.mark.parametrize("language", ["en", "nl", "es", "bg"])
@pytest.mark.parametrize("count", [2, 4, 12])
def test_the_name_of_a_criterion_is_never_cut(studio: Any, language: str, count: int) -> None:
    with studio[0].reading() as session:
        (found,) = actions.published_by_code(session, ["CRF-WIL-1"]).values()
    titles = [f"The long title of craft number {number}" for number in range(count)]
    parts = {
        f"CRF-NR{number}-1": PartFacts({**found.content, "title": title, "code": f"CRF-NR{number}-1"}, URL)
        for number, title in enumerate(titles)
    }
    for rule in ({"at_least": 2, "of": [*parts]}, {"all_of": [{"all_of": [*parts]}]}):
        content = stacked_content({**document(rule), "language": language}, "path-a", parts)
        (name,) = [one["name"] for one in content["rubric"]["criteria"]]
        assert len(name) <= 80 and "…" not in name
        assert str(count) in name or all(code in name or parts[code].title in name for code in parts)


def test_a_version_out_of_a_catalogue_of_files_says_where_it_came_from(studio: Any, tmp_path: Path) -> None:
    database, lead, _other, school, let = studio
    folder = shutil.copytree(data_path("credentials"), tmp_path / "credentials")
    file = folder / "future-craft-maker" / "pathway.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"version": "1.1.0", "description": "Anew."}))
    with database.writing() as session:
        actions.publish_badge_of(session, lead, "future-craft-maker", "1.0.0", public_url=URL)
        places = {
            "let": session.get_one(Let, let),
            "organisation": session.get_one(Organisation, school),
            "public_url": URL,
        }
        actions.import_catalogue(session, lead, folder, only=["future-craft-maker"], **places)
        found = actions.publish_badge_of(session, lead, "future-craft-maker", "1.1.0", public_url=URL)
        assert found.badge_version is not None
        (note,) = actions.notes_of(session, [found.badge_version])[found.badge_version.id]
        assert note.fields == ["description"]
        assert note.editorial == "Brought in from a catalogue of files as version 1.1.0."
