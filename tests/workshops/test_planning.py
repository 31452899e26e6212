"""Planning a workshop: what may be taught, by whom, who may see it, what stays after it was held."""

from dataclasses import replace

import pytest

from badge_service.alliance import actions as alliance_actions
from badge_service.alliance.rules import PLANNERS
from badge_service.errors import InvalidError, NotFoundError
from badge_service.people.rules import NOBODY, Grant, Role, Viewer
from badge_service.workshops import actions

from .conftest import FACTS, World


def faults_of(caught: pytest.ExceptionInfo[InvalidError]) -> set[str]:
    return {fault.where for fault in caught.value.faults}


def test_a_workshop_is_an_activity_that_teaches_published_versions(world: World) -> None:
    workshop = world.workshop()
    assert workshop.activity.kind == "workshop"
    assert workshop.activity.initiator_role == "teacher"
    assert [entry.version.title for entry in workshop.versions] == ["Title of WIL-1"]
    assert [entry.person.name for entry in workshop.trainers] == ["Teacher"]
    assert actions.taught_in(world.session, workshop.activity) == [world.published]
    assert actions.taught_in_alliance(world.session, world.alliance) == [world.published]


@pytest.mark.parametrize("which", ["draft", "foreign"])
def test_drafts_and_foreign_definitions_cannot_be_taught(world: World, which: str) -> None:
    plan = world.plan(version_ids=(getattr(world, which).id,))
    with pytest.raises(InvalidError) as caught:
        actions.plan_workshop(world.session, world.teacher, world.alliance, world.school, FACTS, plan)
    assert faults_of(caught) == {"versions"}


def test_everything_wrong_with_both_sides_is_named_at_once(world: World) -> None:
    plan = world.plan(version_ids=(), trainer_ids=(world.foreign_teacher.person_id,), iteration=0, capacity=0)
    facts = replace(FACTS, title="")
    with pytest.raises(InvalidError) as caught:
        actions.plan_workshop(world.session, world.teacher, world.alliance, world.school, facts, plan)
    assert faults_of(caught) == {"title", "versions", "trainers", "iteration", "capacity"}


def test_only_those_concerned_find_a_workshop(world: World) -> None:
    workshop = world.workshop()
    token = workshop.activity.token
    assert actions.find_workshop(world.session, world.teacher, token) is workshop
    for stranger in (world.foreign_teacher, NOBODY, Viewer("key-9", 999)):
        with pytest.raises(NotFoundError):
            actions.find_workshop(world.session, stranger, token)
        assert not actions.may_teach(stranger, workshop)


def test_a_trainer_who_left_the_organisation_teaches_no_more(world: World) -> None:
    workshop = world.workshop()
    left = Viewer(world.teacher.key, world.teacher.person_id)
    assert not actions.may_teach(left, workshop)
    assert not actions.may_manage(left, workshop)
    assert actions.workshops_of(world.session, left).rows == ()
    elsewhere = replace(left, grants=world.foreign_teacher.grants)
    assert not actions.may_teach(elsewhere, workshop)
    assert actions.workshops_of(world.session, elsewhere).rows == ()


@pytest.mark.parametrize("role", PLANNERS)
def test_a_trainer_with_any_planning_role_in_the_organisation_teaches(world: World, role: Role) -> None:
    workshop = world.workshop()
    trainer = replace(world.teacher, grants=frozenset({Grant(role, world.school.id)}))
    assert actions.may_teach(trainer, workshop)


def test_an_edit_changes_both_sides(world: World) -> None:
    workshop = world.workshop()
    changed = replace(FACTS, title="Willow for beginners")
    actions.edit(world.session, world.teacher, workshop, changed, world.plan(iteration=2, capacity=None))
    assert (workshop.activity.title, workshop.iteration, workshop.capacity) == (
        "Willow for beginners",
        2,
        None,
    )
    with pytest.raises(NotFoundError):
        actions.edit(world.session, world.foreign_teacher, workshop, FACTS, world.plan())


def test_what_was_taught_stays_once_it_was_held(world: World) -> None:
    workshop = world.workshop()
    alliance_actions.mark_held(world.session, world.teacher, workshop.activity)
    world.draft.published_at, world.draft.state = world.draft.created_at, "published"
    with pytest.raises(InvalidError) as caught:
        actions.edit(world.session, world.teacher, workshop, FACTS, world.plan(version_ids=(world.draft.id,)))
    assert [fault.code for fault in caught.value.faults] == ["held"]
    both = world.plan(version_ids=(world.published.id, world.draft.id))
    actions.edit(world.session, world.teacher, workshop, FACTS, both)
    assert len(workshop.versions) == 2


def test_a_list_holds_only_ones_own_in_pages(world: World) -> None:
    for _ in range(21):
        world.workshop()
    first = actions.workshops_of(world.session, world.teacher)
    assert (first.total, len(first.rows), first.pages) == (21, 20, 2)
    assert actions.workshops_of(world.session, world.foreign_teacher).total == 0
    assert actions.workshops_of(world.session, world.teacher, past=True).total == 0
    assert len(actions.next_workshops(world.session, world.teacher)) == 3
