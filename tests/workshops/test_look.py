"""The teacher's path in a real Chromium: nothing for axe to find, no sideways scrolling, and it works from end to end."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.serving import make_server

from badge_service.people.rules import NOBODY

from .conftest import Site

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


@pytest.mark.parametrize("width", [320, pytest.param(1280, marks=pytest.mark.slow)])
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
    assert "1 was not there" in page.content()
    site.people.viewer = NOBODY
    for path in (f"/activities/{site.token}", "/alliances/central-bulgaria", "/alliances"):
        page.goto(address + path)
        look(path)
    page.close()
