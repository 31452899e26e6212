"""The script of the matrix in a real browser, with a connection that fails for one learner."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

playwright = pytest.importorskip("playwright.sync_api", reason="needs Playwright for Python")

from badge_service.awards import actions  # noqa: E402

from .conftest import World  # noqa: E402

pytestmark = [pytest.mark.browser, pytest.mark.full]


class Line:
    """The way from the page to the app, cut for the learners in `cut`."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()
        self.cut: set[str] = set()

    def carry(self, route: Any) -> None:
        path = "/" + route.request.url.split("/", 3)[3]
        if path.rsplit("/", 1)[1] in self.cut and "/learner/" in path:
            route.abort()
            return
        answer = self.client.open(
            path,
            method=route.request.method,
            data=route.request.post_data,
            content_type=route.request.headers.get("content-type"),
            headers={"X-Person": "teacher"},
        )
        route.fulfill(status=answer.status_code, headers=dict(answer.headers), body=answer.data)


@pytest.fixture
def line(app: Flask) -> Line:
    return Line(app)


@pytest.fixture
def page(chromium: Any, world: World, line: Line) -> Iterator[Any]:
    world.enrol(("Petya Ivanova", None), ("Boris Kolev", None))
    opened = chromium.new_page()
    opened.route("**/*", line.carry)
    opened.goto(f"http://localhost/workshops/{world.token}/assess/{world.slug}/1.0.0")
    yield opened
    opened.close()


def choose(page: Any, learner: int, level: int) -> None:
    page.locator(f"[data-learner='{learner}'] .cell").first.locator("label").nth(level).click()


def levels(world: World) -> list[dict[str, str]]:
    with world.database.reading() as session:
        return [dict(row.levels) for row in actions.readiness_of(session, *world.open(session))]


def test_a_failed_save_is_told_until_it_is_saved_whoever_else_is(world: World, page: Any, line: Line) -> None:
    save, state = page.locator("[data-save]"), page.locator("[data-state]")
    line.cut = {"1"}
    choose(page, 1, 3)
    page.get_by_text("Not saved").wait_for()
    with page.expect_response(lambda answer: answer.url.endswith("/learner/2")):
        choose(page, 2, 4)
    page.locator("[data-learner='2']").get_by_text("Not judged yet: Material care").wait_for()
    assert "Not saved" in state.inner_text() and save.is_visible()
    assert levels(world) == [{}, {"C1": "exemplary"}]
    line.cut = set()
    choose(page, 2, 3)
    page.get_by_text("Saved", exact=True).wait_for()
    assert not save.is_visible()
    assert levels(world) == [{"C1": "proficient"}, {"C1": "proficient"}]


def test_it_is_tried_again_once_the_browser_is_online(world: World, page: Any, line: Line) -> None:
    line.cut = {"1"}
    choose(page, 1, 3)
    page.get_by_text("Not saved").wait_for()
    line.cut = set()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.get_by_text("Saved", exact=True).wait_for()
    assert levels(world)[0] == {"C1": "proficient"}


def test_what_somebody_else_set_is_shown_and_can_be_set_once_more(world: World, page: Any) -> None:
    with world.database.reading() as session:
        petya = actions.readiness_of(session, *world.open(session))[0].learner.person_id
    world.judge(petya, "developing")
    choose(page, 1, 4)
    page.get_by_text("Somebody else has changed this meanwhile").wait_for()
    cell = page.locator("[data-learner='1'] .cell").first
    assert cell.locator("input[type=radio][value=developing]").is_checked()
    assert levels(world)[0] == {"C1": "developing"}
    with page.expect_response(lambda answer: answer.url.endswith("/learner/1")):
        choose(page, 1, 4)
    page.get_by_text("Saved", exact=True).wait_for()
    assert levels(world)[0] == {"C1": "exemplary"}


def test_what_was_chosen_without_a_connection_is_saved_when_the_matrix_is_opened_again(
    world: World, page: Any, line: Line
) -> None:
    line.cut = {"1"}
    choose(page, 1, 3)
    page.get_by_text("Not saved").wait_for()
    page.wait_for_timeout(500)
    assert levels(world)[0] == {}
    line.cut = set()
    with page.expect_response(lambda answer: answer.url.endswith("/learner/1")):
        page.reload()
    page.get_by_text("Saved", exact=True).wait_for()
    assert levels(world)[0] == {"C1": "proficient"}
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_digits_set_levels_cell_by_cell(world: World, page: Any) -> None:
    page.locator("[data-learner='1'] .cell input:checked").first.focus()
    for digit in "343":
        page.keyboard.press(digit)
    page.locator("[data-learner='1']").get_by_text("Every criterion is at").wait_for()
    page.get_by_text("Saved", exact=True).wait_for()
    assert levels(world) == [{"C1": "proficient", "C2": "exemplary", "C3": "proficient"}, {}]
    focused = "document.activeElement.closest('[data-learner]').dataset.learner"
    assert page.evaluate(focused) == "2"
    page.keyboard.press("9")  # no such level
    page.keyboard.press("Control+3")
    assert levels(world)[1] == {}
