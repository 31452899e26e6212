"""The teacher's path in a real Chromium: nothing for axe to find, no sideways scrolling, and it works from end to end."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server

from badge_service.people.rules import NOBODY
from badge_service.workshops import actions
from badge_service.workshops.rules import LearnerRow, Said

from .conftest import TODAY, Site

axe = pytest.importorskip("axe_playwright_python.sync_playwright")
pytestmark = pytest.mark.browser


@pytest.fixture
def address(site: Site) -> Iterator[str]:
    site.app.config["WTF_CSRF_ENABLED"] = True
    server = make_server("127.0.0.1", 0, site.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.mark.slow
@pytest.mark.parametrize("width", [320, 1280])
def test_a_teacher_enrols_a_class_and_marks_who_was_there(
    chromium: Any, site: Site, address: str, width: int
) -> None:
    def look(name: str) -> None:
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), name
        found = axe.Axe().run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found] == [], name

    page = chromium.new_page(viewport={"width": width, "height": 800})
    site.people.viewer = site.world.teacher
    workshop = f"{address}/workshops/{site.token}"
    for path in ("/workshops", "/workshops/new", "/activities/new", f"/workshops/{site.token}/edit"):
        page.goto(address + path)
        look(path)
    page.goto(workshop)
    look("empty class list")
    page.click("text=Enrol learners")
    page.fill("#learners", "Мария Петрова; maria@school.example\nIvan Ivanov\nPetar; petar@")
    page.click("text=Check the list")
    look("checked list")
    page.click("text=Enrol 2 learners")
    assert page.url == workshop
    look("class list")
    page.click("text=Who was there?")
    look("presence")
    page.uncheck("#present-2")
    page.click("text=Write it down")
    page.get_by_text("1 was not there").wait_for()
    site.people.viewer = NOBODY
    for path in (
        f"/activities/{site.token}",
        "/alliances/central-bulgaria",
        "/alliances",
    ):
        page.goto(address + path)
        look(path)
    page.close()


@pytest.mark.parametrize("width", [320, pytest.param(1280, marks=pytest.mark.slow)])
def test_learners_check_in_and_the_teacher_says_yes(
    chromium: Any, site: Site, address: str, width: int
) -> None:
    def look(name: str) -> None:
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), name
        found = axe.Axe().run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found] == [], name

    door, asked = asked_at_door(site)
    page = chromium.new_page(viewport={"width": width, "height": 800})
    for path in (door, f"{door}/late", asked):
        page.goto(address + path)
        look(path)
    site.people.viewer = site.world.teacher
    desk = f"{address}/workshops/{site.token}/check-in"
    for path in ("/screen", "?late=1", ""):
        page.goto(desk + path)
        look(path)
    page.get_by_role("button", name="Yes to the ticked ones").click()
    page.get_by_text("1 counts as present").wait_for()
    look("after a yes")
    page.close()


def asked_at_door(site: Site) -> tuple[str, str]:
    """The door of the workshop, at which three have asked, one of them afterwards, and where the last one reads of it."""
    with site.database.writing() as session:
        workshop = actions.find_workshop(session, site.world.teacher, site.token)
        actions.enrol(session, site.world.teacher, workshop, [LearnerRow(1, "Иван Иванов")])
        token = actions.open_door(session, site.world.teacher, workshop).token
        door = actions.find_door(session, token)
        for name in ("иван", "Somebody else"):
            actions.ask(session, NOBODY, door, Said(name))
        said = Said("Мария", 7, "I wove a basket.\nIt is brown.")
        asked = actions.claim(session, NOBODY, door, said, TODAY, number_typed="7", folder=Path())
    return f"/check-in/{token}", f"/check-in/{token}/asked/{asked.token}"
