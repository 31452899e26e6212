"""The teacher's pages: a list is checked before it is written, nothing typed is lost, strangers get 404."""

import html
import io
import re

import pytest

from badge_service.people.rules import NOBODY
from badge_service.workshops import actions

from .conftest import Site

PLAN = {
    "title": "Second workshop",
    "summary": "Weave a basket.",
    "starts_on": "2026-12-01",
    "ends_on": "",
    "place": "Ruse",
    "language": "bg",
    "partners": "Museum of Ruse\n\nWillow Ltd",
    "iteration": "2",
    "capacity": "",
    "host": "central-bulgaria:craft-school",
}


def names(site: Site) -> list[str]:
    with site.database.reading() as session:
        workshop = actions.find_workshop(session, site.world.teacher, site.token)
        return [entry.name for entry in actions.learners_of(session, site.world.teacher, workshop)]


def confirmed(page: str) -> str:
    found = re.search(r'<textarea name="confirmed" hidden>(.*?)</textarea>', page, re.S)
    assert found
    return html.unescape(found[1])


def test_a_workshop_is_planned_in_the_browser(site: Site) -> None:
    browser = site.be(site.world.teacher)
    form = browser.get("/workshops/new")
    assert "Title of WIL-1" in form.text
    assert "Title of DRA-1" not in form.text
    assert "Title of FOR-1" not in form.text
    both = {"versions": str(site.world.published.id), "trainers": str(site.world.teacher.person_id)}
    answer = browser.post("/workshops/new", data=PLAN | both)
    assert answer.status_code == 302
    page = browser.get(answer.location)
    assert "Second workshop" in page.text
    assert "Enrol learners" in page.text
    public = site.be(NOBODY).get(answer.location.replace("workshops", "activities"))
    assert "Museum of Ruse, Willow Ltd" in public.text
    assert "Title of WIL-1" in public.text


def test_a_plan_says_how_people_learn_there(site: Site) -> None:
    browser = site.be(site.world.teacher)
    both = {"versions": str(site.world.published.id), "trainers": str(site.world.teacher.person_id)}
    said = {"qualities": ["iterative"], "group_size": "3"}
    planned = browser.post("/workshops/new", data=PLAN | both | said).location
    assert "trying again, and better" in site.be(NOBODY).get(planned.replace("workshops", "activities")).text
    form = site.be(site.world.teacher).get(f"{planned}/edit").text
    assert re.search(r'value="iterative" checked', form)
    alone = said | {"qualities": ["collaborative"], "group_size": "1"}
    refused = browser.post(f"{planned}/edit", data=PLAN | both | alone)
    assert refused.status_code == 422
    assert 'href="#group_size"' in refused.text


def test_looking_for_something_to_teach_keeps_what_is_ticked_and_typed(site: Site) -> None:
    browser = site.be(site.world.teacher)
    asked = PLAN | {"versions": str(site.world.published.id), "find": "nothing like it", "do": "find"}
    page = browser.post("/workshops/new", data=asked)
    assert page.status_code == 200
    ticked = re.search(rf'<input[^>]*name="versions"[^>]*value="{site.world.published.id}"[^>]*>', page.text)
    assert ticked is not None
    assert "checked" in ticked[0]
    assert "Museum of Ruse" in page.text
    assert "field-errors" not in page.text
    foreign = browser.post(
        "/workshops/new", data=asked | {"versions": [str(n) for n in (*range(60), 10**30)]}
    )
    assert foreign.status_code == 200
    assert "Title of FOR-1" not in foreign.text
    assert "Title of DRA-1" not in foreign.text


def test_all_faults_of_a_plan_come_at_once_and_what_was_typed_stays(site: Site) -> None:
    wrong = PLAN | {"title": "", "starts_on": "someday", "iteration": "0", "place": "Kept place"}
    answer = site.be(site.world.teacher).post("/workshops/new", data=wrong)
    assert answer.status_code == 422
    assert "Kept place" in answer.text
    for field in ("title", "starts_on", "versions", "trainers"):
        assert f'href="#{field}"' in answer.text


def test_a_list_is_checked_then_enrolled(site: Site) -> None:
    browser = site.be(site.world.teacher)
    typed = "Мария Петрова; maria@school.example\nundefined undefined\n<b>Bold</b> & Co"
    checked = browser.post(f"/workshops/{site.token}/enrol", data={"learners": typed})
    assert checked.status_code == 422
    assert "undefined undefined" in checked.text
    assert "Row 2" in checked.text
    assert "Enrol 1 learner" in checked.text or "Enrol 2 learners" in checked.text
    assert "<b>Bold" not in checked.text
    assert names(site) == []
    done = browser.post(f"/workshops/{site.token}/enrol", data={"confirmed": confirmed(checked.text)})
    assert done.status_code == 302
    assert "Мария Петрова" in names(site)
    again = browser.post(f"/workshops/{site.token}/enrol", data={"confirmed": confirmed(checked.text)})
    assert again.status_code == 302
    assert len(names(site)) == len(set(names(site)))


def test_an_uploaded_file_keeps_commas_inside_names(site: Site) -> None:
    browser = site.be(site.world.teacher)
    file = io.BytesIO('Naam;E-mail;Klas\n"Vries, de; Jan";jan@school.example;9\n'.encode("cp1252"))
    checked = browser.post(
        f"/workshops/{site.token}/enrol", data={"file": (file, "class.csv"), "learners": ""}
    )
    assert checked.status_code == 200
    assert "Klas" in checked.text
    browser.post(f"/workshops/{site.token}/enrol", data={"confirmed": confirmed(checked.text)})
    assert names(site) == ["Vries, de; Jan"]


@pytest.mark.parametrize(
    "data", [b"\x00\xff\xfe", b"PK\x03\x04", b"", b"\xff\xfe\x00", b'"', b"a,b\n" * 3000]
)
def test_a_bad_file_is_never_an_error_of_ours(site: Site, data: bytes) -> None:
    file = (io.BytesIO(data), "class.csv")
    answer = site.be(site.world.teacher).post(f"/workshops/{site.token}/enrol", data={"file": file})
    assert answer.status_code == 422
    assert names(site) == []


@pytest.mark.parametrize("text", ["", '"', "x" * 300, "number,name,email\n" + "9" * 5000 + ",,"])
def test_a_forged_confirmation_is_never_an_error_of_ours(site: Site, text: str) -> None:
    answer = site.be(site.world.teacher).post(f"/workshops/{site.token}/enrol", data={"confirmed": text})
    assert answer.status_code in {302, 422}
    assert names(site) == []


def test_a_list_and_a_file_at_once_keep_the_list(site: Site) -> None:
    data = {"learners": "Kept Name", "file": (io.BytesIO(b"name\nOther\n"), "class.csv")}
    answer = site.be(site.world.teacher).post(f"/workshops/{site.token}/enrol", data=data)
    assert answer.status_code == 422
    assert "Kept Name" in answer.text


@pytest.mark.parametrize("digits", ["9" * 23, "9" * 5000])
def test_a_number_without_end_is_nobodys(site: Site, digits: str) -> None:
    browser = site.be(site.world.teacher)
    browser.post(f"/workshops/{site.token}/enrol", data={"confirmed": "name,email\nMaria,\n"})
    presence = browser.post(
        f"/workshops/{site.token}/presence", data={"listed": ["1"], "was": ["1"], "present": ["1", digits]}
    )
    assert presence.status_code == 302
    assert browser.post(f"/workshops/{site.token}/learners/{digits}/remove").status_code == 404
    assert names(site) == ["Maria"]


def test_a_learner_is_removed_by_button(site: Site) -> None:
    browser = site.be(site.world.teacher)
    browser.post(f"/workshops/{site.token}/enrol", data={"confirmed": "name,email\nMaria,\nIvan,\n"})
    browser.post(f"/workshops/{site.token}/learners/1/remove")
    assert names(site) == ["Ivan"]


def test_it_is_marked_held_and_called_off_by_button(site: Site) -> None:
    browser = site.be(site.world.teacher)
    browser.post(f"/workshops/{site.token}/state", data={"to": "cancelled"})
    assert "does not take place" in browser.get(f"/workshops/{site.token}").text
    browser.post(f"/workshops/{site.token}/state", data={"to": "planned"})
    browser.post(f"/workshops/{site.token}/state", data={"to": "held"})
    assert "tag-good" in browser.get(f"/workshops/{site.token}").text
    assert browser.post(f"/workshops/{site.token}/state", data={"to": "cancelled"}).status_code == 409
    assert browser.post(f"/workshops/{site.token}/state", data={"to": "sold"}).status_code == 404


@pytest.mark.parametrize("path", ["", "/edit", "/enrol", "/presence"])
def test_a_foreign_teacher_gets_404_and_a_stranger_the_sign_in(site: Site, path: str) -> None:
    address = f"/workshops/{site.token}{path}"
    assert site.be(site.world.foreign_teacher).get(address).status_code == 404
    assert site.be(NOBODY).get(address).status_code == 302
    assert site.be(site.world.teacher).get(address).status_code == 200


@pytest.mark.parametrize("path", ["/state", "/presence", "/enrol", "/learners/1/remove", "/edit"])
def test_a_foreign_teacher_changes_nothing(site: Site, path: str) -> None:
    answer = site.be(site.world.foreign_teacher).post(f"/workshops/{site.token}{path}", data={"to": "held"})
    assert answer.status_code == 404


def test_an_edit_starts_from_what_is_there(site: Site) -> None:
    browser = site.be(site.world.teacher)
    assert "Willow basics" in browser.get(f"/workshops/{site.token}/edit").text
    both = {"versions": str(site.world.published.id), "trainers": str(site.world.teacher.person_id)}
    changed = {key: value for key, value in PLAN.items() if key != "host"} | both
    assert browser.post(f"/workshops/{site.token}/edit", data=changed).status_code == 302
    assert "Second workshop" in browser.get(f"/workshops/{site.token}").text


def test_public_pages_list_nobody(site: Site) -> None:
    site.be(site.world.teacher).post(
        f"/workshops/{site.token}/enrol", data={"confirmed": "name,email\nMaria Secret,m@x.test\n"}
    )
    for viewer in (NOBODY, site.world.foreign_teacher):
        browser = site.be(viewer)
        for address in (f"/activities/{site.token}", "/alliances/central-bulgaria", "/alliances"):
            page = browser.get(address)
            assert page.status_code == 200
            for word in ("Maria Secret", "m@x.test", "Teacher"):
                assert word not in page.text


def test_only_those_who_run_it_see_the_way_to_the_class_list(site: Site) -> None:
    address = f"/activities/{site.token}"
    assert "Open the class list" in site.be(site.world.teacher).get(address).text
    assert "Open the class list" not in site.be(site.world.foreign_teacher).get(address).text


def test_the_list_shows_ones_own(site: Site) -> None:
    assert "Willow basics" in site.be(site.world.teacher).get("/workshops").text
    assert "Willow basics" not in site.be(site.world.foreign_teacher).get("/workshops").text
    assert site.be(site.world.teacher).get("/workshops?show=past&page=abc").status_code == 200
