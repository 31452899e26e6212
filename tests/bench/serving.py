"""The service over HTTP: issuing with its database, fast path on and off, and the public badge page beside a static page.

Each measurement starts the real application in a process of its own and asks it over one kept-open connection.
"""

import http.client
import logging
import multiprocessing
import re
import socket
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import select
from werkzeug.serving import make_server

from badge_service.app import create_app
from badge_service.awards.rules import AwardState, Sharing
from badge_service.awards.tables import Award
from badge_service.demo import world
from badge_service.demo.world import pilot
from badge_service.keyring.files import KeyFolder
from badge_service.openbadges import canonical
from badge_service.register import actions as register
from badge_service.register.rules import credential_path
from badge_service.settings import Settings
from badge_service.storage.session import Database

sys.path.insert(0, str(Path(__file__).parent))
import awarding

AT_ONCE = 40
"""So many the page signs before it answers; more it would leave to the worker."""
PRESSES = 8
PAGES = 150
STATIC = "/privacy"

Tell = Callable[[str, float, str, str], None]
Say = Callable[[str], None]


def measure(folder: Path, full: awarding.Place, tell: Tell, say: Say) -> None:
    """Prints its three figures; `full` holds as many awards as there is room for, the newest of them really signed."""
    fast = _issue(folder / "fast", compiled=True)
    slow = _issue(folder / "slow", compiled=False)
    say(f"issuing over HTTP: {fast:.0f} awards/s, with full expansion {slow:.0f}")
    tell("issue_http_per_second", fast, "awards/s", "-")
    tell("issue_http_x_pyld_http", fast / slow, "x", ">=5")
    path = _open_badge(full)
    with _serving(full.settings, compiled=True) as port:
        static, badge = _seconds_a_page(port, STATIC, "<h1>"), _seconds_a_page(port, path, "Genuine")
    say(f"static page {static * 1e3:.2f} ms, badge page {badge * 1e3:.2f} ms")
    tell("badge_page_share_of_static", static / badge, "share", ">=0.35")


def _serve(settings: Settings, compiled: bool, listening: socket.socket) -> None:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    canonical.use_shapes(enabled=compiled)
    app = create_app(settings, Database(settings.database_url), KeyFolder(settings.keys_folder))
    app.extensions.pop("wake_worker")  # what is awarded is signed in the request, and nothing else runs
    make_server("127.0.0.1", 0, app, threaded=True, fd=listening.fileno()).serve_forever()


@contextmanager
def _serving(settings: Settings, *, compiled: bool) -> Iterator[int]:
    listening = socket.create_server(("127.0.0.1", 0))
    started = multiprocessing.get_context("fork").Process(
        target=_serve, args=(settings, compiled, listening), daemon=True
    )
    started.start()
    try:
        yield int(listening.getsockname()[1])
    finally:
        started.terminate()
        started.join()
        listening.close()


class _Browser:
    """One connection that keeps its cookies."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("localhost", port, timeout=120)
        self.cookies: dict[str, str] = {}

    def ask(self, path: str, form: list[tuple[str, str]] | None = None) -> tuple[int, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if form is not None:
            headers["Content-Type"], body = "application/x-www-form-urlencoded", urlencode(form)
        self.connection.request("GET" if form is None else "POST", path, body, headers)
        answer = self.connection.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, answer.read().decode()


def _hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]+)"', page)
    if found is None:
        raise RuntimeError(f"there is no field {name}")
    return found[1]


def _issue(folder: Path, *, compiled: bool) -> float:
    """Awards a second, pressed by the teacher as the page does it: a class at a time, signed when the answer comes."""
    place = awarding.make_place(folder, learners=AT_ONCE * (PRESSES + 1))
    with place.database.reading() as session:
        taught = pilot(session, world.viewer_of(session, "teacher"))
        version = taught.versions[0].version
        address = (
            f"/workshops/{taught.activity.token}/assess/{version.definition.slug}/{version.version}/award"
        )
    place.database.close()
    with _serving(place.settings, compiled=compiled) as port:
        browser = _Browser(port)
        page = browser.ask("/demo")[1]
        browser.ask("/demo/sign-in/teacher", [("csrf_token", _hidden(page, "csrf_token"))])
        token = _hidden(browser.ask(address)[1], "csrf_token")
        _press(browser, address, token, 0)  # the first one compiles, if it may
        began = time.perf_counter()
        for press in range(1, PRESSES + 1):
            _press(browser, address, token, press)
        return AT_ONCE * PRESSES / (time.perf_counter() - began)


def _press(browser: _Browser, address: str, csrf_token: str, press: int) -> None:
    numbers = range(press * AT_ONCE + 1, (press + 1) * AT_ONCE + 1)
    form = [
        ("csrf_token", csrf_token),
        ("key", f"the-press-of-number-{press}"),
        ("seen", "y"),
        ("saw_each", "y"),
    ]
    form += [("identity_check", "known"), *(("learner", str(number)) for number in numbers)]
    status, page = browser.ask(address, form)
    if status != 302:
        said = re.findall(r"<main.*?</ul>", page, re.S)
        raise RuntimeError(f"awarding answered {status}: {said}")


def _open_badge(place: awarding.Place) -> str:
    """The newest signed award, accepted and shown by its link."""
    with place.database.writing() as session:
        award = session.scalars(
            select(Award).where(Award.state == "held").order_by(Award.id.desc()).limit(1)
        ).one()
        award.state, award.sharing = AwardState.ACCEPTED.value, Sharing.LINK.value
        award.accepted_at = award.decided_at
        register.set_visible(session, f"{credential_path(award.token)}.json", True)
        return credential_path(award.token)


def _seconds_a_page(port: int, path: str, must_say: str) -> float:
    browser, taken = _Browser(port), []
    for _ in range(PAGES):
        began = time.perf_counter()
        status, page = browser.ask(path)
        taken.append(time.perf_counter() - began)
        if status != 200 or must_say not in page:
            raise RuntimeError(f"{path} answered {status}, without {must_say}")
    return statistics.median(taken[PAGES // 5 :])
