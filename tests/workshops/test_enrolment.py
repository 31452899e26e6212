"""The class list: the same person is the same enrolment, numbers last, strangers see nothing."""

import pytest
from sqlalchemy import func, select

from badge_service.alliance import actions as alliance_actions
from badge_service.errors import ConflictError, InvalidError, NotFoundError
from badge_service.people.tables import Person
from badge_service.workshops import actions
from badge_service.workshops.rules import Effect, LearnerRow, parse_learners

from .conftest import TODAY, World

LIST = "Мария Петрова <maria@school.example>\nIvan Ivanov\nАна Димитрова; ana@school.example"


def rows(text: str) -> tuple[LearnerRow, ...]:
    parsed = parse_learners(text)
    assert not parsed.faults
    return parsed.rows


def persons(world: World) -> int:
    return world.session.scalar(select(func.count()).select_from(Person)) or 0


def test_learners_get_numbers_in_the_order_of_the_list(world: World) -> None:
    workshop = world.workshop()
    actions.enrol(world.session, world.teacher, workshop, rows(LIST))
    found = actions.learners_of(world.session, world.teacher, workshop)
    assert [(entry.number, entry.name, entry.email, entry.present) for entry in found] == [
        (1, "Мария Петрова", "maria@school.example", True),
        (2, "Ivan Ivanov", None, True),
        (3, "Ана Димитрова", "ana@school.example", True),
    ]


def test_the_same_list_twice_changes_nothing(world: World) -> None:
    workshop = world.workshop()
    assert len(actions.enrol(world.session, world.teacher, workshop, rows(LIST))) == 3
    before = persons(world)
    assert actions.enrol(world.session, world.teacher, workshop, rows(LIST.upper())) == []
    assert persons(world) == before
    assert actions.learner_counts(world.session, [workshop]) == {workshop.id: 3}


def test_a_repeated_line_is_taken_once(world: World) -> None:
    workshop = world.workshop()
    preview = actions.preview_enrolment(
        world.session, world.teacher, workshop, rows("Ivan Ivanov\nivan  ivanov")
    )
    assert [(outcome.effect, outcome.other) for outcome in preview.outcomes] == [
        (Effect.NEW, None),
        (Effect.REPEATS, 1),
    ]


def test_the_preview_changes_nothing(world: World) -> None:
    workshop = world.workshop()
    before = persons(world)
    actions.preview_enrolment(world.session, world.teacher, workshop, rows(LIST))
    assert persons(world) == before
    assert actions.learners_of(world.session, world.teacher, workshop) == []


def test_an_address_can_follow_later(world: World) -> None:
    workshop = world.workshop()
    actions.enrol(world.session, world.teacher, workshop, rows("Ivan Ivanov"))
    (entry,) = actions.enrol(
        world.session, world.teacher, workshop, rows("Ivan Ivanov <ivan@school.example>")
    )
    assert (entry.number, entry.email) == (1, "ivan@school.example")
    assert len(actions.learners_of(world.session, world.teacher, workshop)) == 1


def test_another_name_with_an_enrolled_address_is_refused_and_nobody_is_enrolled(world: World) -> None:
    workshop = world.workshop()
    actions.enrol(world.session, world.teacher, workshop, rows("Maria <family@school.example>"))
    with pytest.raises(InvalidError) as caught:
        actions.enrol(world.session, world.teacher, workshop, rows("New One\nPetar <family@school.example>"))
    assert [(fault.where, fault.code) for fault in caught.value.faults] == [
        ("row 2, e-mail", "email_of_other")
    ]
    assert len(actions.learners_of(world.session, world.teacher, workshop)) == 1


def test_two_learners_of_one_name_differ_by_their_addresses(world: World) -> None:
    workshop = world.workshop()
    both = rows("Maria <m1@school.example>\nMaria <m2@school.example>")
    actions.enrol(world.session, world.teacher, workshop, both)
    assert len(actions.learners_of(world.session, world.teacher, workshop)) == 2


def test_a_removed_learner_comes_back_with_the_old_number(world: World) -> None:
    workshop = world.workshop()
    actions.enrol(world.session, world.teacher, workshop, rows("Ivan\nMaria"))
    actions.remove(world.session, world.teacher, workshop, 1)
    assert [entry.number for entry in actions.learners_of(world.session, world.teacher, workshop)] == [2]
    actions.enrol(world.session, world.teacher, workshop, rows("Petar\nIvan"))
    found = actions.learners_of(world.session, world.teacher, workshop)
    assert [(entry.number, entry.name) for entry in found] == [(1, "Ivan"), (2, "Maria"), (3, "Petar")]


def test_learners_may_be_numbers_only(world: World) -> None:
    workshop = world.workshop()
    actions.enrol(world.session, world.teacher, workshop, rows("7\n12"))
    found = actions.learners_of(world.session, world.teacher, workshop)
    assert [(entry.number, entry.name) for entry in found] == [(7, "№ 7"), (12, "№ 12")]


def test_all_were_there_but_these(world: World) -> None:
    workshop = world.workshop()
    actions.enrol(world.session, world.teacher, workshop, rows("Ivan\nMaria\nPetar"))
    marks = {1: True, 2: False, 3: True}
    assert actions.mark_presence(world.session, world.teacher, workshop, TODAY, marks) == 1
    assert actions.mark_presence(world.session, world.teacher, workshop, TODAY, marks) == 0
    found = actions.learners_of(world.session, world.teacher, workshop)
    assert [entry.present for entry in found] == [True, False, True]


def test_a_foreign_teacher_neither_sees_nor_changes_a_class_list(world: World) -> None:
    workshop = world.workshop()
    actions.enrol(world.session, world.teacher, workshop, rows("Ivan"))
    stranger = world.foreign_teacher
    for act in (
        lambda: actions.learners_of(world.session, stranger, workshop),
        lambda: actions.preview_enrolment(world.session, stranger, workshop, []),
        lambda: actions.enrol(world.session, stranger, workshop, []),
        lambda: actions.remove(world.session, stranger, workshop, 1),
        lambda: actions.mark_presence(world.session, stranger, workshop, TODAY, {}),
    ):
        with pytest.raises(NotFoundError):
            act()


def test_nobody_is_enrolled_in_a_cancelled_workshop(world: World) -> None:
    workshop = world.workshop()
    alliance_actions.cancel(world.session, world.teacher, workshop.activity)
    with pytest.raises(ConflictError):
        actions.enrol(world.session, world.teacher, workshop, rows("Ivan"))


def test_an_unknown_number_cannot_be_removed(world: World) -> None:
    with pytest.raises(NotFoundError):
        actions.remove(world.session, world.teacher, world.workshop(), 5)
