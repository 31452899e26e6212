"""The pages of joining: public ones that list nobody, the teacher's with link, printed code and line."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, insert

from badge_service.people.rules import NOBODY, Role
from badge_service.people.tables import Person
from badge_service.settings import for_demo
from badge_service.storage import outbox
from badge_service.storage.session import now
from badge_service.web import mail
from badge_service.web.surroundings import use_surroundings
from badge_service.workshops import actions, jobs
from badge_service.workshops.tables import Enrolment

from .conftest import TODAY, Site, person


@pytest.fixture
def home(site: Site, tmp_path: Path) -> Site:
    use_surroundings(site.app, for_demo(tmp_path), None)  # type: ignore[arg-type]
    return site


def opened(site: Site, capacity: int | None = 2) -> str:
    """The public address of the workshop, open today."""
    with site.database.writing() as session:
        workshop = actions.find_workshop(session, site.world.teacher, site.token)
        workshop.capacity = capacity
        actions.open_joining(session, site.world.teacher, workshop, TODAY)
        return f"/workshops/{workshop.join_token}/join"


def key_in(page: str) -> str:
    found = re.search(r'name="key"[^>]*value="([^"]+)"', page)
    assert found
    return found[1]


def come(browser: FlaskClient, address: str, name: str, **more: object) -> str:
    sent = {"name": name, "key": key_in(browser.get(address).text), **more}
    answer = browser.post(address, data=sent, follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


def test_a_stranger_joins_and_the_teacher_sees_how(home: Site) -> None:
    address = opened(home)
    browser = home.be(NOBODY)
    page = browser.get(address)
    assert "noindex" in page.text
    assert "Title of WIL-1" in page.text
    assert "You are on the list" in come(browser, address, "Мария")
    assert "You are on the list" in come(browser, address, "7", email="ivan@x.example")
    assert "You wait in line" in come(browser, address, "Petar")
    shown = home.be(home.world.teacher).get(f"/workshops/{home.token}").text
    assert "1. Мария" in shown
    assert "№ 7" in shown
    assert "by link" in shown
    assert "1 waits" in shown
    assert "1. Petar" in home.be(home.world.teacher).get(f"/workshops/{home.token}/joining").text


def test_each_kind_of_learner_is_told_why_and_the_list_knows_them(home: Site) -> None:
    address = opened(home)
    page = home.be(NOBODY).get(address).text
    assert "Teaching is your school" in page and "Nobody tells your employer" in page
    assert re.search(r'value="student" checked', page)
    come(home.be(NOBODY), address, "Maria", kind="professional")
    wrong = home.be(NOBODY).post(address, data={"name": "Ivan", "kind": "x" * 9000})
    assert wrong.status_code == 422 and 'href="#kind"' in wrong.text and 'value="Ivan"' in wrong.text
    desk = f"/workshops/{home.token}"
    teacher = home.be(home.world.teacher)
    assert ">from work<" in teacher.get(desk).text
    teacher.post(f"{desk}/learners/1", data={"kind": "student"})
    assert ">from work<" not in teacher.get(desk).text
    assert teacher.post(f"{desk}/learners/1", data={"kind": "expert"}).status_code == 422
    assert home.be(home.world.foreign_teacher).post(f"{desk}/learners/1").status_code == 404


def test_who_moved_up_and_cannot_be_written_to_stands_on_the_class_list(home: Site) -> None:
    address, desk = opened(home, capacity=1), f"/workshops/{home.token}"
    for name in ("Ana", "Boris"):
        come(home.be(NOBODY), address, name)
    teacher = home.be(home.world.teacher)
    assert "do not know it" not in teacher.get(desk).text
    teacher.post(f"{desk}/learners/1/remove")
    page = teacher.get(desk).text
    assert "do not know it" in page and "moved up: tell them" in page and "Boris knows" in page
    teacher.post(f"{desk}/learners/2", data={"do": "told"})
    assert "tell them" not in teacher.get(desk).text


def test_a_class_list_is_of_people_from_work_if_the_teacher_says_so(home: Site) -> None:
    browser, address = home.be(home.world.teacher), f"/workshops/{home.token}/enrol"
    page = browser.post(address, data={"learners": "Maria", "kind": "professional"}).text
    assert '<input type="hidden" name="kind" value="professional">' in page
    browser.post(address, data={"confirmed": "name,email\nMaria,\n", "kind": "professional"})
    assert ">from work<" in browser.get(f"/workshops/{home.token}").text


def test_the_public_pages_list_nobody_and_count_nobody(home: Site) -> None:
    address = opened(home)
    come(home.be(NOBODY), address, "Maria Secret", email="maria@x.example")
    for viewer in (NOBODY, home.world.foreign_teacher):
        for path in (address, address + "ed", f"/activities/{home.token}"):
            page = home.be(viewer).get(path).text
            assert "Secret" not in page
            assert "maria@" not in page
            assert "1 learner" not in page


def test_what_was_typed_stays_beside_every_fault(home: Site) -> None:
    address = opened(home)
    answer = home.be(NOBODY).post(
        address, data={"name": "", "email": "maria at home", "agree": ["x", "9" * 40]}
    )
    assert answer.status_code == 422
    assert "maria at home" in answer.text
    for field in ("name", "email"):
        assert f'href="#{field}"' in answer.text


@pytest.mark.parametrize(
    "sent",
    [
        {"name": "x" * 100_000},
        {"name": ["A", "B"], "key": ["\u00e9", "k"]},
        {"name": "a\u202eb", "email": "é" * 300},
    ],
    ids=["long", "repeated", "hidden"],
)
def test_no_form_breaks_the_page(home: Site, sent: dict[str, object]) -> None:
    assert home.be(NOBODY).post(opened(home), data=sent).status_code in {302, 422}


def test_the_mail_leads_to_a_page_that_gives_the_place_back(home: Site) -> None:
    address = opened(home)
    browser = home.be(NOBODY)
    come(browser, address, "Maria", email="maria@x.example")
    settings = home.app.extensions["badge_settings"]
    outbox.run_due(home.database, jobs.handlers(settings))
    outbox.run_due(home.database, {mail.KIND: mail.deliver(settings)})
    (letter,) = mail.laid_mails(settings.mail_folder)
    found = re.search(r"/workshops/places/\S+", letter.text)
    assert found
    assert "Maria" not in browser.get(found[0]).text
    assert "Your place is free again" in browser.post(found[0]).text
    assert browser.get(found[0]).status_code == 404
    assert browser.post(found[0]).status_code == 404


def test_the_signed_in_press_one_button_and_can_leave(home: Site) -> None:
    address = opened(home)
    with home.database.writing() as session:
        learner = person(session, "Learner", Role.LEARNER, home.world.school)
    browser = home.be(learner)
    assert 'name="name"' not in browser.get(address).text
    browser.post(address, data={"key": key_in(browser.get(address).text)})
    assert "Give my place back" in browser.get(address).text
    browser.post(f"{address}/leave")
    assert "Give my place back" not in browser.get(address).text
    assert browser.post(f"{address}/leave").status_code == 404


def test_the_teacher_opens_renews_and_closes(home: Site) -> None:
    browser, page = home.be(home.world.teacher), f"/workshops/{home.token}/joining"
    assert "join-link" not in browser.get(page).text
    assert browser.get(f"{page}/poster.pdf").status_code == 409
    for day in ("", "yesterday", "2026-11-20", "2031-01-01"):
        assert browser.post(page, data={"until": day}).status_code == 422
    browser.post(page, data={"until": TODAY.isoformat()})
    first = re.search(r"/workshops/([\w-]{22})/join\b", browser.get(page).text)
    assert first
    assert home.be(NOBODY).get(first[0]).status_code == 200
    home.be(home.world.teacher).post(page, data={"do": "renew"})
    assert home.be(NOBODY).get(first[0]).status_code == 404
    home.be(home.world.teacher).post(page, data={"do": "close"})
    second = re.search(r"/workshops/([\w-]{22})/join\b", browser.get(page).text)
    assert second
    assert "No more places" in home.be(NOBODY).get(second[0]).text
    assert home.be(NOBODY).post(second[0], data={"name": "Late"}).status_code == 409


def test_the_line_is_decided_by_buttons(home: Site) -> None:
    address = opened(home, 1)
    for name in ("Ana", "Boris", "Cvetan"):
        come(home.be(NOBODY), address, name)
    browser = home.be(home.world.teacher)
    numbers = re.findall(r"/waiting/(\d+)", browser.get(f"/workshops/{home.token}/joining").text)
    boris, cvetan = sorted({int(number) for number in numbers})
    browser.post(f"/workshops/{home.token}/waiting/{cvetan}", data={"do": "admit"})
    browser.post(f"/workshops/{home.token}/waiting/{boris}", data={"do": "strike"})
    assert "Nobody waits" in browser.get(f"/workshops/{home.token}/joining").text
    assert "2. Cvetan" in browser.get(f"/workshops/{home.token}").text


def test_learners_are_asked_and_their_yes_is_shown_and_taken_back(home: Site) -> None:
    address, page = opened(home), f"/workshops/{home.token}/agreements"
    browser = home.be(home.world.teacher)
    assert browser.post(page, data={"kind": "photos", "text": "", "language": "bg"}).status_code == 422
    browser.post(page, data={"kind": "photos", "text": "Photos of <b>me</b>.", "language": "bg"})
    stranger = home.be(NOBODY)
    form = stranger.get(address).text
    assert "Photos of &lt;b&gt;me" in form
    number = re.search(r'name="agree" value="(\d+)"', form)
    assert number
    come(stranger, address, "Ana", agree=number[1])
    assert "1 learner has said yes" in home.be(home.world.teacher).get(page).text
    browser.post(f"{page}/photos", data={"number": "1"})
    assert "Nobody has said yes" in browser.get(page).text
    assert browser.post(f"{page}/photos", data={"number": "1"}).status_code == 404
    browser.post(f"{page}/photos")
    assert "Photos of" not in home.be(NOBODY).get(address).text
    assert home.be(home.world.teacher).post(f"{page}/other").status_code == 404


def test_the_printed_invitation_leads_to_the_page(home: Site, pdf_pages: object) -> None:
    address = opened(home)
    answer = home.be(home.world.teacher).get(f"/workshops/{home.token}/joining/poster.pdf")
    assert answer.mimetype == "application/pdf"
    (page,) = pdf_pages(answer.data)  # type: ignore[operator]
    assert "Willow basics" in page
    assert address in page.replace(" ", "")


@pytest.mark.parametrize("path", ["/joining", "/joining/poster.pdf", "/agreements"])
def test_a_foreign_teacher_finds_nothing(home: Site, path: str) -> None:
    opened(home)
    assert home.be(home.world.foreign_teacher).get(f"/workshops/{home.token}{path}").status_code == 404
    assert home.be(NOBODY).get(f"/workshops/{home.token}{path}").status_code == 302


def fill(site: Site, count: int) -> None:
    with site.database.writing() as session:
        workshop = actions.find_workshop(session, site.world.teacher, site.token)
        people = [
            {"key": f"many-{n}", "name": f"L {n}", "language": "en", "created_at": now(session)}
            for n in range(count)
        ]
        session.execute(insert(Person), people)
        ids = session.query(Person.id).filter(Person.key.startswith("many-")).order_by(Person.id)
        rows = [
            {"workshop_id": workshop.id, "person_id": one, "number": n, "name": f"L {n}", "present": n % 5 != 0, "enrolled_at": now(session)}
            for n, (one,) in enumerate(ids, 1)
        ]  # fmt: skip
        session.execute(insert(Enrolment), rows)


def test_the_page_of_a_workshop_costs_the_same_with_five_hundred_learners(home: Site) -> None:
    browser, seen = home.be(home.world.teacher), []
    event.listen(home.database._reading, "before_cursor_execute", lambda *args: seen.append(args[2]))
    fill(home, 3)
    counts, address = [], f"/workshops/{home.token}"
    for more in (0, 500):
        if more:
            with home.database.writing() as session:
                session.query(Enrolment).delete()
                session.query(Person).filter(Person.key.startswith("many-")).delete()
            fill(home, more)
        seen.clear()
        page = browser.get(address)
        counts.append(len(seen))
    assert 5 < counts[0] == counts[1], counts
    assert "500 learners" in page.text
    assert "100 were not there" in page.text
    assert page.text.count('<th scope="row">') == 50
    assert "500. L 500" in browser.get(f"{address}?page=10").text
