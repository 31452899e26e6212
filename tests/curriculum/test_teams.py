"""Teams: who writes about them, who is named publicly, the skills matrix, the log that only grows, hubs."""

import threading
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from badge_service.curriculum import actions
from badge_service.curriculum.actions.frameworks import items_by_uris, load_shipped_frameworks
from badge_service.curriculum.rules.teams import (
    CapacityFacts,
    Helix,
    HubFacts,
    MemberFacts,
    TeamFacts,
    missing_helix,
)
from badge_service.curriculum.tables import CapacityEntry, DefinitionVersion, FrameworkItem
from badge_service.errors import ConflictError, InvalidError, NotFoundError
from badge_service.people.rules import Grant, Role, Viewer
from badge_service.people.tables import Person, RoleGrant
from badge_service.storage.revisions import StaleError
from badge_service.storage.session import Database, now

DAY = date(2026, 11, 20)


def member(**changes: object) -> MemberFacts:
    values = {
        "name": "Lieke Weaver",
        "organisation": "Weavers of Friesland",
        "helix": "civil_society",
        "sector": "craft",
        "since": date(2026, 1, 5),
    }
    return MemberFacts(**(values | changes))  # type: ignore[arg-type]


def capacity(**changes: object) -> CapacityFacts:
    values = {"held_on": DAY, "what": "A day with dyes", "topic": "dyes", "minutes": 360, "headcount": 9}
    return CapacityFacts(**(values | changes))  # type: ignore[arg-type]


def hub(**changes: object) -> HubFacts:
    values = {
        "name": "Dye lab Leeuwarden",
        "place": "Leeuwarden",
        "about": "",
        "machines": ("Loom",),
        "partners": (),
        "opening": "Tuesday, 9 to 17",
        "accessibility": "Step-free.",
        "language": "en",
        "spoken": ("nl", "en"),
    }
    return HubFacts(**(values | changes))  # type: ignore[arg-type]


def employ(session: Session, school: object, key: str, role: Role = Role.TEACHER) -> Person:
    person = Person(key=key, name=f"Person {key}", created_at=now(session), age_band=None, erased_at=None)
    session.add(person)
    session.flush()
    place = school.organisation.id  # type: ignore[attr-defined]
    session.add(
        RoleGrant(
            person_id=person.id,
            organisation_id=place,
            role=role.value,
            granted_at=now(session),
            granted_by=None,
        )
    )
    session.flush()
    return person


def viewer_of(person: Person) -> Viewer:
    return Viewer(key=person.key, person_id=person.id, name=person.name)


def test_a_lead_writes_about_the_teams_of_the_own_region_only(
    database: Database, school, other_school
) -> None:
    with database.writing() as session:
        assert [let.slug for let in actions.own_lets(session, school.lead)] == ["friesland"]
        with pytest.raises(NotFoundError):
            actions.find_own_let(session, school.lead, "valencia")
        with pytest.raises(NotFoundError):
            actions.add_member(session, school.lead, other_school.let, member())
        with pytest.raises(NotFoundError):
            actions.open_hub(session, school.lead, other_school.let, hub())
        with pytest.raises(NotFoundError):
            actions.log_capacity(session, school.lead, other_school.let, capacity())
        with pytest.raises(NotFoundError):
            actions.add_skill(session, school.lead, other_school.let, "Weaving")
        teacher = Viewer("t", 5, "T", grants=frozenset({Grant(Role.TEACHER, school.organisation.id)}))
        with pytest.raises(NotFoundError):
            actions.find_own_let(session, teacher, "friesland")


def test_a_partner_is_named_publicly_only_when_ticked(database: Database, school) -> None:
    with database.writing() as session:
        actions.add_member(session, school.lead, school.let, member())
        actions.add_member(session, school.lead, school.let, member(name="Shown", listed=True))
        left = member(name="Left", listed=True, until=date(2026, 2, 1))
        actions.add_member(session, school.lead, school.let, left)
        assert [one.shown_name for one in actions.public_members(session, school.let)] == ["Shown"]


def test_a_person_of_the_service_is_named_only_after_their_own_yes_and_until_they_take_it_back(
    database: Database, school
) -> None:
    with database.writing() as session:
        employ(session, school, "the lead")
        person = employ(session, school, "p-1")
        added = actions.add_member(session, school.lead, school.let, member(listed=True), person.key)
        assert (added.person_id, added.name, added.shown_name) == (person.id, "", "Person p-1")
        assert actions.public_members(session, school.let) == []
        with pytest.raises(NotFoundError):
            actions.show_own_name(session, school.lead, added.token, shown=True)
        for _ in range(2):
            actions.show_own_name(session, viewer_of(person), added.token, shown=True)
        assert [one.id for one in actions.public_members(session, school.let)] == [added.id]
        assert actions.own_memberships(session, viewer_of(person)) == [(added, True)]
        actions.show_own_name(session, viewer_of(person), added.token, shown=False)
        assert actions.public_members(session, school.let) == []
        actions.show_own_name(session, viewer_of(person), added.token, shown=True)
        actions.edit_member(session, school.lead, added, member(listed=False), added.revision)
        assert actions.public_members(session, school.let) == []


def test_only_people_who_work_in_the_own_organisation_can_be_chosen_and_nobody_twice(
    database: Database, school, other_school
) -> None:
    with database.writing() as session:
        ours = employ(session, school, "ours")
        employ(session, school, "pupil", Role.LEARNER)
        foreign = employ(session, other_school, "foreign")
        assert [one.key for one in actions.staff_to_add(session, school.lead, school.let)] == ["ours"]
        for key in ("pupil", foreign.key, "nobody"):
            with pytest.raises(NotFoundError):
                actions.add_member(session, school.lead, school.let, member(), key)
        actions.add_member(session, school.lead, school.let, member(), ours.key)
        with pytest.raises(ConflictError):
            actions.add_member(session, school.lead, school.let, member(), ours.key)


def test_everything_wrong_with_a_member_is_named_at_once(database: Database, school) -> None:
    wrong = member(name=" ", organisation="x" * 161, helix="media", sector="", since=date(2027, 1, 1))
    with database.writing() as session, pytest.raises(InvalidError) as refused:
        actions.add_member(session, school.lead, school.let, wrong)
    assert {fault.where for fault in refused.value.faults} == {
        "name",
        "organisation",
        "helix",
        "sector",
        "since",
    }


def test_the_second_of_two_who_change_a_member_is_told(database: Database, school) -> None:
    with database.writing() as session:
        added = actions.add_member(session, school.lead, school.let, member())
        actions.edit_member(session, school.lead, added, member(organisation="Museum"), 1)
        with pytest.raises(StaleError):
            actions.edit_member(session, school.lead, added, member(organisation="School"), 1)
        assert (added.organisation, added.revision) == ("Museum", 2)
        actions.edit_team(session, school.lead, school.let, TeamFacts("LET", "New words."), 1)
        with pytest.raises(StaleError):
            actions.edit_team(session, school.lead, school.let, TeamFacts("LET", "Other words."), 1)


@given(st.lists(st.sampled_from([side.value for side in Helix])))
def test_the_missing_sides_are_exactly_those_nobody_comes_from(roles: list[str]) -> None:
    assert {side.value for side in missing_helix(roles)} == {side.value for side in Helix} - set(roles)


def test_helix_counts_leave_out_who_has_left(database: Database, school) -> None:
    with database.writing() as session:
        for change in ({}, {"helix": "business"}, {"helix": "business", "until": date(2026, 3, 1)}):
            actions.add_member(session, school.lead, school.let, member(**change))
        assert actions.helix_counts(session, school.let) == {"civil_society": 1, "business": 1}


def test_the_matrix_keeps_what_others_wrote_in_other_cells(database: Database, school) -> None:
    with database.writing() as session:
        first = actions.add_member(session, school.lead, school.let, member())
        second = actions.add_member(session, school.lead, school.let, member(name="Second"))
        skill = actions.add_skill(session, school.lead, school.let, "  Firing   a kiln ")
        assert actions.add_skill(session, school.lead, school.let, "Firing a kiln").id == skill.id

        def set_levels(cells: dict[tuple[str, int], int]) -> int:
            return actions.set_levels(session, school.lead, school.let, cells)

        assert set_levels({(first.token, skill.id): 3}) == 1
        assert set_levels({(second.token, skill.id): 2}) == 1
        assert set_levels({(second.token, skill.id): 2}) == 0
        assert actions.levels_of(session, school.let) == {(first.id, skill.id): 3, (second.id, skill.id): 2}
        assert set_levels({(first.token, skill.id): 0}) == 1
        assert actions.levels_of(session, school.let) == {(second.id, skill.id): 2}
        for wrong in ({(first.token, skill.id): 5}, {("x", skill.id): 1}, {(first.token, skill.id + 1): 1}):
            with pytest.raises(InvalidError):
                set_levels(wrong)
        actions.remove_skill(session, school.lead, school.let, skill.id)
        assert actions.skills_of(session, school.let) == []


def test_the_log_refuses_to_be_rewritten(database: Database, school) -> None:
    with database.writing() as session:
        actions.log_capacity(session, school.lead, school.let, capacity())
    for statement in ("UPDATE capacity_entries SET minutes = 1", "DELETE FROM capacity_entries"):
        with pytest.raises(DatabaseError, match="only grows"), database.writing() as session:
            session.execute(text(statement))


def test_a_correction_is_a_new_entry_and_sums_count_it_alone(database: Database, school) -> None:
    with database.writing() as session:
        present = actions.add_member(session, school.lead, school.let, member())
        first = actions.log_capacity(
            session, school.lead, school.let, capacity(minutes=600, members=(present.token,))
        )
        second = actions.log_capacity(session, school.lead, school.let, capacity(), first)
        with pytest.raises(ConflictError):
            actions.log_capacity(session, school.lead, school.let, capacity(), first)
        log = actions.capacity_log(session, school.let)
        assert [one.id for one in log.rows] == [second.id, first.id]
        assert actions.corrected_among(session, log.rows) == {first.id}
        assert actions.present_at(session, log.rows) == {first.id: [present]}
        total = actions.capacity_sum(session, school.let)
        assert (total.entries, total.minutes, total.person_minutes) == (1, 360, 3240)


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"minutes": 0}, "hours"),
        ({"minutes": 10**9}, "hours"),
        ({"headcount": 0}, "headcount"),
        ({"held_on": date(2027, 1, 1)}, "held_on"),
        ({"what": "a\x00b"}, "what"),
        ({"topic": ""}, "topic"),
    ],
)
def test_a_wrong_entry_says_where(database: Database, school, changes: dict[str, object], where: str) -> None:
    with database.writing() as session, pytest.raises(InvalidError) as refused:
        actions.log_capacity(session, school.lead, school.let, capacity(**changes))
    assert [fault.where for fault in refused.value.faults] == [where]


def test_two_corrections_of_one_entry_at_once_leave_one(database: Database, school) -> None:
    with database.writing() as session:
        first = actions.log_capacity(session, school.lead, school.let, capacity())
    outcomes: list[str] = []

    def correct() -> None:
        try:
            with database.writing() as session:
                wrong = session.get_one(CapacityEntry, first.id)
                actions.log_capacity(session, school.lead, school.let, capacity(), wrong)
            outcomes.append("written")
        except ConflictError:
            outcomes.append("refused")

    threads = [threading.Thread(target=correct) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused", "written"]


def test_hubs_keep_their_address_and_say_when_they_are_closed(database: Database, school) -> None:
    with database.writing() as session:
        first = actions.open_hub(session, school.lead, school.let, hub())
        second = actions.open_hub(session, school.lead, school.let, hub())
        third = actions.open_hub(session, school.lead, school.let, hub(name="Лаборатория"))
        assert [first.slug, second.slug, third.slug] == [
            "dye-lab-leeuwarden",
            "dye-lab-leeuwarden-2",
            "friesland-hub",
        ]
        actions.edit_hub(session, school.lead, first, hub(name="Renamed"), 1)
        with pytest.raises(StaleError):
            actions.edit_hub(session, school.lead, first, hub(name="Again"), 1)
        actions.close_hub(session, school.lead, second)
        assert {one.slug for one in actions.hubs_of(session, school.let)} == {first.slug, third.slug}
        assert actions.find_hub(session, "dye-lab-leeuwarden").name == "Renamed"
        assert len(actions.hubs_of(session, school.let, closed=True)) == 3


def test_a_hub_that_says_nothing_is_refused_field_by_field(database: Database, school) -> None:
    empty = hub(name="", place="", opening="", accessibility="", language="??", machines=("x" * 161,) * 50)
    with database.writing() as session, pytest.raises(InvalidError) as refused:
        actions.open_hub(session, school.lead, school.let, empty)
    assert {fault.where for fault in refused.value.faults} == {
        "name",
        "place",
        "opening",
        "accessibility",
        "language",
        "machines",
    }


def test_climate_is_counted_by_what_published_definitions_name(
    database: Database, imported, other_school
) -> None:
    with database.writing() as session:
        load_shipped_frameworks(session)
        assert actions.climate_count(session, other_school.let) == (0, 0)
        named = {
            version.definition.slug
            for version in actions.versions_of_let(session, imported.let.id).rows
            if any(_is_about_climate(one) for one in alignments_named(session, version))
        }
        total = actions.versions_of_let(session, imported.let.id).total
        assert actions.climate_count(session, imported.let) == (len(named), total)
        assert "willow-basket" in named


def alignments_named(session: Session, version: DefinitionVersion) -> list[FrameworkItem]:
    targets = [row.target_url for row in version.named_targets]
    return list(items_by_uris(session, targets).values())


def _is_about_climate(item: FrameworkItem) -> bool:
    goal = item.code.split(".")[0]
    return item.framework.key == "greencomp" or (item.framework.key == "sdg" and goal in {"12", "13"})
