"""Recognition of prior learning: asked for or opened, a portfolio, a named assessor, levels, a badge or a reason."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from badge_service.awards import actions, jobs
from badge_service.awards.actions.cases import (
    ask_for_recognition,
    cases_of,
    find_case,
    name_assessor,
    open_case,
    own_cases,
    withdraw_case,
)
from badge_service.awards.actions.handing_in import hand_in, take_back
from badge_service.awards.actions.moving import move_learner
from badge_service.awards.actions.recognising import note_assessed, recognise, refuse
from badge_service.awards.rules import IdentityCheck
from badge_service.awards.rules.cases import BEING_LOOKED_AT
from badge_service.awards.tables import Award, RecognitionCase
from badge_service.curriculum import actions as curriculum
from badge_service.errors import ConflictError, InvalidError, NotFoundError
from badge_service.people import actions as people
from badge_service.people.rules import Role, Viewer
from badge_service.storage import outbox
from badge_service.storage.tables import AuditEntry, OutboxJob
from badge_service.web import mail

from .conftest import World

PASSING = ("proficient", "proficient", "exemplary")


@pytest.fixture
def learner_viewer(world: World) -> Viewer:
    """Somebody with an account and no role, who weaves already."""
    with world.database.writing() as session:
        person = people.add_person(session, world.viewers["operator"], "Wanda Weaver", "wanda@home.example")
        people.verify_address(session, person.id, "wanda@home.example")
        viewer = people.load_viewer(session, person.id)
    world.viewers["weaver"] = viewer
    return viewer


def open_one(world: World, name: str = "Jan Karel", email: str | None = "jan@home.example") -> str:
    with world.database.writing() as session:
        version = curriculum.find_version(session, world.slug, "1.0.0")
        return open_case(session, world.viewers["teacher"], version, name=name, email=email).token


def judge(world: World, token: str, levels: tuple[str, ...] = PASSING, viewer: str = "teacher") -> None:
    with world.database.writing() as session:
        case = find_case(session, world.viewers[viewer], token)
        cells = {(case.person_id, f"C{place}"): level for place, level in enumerate(levels, 1)}
        actions.set_levels(session, world.viewers[viewer], case, case.version, cells)
        note_assessed(session, world.viewers[viewer], case)


def attach(world: World, token: str, tmp_path: Path, in_credential: bool = False) -> None:
    with world.database.writing() as session:
        case = find_case(session, world.viewers["teacher"], token)
        piece = actions.HandedIn(
            "Twelve baskets", genre="product", text="Sold at markets.", in_credential=in_credential
        )
        actions.add_evidence(session, world.viewers["teacher"], case, case.version, piece, tmp_path)


def give(world: World, token: str, viewer: str = "teacher", *, seen: bool = True) -> str:
    with world.database.writing() as session:
        award = recognise(
            session, world.viewers[viewer], world.settings, token,
            identity_check=IdentityCheck.DOCUMENT, seen_elsewhere=seen,
        )  # fmt: skip
    world.sign()
    return award.token


def test_a_portfolio_judged_by_the_assessor_becomes_a_badge_that_says_so(
    world: World, tmp_path: Path
) -> None:
    token = open_one(world)
    attach(world, token, tmp_path, in_credential=True)
    judge(world, token)
    award_token = give(world, token)
    with world.database.reading() as session:
        award = session.scalars(select(Award).where(Award.token == award_token)).one()
        assert (award.activity_id, award.case.state, award.decided_by) == (
            None, "awarded", world.viewers["teacher"].key,
        )  # fmt: skip
        document = actions.latest_content(session, award)
        evidence = document["evidence"]
        assert evidence[0]["name"] == "Recognition of prior learning"
        assert evidence[0]["genre"] == "recognition of prior learning"
        assert "identity document" in evidence[0]["narrative"]
        assert evidence[1]["name"] == "Twelve baskets"
        assert "Jan" not in str(document)
        assert {one["achievedLevel"].rsplit("-", 1)[1] for one in document["credentialSubject"]["result"]} == {
            "proficient", "exemplary",
        }  # fmt: skip
        jobs = session.scalars(select(OutboxJob).where(OutboxJob.kind == actions.AWARD_MAIL)).all()
        assert [job.payload["award"] for job in jobs] == [award_token]
        subjects = session.scalars(
            select(AuditEntry.action).where(AuditEntry.subject == f"case:{token}")
        ).all()
        assert {"case.open", "assess", "evidence.add", "case.award"} <= set(subjects)


def test_what_is_missing_is_said_all_at_once(world: World) -> None:
    token = open_one(world)
    with pytest.raises(InvalidError) as refused:
        give(world, token)
    assert {fault.where for fault in refused.value.faults} == {"levels", "evidence"}


def test_less_evidence_than_the_definition_asks_for_needs_the_assessors_word(
    world: World, tmp_path: Path
) -> None:
    token = open_one(world)
    attach(world, token, tmp_path)
    judge(world, token)
    with pytest.raises(InvalidError) as refused:
        give(world, token, seen=False)
    assert [fault.where for fault in refused.value.faults] == ["seen"]


def test_only_the_named_assessor_judges_and_decides(world: World, tmp_path: Path) -> None:
    token = open_one(world)
    attach(world, token, tmp_path)
    with world.database.writing() as session:
        person = people.add_person(
            session, world.viewers["operator"], "Tomas Two", "two@craft-school.example"
        )
        school = people.organisation_by_slug(session, "craft-school")
        people.grant_role(session, world.viewers["operator"], person, Role.TEACHER, school)
        world.viewers["second"] = people.load_viewer(session, person.id)
    for deed in (lambda: judge(world, token, viewer="second"), lambda: give(world, token, "second")):
        with pytest.raises(NotFoundError):
            deed()
    with world.database.writing() as session:
        name_assessor(session, world.viewers["teacher"], token, world.viewers["second"].person_id)
    with pytest.raises(NotFoundError):
        judge(world, token)
    judge(world, token, viewer="second")
    assert give(world, token, "second")


def test_a_case_of_another_school_is_unknown(world: World) -> None:
    token = open_one(world)
    with world.database.reading() as session:
        for stranger in ("other-teacher", "lead", "admin"):
            with pytest.raises(NotFoundError):
                find_case(session, world.viewers[stranger], token)
        assert not cases_of(session, world.viewers["other-teacher"], BEING_LOOKED_AT).rows
        version = curriculum.find_version(session, world.slug, "1.0.0")
    with world.database.writing() as session, pytest.raises(NotFoundError):
        open_case(session, world.viewers["other-teacher"], version, name="X", email=None)


def test_an_assessor_is_a_teacher_of_the_school_and_never_the_learner(world: World) -> None:
    teacher = world.viewers["teacher"]
    with world.database.writing() as session:
        version = curriculum.find_version(session, world.slug, "1.0.0")
        own = ask_for_recognition(session, teacher, version, "I have done this for years.")
        with pytest.raises(NotFoundError):
            find_case(session, teacher, own.token)
    token = open_one(world)
    with world.database.writing() as session:
        for wrong in (world.viewers["lead"].person_id, world.viewers["other-teacher"].person_id, None):
            with pytest.raises(InvalidError):
                name_assessor(session, teacher, token, wrong)


def test_a_refusal_needs_a_reason_and_ends_the_case(world: World) -> None:
    token = open_one(world)
    with world.database.writing() as session:
        with pytest.raises(InvalidError):
            refuse(session, world.viewers["teacher"], token, "  ")
        assert refuse(session, world.viewers["teacher"], token, "Show a finished basket.").state == "refused"
        with pytest.raises(ConflictError):
            refuse(session, world.viewers["teacher"], token, "Again.")
    assert open_one(world) != token


def test_no_case_is_opened_for_what_a_programme_writes_for_nobody(world: World) -> None:
    with pytest.raises(InvalidError) as refused:
        open_one(world, "undefined undefined")
    assert [(fault.where, fault.code) for fault in refused.value.faults] == [("name", "placeholder")]


def test_the_learner_of_a_refused_case_is_told_why_by_mail(world: World, learner_viewer: Viewer) -> None:
    with world.database.writing() as session:
        version = curriculum.find_version(session, world.slug, "1.0.0")
        asked = ask_for_recognition(session, learner_viewer, version, "Ten years of willow.").token
        name_assessor(session, world.viewers["teacher"], asked, world.viewers["teacher"].person_id)
    unreached = open_one(world, "Nobody Knows", None)
    with world.database.writing() as session:
        for token in (asked, unreached):
            refuse(session, world.viewers["teacher"], token, "Show a finished basket.")
    handlers = jobs.handlers(world.settings) | {mail.KIND: mail.deliver(world.settings)}
    while outbox.run_due(world.database, handlers):
        pass
    (letter,) = mail.laid_mails(world.settings.mail_folder)
    assert letter.to == "wanda@home.example" and "Show a finished basket." in letter.text


def test_whom_a_colleague_names_as_assessor_is_told_by_mail(world: World, learner_viewer: Viewer) -> None:
    teacher = world.viewers["teacher"]
    with world.database.writing() as session:
        school = people.organisation_by_slug(session, "craft-school")
        second = people.add_person(
            session, world.viewers["operator"], "Silvia Second", "silvia@school.example"
        )
        people.verify_address(session, second.id, "silvia@school.example")
        people.grant_role(session, world.viewers["operator"], second, Role.TEACHER, school)
        version = curriculum.find_version(session, world.slug, "1.0.0")
        token = ask_for_recognition(session, learner_viewer, version, "Ten years of willow.").token
        name_assessor(session, teacher, token, teacher.person_id)
        name_assessor(session, teacher, token, second.id)
    handlers = jobs.handlers(world.settings) | {mail.KIND: mail.deliver(world.settings)}
    while outbox.run_due(world.database, handlers):
        pass
    (letter,) = mail.laid_mails(world.settings.mail_folder)
    assert letter.to == "silvia@school.example" and f"/recognition/cases/{token}" in letter.text


def test_cases_are_found_by_the_teacher_and_an_open_one_by_who_asks_again(
    world: World, learner_viewer: Viewer, app: Flask
) -> None:
    workshops = app.test_client().get("/workshops", headers={"X-Person": "teacher"})
    assert '"/recognition/cases"' in workshops.text
    ask, me = f"/recognition/ask/{world.slug}/1.0.0", {"X-Person": "weaver"}
    asked = app.test_client().post(ask, data={"statement": "I weave."}, headers=me)
    again = app.test_client().get(ask, headers=me)
    assert again.status_code == 302 and again.headers["Location"] == asked.headers["Location"]


def test_the_learner_asks_hands_in_and_takes_back(
    world: World, learner_viewer: Viewer, tmp_path: Path
) -> None:
    with world.database.writing() as session:
        version = curriculum.find_version(session, world.slug, "1.0.0")
        case = ask_for_recognition(session, learner_viewer, version, "Ten years of willow.")
        assert (case.email, case.assessor_id) == ("wanda@home.example", None)
        with pytest.raises(ConflictError):
            ask_for_recognition(session, learner_viewer, version, "Once more.")
        piece = hand_in(
            session, learner_viewer, case, version, actions.HandedIn("Fair", text="I sold."), tmp_path
        )
        assert piece.by_learner and not piece.in_credential
        with pytest.raises(NotFoundError):
            hand_in(session, world.viewers["lead"], case, version, actions.HandedIn("X", text="x"), tmp_path)
        take_back(session, learner_viewer, case, piece.token)
        assert withdraw_case(session, learner_viewer, case.token).state == "withdrawn"
        with pytest.raises(ConflictError):
            hand_in(session, learner_viewer, case, version, actions.HandedIn("Y", text="y"), tmp_path)
        assert [one.state for one in own_cases(session, learner_viewer)] == ["withdrawn"]


def test_a_badge_that_somebody_has_is_not_asked_for_again(world: World, tmp_path: Path) -> None:
    token = open_one(world)
    attach(world, token, tmp_path)
    judge(world, token)
    give(world, token)
    with world.database.writing() as session:
        case = session.scalars(select(RecognitionCase).where(RecognitionCase.token == token)).one()
        version = case.version
        with pytest.raises(ConflictError):
            ask_for_recognition(session, people.load_viewer(session, case.person_id), version, "")


def test_the_learner_claims_by_the_card_and_the_case_goes_with_them(world: World, tmp_path: Path) -> None:
    token = open_one(world, email=None)
    attach(world, token, tmp_path)
    judge(world, token)
    award_token = give(world, token)
    with world.database.writing() as session:
        card = actions.new_card(session, world.viewers["teacher"], award_token)
        assert card.first_name == "Jan"
        somebody = people.add_person(session, world.viewers["operator"], "Jan Karel", "jan@other.example")
        people.verify_address(session, somebody.id, "jan@other.example")
        assert actions.look_at_claim(session, card.code).name == "Jan Karel"
        award = session.scalars(select(Award).where(Award.token == award_token)).one()
        move_learner(session, award, somebody.id)
        assert award.case.person_id == somebody.id
        (row,) = actions.readiness_of(session, award.case, award.version)
        assert row.why == ("awarded",) and len(row.levels) == 3


class TestPages:
    """From the badge's page to the badge, as the learner and the teacher press it."""

    def test_the_whole_way(self, world: World, learner_viewer: Viewer, app: Flask) -> None:
        learner, teacher = app.test_client(), app.test_client()
        me, them = {"X-Person": "weaver"}, {"X-Person": "teacher"}
        page = learner.get(f"/achievements/{world.slug}/1.0.0", headers=me)
        assert f"/recognition/ask/{world.slug}/1.0.0" in page.text
        asked = learner.post(
            f"/recognition/ask/{world.slug}/1.0.0", data={"statement": "I weave <b>fast</b>."}, headers=me
        )
        mine = asked.headers["Location"]
        assert (
            learner.post(mine, data={"title": "", "genre": "other", "text": "kept"}, headers=me).status_code
            == 422
        )
        assert (
            learner.post(
                mine, data={"title": "My stall", "genre": "product", "text": "Forty sold."}, headers=me
            ).status_code
            == 302
        )
        listed = teacher.get("/recognition/cases", headers=them).text
        assert "Wanda Weaver" in listed
        desk = f"/recognition/cases/{mine.rsplit('/', 1)[1]}"
        shown = teacher.get(desk, headers=them).text
        assert "I weave &lt;b&gt;fast&lt;/b&gt;." in shown and "Forty sold." in shown
        assert teacher.post(f"{desk}/assessor", data={"assessor": "1e9"}, headers=them).status_code == 422
        number = str(world.viewers["teacher"].person_id)
        teacher.post(f"{desk}/assessor", data={"assessor": number}, headers=them)
        assert "To pass: every criterion at" in teacher.get(desk, headers=them).text
        levels = {f"1:C{place}": level for place, level in enumerate(PASSING, 1)}
        teacher.post(f"{desk}/levels", data=levels, headers=them)
        unseen = teacher.post(f"{desk}/award", data={"identity_check": "document"}, headers=them)
        assert unseen.status_code == 422 and '<a href="#seen">' in unseen.text
        assert 'id="seen-errors"' in unseen.text and 'value="document" checked' in unseen.text
        given = teacher.post(f"{desk}/award", data={"seen": "y", "identity_check": "known"}, headers=them)
        assert given.status_code == 302
        award_page = teacher.get(given.headers["Location"], headers=them).text
        assert "Recognition of prior learning" in award_page and "Wanda Weaver" in award_page
        assert "The badge is yours" in learner.get(mine, headers=me).text

    def test_a_stranger_and_bad_input_break_nothing(
        self, world: World, learner_viewer: Viewer, app: Flask
    ) -> None:
        client = app.test_client()
        token = open_one(world)
        for path in (f"/recognition/cases/{token}", "/recognition/cases", "/recognition/cases/new"):
            assert client.get(path, headers={"X-Person": "weaver"}).status_code == 403
        assert client.get(f"/recognition/{token}", headers={"X-Person": "weaver"}).status_code == 404
        them = {"X-Person": "teacher"}
        for words in ("x" * 100_000, "a\x00b", " "):
            body = {"refusal": words}
            assert client.post(f"/recognition/cases/{token}/refuse", data=body, headers=them).status_code in (
                400,
                422,
            )
        bad = {"version": "99999999999999999999", "name": "", "email": "no address"}
        assert client.post("/recognition/cases/new", data=bad, headers=them).status_code == 422
        hidden = bad | {"name": "\x00"}
        assert client.post("/recognition/cases/new", data=hidden, headers=them).status_code == 400
        assert (
            client.get("/recognition/cases?page=99999999999999&which=closed", headers=them).status_code == 200
        )


def test_a_learner_hands_in_to_the_workshop_until_it_is_decided(
    world: World, class_of_three: list[int], app: Flask
) -> None:
    with world.database.reading() as session:
        world.viewers["petya"] = people.load_viewer(session, class_of_three[0])
    client, me = app.test_client(), {"X-Person": "petya"}
    page = f"/workshops/{world.token}/hand-in/{world.slug}/1.0.0"
    assert page in client.get(f"/activities/{world.token}", headers=me).text
    for nobody in ("lead", "other-teacher"):
        assert client.get(page, headers={"X-Person": nobody}).status_code == 404
    sent = {"title": "My log", "genre": "log", "text": "Three baskets.", "learner": "2", "in_credential": "y"}
    assert client.post(page, data=sent, headers=me).status_code == 302
    assert "My log" in client.get(page, headers=me).text
    desk = f"/workshops/{world.token}/assess/{world.slug}/1.0.0/evidence"
    shown = client.get(desk, headers={"X-Person": "teacher"}).text
    assert "handed in by the learner" in shown and "Petya Ivanova" in shown
    with world.database.reading() as session:
        (piece,) = actions.evidence_of(session, *world.open(session))
        assert (piece.person_id, piece.in_credential, piece.by_learner) == (class_of_three[0], False, True)
    wrong = {"title": "", "genre": "x", "url": "http://plain.example"}
    assert client.post(page, data=wrong, headers=me).status_code == 422
    world.award(*class_of_three)
    assert client.post(page, data=sent, headers=me).status_code == 409
    back = client.post(f"/workshops/{world.token}/hand-in/evidence/{piece.token}/withdraw", headers=me)
    assert back.status_code == 302 and "My log" not in client.get(page, headers=me).text
