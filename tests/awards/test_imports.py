"""Awards brought in from elsewhere: a draft that is read as its person says, one decision, nobody awarded twice."""

import json
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from badge_service.awards import actions as awards
from badge_service.awards.actions import imports
from badge_service.awards.jobs import handlers
from badge_service.awards.rules import IdentityCheck
from badge_service.awards.rules.imports import ImportState, Reading
from badge_service.awards.tables import Award, AwardImport, ImportRow
from badge_service.curriculum import actions as curriculum
from badge_service.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError, QuotaError
from badge_service.people import actions as people
from badge_service.people.rules import NOBODY
from badge_service.people.tables import Person
from badge_service.register import actions as register
from badge_service.register.rules import RevocationReason
from badge_service.storage import outbox
from badge_service.storage.tables import OutboxJob

from .conftest import World

FILE = b"name,email,date\nPetya Ivanova,petya@school.example,2026-10-02\nBoris Kolev,,2026-10-03\n"


def send(world: World, data: bytes = FILE, viewer: str = "teacher", name: str = "list.csv") -> str:
    with world.database.writing() as session:
        version = curriculum.find_version(session, world.slug, "1.0.0")
        return imports.start_import(session, world.viewers[viewer], version.id, name, data).token


def confirm(world: World, token: str, viewer: str = "teacher", **more: Any) -> AwardImport:
    with world.database.writing() as session:
        return imports.confirm_import(
            session, world.viewers[viewer], token, identity_check=IdentityCheck.DOCUMENT, **more
        )


def work(world: World) -> None:
    while outbox.run_due(world.database, handlers(world.settings)):
        pass
    world.sign()


def bring_in(world: World, data: bytes = FILE, **more: Any) -> str:
    token = send(world, data)
    confirm(world, token, **more)
    work(world)
    return token


def states(world: World, token: str) -> dict[str, int]:
    with world.database.reading() as session:
        found = imports.find_import(session, world.viewers["teacher"], token)
        return {state.value: count for state, count in imports.import_counts(session, found).states.items()}


def credential(world: World, name: str) -> dict[str, Any]:
    with world.database.reading() as session:
        award = session.scalars(
            select(Award).join(Person, Person.id == Award.person_id).where(Person.name == name)
        ).one()
        return dict(awards.latest_content(session, award))


def test_a_file_is_previewed_decided_and_awarded_in_the_background(world: World) -> None:
    token = send(world)
    assert states(world, token) == {"good": 2}
    with world.database.reading() as session:
        assert session.scalars(select(Award)).all() == []
    assert confirm(world, token).state == ImportState.RUNNING
    work(world)
    assert states(world, token) == {"awarded": 2}
    with world.database.reading() as session:
        found = imports.find_import(session, world.viewers["teacher"], token)
        assert (found.state, found.data) == (ImportState.DONE, None)
        assert imports.import_counts(session, found).unsigned == 0
        given = session.scalars(select(Award).order_by(Award.id)).all()
        assert {award.decided_by for award in given} == {world.viewers["teacher"].key}
        mails = session.scalars(select(OutboxJob).where(OutboxJob.kind == awards.AWARD_MAIL)).all()
        assert [job.payload["award"] for job in mails] == [given[0].token]


def test_the_badge_says_when_it_was_awarded_that_it_was_brought_in_and_that_levels_are_not_recorded(
    world: World,
) -> None:
    bring_in(world)
    document = credential(world, "Petya Ivanova")
    assert document["awardedDate"].startswith("2026-10-02")
    assert document["validFrom"].startswith("2026-11-21")
    told = document["evidence"][0]["narrative"]
    assert "Awarded on 2 October 2026 outside this service" in told
    assert "Levels were not recorded" in told
    assert "saw an identity document" in told
    assert "result" not in document["credentialSubject"]
    assert "Petya" not in json.dumps(document)


def test_levels_and_an_evidence_link_stand_in_the_badge(world: World) -> None:
    with world.database.reading() as session:
        version = curriculum.find_version(session, world.slug, "1.0.0")
        criteria = [one["id"] for one in version.content["rubric"]["criteria"]]
    heading = ",".join(["name", "evidence", *criteria])
    row = ",".join(["Ana Koleva", "https://portfolio.example/basket", *("proficient" for _ in criteria)])
    bring_in(world, f"{heading}\n{row}\n".encode())
    document = credential(world, "Ana Koleva")
    assert len(document["credentialSubject"]["result"]) == len(criteria)
    assert [one.get("id") for one in document["evidence"]][1:] == ["https://portfolio.example/basket"]
    assert "levels were taken over" in document["evidence"][0]["narrative"]


def test_the_same_file_twice_awards_nobody_twice(world: World) -> None:
    bring_in(world)
    with pytest.raises(ConflictError) as refused:
        send(world)
    assert refused.value.code == "batch_already_imported"
    token = send(world, FILE + b"Ana Koleva,ana@school.example,\n")
    assert states(world, token) == {"has_it": 2, "good": 1}
    confirm(world, token)
    work(world)
    with world.database.reading() as session:
        assert len(session.scalars(select(Award)).all()) == 3


def test_two_drafts_of_one_file_are_confirmed_once(world: World) -> None:
    first, second = send(world), send(world, viewer="admin")
    confirm(world, first)
    with pytest.raises(ConflictError):
        confirm(world, second, viewer="admin")


def test_who_stands_in_two_files_that_run_at_once_is_awarded_once(world: World) -> None:
    first, second = send(world), send(world, FILE + b"Ana Koleva,ana@school.example,\n")
    assert states(world, second) == {"good": 3}, "nobody had the badge when it was read"
    confirm(world, first)
    confirm(world, second)
    work(world)
    assert (states(world, first), states(world, second)) == ({"awarded": 2}, {"has_it": 2, "awarded": 1})
    with world.database.reading() as session:
        assert len(session.scalars(select(Award)).all()) == 3


def test_pressing_twice_is_one_decision_and_running_twice_awards_once(world: World) -> None:
    token = send(world)
    confirm(world, token)
    confirm(world, token)
    with world.database.writing() as session:
        imports.resume_import(session, world.viewers["teacher"], token)
    work(world)
    with world.database.reading() as session:
        assert len(session.scalars(select(Award)).all()) == 2


def test_who_was_awarded_in_a_workshop_is_not_awarded_again(world: World, class_of_three: list[int]) -> None:
    world.award(*class_of_three)
    token = send(world)
    assert states(world, token) == {"has_it": 1, "good": 1}


def test_a_withdrawn_badge_may_be_brought_in_anew(world: World) -> None:
    bring_in(world)
    with world.database.writing() as session:
        for award in session.scalars(select(Award)).all():
            awards.revoke_award(session, world.viewers["teacher"], award.token, RevocationReason.MISTAKE)
    assert states(world, send(world, FILE + b"\n")) == {"good": 2}


def test_bad_rows_stop_the_button_until_they_are_left_out(world: World) -> None:
    token = send(world, FILE + b"undefined undefined,x@y.example,\nMia,mia@,\nKim,,2031-01-01\n")
    with pytest.raises(InvalidError) as refused:
        confirm(world, token)
    assert {fault.code for fault in refused.value.faults} == {"rows", "placeholder", "email", "date_future"}
    confirm(world, token, leave_out=True)
    work(world)
    assert states(world, token) == {"awarded": 2, "bad": 3}


def test_days_long_ago_need_a_reason(world: World) -> None:
    token = send(world, b"name,date\nAna Koleva,2021-03-01\n")
    with pytest.raises(InvalidError) as refused:
        confirm(world, token)
    assert [fault.where for fault in refused.value.faults] == ["reason"]
    assert confirm(world, token, reason="Certificates on paper until 2025").reason


def test_a_mistyped_mailbox_is_corrected_with_one_press(world: World) -> None:
    token = send(world, b"name,email\nAna,ana@gmial.com\nIvo,ivo@gmail.com\nEva,eva@hotmail.con\n")
    with world.database.writing() as session:
        assert imports.take_suggestions(session, world.viewers["teacher"], token) == 2
    with world.database.reading() as session:
        emails = session.scalars(select(ImportRow.email).order_by(ImportRow.row)).all()
        assert emails == ["ana@gmail.com", "ivo@gmail.com", "eva@hotmail.com"]


def test_the_person_says_what_the_columns_hold(world: World) -> None:
    token = send(world, "Wie;Post\nАна Колева;ana@school.example\n".encode("cp1251"))
    teacher = world.viewers["teacher"]
    with world.database.writing() as session:
        found = imports.find_import(session, teacher, token)
        guessed = Reading.from_json(found.reading)
        assert (guessed.encoding, guessed.separator, guessed.columns) == (
            "Windows-1251",
            ";",
            ("name", "email"),
        )
        imports.change_reading(session, teacher, token, replace(guessed, columns=("", "email")))
        assert [one["code"] for one in found.faults] == ["no_name_column"]
        with pytest.raises(InvalidError):
            imports.confirm_import(session, teacher, token, identity_check=IdentityCheck.KNOWN)
        imports.change_reading(session, teacher, token, guessed)
        assert found.faults == []
        imports.change_reading(session, teacher, token, replace(guessed, encoding="Windows-1252"))
        assert imports.rows_of(session, found)[0].name != "Ана Колева"
    assert states(world, token) == {"good": 1}


def test_more_than_a_day_allows_waits_for_a_second_person(world: World) -> None:
    rows = "".join(f"Learner {number},l{number}@school.example\n" for number in range(60))
    token = send(world, f"name,email\n{rows}".encode())
    assert confirm(world, token).state == ImportState.SECOND
    work(world)
    assert states(world, token) == {"waiting": 60}
    with world.database.writing() as session:
        with pytest.raises(NotAllowedError):
            imports.confirm_as_second(session, world.viewers["teacher"], token)
        imports.confirm_as_second(session, world.viewers["admin"], token)
    work(world)
    assert states(world, token) == {"awarded": 60}


def test_a_second_person_may_refuse(world: World) -> None:
    rows = "".join(f"Learner {number}\n" for number in range(60))
    token = send(world, f"name\n{rows}".encode())
    confirm(world, token)
    with world.database.writing() as session:
        imports.refuse_as_second(session, world.viewers["admin"], token, "This is another class.")
    work(world)
    with world.database.reading() as session:
        assert session.scalars(select(Award)).all() == []


def test_more_than_an_hour_allows_is_refused(world: World) -> None:
    rows = "".join(f"Learner {number}\n" for number in range(1_001))
    with pytest.raises(QuotaError):
        confirm(world, send(world, f"name\n{rows}".encode()))


def test_others_know_nothing_of_an_import(world: World) -> None:
    token = send(world)
    with world.database.writing() as session:
        for viewer in ("other-teacher", "lead", "admin"):
            with pytest.raises(NotFoundError):
                imports.find_import(session, world.viewers[viewer], token)
        version = curriculum.find_version(session, world.slug, "1.0.0")
        with pytest.raises(NotFoundError):
            imports.start_import(session, world.viewers["other-teacher"], version.id, "x.csv", FILE)
    confirm(world, token)
    with world.database.reading() as session:
        assert imports.find_import(session, world.viewers["admin"], token)


def test_nobody_brings_in_their_own_badge(world: World) -> None:
    with world.database.writing() as session:
        people.verify_address(
            session, world.viewers["teacher"].person_id or 0, "teacher@craft-school.example"
        )
    token = bring_in(world, b"name,email\nTeodora Teacher,teacher@craft-school.example\n")
    assert states(world, token) == {"failed": 1}


def test_an_import_that_cannot_go_on_stops_and_is_resumed(world: World) -> None:
    token = send(world)
    confirm(world, token)
    with world.database.writing() as session:
        school = people.organisation_by_slug(session, "craft-school")
        issuer, school.issuer_id = school.issuer_id, None
    work(world)
    with world.database.writing() as session:
        found = imports.find_import(session, world.viewers["teacher"], token)
        assert found.state == ImportState.STOPPED and found.failure
        people.organisation_by_slug(session, "craft-school").issuer_id = issuer
        imports.resume_import(session, world.viewers["teacher"], token)
    work(world)
    assert states(world, token) == {"awarded": 2}


def test_yesterdays_drafts_are_forgotten(world: World, clock: Any) -> None:
    token = send(world)
    clock.advance(days=1, hours=1)
    send(world, FILE + b"\n")
    with world.database.reading() as session, pytest.raises(NotFoundError):
        imports.find_import(session, world.viewers["teacher"], token)
    with world.database.reading() as session:
        assert len(session.scalars(select(ImportRow)).all()) == 2


def test_a_badge_from_elsewhere_is_claimed_by_mail_and_by_card(world: World) -> None:
    bring_in(world)
    with world.database.writing() as session:
        _first, second = session.scalars(select(Award).order_by(Award.id)).all()
        card = awards.new_card(session, world.viewers["teacher"], second.token)
        assert card.first_name == "Boris"
        awards.claim(session, NOBODY, card.code, with_name=True, password="four words in a row")
        assert second.name_on_badge == "Boris Kolev"
    work(world)
    assert register.sign_intended(world.database, world.keyring) == 0
