"""The rows of hostile texts of the list of bad inputs, each in a badge that a real browser shows: nothing runs, nothing is fetched."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

HOUSE = "http://localhost:8000"
PAGE = f"{HOUSE}/shown"
PLACES = {
    "achievement.name": ("name",),
    "achievement.description": ("description",),
    "criteria.narrative": ("criteria", "narrative"),
}
FOUND = """() => [...document.querySelectorAll("main *")].flatMap((one) => [...one.attributes]
  .filter((a) => /^on/i.test(a.name) || /^(javascript|vbscript|data):/i.test(a.value.trim()) && /href|src|action/.test(a.name))
  .map((a) => a.name + "=" + a.value))
  .concat([...document.querySelectorAll("main script, main style, main iframe, main meta, main math, main form[action^=http], main img[src^=http]")]
  .map((one) => one.outerHTML))"""


def put(document: dict[str, Any], place: str, text: str) -> None:
    """The text in the place of the row, and in the others where words stand, so that no page shows less than all."""
    achievement = document["credentialSubject"]["achievement"]
    if place in PLACES:
        *steps, last = PLACES[place]
        for step in steps:
            achievement = achievement[step]
        achievement[last] = text
    elif place == "evidence.narrative":
        document["evidence"][0]["narrative"] = text
    elif place == "issuer.name":
        document["issuer"]["name"] = text
    elif place == "result.value":
        document["credentialSubject"]["result"] = [{"type": ["Result"], "value": text}]
    else:
        raise LookupError(place)


class Shown:
    """A browser window in which our own answers are served, and everything that is asked elsewhere is written down."""

    def __init__(self, window: Any, client: FlaskClient) -> None:
        self.window, self.client = window, client.application.test_client()
        self.outside: list[str] = []
        self.ran: list[str] = []
        self.answer: Any = None
        window.route("**/*", self._serve)
        window.on("dialog", self._dialog)

    def _dialog(self, dialog: Any) -> None:
        self.ran.append(dialog.message)
        dialog.dismiss()

    def _serve(self, route: Any) -> None:
        address = route.request.url
        if not address.startswith(HOUSE):
            self.outside.append(address)
            route.abort()
            return
        answer = self.answer if address == PAGE else self.client.get(urlsplit(address).path)
        route.fulfill(status=answer.status_code, headers=dict(answer.headers), body=answer.data)

    def show(self, document: dict[str, Any]) -> Any:
        self.answer = self.client.post("/verify", data={"text": json.dumps(document)})
        self.window.goto(PAGE, wait_until="load")
        return self.answer


@pytest.mark.browser
@pytest.mark.slow
def test_hostile_texts_stay_texts_in_a_real_browser(
    chromium: Any, client: FlaskClient, foreign: Any, compose: Any, shared: Path
) -> None:
    inputs = json.loads((shared / "data" / "bad_inputs.json").read_text("utf-8"))["inputs"]
    rows = [row for row in inputs if row["surface"] == "render" and row.get("place")]
    assert len(rows) == 13, "the two others are long, see tests/web/test_markdown.py"
    window = chromium.new_page()
    shown = Shown(window, client)
    for row in rows:
        document = compose()
        put(document, row["place"], row["input"])
        answer = shown.show(foreign.school.sign(document))
        assert answer.status_code == row["expected"]["http"], row["id"]
        assert "verdict-issuer_unknown" in answer.text, row["id"]
        assert window.evaluate(FOUND) == [], row["id"]
        assert (shown.ran, shown.outside, window.url) == ([], [], PAGE), row["id"]
        assert (
            "49" not in window.inner_text("main")
            or "{7*7}" not in row["input"]
            or "7*7" in window.inner_text("main")
        )
    window.close()
