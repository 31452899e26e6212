"""A key that awards in teachers' names widens no limit: its maker counts too, confirms nothing, and teachers are told."""

from typing import Any

import pytest
from sqlalchemy import select

from badge_service.awards import actions
from badge_service.awards.tables import AwardBatch
from badge_service.errors import NotAllowedError
from badge_service.people import actions as people
from badge_service.people.rules import Role
from badge_service.storage import outbox
from badge_service.storage.tables import OutboxJob
from badge_service.web import mail
from tests.awards.conftest import SLUG, World
from tests.programs.conftest import TEACHER, Program

OTHER = "lead@craft-school.example"
ORDER = {"definition": SLUG, "version": "1.0.0", "identity_check": "known", "saw_evidence": True}


@pytest.fixture(autouse=True)
def second_teacher(world: World) -> None:
    with world.database.writing() as session:
        school = people.organisation_by_slug(session, "craft-school")
        person = people.person_by_id(session, world.viewers["lead"].person_id or 0)
        people.grant_role(session, world.viewers["operator"], person, Role.TEACHER, school)
        world.viewers["second"] = people.load_viewer(session, person.id)


def award(program: Program, world: World, teacher: str, *learners: int) -> dict[str, Any]:
    body = {**ORDER, "decided_by": teacher, "learners": list(learners)}
    answer = program.post(f"/workshops/{world.token}/awards", body)
    assert answer.status_code == 202, answer.json
    return dict(answer.json)


def limit(world: World, a_day: int, an_hour: int = 1_000) -> None:
    with world.database.writing() as session:
        actions.set_limits(session, world.viewers["admin"], "craft-school", a_day=a_day, an_hour=an_hour)


def test_who_made_the_key_is_not_the_second_person_for_what_it_sent(
    program: Program, world: World, class_of_three: list[int]
) -> None:
    limit(world, 0)
    told = award(program, world, TEACHER, 1, 2, 3)
    assert told["to_confirm"] == 3
    with world.database.reading() as session:
        assert actions.batches_to_confirm(session, world.viewers["admin"]) == []
        assert len(actions.batches_to_confirm(session, world.viewers["second"])) == 1
    for viewer in ("admin", "teacher"):
        with world.database.writing() as session, pytest.raises(NotAllowedError) as raised:
            actions.confirm_items(session, world.viewers[viewer], world.settings, told["batch"], 3)
        assert raised.value.code == "four_eyes"
    with world.database.writing() as session:
        actions.confirm_items(session, world.viewers["second"], world.settings, told["batch"], 3)
        assert session.scalars(select(AwardBatch.sent_by)).one() == world.viewers["admin"].key


def test_the_days_number_of_a_key_is_not_multiplied_by_naming_another_teacher(
    program: Program, world: World, class_of_three: list[int]
) -> None:
    limit(world, 2)
    assert award(program, world, TEACHER, 1, 2)["to_confirm"] == 0
    assert award(program, world, OTHER, 3)["to_confirm"] == 1


def test_the_hours_number_of_a_key_is_not_multiplied_either(
    program: Program, world: World, class_of_three: list[int]
) -> None:
    limit(world, 50, an_hour=2)
    award(program, world, TEACHER, 1, 2)
    body = {**ORDER, "decided_by": OTHER, "learners": [3]}
    assert program.post(f"/workshops/{world.token}/awards", body).status_code == 429


def test_the_named_teacher_is_told_by_mail(program: Program, world: World, class_of_three: list[int]) -> None:
    told = award(program, world, TEACHER, 1, 2)
    with world.database.reading() as session:
        jobs = session.scalars(select(OutboxJob).where(OutboxJob.kind == mail.KIND)).all()
        letters = [job.payload[outbox.ONCE] for job in jobs]
        mails = [letter for letter in letters if letter["to"] == TEACHER]
    assert len(mails) == 1
    assert f"/awards/batches/{told['batch']}" in mails[0]["text"] and "Ada Admin" in mails[0]["text"]
