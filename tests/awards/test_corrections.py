"""A correction is a new edition at the same address: the older one is replaced, and nothing else in the badge changes."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from badge_service.awards import actions, jobs
from badge_service.awards.actions.corrections import correct_award, corrections_of
from badge_service.awards.rules import Channel, IdentityCheck
from badge_service.awards.tables import Assessment, Award
from badge_service.errors import ConflictError, InvalidError, NotAllowedError, NotFoundError
from badge_service.people import actions as people
from badge_service.people.rules import NOBODY
from badge_service.register import actions as register
from badge_service.register.rules import RevocationReason
from badge_service.register.tables import Document, Edition, StatusEntry
from badge_service.storage import outbox
from badge_service.web import mail

from .conftest import World

WHY = "I typed the wrong level."


@pytest.fixture
def token(world: World, class_of_three: list[int]) -> str:
    world.award(class_of_three[0])
    with world.database.reading() as session:
        return session.scalars(select(Award.token)).one()


def correct(world: World, token: str, viewer: str = "teacher", **wanted: Any) -> None:
    with world.database.writing() as session:
        correct_award(session, world.viewers[viewer], token, **{"reason": WHY, **wanted})
    world.sign()


def content(world: World, token: str) -> dict[str, Any]:
    with world.database.reading() as session:
        edition = register.current_edition(session, token)
        assert edition is not None
        return edition.content


def without(document: dict[str, Any], *names: str) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key not in names}


def test_a_corrected_level_is_a_new_edition_that_replaces_the_older(
    world: World, token: str, clock: Any, class_of_three: list[int]
) -> None:
    before = content(world, token)
    clock.advance(days=3)
    correct(world, token, levels={"C1": "exemplary"})
    after = content(world, token)
    first, second = before["credentialSubject"]["result"], after["credentialSubject"]["result"]
    assert [one["achievedLevel"].rsplit("-", 1)[1] for one in first] == ["proficient"] * 2 + ["exemplary"]
    assert [one["achievedLevel"].rsplit("-", 1)[1] for one in second] == [
        "exemplary",
        "proficient",
        "exemplary",
    ]
    differ = ("validFrom", "credentialStatus", "credentialSubject", "proof")
    assert without(before, *differ) == without(after, *differ)
    assert before["awardedDate"] == after["awardedDate"] and before["validFrom"] < after["validFrom"]
    with world.database.reading() as session:
        editions = session.scalars(
            select(Edition).join(Document).where(Document.token == token).order_by(Edition.number)
        ).all()
        entries = [
            session.get_one(StatusEntry, (one.status_list_id, one.status_position)) for one in editions
        ]
        mine = select(Assessment.level).where(
            Assessment.person_id == class_of_three[0], Assessment.criterion == "C1"
        )
        assert session.scalar(mine) == "exemplary", "the matrix says the same as the badge"
    assert [entry.reason for entry in entries] == [RevocationReason.REPLACED, None]


def test_the_identity_check_is_told_anew_in_the_evidence(world: World, token: str) -> None:
    correct(world, token, identity_check=IdentityCheck.DOCUMENT)
    told = content(world, token)["evidence"][0]["narrative"]
    assert "saw an identity document" in told and "known to the assessor" not in told
    with world.database.reading() as session:
        assert session.scalars(select(Award.identity_check)).one() == "document"


def test_evidence_that_was_forgotten_enters_the_badge_and_is_counted(
    world: World, token: str, tmp_path: Any
) -> None:
    assert "No evidence was attached" in content(world, token)["evidence"][0]["narrative"]
    handed_in = actions.HandedIn("Photos of the baskets", url="https://a.example/p", in_credential=True)
    with world.database.writing() as session:
        workshop, version = world.open(session)
        viewer = world.viewers["teacher"]
        actions.add_evidence(session, viewer, workshop, version, handed_in, tmp_path)
        pieces = actions.evidence_of(session, workshop, version)
        correct_award(session, viewer, token, evidence=pieces, reason=WHY)
    world.sign()
    summary, piece = content(world, token)["evidence"]
    assert "Pieces of evidence looked at: 1." in summary["narrative"]
    assert "No evidence" not in summary["narrative"]
    assert piece["id"] == "https://a.example/p"


def test_a_misspelt_name_is_corrected_in_a_badge_that_carries_it(
    world: World, token: str, clock: Any
) -> None:
    with world.database.writing() as session:
        award = session.scalars(select(Award)).one()
        code = actions.issue_code(session, award, Channel.MAIL, sent_to="petya@school.example")
    with world.database.writing() as session:
        actions.claim(session, NOBODY, code, with_name=True)
    world.sign()
    clock.advance(days=1)
    correct(world, token, name=" Petia Ivanova ")
    (holder,) = content(world, token)["credentialSubject"]["identifier"]
    assert holder["identityHash"] == "Petia Ivanova"
    with world.database.reading() as session:
        award = session.scalars(select(Award)).one()
        assert award.name_on_badge == actions.school_name(session, award) == "Petia Ivanova"


def test_without_a_name_in_the_badge_only_the_class_list_changes(world: World, token: str) -> None:
    before = content(world, token)
    correct(world, token, name="Petia Ivanova")
    assert content(world, token) == before
    with world.database.reading() as session:
        award = session.scalars(select(Award)).one()
        assert actions.school_name(session, award) == "Petia Ivanova"
        assert [one.changes for one in corrections_of(session, award)] == [["name"]]


def test_all_faults_come_at_once(world: World, token: str) -> None:
    wanted = {"levels": {"C1": "legendary", "C9": "proficient"}, "name": "x" * 300, "reason": " "}
    with pytest.raises(InvalidError) as caught:
        correct(world, token, **wanted)
    assert {fault.where for fault in caught.value.faults} == {"level:C1", "level:C9", "name", "reason"}


def test_levels_that_do_not_pass_are_left_to_a_person_who_withdraws(world: World, token: str) -> None:
    with pytest.raises(ConflictError) as caught:
        correct(world, token, levels={"C1": "developing", "C2": "developing"})
    assert caught.value.code == "correction.fails"


def test_what_differs_in_nothing_is_no_correction(world: World, token: str) -> None:
    with pytest.raises(InvalidError) as caught:
        correct(
            world,
            token,
            levels={"C1": "proficient"},
            identity_check=IdentityCheck.KNOWN,
            name="Petya Ivanova",
        )
    assert caught.value.code == "correction.nothing"


def test_strangers_learners_themselves_and_ended_badges_are_refused(
    world: World, token: str, class_of_three: list[int]
) -> None:
    with pytest.raises(NotFoundError):
        correct(world, token, viewer="other-teacher", levels={"C1": "exemplary"})
    with world.database.writing() as session:
        award = session.scalars(select(Award)).one()
        award.person_id = world.viewers["teacher"].person_id
    with pytest.raises(NotAllowedError):
        correct(world, token, levels={"C1": "exemplary"})
    with world.database.writing() as session:
        session.scalars(select(Award)).one().person_id = class_of_three[0]
        actions.revoke_award(session, world.viewers["teacher"], token, RevocationReason.MISTAKE)
    with pytest.raises(ConflictError):
        correct(world, token, levels={"C1": "exemplary"})


def mails(world: World) -> list[mail.LaidMail]:
    handlers = jobs.handlers(world.settings) | {mail.KIND: mail.deliver(world.settings)}
    while outbox.run_due(world.database, handlers):
        pass
    return list(reversed(mail.laid_mails(world.settings.mail_folder)))


def test_the_learner_is_told_what_was_corrected_and_why(world: World, token: str, clock: Any) -> None:
    correct(world, token, levels={"C1": "exemplary"})
    (_invitation,) = mails(world)
    clock.advance(hours=1)
    correct(world, token, name="Petia Ivanova", reason="Your name was misspelt.")
    _invitation, told = mails(world)
    assert told.to == "petya@school.example"
    assert told.subject.startswith("Your badge was corrected:")
    assert "What is new: how your name is written" in told.text
    assert "Why: Your name was misspelt." in told.text
    assert "/claim/" not in told.text, "the link that was mailed before still works"


def test_the_page_keeps_what_was_typed_and_shows_every_fault_at_its_place(
    world: World, app: Flask, token: str
) -> None:
    browser, teacher = app.test_client(), {"X-Person": "teacher"}
    opened = browser.get(f"/awards/{token}/correct", headers=teacher)
    assert opened.status_code == 200 and 'value="Petya Ivanova"' in opened.text
    typed = {
        "name": "",
        "level:C1": "exemplary",
        "level:C2": "nonsense",
        "identity_check": "known",
        "reason": "",
    }
    again = browser.post(f"/awards/{token}/correct", data=typed, headers=teacher)
    assert again.status_code == 422
    for where in ("name-errors", "level:C2-errors", "reason-errors"):
        assert f'id="{where}"' in again.text
    assert '<option selected value="exemplary">' in again.text
    good = typed | {"name": "Petia Ivanova", "level:C2": "proficient", "reason": "Two slips."}
    done = browser.post(f"/awards/{token}/correct", data=good, headers=teacher, follow_redirects=True)
    assert "levels, name" in done.text and "Two slips." in done.text
    nothing = browser.post(f"/awards/{token}/correct", data=good, headers=teacher)
    assert nothing.status_code == 422 and "Nothing differs" in nothing.text


def test_nobody_else_can_correct(world: World, app: Flask, token: str) -> None:
    for person in ("other-teacher", "lead"):
        answer = app.test_client().get(f"/awards/{token}/correct", headers={"X-Person": person})
        assert answer.status_code == 404


def test_the_learner_reads_on_their_badge_page_what_was_corrected(
    world: World, app: Flask, token: str
) -> None:
    with world.database.writing() as session:
        award = session.scalars(select(Award)).one()
        code = actions.issue_code(session, award, Channel.MAIL, sent_to="petya@school.example")
    with world.database.writing() as session:
        claimed = actions.claim(session, NOBODY, code, with_name=False)
        world.viewers["petya"] = people.load_viewer(session, claimed.account.person_id)
    correct(world, token, levels={"C1": "exemplary"}, reason="<b>One</b> slip.")
    shown = app.test_client().get(f"/badges/{token}", headers={"X-Person": "petya"}).text
    assert "Corrected by the school on" in shown and "&lt;b&gt;One&lt;/b&gt; slip." in shown


@pytest.mark.parametrize("no_name", ["undefined undefined", "null", "[object Object]"])
def test_what_a_programme_writes_for_nobody_is_not_corrected_into_a_name(
    world: World, token: str, no_name: str
) -> None:
    with pytest.raises(InvalidError) as refused:
        correct(world, token, name=no_name)
    assert [(fault.where, fault.code) for fault in refused.value.faults] == [("name", "placeholder")]
