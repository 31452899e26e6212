"""The gallery of sample badges: every kind is there, and the page says of each what is true of it."""

import re
import threading
from typing import Any

import pytest
from werkzeug.serving import make_server

from badge_service.demo import samples

GOOD, STRANGE, RED, GREY = "genuine", "issuer_unknown", "invalid", "unchecked"
GROUPS = {
    GOOD: {"own", "own-png", "own-svg"},
    RED: {"altered", "undefined-word", "borrowed-issuer", "expired", "not-yet", "revoked"},
    GREY: {"unknown-words", "unknown-suite", "ecdsa-sd", "ob-2.0"},
}
BANNERS = {name: banner for banner, names in GROUPS.items() for name in names}

pytestmark = pytest.mark.full


def test_every_sample_gets_the_answer_that_it_was_made_for(played_demo: Any) -> None:
    client = played_demo.client()
    page = client.get("/verify").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token is not None
    for name in samples.LABELS:
        assert f'action="/demo/samples/{name}"' in page
        with played_demo.database.engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM rate_limits")
        answer = client.post(f"/demo/samples/{name}", data={"csrf_token": token[1]})
        assert answer.status_code == 200, name
        assert f"verdict-{BANNERS.get(name, STRANGE)}" in answer.text, name
        assert client.get(f"/demo/samples/{name}").status_code == 200


def test_the_look_alike_is_warned_of_and_what_is_inside_is_shown(played_demo: Any) -> None:
    client = played_demo.client()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/verify").text)
    assert token is not None

    def text(name: str) -> str:
        return str(client.post(f"/demo/samples/{name}", data={"csrf_token": token[1]}).text)

    assert "whom we know, but is written in other letters" in text("look-alike")
    assert "The badges in it" in text("presentation")
    assert "no end date" in text("eddsa-rdfc-2022")
    assert "no end date" not in text("ecdsa-sd"), "nobody knows what the holder left out"
    assert "We take people with this badge into our workshops." in text("endorsed")


def test_names_that_are_no_sample_lead_nowhere(played_demo: Any) -> None:
    client = played_demo.client()
    for name in ("..", "keys", "nothing"):
        assert client.get(f"/demo/samples/{name}").status_code in {404, 308}


def test_readers_on_other_machines_see_no_gallery(played_demo: Any) -> None:
    far = {"REMOTE_ADDR": "192.0.2.7"}
    client = played_demo.app.test_client()
    assert "/demo/samples/" not in client.get("/verify", environ_overrides=far).text
    assert client.get("/demo/samples/own", environ_overrides=far).status_code == 404


@pytest.mark.browser
def test_the_gallery_is_clear_to_everybody(played_demo: Any, chromium: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    server = make_server("127.0.0.1", 0, played_demo.app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page = chromium.new_page(viewport={"width": 320, "height": 844})
    for name in (None, "endorsed", "jwt-rs256"):
        page.goto(f"http://127.0.0.1:{server.server_port}/verify")
        if name is not None:
            page.click(f'form[action="/demo/samples/{name}"] button')
            page.wait_for_selector(".verdict")
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), name
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
    page.close()
    server.shutdown()
