"""Who is told by mail that something waits for them: a second person, teachers of a case, who awarded what did not arrive."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from badge_service.awards import actions
from badge_service.awards.actions import imports
from badge_service.awards.actions.cases import ask_for_recognition, name_assessor, open_case
from badge_service.awards.actions.handing_in import hand_in, take_back
from badge_service.awards.rules import IdentityCheck
from badge_service.awards.tables import ImportRow, RecognitionCase
from badge_service.curriculum import actions as curriculum
from badge_service.people import actions as people
from badge_service.people.rules import Role
from badge_service.storage import outbox
from badge_service.storage.tables import OutboxJob
from badge_service.web import mail
from badge_service.worker import Worker

from .conftest import SLUG, World

ADMIN = "admin@craft-school.example"
FILE = b"name,email\nNoor de Vries,noor@home.example\nJan Bos,jan@home.example\n"


def news(world: World) -> list[mail.LaidMail]:
    """What was written since the last time."""
    folder = world.settings.mail_folder
    known = {one.name for one in mail.laid_mails(folder)}
    Worker(world.settings, world.database, world.keyring).run_until_quiet()
    return sorted((one for one in mail.laid_mails(folder) if one.name not in known), key=lambda one: one.to)


def day_limit(world: World, most: int) -> None:
    with world.database.writing() as session:
        actions.set_limits(session, world.viewers["admin"], "craft-school", a_day=most, an_hour=100)


def test_who_may_confirm_a_batch_is_told_and_who_decided_is_not(
    world: World, class_of_three: list[int]
) -> None:
    day_limit(world, 2)
    world.award(*class_of_three[:2])
    assert not [one for one in news(world) if "second" in one.subject]
    batch = world.award(class_of_three[2], key="two")
    (letter,) = [one for one in news(world) if "second" in one.subject]
    assert letter.to == ADMIN and f"/awards/batches/{batch}/second" in letter.text
    assert "Teodora Teacher has decided that 1 learner gets the badge" in letter.text


def test_without_an_administrator_the_teachers_are_told_never_who_decided(
    world: World, class_of_three: list[int]
) -> None:
    day_limit(world, 0)
    with world.database.writing() as session:
        school = people.organisation_by_slug(session, "craft-school")
        (admin,) = people.people_with(session, Role.ADMIN, school.id)
        people.withdraw_role(session, world.viewers["operator"], admin, Role.ADMIN, school)
        other = people.add_person(
            session, world.viewers["operator"], "Silvia Second", "silvia@school.example"
        )
        people.grant_role(session, world.viewers["operator"], other, Role.TEACHER, school)
    world.award(*class_of_three)
    assert [one.to for one in news(world)] == ["silvia@school.example"]


def start_import(world: World) -> str:
    with world.database.writing() as session:
        version = curriculum.find_version(session, SLUG, "1.0.0")
        teacher = world.viewers["teacher"]
        found = imports.start_import(session, teacher, version.id, "earlier.csv", FILE)
        return imports.confirm_import(session, teacher, found.token, identity_check=IdentityCheck.KNOWN).token


def test_a_file_that_waits_for_a_second_person_is_told_too(world: World) -> None:
    day_limit(world, 1)
    token = start_import(world)
    (letter,) = news(world)
    assert letter.to == ADMIN and f"/imports/{token}" in letter.text and "2 learners" in letter.text


@pytest.fixture
def weavers(world: World) -> list[str]:
    """Three people who ask for recognition; the names of their viewers."""
    names = ["wanda", "willem", "wilma"]
    with world.database.writing() as session:
        for name in names:
            email = f"{name}@home.example"
            person = people.add_person(session, world.viewers["operator"], name.title(), email)
            people.verify_address(session, person.id, email)
            world.viewers[name] = people.load_viewer(session, person.id)
    return names


def ask(world: World, name: str) -> str:
    with world.database.writing() as session:
        version = curriculum.find_version(session, SLUG, "1.0.0")
        return ask_for_recognition(session, world.viewers[name], version, "I weave.").token


def test_a_case_without_an_assessor_is_told_to_the_teachers_once_a_day(
    world: World, weavers: list[str], clock: Any
) -> None:
    first = ask(world, weavers[0])
    (letter,) = news(world)
    assert letter.to == "teacher@craft-school.example" and f"/recognition/cases/{first}" in letter.text
    ask(world, weavers[1])
    assert news(world) == [], "the same list shows it"
    clock.advance(days=1, minutes=1)
    third = ask(world, weavers[2])
    assert [third in one.text for one in news(world)] == [True]


def test_a_case_that_has_its_assessor_by_then_is_told_to_nobody_else(
    world: World, weavers: list[str]
) -> None:
    token = ask(world, weavers[0])
    with world.database.writing() as session:
        teacher = world.viewers["teacher"]
        name_assessor(session, teacher, token, teacher.person_id)
    assert news(world) == []


def test_a_learner_is_told_when_a_teacher_takes_their_evidence_back_but_not_of_their_own_doing(
    world: World, weavers: list[str], app: Flask, tmp_path: Path
) -> None:
    token = ask(world, weavers[0])
    me, teacher = world.viewers["wanda"], world.viewers["teacher"]
    with world.database.writing() as session:
        case = name_assessor(session, teacher, token, teacher.person_id)
        kept = [
            hand_in(
                session, me, case, case.version, actions.HandedIn(title, text="I made it."), tmp_path
            ).token
            for title in ("My first basket", "My second basket")
        ]
    news(world)
    client, them = app.test_client(), {"X-Person": "teacher"}
    page = client.get(f"/recognition/cases/{token}", headers=them).text
    assert page.count("They are told by mail that you took it back") == 2
    client.post(f"/recognition/cases/{token}/evidence/{kept[0]}/withdraw", headers=them)
    (letter,) = news(world)
    assert letter.to == "wanda@home.example" and "My first basket" in letter.subject
    with world.database.writing() as session:
        case = session.scalars(select(RecognitionCase).where(RecognitionCase.token == token)).unique().one()
        take_back(session, me, case, kept[1])
    assert news(world) == []


def lose_mails(world: World, clock: Any) -> None:
    """Let the promised mails be written, then refused for good."""
    worker = Worker(world.settings, world.database, world.keyring)

    def refuse(payload: Any) -> None:
        raise outbox.RefusedForGoodError("550", code="address")

    clock.advance(minutes=30)
    kinds = {**worker._handlers(), mail.KIND: outbox.Outside(refuse)}
    while outbox.run_due(world.database, kinds):
        pass


def test_who_awarded_is_told_once_what_did_not_arrive(
    world: World, class_of_three: list[int], clock: Any
) -> None:
    world.award(*class_of_three)
    lose_mails(world, clock)
    worker = Worker(world.settings, world.database, world.keyring)
    worker.begin_day()
    (letter,) = news(world)
    assert letter.to == "teacher@craft-school.example"
    assert "2 learners" in letter.text and "/awards/mail-troubles" in letter.text
    clock.advance(hours=15)
    worker.begin_day()
    assert news(world) == []


def test_when_who_awarded_has_left_the_administrators_are_told(
    world: World, class_of_three: list[int], clock: Any
) -> None:
    world.award(*class_of_three)
    lose_mails(world, clock)
    with world.database.writing() as session:
        school = people.organisation_by_slug(session, "craft-school")
        teacher = people.person_by_id(session, world.viewers["teacher"].person_id or 0)
        people.withdraw_role(session, world.viewers["operator"], teacher, Role.TEACHER, school)
    Worker(world.settings, world.database, world.keyring).begin_day()
    assert [one.to for one in news(world)] == [ADMIN]


def test_after_a_year_the_addresses_of_files_and_cases_go_too(
    world: World, app: Flask, clock: Any, tmp_path: Path
) -> None:
    start_import(world)
    with world.database.writing() as session:
        teacher, version = world.viewers["teacher"], curriculum.find_version(session, SLUG, "1.0.0")
        case = open_case(session, teacher, version, name="Jan Karel", email="karel@home.example")
        workshop_cells = {(case.person_id, f"C{place}"): "proficient" for place in (1, 2, 3)}
        actions.set_levels(session, teacher, case, case.version, workshop_cells)
        piece = actions.HandedIn("A talk", text="He showed it.")
        actions.add_evidence(session, teacher, case, case.version, piece, tmp_path)
        token = case.token
    page = f"/recognition/cases/{token}"
    client, them = app.test_client(), {"X-Person": "teacher"}
    assert "of your 50 badges of today are given" in client.get(page, headers=them).text
    given = client.post(f"{page}/award", data={"seen": "y"}, headers=them)
    assert given.status_code == 302
    assert len(news(world)) >= 2
    worker = Worker(world.settings, world.database, world.keyring)
    for days, kept in ((364, 3), (1, 3), (29, 3), (1, 0)):
        clock.advance(days=days)
        worker.begin_day()
        letters = news(world)
        assert (ADMIN in {one.to for one in letters}) == (days == 1 and kept == 3), days
        assert addresses(world) == kept


def addresses(world: World) -> int:
    with world.database.reading() as session:
        rows = session.scalars(select(ImportRow.email)).all()
        cases = session.scalars(select(RecognitionCase.email)).all()
        jobs = session.scalars(select(OutboxJob.payload)).all()
        assert not any("home.example" in str(one) for one in jobs), "nor in what was sent"
        return sum(one is not None for one in (*rows, *cases))


def test_an_import_says_which_mails_did_not_arrive(world: World, app: Flask, clock: Any) -> None:
    token = start_import(world)
    Worker(world.settings, world.database, world.keyring).run_once()
    lose_mails(world, clock)
    shown = app.test_client().get(f"/imports/{token}", headers={"X-Person": "teacher"}).text
    assert "2 mails could not be delivered" in shown and "/awards/mail-troubles" in shown


def test_the_page_that_asks_for_a_moment_says_what_time_it_is_there(world: World, app: Flask) -> None:
    address = "/organisations/craft-school/awarding/undo"
    shown = app.test_client().get(address, headers={"X-Person": "admin"}).text
    assert "In UTC it is 21 November 2026, 09:00 now" in shown
