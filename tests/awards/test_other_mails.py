"""Mails that bring no badge and did not arrive: the school sees whom to tell, and each is in its reader's language."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from badge_service.awards import actions, jobs
from badge_service.awards.actions import sending
from badge_service.awards.actions.corrections import correct_award
from badge_service.awards.actions.mailing import cancel_mails_of
from badge_service.awards.rules import Channel
from badge_service.awards.tables import Award, ClaimCode
from badge_service.people.tables import Person
from badge_service.storage import outbox
from badge_service.storage.session import Database
from badge_service.storage.tables import OutboxJob
from badge_service.surveys.actions import Recipient, invite
from badge_service.surveys.tables import SurveyRun
from badge_service.web import mail
from badge_service.workshops import actions as workshops
from badge_service.workshops import jobs as workshop_jobs
from badge_service.workshops.tables import Enrolment

from .conftest import World

TEACHER = {"X-Person": "teacher"}
TROUBLES = "/awards/mail-troubles"


def deliver(world: World, *, refuse: bool) -> list[dict[str, str]]:
    """Write what was promised, and send it or have it refused for good; what each letter said."""
    letters: list[dict[str, str]] = []

    def answer(payload: Any) -> None:
        letters.append(payload[outbox.ONCE])
        if refuse:
            raise outbox.RefusedForGoodError("550", code="address")

    handlers = {**jobs.handlers(world.settings), **workshop_jobs.handlers(world.settings)}
    while outbox.run_due(world.database, {**handlers, mail.KIND: outbox.Outside(answer)}):
        pass
    return letters


def awards(world: World) -> list[Award]:
    with world.database.reading() as session:
        return list(session.scalars(select(Award).order_by(Award.id)))


def page(app: Flask, address: str = TROUBLES, who: str = "teacher") -> str:
    return app.test_client().get(address, headers={"X-Person": who}).text


@pytest.fixture
def mailed(world: World, class_of_three: list[int], clock: Any) -> list[int]:
    world.award(*class_of_three)
    clock.advance(minutes=30)
    assert len(deliver(world, refuse=False)) == 2
    return class_of_three


def test_a_correction_that_did_not_arrive_is_listed_until_the_learner_knows(
    world: World, app: Flask, mailed: list[int], clock: Any
) -> None:
    clock.advance(days=1)
    with world.database.writing() as session:
        token = session.scalars(select(Award.token).where(Award.person_id == mailed[0])).one()
        correct_award(
            session, world.viewers["teacher"], token, reason="Typed wrongly.", levels={"C1": "exemplary"}
        )
    (letter,) = deliver(world, refuse=True)
    assert letter["language"] == "en"
    shown = page(app)
    assert "Petya Ivanova" in shown and "that their badge was corrected" in shown
    assert "These learners do not know of their badge" not in shown, "she does"
    assert "1 badge has not reached" not in page(app, "/") and "Mails that did not arrive" in page(app, "/")
    assert "Petya" not in page(app, who="other-teacher")
    browser, about = app.test_client(), {"reference": f"correction:{token}"}
    stranger = browser.post(f"{TROUBLES}/settled", data=about, headers={"X-Person": "other-teacher"})
    assert stranger.status_code == 404
    browser.post(f"{TROUBLES}/settled", data=about, headers=TEACHER)
    assert "Petya" not in page(app)
    assert browser.post(f"{TROUBLES}/settled", data=about, headers=TEACHER).status_code == 404


def test_a_mail_about_a_place_speaks_the_learners_language_and_is_listed_while_they_have_it(
    world: World, app: Flask
) -> None:
    (maria,) = world.enrol(("Мария Георгиева", "maria@school.example"))
    with world.database.writing() as session:
        session.get_one(Person, maria).language = "bg"
        place = session.scalars(select(Enrolment).where(Enrolment.person_id == maria)).one()
        told = {"kind": "enrolment", "id": place.id, "news": "joined"}
        outbox.promise(session, workshops.PLACE_MAIL, told)
    (letter,) = deliver(world, refuse=True)
    assert letter["language"] == "bg" and 'lang="bg"' in mail.as_html("x", letter["text"], letter["language"])
    shown = page(app)
    assert "Мария Георгиева" in shown and "about their place in the workshop" in shown
    assert "mail did not arrive" in page(app, f"/workshops/{world.token}")
    with world.database.writing() as session:
        workshop, _version = world.open(session)
        number = session.scalars(select(Enrolment.number).where(Enrolment.person_id == maria)).one()
        workshops.remove(session, world.viewers["teacher"], workshop, number)
    assert "Мария" not in page(app)


def test_questions_that_did_not_arrive_name_nobody(world: World, app: Flask) -> None:
    learners = world.enrol(*((f"Learner {'ABCDE'[place]}", f"l{place}@school.example") for place in range(5)))
    with world.database.writing() as session:
        workshop, _version = world.open(session)
        run = SurveyRun(
            code="7K3M9PQR4VWX", organisation_id=workshop.activity.organisation_id, instrument="workshop_feedback",
            instrument_version=1, subject_kind="workshop", subject=world.token, title="Willow week", language="en",
            pairs=[], by_link=True, invited=0, opens_on=workshop.activity.ends_on, closes_on=workshop.activity.ends_on,
        )  # fmt: skip
        session.add(run)
        session.flush()
        asked = [Recipient(one, "Learner", f"l{one}@school.example", "nl") for one in learners]
        assert invite(session, world.settings, run, asked) == 5
    letters = deliver(world, refuse=True)
    assert {one["language"] for one in letters} == {"nl"}
    with world.database.reading() as session:
        kept = session.scalars(select(OutboxJob.payload).where(OutboxJob.kind == mail.KIND)).all()
    assert {one["reference"] for one in kept} == {"survey:7K3M9PQR4VWX"}
    shown = page(app)
    assert "5 learners" in shown and "that asks how it was" in shown and "Learner A" not in shown


def test_the_page_says_how_far_we_know(world: World, app: Flask) -> None:
    assert "looks to us as if it had arrived" in page(app)
    assert "have not been read here so far" in page(app)


def test_a_page_too_far_is_the_last_one(
    world: World, app: Flask, class_of_three: list[int], clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "PAGE_SIZE", 1)
    world.award(*class_of_three)
    clock.advance(minutes=30)
    deliver(world, refuse=True)
    far, last = page(app, f"{TROUBLES}?page=99"), page(app, f"{TROUBLES}?page=2")
    assert "Petya" in far and "Мария" not in far
    assert "page=98" not in far and "page=1" in far
    assert far.count("Petya") == last.count("Petya")
    assert page(app, f"{TROUBLES}?page=x").count("Мария") == 1


def test_what_is_given_up_is_so_since_then_not_in_two_hours(
    world: World, mailed: list[int], clock: Any
) -> None:
    with world.database.writing() as session:
        actions.send_again(session, world.viewers["teacher"], awards(world)[0].token)
    deliver(world, refuse=True)
    with world.database.reading() as session:
        (trouble,) = actions.mail_troubles(session, world.viewers["teacher"]).rows
    assert trouble.since == clock()


def test_a_mail_that_comes_back_after_a_card_was_made_is_no_trouble(world: World, mailed: list[int]) -> None:
    token = awards(world)[0].token
    come_back(world.database)
    with world.database.reading() as session:
        assert actions.count_mail_troubles(session, world.viewers["teacher"]) == 2
    with world.database.writing() as session:
        actions.new_card(session, world.viewers["teacher"], token)
    come_back(world.database)
    with world.database.reading() as session:
        open_links = select(ClaimCode).where(
            ClaimCode.channel == Channel.MAIL.value, ClaimCode.ended_at.is_(None)
        )
        assert len(session.scalars(open_links).all()) == 1
        assert actions.count_mail_troubles(session, world.viewers["teacher"]) == 1


def come_back(database: Database) -> None:
    """As if every mail that has left had come back."""
    with database.writing() as session:
        for job in session.scalars(select(OutboxJob).where(OutboxJob.kind == mail.KIND)):
            job.done_at, job.attempts, job.refusal = None, outbox.MOST_ATTEMPTS, "address"
            job.cancelled_at = None


def test_mails_of_many_badges_are_taken_back_in_two_statements(world: World, mailed: list[int]) -> None:
    with world.database.writing() as session:
        for place in range(40):
            mail.send(session, to="a@b.example", subject="x", text="x", reference=f"award:token{place}")
        mail.send(session, to="a@b.example", subject="x", text="x", reference="award:other")
    said: list[str] = []
    with world.database.writing() as session:
        engine = session.get_bind()
        event.listen(engine, "before_cursor_execute", lambda *given: said.append(given[2]))
        cancel_mails_of(session, [f"token{place}" for place in range(40)])
    assert len([one for one in said if one.startswith("UPDATE")]) == 2
    with world.database.reading() as session:
        waiting = session.scalars(
            select(OutboxJob.payload).where(OutboxJob.done_at.is_(None), OutboxJob.cancelled_at.is_(None))
        ).all()
    assert [one["reference"] for one in waiting] == ["award:other"]
