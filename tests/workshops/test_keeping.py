"""A bad connection in a real browser: what was entered stays on the device, is sent later, and is done once."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import func, select

playwright = pytest.importorskip("playwright.sync_api", reason="needs Playwright for Python")

from badge_service.people.rules import NOBODY  # noqa: E402
from badge_service.storage.tables import AuditEntry  # noqa: E402
from badge_service.web import access  # noqa: E402
from badge_service.workshops.tables import CheckInRequest  # noqa: E402

from .conftest import Site  # noqa: E402
from .test_check_in import opened  # noqa: E402
from .test_presence import absent, enrolled  # noqa: E402

pytestmark = [pytest.mark.browser, pytest.mark.full]
HOST = "http://localhost"


class Line:
    """The way from the browser to the app: `cut` lets no form through, `deaf` brings no answer back."""

    def __init__(self, site: Site) -> None:
        self.client = site.app.test_client()
        self.cut = self.deaf = False

    def carry(self, route: Any) -> None:
        request = route.request
        if self.cut and request.method == "POST":
            route.abort()
            return
        answer = self.client.open(
            request.url.removeprefix(HOST),
            method=request.method,
            data=request.post_data_buffer,
            content_type=request.headers.get("content-type"),
            headers={"X-Kept-Form": request.headers.get("x-kept-form", "")},
        )
        if self.deaf and request.method == "POST":
            route.abort()
            return
        route.fulfill(status=answer.status_code, headers=dict(answer.headers), body=answer.data)


@pytest.fixture
def line(site: Site) -> Line:
    def sign_out() -> str:
        return "<!doctype html><p>signed out"

    site.app.add_url_rule("/out", "people.sign_out", access.public(sign_out), methods=["POST"])
    enrolled(site, "Maria", "Ivan")
    return Line(site)


@pytest.fixture
def browser(chromium: Any, line: Line) -> Iterator[Any]:
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    context.route("**/*", line.carry)
    yield context
    context.close()


def presence(site: Site, browser: Any) -> Any:
    page = browser.new_page()
    page.goto(f"{HOST}/workshops/{site.token}/presence")
    return page


def notes(page: Any) -> int:
    return int(page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('kept:')).length"))


def times_written(site: Site) -> int:
    with site.database.reading() as session:
        query = select(func.count()).where(AuditEntry.action == "workshop.presence")
        return session.scalar(query.select_from(AuditEntry)) or 0


def test_a_list_sent_without_a_connection_is_sent_from_whatever_page_is_opened_next(
    site: Site, line: Line, browser: Any
) -> None:
    page = presence(site, browser)
    line.cut = True
    page.get_by_label("2. Ivan").uncheck()
    page.get_by_role("button", name="Write it down").click()
    page.get_by_text("No connection").wait_for()
    assert absent(site) == []
    page.close()
    page = browser.new_page()
    page.goto(f"{HOST}/workshops")
    page.get_by_text("No connection").wait_for()
    line.cut = False
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.get_by_text("has arrived now").wait_for()
    assert absent(site) == [2]
    assert notes(page) == 0


def test_a_list_whose_answer_was_lost_is_done_once(site: Site, line: Line, browser: Any) -> None:
    page = presence(site, browser)
    line.deaf = True
    page.get_by_label("1. Maria").uncheck()
    page.get_by_role("button", name="Write it down").click()
    page.get_by_text("No connection").wait_for()
    assert absent(site) == [1]
    line.deaf = False
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.get_by_text("This arrived before").wait_for()
    assert page.url.endswith(f"/workshops/{site.token}")
    assert times_written(site) == 1
    assert notes(page) == 0


def test_what_was_ticked_and_not_sent_is_back_on_the_page_and_others_changes_stay(
    site: Site, line: Line, browser: Any
) -> None:
    page = presence(site, browser)
    page.get_by_label("2. Ivan").uncheck()
    page.wait_for_timeout(500)
    page.close()
    teacher = site.be(site.world.teacher)
    teacher.post(f"/workshops/{site.token}/presence", data={"listed": ["1"], "was": ["1"]})
    page = presence(site, browser)
    page.get_by_text("is back on this page").wait_for()
    assert [page.get_by_label(name).is_checked() for name in ("1. Maria", "2. Ivan")] == [False, False]
    page.get_by_label("2. Ivan").check()
    page.wait_for_timeout(500)
    assert notes(page) == 0


def test_another_persons_notes_are_not_shown_and_signing_out_forgets_all(
    site: Site, line: Line, browser: Any
) -> None:
    page = presence(site, browser)
    page.get_by_label("2. Ivan").uncheck()
    page.wait_for_timeout(500)
    owner = page.locator("#kept").get_attribute("data-owner")
    site.people.viewer = site.world.foreign_teacher
    page.goto(f"{HOST}/workshops")
    assert page.locator("#kept").get_attribute("data-owner") != owner
    assert page.locator("#kept").is_hidden()
    site.people.viewer = site.world.teacher
    page.goto(f"{HOST}/workshops")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Sign out").click()
    page.get_by_text("signed out").wait_for()
    page.goto(f"{HOST}/workshops")
    assert notes(page) == 0


def test_a_learner_in_a_cellar_is_on_the_list_once(site: Site, line: Line, browser: Any) -> None:
    address = opened(site)
    site.people.viewer = NOBODY
    page = browser.new_page()
    page.goto(HOST + address)
    line.deaf = True
    page.get_by_label("Your first name").fill("Maria")
    assert notes(page) == 0
    page.get_by_role("button", name="I am here").click()
    page.get_by_text("No connection").wait_for()
    line.deaf = False
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.get_by_text("Your teacher has it").wait_for()
    with site.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(CheckInRequest)) == 1
    assert notes(page) == 0


def test_a_form_with_mistakes_comes_back_with_them(site: Site, line: Line, browser: Any) -> None:
    address = opened(site)
    site.people.viewer = NOBODY
    page = browser.new_page()
    page.goto(f"{HOST}{address}/late")
    page.get_by_label("Your first name").fill("Maria")
    page.get_by_role("button", name="Send it to my teacher").click()
    page.get_by_role("alert").get_by_text("What did you do?").wait_for()
    assert page.get_by_label("Your first name").input_value() == "Maria"
    assert notes(page) == 0
