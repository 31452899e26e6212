"""The mail that brings a badge is written in its learner's language, by a worker that runs without an app."""

from typing import Any

import pytest
from flask import has_app_context
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from badge_service.awards import actions, jobs
from badge_service.awards.actions.linking import first_links
from badge_service.awards.tables import Award
from badge_service.errors import NotFoundError
from badge_service.people.tables import Person
from badge_service.storage import outbox
from badge_service.storage.session import now
from badge_service.web import mail

from .conftest import World
from .test_imports import bring_in


def mails(world: World) -> dict[str, mail.LaidMail]:
    handlers = jobs.handlers(world.settings) | {mail.KIND: mail.deliver(world.settings)}
    outbox.run_due(world.database, handlers)
    outbox.run_due(world.database, handlers)
    return {one.to: one for one in mail.laid_mails(world.settings.mail_folder)}


@pytest.fixture
def awarded(world: World, class_of_three: list[int]) -> None:
    petya, _boris, maria = class_of_three
    with world.database.writing() as session:
        for person in session.scalars(select(Person).where(Person.id.in_((petya, maria)))):
            person.language = "bg" if person.id == maria else "en"
    world.award(*class_of_three)


def test_a_bulgarian_learner_gets_a_bulgarian_mail_and_an_english_one_an_english(
    world: World, awarded: None
) -> None:
    assert not has_app_context()
    sent = mails(world)
    bulgarian, english = sent["maria@school.example"], sent["petya@school.example"]
    assert "Здравейте" in bulgarian.text and "Мария Георгиева" in bulgarian.text
    assert "значка" in bulgarian.subject.casefold()
    assert "waiting for you" not in bulgarian.subject and "Look at what is in it" not in bulgarian.text
    assert english.subject.startswith("A badge is waiting for you:")
    assert "Look at what is in it, then accept or decline:" in english.text
    for one in (bulgarian, english):
        assert f"{world.settings.address}/claim/" in one.text


def test_a_learner_of_a_file_gets_the_first_link_and_one_written_to_before_a_newer_one(
    world: World, awarded: None
) -> None:
    bring_in(world, b"name,email\nAna Koleva,ana@school.example\nIvo Kolev,\n")
    first = mails(world)
    assert set(first) == {"petya@school.example", "maria@school.example", "ana@school.example"}
    assert "Hello Ana Koleva," in first["ana@school.example"].text
    with world.database.writing() as session:
        award = session.scalars(select(Award).join(Person).where(Person.name == "Petya Ivanova")).one()
        outbox.promise_all(
            session, actions.AWARD_MAIL, [{"award": award.token, "batch": ""}] * 2, due_at=now(session)
        )
    mails(world)
    laid = [one for one in mail.laid_mails(world.settings.mail_folder) if one.to == "petya@school.example"]
    codes = {one.text.split("/claim/")[1].split()[0] for one in laid}
    older = first["petya@school.example"].text.split("/claim/")[1].split()[0]
    assert len(codes) == 2, "a newer link takes the place of one that has not left yet"
    with world.database.reading() as session:
        assert len([code for code in codes - {older} if opens(session, code)]) == 1
        assert not opens(session, older)


def opens(session: Session, code: str) -> bool:
    try:
        return actions.look_at_claim(session, code).name == "Petya Ivanova"
    except NotFoundError:
        return False


def test_who_waits_for_a_first_link_is_looked_up_by_the_addresses_however_many_badges_there_are(
    world: World,
) -> None:
    asked: list[tuple[str, Any]] = []
    with world.database.writing() as session:
        connection = session.connection()

        def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
            asked.append((statement, parameters))

        event.listen(connection, "before_cursor_execute", note)
        assert first_links(session, ["an address", "another"]) == ([], ["an address", "another"])
        event.remove(connection, "before_cursor_execute", note)
        if not world.database.is_sqlite:  # it reads small tables whole unless asked not to
            session.execute(text("SET LOCAL enable_seqscan = off"))
        explain = "EXPLAIN QUERY PLAN " if world.database.is_sqlite else "EXPLAIN "
        steps = [
            " ".join(map(str, row)) for row in connection.exec_driver_sql(explain + asked[0][0], asked[0][1])
        ]
    assert any("(token=?)" in step or "(token = " in step for step in steps), steps
