"""Planning and joining in a real Chromium on a narrow phone: nothing for axe to find, no sideways scrolling.

With LOOK_AT set to a folder, pictures of every page are laid there.
"""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from badge_service.people.rules import NOBODY
from badge_service.settings import for_demo
from badge_service.web.surroundings import use_surroundings
from badge_service.workshops import actions

from .conftest import Site
from .test_look import address  # noqa: F401
from .test_plan_from_curriculum import curriculum_of, hub_of

axe = pytest.importorskip("axe_playwright_python.sync_playwright")
pytestmark = pytest.mark.browser


def test_a_teacher_plans_from_a_curriculum_and_learners_join(
    chromium: Any,
    site: Site,
    address: str,  # noqa: F811
    tmp_path: Path,
) -> None:
    def look(name: str) -> None:
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), name
        found = axe.Axe().run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found] == [], name
        if folder := os.environ.get("LOOK_AT"):
            page.screenshot(path=f"{folder}/{name}.png", full_page=True)

    use_surroundings(site.app, for_demo(tmp_path), None)  # type: ignore[arg-type]
    with site.database.writing() as session:
        world = replace(site.world, session=session)
        hub_of(world)
        curriculum_of(world, "wil-1")
    page = chromium.new_page(viewport={"width": 320, "height": 800})
    site.people.viewer = site.world.teacher
    page.goto(f"{address}/workshops/new")
    page.select_option("#curriculum", label="Crafts of the river · 1.0.0")
    assert page.is_checked(f"input[name=versions][value='{site.world.published.id}']")
    page.click("text=Add a day")
    page.fill("#more-2-day", "2026-12-02")
    look("plan")
    page.goto(f"{address}/workshops/{site.token}/joining")
    page.click("text=Open it")
    look("joining")
    page.goto(f"{address}/workshops/{site.token}/agreements")
    page.fill("#text", "The school may show photos of me at work.")
    page.click("text=Ask this")
    look("agreements")
    with site.database.writing() as session:
        workshop = actions.find_workshop(session, site.world.teacher, site.token)
        workshop.capacity, door = 1, f"{address}/workshops/{workshop.join_token}/join"
    site.people.viewer = NOBODY
    for name, said in (("Мария", "You are on the list"), ("Ivan", "You wait in line")):
        page.goto(door)
        look(f"join {said}")
        page.fill("#name", name)
        page.click(".button-primary")
        assert said in page.content()
        look(said)
    site.people.viewer = site.world.teacher
    page.goto(f"{address}/workshops/{site.token}/joining")
    look("line")
    page.goto(f"{address}/workshops/{site.token}")
    look("class list with one who waits")
    page.close()
