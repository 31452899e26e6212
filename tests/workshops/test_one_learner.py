"""What is written down about one learner: as what they come, that they were told of their place, that they were taken off."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from badge_service.errors import InvalidError, NotFoundError
from badge_service.people import actions as people
from badge_service.people.rules import NOBODY, Role
from badge_service.storage.tables import AuditEntry
from badge_service.workshops import actions
from badge_service.workshops.rules import LearnerRow
from badge_service.workshops.tables import Workshop

from .conftest import TODAY, World, person
from .test_joining import KEY, come


@pytest.fixture
def opened(world: World) -> Workshop:
    workshop = world.workshop()
    workshop.capacity = 2
    return actions.open_joining(world.session, world.teacher, workshop, TODAY)


def test_who_moves_up_without_an_address_is_marked_until_somebody_has_told_them(
    world: World, opened: Workshop
) -> None:
    session, teacher = world.session, world.teacher
    for name in ("Ana", "Boris", "Cvetan"):
        come(world, opened, name)
    come(world, opened, "Daria", "daria@x.example")
    for number in (1, 2):
        actions.remove(session, teacher, opened, number)
    (untold,) = actions.untold_learners(session, teacher, opened)
    assert untold.name == "Cvetan"
    for act in (actions.note_told, actions.untold_learners):
        with pytest.raises(NotFoundError):
            act(session, world.foreign_teacher, opened, *([3] if act is actions.note_told else []))
    for _ in range(2):
        actions.note_told(session, teacher, opened, untold.number)
    assert actions.untold_learners(session, teacher, opened) == []
    told = session.scalars(select(AuditEntry).where(AuditEntry.action == "workshop.told")).all()
    assert [one.details["number"] for one in told] == [untold.number]
    with pytest.raises(NotFoundError):
        actions.note_told(session, teacher, opened, 1)


def test_as_what_somebody_comes_goes_with_them_from_the_line_to_the_list(
    world: World, opened: Workshop
) -> None:
    session, teacher = world.session, world.teacher
    come(world, opened, "Ana")
    come(world, opened, "Boris", kind="professional")
    come(world, opened, "Cvetan", kind="professional")
    actions.remove(session, teacher, opened, 1)
    listed = {one.name: one.learner_kind for one in actions.learners_of(world.session, world.teacher, opened)}
    assert listed == {"Boris": "professional", "Cvetan": "professional"}
    for viewer in (NOBODY, person(session, "Learner", Role.LEARNER, world.school)):
        with pytest.raises(InvalidError) as refused:
            come(world, opened, "Daria", kind="expert", viewer=viewer)
        assert [fault.where for fault in refused.value.faults] == ["kind"]


def test_the_teacher_says_as_what_learners_come(world: World, opened: Workshop) -> None:
    session, teacher, rows = world.session, world.teacher, [LearnerRow(1, "Ana"), LearnerRow(2, "Boris")]
    actions.enrol(session, teacher, opened, rows, kind="professional")
    actions.enrol(session, teacher, opened, [*rows, LearnerRow(3, "Cvetan")])
    actions.set_kind(session, teacher, opened, 1, "student")
    kinds = [one.learner_kind for one in actions.learners_of(session, teacher, opened)]
    assert kinds == ["student", "professional", "student"]
    with pytest.raises(InvalidError):
        actions.enrol(session, teacher, opened, [LearnerRow(1, "Daria")], kind="expert")
    with pytest.raises(InvalidError):
        actions.set_kind(session, teacher, opened, 1, "x" * 9000)
    with pytest.raises(NotFoundError):
        actions.set_kind(session, world.foreign_teacher, opened, 1, "professional")
    assert len(actions.learners_of(session, teacher, opened)) == 3


def test_who_is_taken_off_the_list_before_the_workshop_leaves_no_typed_address(world: World) -> None:
    session, teacher, later = world.session, world.teacher, TODAY + timedelta(days=3)
    workshop = world.workshop(starts_on=later, ends_on=later)
    actions.open_joining(session, teacher, workshop, TODAY)
    come(world, workshop, "Ana", "ana@x.example", key=KEY % 1)
    come(world, workshop, "Boris", "boris@x.example", key=KEY % 2)
    actions.enrol(session, teacher, workshop, [LearnerRow(1, "Cvetan", "cvetan@x.example")])
    ana = actions.remove(session, teacher, workshop, 1)
    cvetan = actions.remove(session, teacher, workshop, 3)
    assert (ana.email, people.addresses(session, ana.person_id)) == (None, [])
    assert cvetan.email == "cvetan@x.example"  # the school's own list
    noted = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "workshop.remove").order_by(AuditEntry.id)
    ).all()
    assert [one.details["person"] for one in noted] == [ana.person.key, cvetan.person.key]
    workshop.activity.starts_on = TODAY
    boris = actions.remove(session, teacher, workshop, 2)
    assert boris.email == "boris@x.example"  # a badge may be on its way
