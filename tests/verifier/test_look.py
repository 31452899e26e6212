"""The four answers in a real Chromium: nothing for axe, no sideways scrolling, no script of a stranger ever runs."""

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import make_server

from badge_service.register.actions import refresh_status_lists, revoke
from badge_service.register.rules import RevocationReason
from tests.verifier import stage

pytestmark = pytest.mark.browser


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def browser(chromium: Any) -> Any:
    return chromium


def look_at(page: Any, word: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    assert page.locator("h1").inner_text() == word
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def check(page: Any, address: str, document: dict[str, Any]) -> None:
    page.goto(f"{address}/verify")
    badge = {"name": "badge.json", "mimeType": "application/json", "buffer": json.dumps(document).encode()}
    page.set_input_files("#file", badge)
    page.click(".check-form button[type=submit]")


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
@pytest.mark.parametrize("width", [320, pytest.param(1280, marks=pytest.mark.slow)])
def test_every_answer_is_clear_to_everybody(
    browser: Any, address: str, world: Any, foreign: Any, open_badge: str, width: int, scheme: str
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 844}, color_scheme=scheme)
    page.goto(f"{address}/credentials/{open_badge}")
    look_at(page, "Genuine")
    page.goto(f"{address}/verify")
    look_at(page, "Check a badge")
    good = foreign.badge()
    check(page, address, good)
    look_at(page, "Signed, issuer unknown to us")
    check(page, address, {**good, "name": "Changed"})
    look_at(page, "Not valid")
    check(page, address, stage.sign_vp({}))
    assert page.locator("#inside-badge").count() == 1
    look_at(page, "Could not be fully checked")
    foreign.down = {"https://"}
    check(page, address, good)
    look_at(page, "Could not be fully checked")
    with world.database.writing() as session:
        revoke(session, open_badge, RevocationReason.MISTAKE, actor=None)
    refresh_status_lists(world.database, world.keyring)
    page.goto(f"{address}/credentials/{open_badge}")
    look_at(page, "Not valid")
    page.close()


def test_no_script_of_a_badge_runs_and_nothing_is_loaded_from_elsewhere(
    browser: Any, address: str, foreign: Any, compose: Any, shared: Path
) -> None:
    inputs = json.loads((shared / "data" / "bad_inputs.json").read_text("utf-8"))["inputs"]
    texts = [row["input"] for row in inputs if row["id"].startswith("xs-") and row.get("literal")]
    document = compose()
    achievement = document["credentialSubject"]["achievement"]
    achievement["description"] = " ".join(texts)
    achievement["criteria"]["narrative"] = "\n\n".join(texts)
    document["evidence"] = [
        {"id": "https://evil.test/x", "type": ["Evidence"], "name": text, "narrative": text} for text in texts
    ]
    page = browser.new_page(java_script_enabled=True)
    happened: list[str] = []
    page.on("dialog", lambda dialog: (happened.append(dialog.message), dialog.dismiss()))
    page.on(
        "request",
        lambda asked: None if asked.url.startswith((address, "about:")) else happened.append(asked.url),
    )
    check(page, address, foreign.school.sign(document))
    look_at(page, "Signed, issuer unknown to us")
    assert happened == []
    page.close()


def test_the_camera_reads_the_code_that_is_held_before_it(
    start_chromium: Callable[..., Any], address: str, open_badge: str, tmp_path: Path, qr_photo: Any
) -> None:
    """Chromium's pretended camera shows a picture of the code for ever; the form sends one still picture of it."""
    film = tmp_path / "code.mjpeg"
    film.write_bytes(qr_photo(f"http://localhost:8000/credentials/{open_badge}"))
    browser = start_chromium(
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    )
    page = browser.new_page()
    page.goto(f"{address}/verify")
    page.click("[data-camera-start]")
    page.click("[data-camera-shoot]")
    page.wait_for_selector(".verdict")
    assert page.locator("h1").inner_text() == "Genuine"
    browser.close()
