"""Checking in: learners say who they are without seeing a list, teachers decide, late claims award nothing."""

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import g
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import select

from badge_service.errors import ConflictError, InvalidError, NotFoundError
from badge_service.people.rules import NOBODY, Viewer
from badge_service.people.tables import Person
from badge_service.storage.session import Database, now
from badge_service.storage.tables import AuditEntry
from badge_service.web import uploads
from badge_service.web.pictures import keep_evidence
from badge_service.web.uploads import clean_files
from badge_service.workshops import actions
from badge_service.workshops.actions import check_in
from badge_service.workshops.rules import MOST_PIECES, LearnerRow, Listed, Phase, Said, phase_of, who_it_is
from badge_service.workshops.tables import Attendance, CheckInRequest, Enrolment
from tests.pdfs import PDF

from .conftest import TODAY, Site, World, add

CLASS = (
    Listed(11, 1, 1, "Maria Petrova"),
    Listed(12, 2, 2, "Maria Ivanova"),
    Listed(13, 3, 3, "Иван Петров"),
    Listed(14, 4, 4, "№ 4"),
)


@pytest.mark.parametrize(
    ("said", "number"),
    [
        (Said("maria  PETROVA"), 1),
        (Said("Petrova Maria"), 1),
        (Said("Maria"), None),
        (Said("Maria", 2), 2),
        (Said("Ivan", 2), None),
        (Said("", 4), 4),
        (Said("", 9), None),
        (Said("иван"), 3),
        (Said("Nobody"), None),
        (Said(""), None),
    ],
)
def test_a_learner_is_found_only_where_one_can_be_meant(said: Said, number: int | None) -> None:
    found = who_it_is(said, None, CLASS)
    assert (found.number if found else None) == number


@given(st.text(max_size=40), st.none() | st.integers(0, 10**9), st.integers(1, 9))
def test_a_signed_in_person_is_themself_whatever_they_type(
    name: str, number: int | None, person: int
) -> None:
    found = who_it_is(Said(name, number), person, CLASS)
    assert found is None or found.person_id == person


def test_the_door_takes_check_ins_on_its_days_and_claims_for_so_many_days_after() -> None:
    days = [date_at(0), date_at(7)]
    phases = [phase_of(days, date_at(day), 14) for day in (-1, 0, 3, 7, 8, 21, 22)]
    assert phases == [Phase.EARLY, Phase.HERE, Phase.LATE, Phase.HERE, Phase.LATE, Phase.LATE, Phase.OVER]
    assert phase_of(days, date_at(8), 0) is Phase.OVER


def date_at(day: int):
    from datetime import timedelta

    return TODAY + timedelta(days=day)


class Desk:
    """A workshop of today with three learners and an open door."""

    def __init__(self, world: World) -> None:
        self.world, self.session = world, world.session
        self.workshop = world.workshop()
        rows = [
            LearnerRow(row, name) for row, name in enumerate(("Maria Petrova", "Maria Ivanova", "Ivan"), 1)
        ]
        actions.enrol(self.session, world.teacher, self.workshop, rows)
        self.token = actions.open_door(self.session, world.teacher, self.workshop).token

    @property
    def door(self) -> actions.Door:
        return actions.find_door(self.session, self.token)

    def ask(self, name: str = "", number: int | None = None, viewer: Viewer = NOBODY) -> CheckInRequest:
        typed = "" if number is None else str(number)
        return actions.ask(self.session, viewer, self.door, Said(name, number), number_typed=typed)

    def claim(self, tmp_path: Path, **changes: object) -> CheckInRequest:
        given: dict[str, object] = {"said": Said("Ivan", None, "I wove."), "day": TODAY, "files": ()}
        given |= changes
        given["files"] = clean_files(given["files"], where="files", most=MOST_PIECES)
        return actions.claim(
            self.session, given.pop("viewer", NOBODY), given.pop("door", self.door), given.pop("said"),
            given.pop("day"), folder=tmp_path, **given,
        )  # fmt: skip

    def approve(self, chosen: dict[int, int | None]) -> list[CheckInRequest]:
        return actions.approve(self.session, self.world.teacher, self.workshop, chosen)

    def present(self) -> dict[str, bool]:
        found = actions.learners_of(self.session, self.world.teacher, self.workshop)
        return {entry.name: entry.present for entry in found}

    def mark(self, number: int, *, present: bool) -> None:
        actions.mark_presence(self.session, self.world.teacher, self.workshop, TODAY, {number: present})


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


def test_a_request_changes_nothing_before_the_teacher_says_yes(desk: Desk) -> None:
    desk.mark(1, present=False)
    asked = desk.ask("Maria Petrova")
    assert desk.present()["Maria Petrova"] is False
    assert actions.waiting_requests(desk.session, desk.workshop) == (1, 0)
    likely = actions.likely_learners(desk.session, desk.workshop, [asked])
    assert likely[asked.id].number == 1
    desk.approve({asked.id: 1})
    assert desk.present()["Maria Petrova"] is True
    mark = desk.session.scalars(select(Attendance)).one()
    assert (mark.how, mark.marked_by) == ("code", desk.world.teacher.key)
    assert desk.approve({asked.id: 2}) == []
    actions_done = set(desk.session.scalars(select(AuditEntry.action)))
    assert {"check_in.open", "check_in.approved", "workshop.presence"} <= actions_done


def test_somebody_not_listed_is_enrolled_by_the_teachers_yes(desk: Desk) -> None:
    first, second = desk.ask("Stefan Kolev"), desk.ask("", 77)
    desk.approve({first.id: None, second.id: None})
    assert desk.present()["Stefan Kolev"] is True
    assert "№ 77" in desk.present()


def test_a_signed_in_learner_is_enrolled_as_themself_and_only_once(desk: Desk) -> None:
    known = Person(key="key-Lena", name="Lena Lind", created_at=now(desk.session))
    add(desk.session, known)
    lena = Viewer(known.key, known.id, known.name)
    asked = [desk.ask(viewer=lena), desk.ask("Somebody else", 1, viewer=lena)]
    assert {one.person_id for one in asked} == {known.id}
    assert actions.likely_learners(desk.session, desk.workshop, asked) == {}
    desk.approve({one.id: None for one in asked})
    entries = desk.session.scalars(select(Enrolment).where(Enrolment.person_id == known.id)).all()
    assert [(entry.name, entry.number) for entry in entries] == [("Lena Lind", 4)]


def test_a_signed_in_learner_is_enrolled_by_the_same_rules_as_everybody(desk: Desk) -> None:
    known = Person(key="key-Lena", name="Lena Lind", created_at=now(desk.session))
    add(desk.session, known)
    viewer = Viewer(known.key, known.id, known.name)
    first = desk.ask(viewer=viewer)
    desk.approve({first.id: None})
    written = desk.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "workshop.enrol").order_by(AuditEntry.id)
    ).all()
    assert [entry.details["numbers"] for entry in written] == [[1, 2, 3], [4]]
    actions.remove(desk.session, desk.world.teacher, desk.workshop, 4)
    again = desk.ask(viewer=viewer)
    desk.workshop.activity.state = "cancelled"
    with pytest.raises(ConflictError):
        desk.approve({again.id: None})


def test_who_asked_for_a_day_that_was_moved_away_stops_nobody_else(desk: Desk, tmp_path: Path) -> None:
    moved, clear = desk.ask("Maria Petrova"), desk.ask("Ivan")
    moved.day = date_at(-7)
    desk.session.flush()
    with pytest.raises(InvalidError) as refused:
        desk.approve({moved.id: 1, clear.id: 3})
    assert [fault.where for fault in refused.value.faults] == [f"number:{moved.id}"]
    done = actions.approve_certain(desk.session, desk.world.teacher, desk.workshop)
    assert ([one.id for one in done], moved.state) == ([clear.id], "waiting")


def test_yes_to_all_takes_only_the_clear_ones(desk: Desk, tmp_path: Path) -> None:
    clear, unclear = desk.ask("Ivan"), desk.ask("Maria")
    late = desk.claim(tmp_path, said=Said("Maria Ivanova", None, "I wove."))
    done = actions.approve_certain(desk.session, desk.world.teacher, desk.workshop)
    assert [one.id for one in done] == [clear.id]
    assert {unclear.state, late.state} == {"waiting"}


def test_every_number_that_nobody_has_is_named_and_nobody_approved(desk: Desk) -> None:
    first, second, good = desk.ask("A B"), desk.ask("C D"), desk.ask("Ivan")
    with pytest.raises(InvalidError) as refused:
        desk.approve({first.id: 44, second.id: 45, good.id: 3})
    assert [fault.where for fault in refused.value.faults] == [f"number:{first.id}", f"number:{second.id}"]
    assert {one.state for one in (first, second, good)} == {"waiting"}


def test_a_refusal_needs_a_reason_and_is_forgotten_after_a_month(desk: Desk, tmp_path: Path) -> None:
    photo = io.BytesIO()
    Image.new("RGB", (40, 30), "tan").save(photo, "JPEG", exif=b"Exif\0\0secret place")
    asked = desk.claim(tmp_path, files=[photo.getvalue()])
    file = tmp_path / asked.pieces[0].token
    assert b"secret place" not in file.read_bytes()
    with pytest.raises(InvalidError):
        actions.refuse(desk.session, desk.world.teacher, desk.workshop, [asked.id], " ")
    actions.refuse(desk.session, desk.world.teacher, desk.workshop, [asked.id], "You were not there.")
    assert asked.state == "refused"
    actions.forget_request(desk.session, asked.id, tmp_path)
    actions.forget_request(desk.session, asked.id, tmp_path)
    desk.session.flush()
    assert (asked.name, asked.account, asked.number, file.exists()) == ("", "", None, False)
    assert asked.reason == "You were not there."


def test_a_late_claim_makes_present_and_nothing_else(desk: Desk, tmp_path: Path) -> None:
    desk.mark(3, present=False)
    asked = desk.claim(tmp_path)
    assert desk.present()["Ivan"] is False
    desk.approve({asked.id: 3})
    assert desk.present()["Ivan"] is True
    assert desk.session.scalars(select(Attendance.how)).one() == "late"


def test_everything_wrong_with_a_late_claim_is_said_at_once(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(InvalidError) as refused:
        desk.claim(
            tmp_path,
            said=Said("undefined", None, ""),
            day=date_at(-3),
            files=[b"", b"<svg/>", b"%PDF-1", b"x"],
        )
    places = [fault.where for fault in refused.value.faults]
    assert set(places) == {"name", "account", "day", "files"}
    assert places.count("files") == 4
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_taken_too_early_too_late_or_by_a_closed_door(desk: Desk, tmp_path: Path) -> None:
    door = desk.door
    with pytest.raises(ConflictError):
        actions.ask(desk.session, NOBODY, replace(door, phase=Phase.LATE), Said("Ivan"))
    with pytest.raises(ConflictError):
        desk.claim(tmp_path, door=replace(door, claimable=()))
    actions.close_door(desk.session, desk.world.teacher, desk.workshop)
    with pytest.raises(ConflictError):
        desk.ask("Ivan")
    assert actions.open_door(desk.session, desk.world.teacher, desk.workshop).token == desk.token
    renewed = actions.open_door(desk.session, desk.world.teacher, desk.workshop, renew=True)
    assert renewed.token != desk.token
    with pytest.raises(NotFoundError):
        actions.find_door(desk.session, desk.token)


def test_another_schools_teacher_finds_nothing(desk: Desk, tmp_path: Path) -> None:
    session, stranger, workshop = desk.session, desk.world.foreign_teacher, desk.workshop
    asked = desk.claim(tmp_path, files=[PDF])
    for attempt in (
        lambda: actions.open_door(session, stranger, workshop),
        lambda: actions.close_door(session, stranger, workshop),
        lambda: actions.set_check_in_rules(session, stranger, workshop, 3, None),
        lambda: actions.requests_of(session, stranger, workshop),
        lambda: actions.decided_requests(session, stranger, workshop),
        lambda: actions.approve(session, stranger, workshop, {asked.id: 3}),
        lambda: actions.approve_certain(session, stranger, workshop),
        lambda: actions.refuse(session, stranger, workshop, [asked.id], "No."),
        lambda: actions.find_piece(session, stranger, workshop, asked.pieces[0].token),
    ):
        with pytest.raises(NotFoundError):
            attempt()
    other = desk.world.workshop(title="Another")
    with pytest.raises(NotFoundError):
        actions.find_piece(session, desk.world.teacher, other, asked.pieces[0].token)
    assert actions.approve(session, desk.world.teacher, other, {asked.id: 3}) == []


def test_the_days_needed_are_counted_anew(desk: Desk) -> None:
    world = desk.world
    workshop = world.workshop(title="Two days", starts_on=date_at(-1))
    actions.enrol(desk.session, world.teacher, workshop, [LearnerRow(1, "Ivan")])
    actions.mark_presence(desk.session, world.teacher, workshop, date_at(-1), {1: False})
    ivan = actions.learners_of(desk.session, world.teacher, workshop)[0]
    assert ivan.present
    actions.set_check_in_rules(desk.session, world.teacher, workshop, 14, 2)
    assert not ivan.present
    with pytest.raises(InvalidError) as refused:
        actions.set_check_in_rules(desk.session, world.teacher, workshop, 1000, 3)
    assert [fault.where for fault in refused.value.faults] == ["late_days", "days_needed"]


def opened(site: Site) -> str:
    """The address of the door."""
    browser = site.be(site.world.teacher)
    browser.post(f"/workshops/{site.token}/enrol", data={"confirmed": "name,email\nMaria,\nIvan,\n"})
    browser.post(f"/workshops/{site.token}/check-in/door", data={"do": "open"})
    page = browser.get(f"/workshops/{site.token}/check-in").text
    return re.search(r"/check-in/[\w-]{22}", page)[0]


def ids(site: Site) -> list[int]:
    with site.database.reading() as session:
        return list(session.scalars(select(CheckInRequest.id).order_by(CheckInRequest.id)))


def test_who_asks_appears_by_itself_and_what_is_ticked_stays(site: Site) -> None:
    address, desk = opened(site), f"/workshops/{site.token}/check-in"
    empty = f'id="what-waits" data-refresh="{desk}"'
    assert empty in site.be(site.world.teacher).get(desk).text
    site.be(NOBODY).post(address, data={"name": "Maria"})
    page = site.be(site.world.teacher).get(desk).text
    assert empty not in page
    assert f'id="how-many-wait" data-refresh="{desk}"' in page
    site.be(site.world.teacher).post(f"{desk}/door", data={"do": "close"})
    assert "data-refresh" not in site.be(site.world.teacher).get(desk).text


def test_a_learner_without_account_says_they_are_here_and_sees_what_became_of_it(site: Site) -> None:
    address = opened(site)
    learner = site.be(NOBODY)
    page = learner.get(address).text
    assert "I am here" in page
    assert "Maria" not in page
    answer = learner.post(address, data={"name": "Maria", "number": ""})
    assert "Your teacher has it" in learner.get(answer.location).text
    [number] = ids(site)
    teacher = site.be(site.world.teacher)
    listed = teacher.get(f"/workshops/{site.token}/check-in").text
    assert f'value="{number}" checked' in listed
    teacher.post(
        f"/workshops/{site.token}/check-in",
        data={"pick": [str(number), "9" * 30], f"number:{number}": "1", "do": "approve"},
    )
    assert "You are on the list" in site.be(NOBODY).get(answer.location).text


def test_the_answer_is_the_same_for_those_who_are_enrolled_and_others(site: Site) -> None:
    address = opened(site)
    learner = site.be(NOBODY)
    pages = []
    for name in ("Maria", "Nobody at all"):
        answer = learner.post(address, data={"name": name})
        pages.append(re.sub(r"[\w-]{22}|[0-9a-f]{32}", "", learner.get(answer.location).text))
    assert pages[0] == pages[1]


def test_a_form_of_a_learner_that_arrives_twice_is_one_request(site: Site) -> None:
    address = opened(site)
    form = {"name": "Maria", "once": "0123456789abcdef" * 2}
    first, second = (site.be(NOBODY).post(address, data=form) for _ in range(2))
    assert first.location == second.location
    assert len(ids(site)) == 1


def test_a_form_that_the_closed_door_refused_is_taken_once_the_door_is_open(site: Site) -> None:
    address, form = opened(site), {"name": "Maria", "once": "0123456789abcdef" * 2}
    door = f"/workshops/{site.token}/check-in/door"
    site.be(site.world.teacher).post(door, data={"do": "close"})
    refused = site.be(NOBODY).post(address, data=form)
    assert (refused.status_code, ids(site)) == (302, [])
    late = {**form, "day": TODAY.isoformat(), "account": "I wove."}
    assert site.be(NOBODY).post(f"{address}/late", data=late).status_code == 302
    site.be(site.world.teacher).post(door, data={"do": "open"})
    assert site.be(NOBODY).post(address, data=form).location != refused.location
    site.be(NOBODY).post(f"{address}/late", data=late)
    assert len(ids(site)) == 2


def test_a_strangers_picture_is_decoded_before_anybody_is_made_to_wait(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, held = opened(site), []

    def watched(content: bytes, *, where: str) -> object:
        held.append("unit_of_work" in g)
        return keep_evidence(content, where=where)

    monkeypatch.setattr(uploads, "keep_evidence", watched)
    photo = io.BytesIO()
    Image.new("RGB", (40, 30), "tan").save(photo, "JPEG")
    sent = {"name": "Ivan", "day": TODAY.isoformat(), "account": "I wove.", "once": "0123456789abcdef" * 2}
    for _ in range(2):
        files = [(io.BytesIO(photo.getvalue()), "a.jpg"), (io.BytesIO(PDF), "b.pdf")]
        assert site.be(NOBODY).post(f"{address}/late", data={**sent, "files": files}).status_code == 302
    assert held == [False] * 4
    with site.database.reading() as session:
        [asked] = session.scalars(select(CheckInRequest)).all()
        assert {piece.media_type for piece in asked.pieces} == {"image/jpeg", "application/pdf"}


def test_only_so_many_late_claims_wait_and_what_was_typed_stays(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check_in, "MOST_CLAIMS_WAITING", 1)
    address = opened(site)
    sent = {"name": "Ivan", "day": TODAY.isoformat(), "account": "I wove a basket."}
    site.be(NOBODY).post(f"{address}/late", data=sent)
    refused = site.be(NOBODY).post(f"{address}/late", data=sent)
    assert refused.status_code == 422
    assert "Too many wait" in refused.text
    assert "I wove a basket." in refused.text
    assert site.be(NOBODY).post(address, data={"name": "Maria"}).status_code == 302
    assert len(ids(site)) == 2


@pytest.mark.parametrize(
    "typed",
    [
        {"name": "", "number": ""},
        {"name": "x" * 100_000},
        {"name": "undefined undefined"},
        {"name": "a\x01b"},
        {"number": "9" * 5000},
        {"number": "-1"},
        {"name": ["Maria", "Ivan"], "number": ["", "x"]},
    ],
)
def test_bad_words_are_named_and_kept(site: Site, typed: dict[str, object]) -> None:
    address = opened(site)
    for path in ("", "/late"):
        answer = site.be(NOBODY).post(address + path, data=typed)
        assert answer.status_code in {302, 422}
        if answer.status_code == 422:
            assert "correcting" in answer.text


def test_what_no_database_takes_is_refused(site: Site) -> None:
    assert site.be(NOBODY).post(opened(site), data={"name": "a\0b"}).status_code == 400


def test_a_late_claim_travels_with_its_file_to_the_teacher_alone(site: Site) -> None:
    address = opened(site)
    sent = {
        "name": "Ivan",
        "day": TODAY.isoformat(),
        "account": "I wove <b>a basket</b>.",
        "files": [(io.BytesIO(PDF), "../../basket.pdf")],
    }
    answer = site.be(NOBODY).post(f"{address}/late", data=sent)
    assert answer.status_code == 302, answer.text
    teacher = site.be(site.world.teacher)
    page = teacher.get(f"/workshops/{site.token}/check-in?late=1").text
    assert "I wove &lt;b&gt;a basket&lt;/b&gt;." in page
    file = re.search(rf"/workshops/{site.token}/check-in/files/[\w-]+", page)[0]
    got = teacher.get(file)
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert got.headers["Content-Security-Policy"] == "sandbox"
    assert site.be(site.world.foreign_teacher).get(file).status_code == 404


def test_a_wrong_number_keeps_what_the_teacher_typed_and_ticked(site: Site) -> None:
    address = opened(site)
    site.be(NOBODY).post(address, data={"name": "Somebody"})
    site.be(NOBODY).post(address, data={"name": "Maria"})
    first, second = ids(site)
    typed = {"pick": [first], f"number:{first}": "twelve", f"number:{second}": "1", "do": "approve"}
    answer = site.be(site.world.teacher).post(f"/workshops/{site.token}/check-in", data=typed)
    assert answer.status_code == 422
    assert 'value="twelve"' in answer.text
    assert f'value="{first}" checked' in answer.text
    assert f'value="{second}" checked' not in answer.text


def test_the_code_is_printed_in_the_language_of_the_workshop(site: Site, pdf_pages) -> None:
    address = opened(site)
    answer = site.be(site.world.teacher).get(f"/workshops/{site.token}/check-in/poster.pdf")
    [page] = pdf_pages(answer.data)
    assert address.rsplit("/", 1)[1] in page.replace("\n", "")
    assert "Willow basics" in page


def test_a_door_that_never_was_and_a_request_of_another_door_are_not_there(site: Site) -> None:
    address = opened(site)
    asked = site.be(NOBODY).post(address, data={"name": "Maria"}).location
    site.be(site.world.teacher).post(f"/workshops/{site.token}/check-in/door", data={"do": "renew"})
    for path in (address, f"{address}/late", asked, "/check-in/x"):
        assert site.be(NOBODY).get(path).status_code == 404
    assert site.be(site.world.teacher).post(
        f"/workshops/{site.token}/check-in/door", data={"do": "burn"}
    ).status_code == 404  # fmt: skip


def test_the_worker_forgets_what_was_asked_after_a_year(database: Database, tmp_path: Path, clock) -> None:
    from badge_service.settings import for_demo
    from badge_service.storage import outbox
    from badge_service.workshops import check_in_jobs

    from .conftest import make_world

    settings = for_demo(tmp_path)
    with database.writing() as session:
        Desk(make_world(session)).ask("Maria")
    clock.advance(days=366)
    assert outbox.run_due(database, check_in_jobs.handlers(settings)) == 1
    with database.reading() as session:
        row = session.scalars(select(CheckInRequest)).one()
        assert (row.name, row.state) == ("", "refused")
