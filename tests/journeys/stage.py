"""The played demo served on a free port with its worker running, and the browser that people visit it with."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from badge_service.app import create_app
from badge_service.demo import world
from badge_service.demo.play import example_address
from badge_service.keyring.files import KeyFolder
from badge_service.settings import Settings, for_demo
from badge_service.storage.session import Database
from badge_service.web.mail import laid_mails
from badge_service.worker import Worker
from badge_service.workshops import actions as workshops
from badge_service.workshops.rules import LearnerRow

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
NARROW, PHONE = 320, 390
EVERY_RULE = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}
"""What axe looks for beyond its defaults: targets of 24 px or more (WCAG 2.2)."""
HURRIED = pytest.mark.parametrize("looks", [False], ids=["hurried"])
"""For a story whose pages are looked at in others, or that counts what its people do."""
LOOKING = pytest.mark.parametrize("looks", [pytest.param(True, marks=pytest.mark.slow)], ids=["looking"])
"""For a long story, which is told once, in make slow."""
COLOURS = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
}
"""What can be different in a dark room."""
PATIENCE = 20_000
"""Milliseconds that a page may take on a busy machine before a story counts as broken."""
COUNTING = """(() => {
  const add = (what, many) => sessionStorage.setItem(what, Number(sessionStorage.getItem(what)) + many);
  addEventListener("pointerdown", (event) => event.isTrusted && add("taps", 1), true);
  addEventListener("keydown", (event) => event.isTrusted && event.key.length > 1 && add("taps", 1), true);
  addEventListener("beforeinput", (event) => event.isTrusted && add("typed", (event.data || "").length), true);
})();"""
"""What a browser window does to count presses and letters itself, wherever they come from."""


class Clock:
    """The time as it is, and later once a story has let days go by."""

    def __init__(self) -> None:
        self.passed = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.passed


@dataclass(frozen=True)
class Site:
    """One running service."""

    settings: Settings
    database: Database
    clock: Clock
    worker: Worker

    @property
    def address(self) -> str:
        """Where it is reached, without a slash at the end."""
        return self.settings.address

    @property
    def translations(self) -> Path:
        """The folder of the interface's catalogues."""
        return Path(str(resources.files("badge_service"))) / "translations"

    @property
    def example(self) -> str:
        """The share address of one badge that its learner has opened."""
        with self.database.reading() as session:
            return str(example_address(session, self.settings))

    def wait(self, **time: float) -> None:
        """Let this much time go by, and all be done that is due then."""
        self.clock.passed += timedelta(**time)
        self.worker.begin_day()
        self.worker.run_until_quiet()

    def enrol(self, *rows: LearnerRow, absent: int | None = None) -> str:
        """Fill the second pilot's class list, one of them absent on all days; returns the path of the workshop's page."""
        with self.database.writing() as session:
            teacher = world.viewer_of(session, "teacher")
            pilot = world.pilot(session, teacher, iteration=2)
            workshops.enrol(session, teacher, pilot, rows)
            for day in workshops.days_of(pilot) if absent else ():
                workshops.mark_presence(session, teacher, pilot, day, {absent: False})
            return f"/workshops/{pilot.activity.token}"

    def mails_to(self, address: str) -> list[str]:
        """The subjects of all mails that were laid for this address, the oldest first."""
        mails = laid_mails(self.settings.mail_folder)
        return [mail.subject for mail in reversed(mails) if mail.to == address]


@contextmanager
def served(folder: Path, **changes: Any) -> Iterator[Site]:
    """Serve a played demo, worker and all, until the block ends; `changes` are settings other than the demo's."""
    server = make_server("127.0.0.1", 0, _nothing, threaded=True, request_handler=_Quiet)
    settings = for_demo(folder).reached_at(f"http://localhost:{server.server_port}")
    settings, clock = replace(settings, **changes), Clock()
    database, keyring = Database(settings.database_url, clock=clock), KeyFolder(settings.keys_folder)
    app = create_app(settings, database, keyring)
    server.app = app
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    app.extensions["start_worker"]()
    thread.start()
    try:
        yield Site(settings, database, clock, Worker(settings, database, keyring))
    finally:
        server.shutdown()
        thread.join()
        app.extensions["stop_worker"]()
        database.close()


class _Quiet(WSGIRequestHandler):
    def log_request(self, *_args: object, **_options: object) -> None:
        """Say nothing: a broken story needs its own lines to be read, not a hundred of these."""


def _nothing(_environ: object, start_response: Any) -> list[bytes]:
    """Holds the port while the app that must know it is made."""
    start_response("503 Service Unavailable", [])
    return []


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, which asks nobody anything by itself."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Visitor:
    """Somebody at a browser, who writes down everything that a careful person would complain about."""

    site: Site
    context: BrowserContext
    page: Page
    width: int
    said: list[str] = field(default_factory=list)
    strangers: set[str] = field(default_factory=set)
    documents: dict[str, bytes] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    looks: bool = True

    def listen(self) -> None:
        """Note what the browser complains about and whom it asks; keep PDFs that open in a tab."""
        self.context.set_default_timeout(PATIENCE)
        self.context.on("console", self._heard)
        self.context.on("weberror", lambda error: self.said.append(str(error.error)))
        self.context.on("request", self._asked)
        self.context.route(re.compile(r"\.pdf"), self._keep)

    def _heard(self, message: ConsoleMessage) -> None:
        expected = re.search(r"status of (404|410|422)", message.text)
        if message.type in ("error", "warning") and not expected:
            self.said.append(f"{message.text} at {message.location.get('url')}")

    def _asked(self, request: Request) -> None:
        if (
            request.url.startswith("http")
            and urlsplit(request.url).netloc != urlsplit(self.site.address).netloc
        ):
            self.strangers.add(request.url)

    def _keep(self, route: Any) -> None:
        answer = route.fetch()
        name = urlsplit(route.request.url).path.rsplit("/", 1)[1]
        assert answer.status == 200, f"{name}: {answer.status}"
        self.documents[name] = answer.body()
        route.fulfill(status=200, content_type="text/plain", body="kept")

    def go(self, path: str) -> None:
        """Open an address of the service (or a whole one, as a phone does)."""
        self.page.goto(path if path.startswith("http") else self.site.address + path)

    def click(self, words: str | re.Pattern[str], role: Any = "button", *, exact: bool = False) -> None:
        """Press what has these words on it."""
        self.page.get_by_role(role, name=words, exact=exact).first.click()

    def tick(self, words: str | re.Pattern[str]) -> None:
        """Choose a radio button or box by its words, as a finger does: on the label."""
        self.page.locator("label").filter(has_text=words).first.click()

    def effort(self) -> tuple[int, int]:
        """How often this window was pressed so far, and how many letters were typed into it."""
        read = "['taps', 'typed'].map((what) => Number(sessionStorage.getItem(what)))"
        taps, typed = self.page.evaluate(read)
        return taps, typed

    def be(self, name: str) -> None:
        """Sign in at `/demo`."""
        self.go("/demo")
        self.click(f"Be {name}")
        self.page.wait_for_url(f"{self.site.address}/")

    def open_batch_of_first_pilot(self) -> None:
        """As its teacher: to the page of what was awarded after the first pilot workshop."""
        self.be("Tjitske Demo")
        self.go("/workshops?show=past")
        self.click("Pilot workshop 1", "link")
        self.click("Assess and award", "link")
        self.page.locator("main a[href*='/awards/batches/']").first.click()

    def pdf(self, words: str | re.Pattern[str], name: str) -> bytes:
        """Press what opens a PDF in a tab of its own; returns it."""
        with self.context.expect_page() as opened:
            self.click(words)
        opened.value.wait_for_load_state()
        opened.value.close()
        return self.documents[name]

    def look(self, name: str) -> None:
        """Look at this page as axe, a narrow phone, a dark room and large letters do; each page once a story."""
        if name in self.seen or not self.looks:
            return
        self.seen.add(name)
        self.page.wait_for_load_state("load")
        for scheme, rules in (("light", EVERY_RULE), ("dark", COLOURS)):
            self.page.emulate_media(color_scheme=scheme)
            found = Axe().run(self.page, options=rules).response["violations"]
            wrong = [(one["id"], one["nodes"][0]["html"][:160], one["nodes"][0]["any"][:1]) for one in found]
            assert not wrong, f"{name}, {scheme}: {wrong}"
        self.page.emulate_media(color_scheme="light")
        if self.width <= PHONE:
            self._look_closely(name)

    def _look_closely(self, name: str) -> None:
        height = 900
        self.page.set_viewport_size({"width": NARROW, "height": height})
        self._assert_fits(f"{name} at {NARROW} px")
        self.page.set_viewport_size({"width": max(self.width, 640), "height": height})
        self.page.evaluate("document.documentElement.style.fontSize = '200%'")
        self._assert_fits(f"{name} with letters twice as large")
        self.page.evaluate("document.documentElement.style.fontSize = ''")
        self.page.set_viewport_size({"width": self.width, "height": height})

    def _assert_fits(self, what: str) -> None:
        sticking_out = sideways(self.page)
        assert not sticking_out, f"{what}: {sticking_out[:6]}"

    def leave(self) -> None:
        """Close the browser window; nothing may have been complained about, nobody else asked.

        Each page is left first, whatever it still wants saved: a window that asks "leave?" is closed by nobody.
        """
        self.context.on("dialog", lambda dialog: dialog.accept())
        for page in self.context.pages:
            page.goto("about:blank")
        self.context.close()
        assert self.said == []
        assert self.strangers == set()


def sideways(page: Page) -> list[str]:
    """The pieces of a page that stick out to the right, if it scrolls sideways."""
    found: list[str] = page.evaluate(
        """() => document.documentElement.scrollWidth <= document.documentElement.clientWidth ? [] :
        [...document.querySelectorAll('body *')]
          .filter((e) => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
          .map((e) => e.outerHTML.slice(0, 120))"""
    )
    return found


def visit(browser: Browser, site: Site, width: int, *, looks: bool = True, **options: Any) -> Visitor:
    """A fresh browser window without cookies; `options` are those of a Playwright context.

    Without `looks` the visitor hurries past every `look` (axe is a script, and needs JavaScript too).
    """
    size = {"width": width, "height": 900}
    context = browser.new_context(viewport=size, locale="en-GB", reduced_motion="reduce", **options)
    context.add_init_script(COUNTING)
    visitor = Visitor(site, context, context.new_page(), width, looks=looks)
    visitor.listen()
    return visitor
