"""All pieces on one page in a real Chromium: nothing for axe to find, no sideways scrolling, targets large enough."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, render_template_string, request
from werkzeug.serving import make_server
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired

from badge_service.errors import Fault, InvalidError
from badge_service.web import access, navigation
from badge_service.web.forms import Form
from badge_service.web.shell import seal_shell

pytestmark = pytest.mark.browser
SINK = (Path(__file__).parent / "kitchen_sink.html").read_text(encoding="utf-8")
CARDS = """{% extends "web/layout.html" %}{% block main %}<ul class="claim-cards">{% for n in range(16) %}
<li class="claim-card">{{ qr_svg("http://localhost:8000/claim", element_id="q" ~ n) }}<p>Ana, 7</p></li>{% endfor %}</ul>{% endblock %}"""
SMALL_TARGETS = """() => [...document.querySelectorAll('a, button, input, select, textarea, summary')]
  .filter((e) => e.offsetParent && !e.closest('p, li, dd, td') && e.type !== 'hidden')
  .map((e) => [e, (e.matches('[type=checkbox], [type=radio]') ? e.closest('label') : e).getBoundingClientRect()])
  .filter(([, box]) => box.width < 24 || box.height < 24)
  .map(([e, box]) => e.outerHTML.slice(0, 80) + ' ' + box.width + 'x' + box.height)"""


class SinkForm(Form):
    title = StringField("Title", [DataRequired("Please give it a title.")])
    hours = IntegerField("Hours", [DataRequired("How many hours does it take?")])
    day = DateField("Day")
    kind = SelectField("Kind", choices=[SelectChoice("w", "Workshop"), SelectChoice("v", "Visit")])
    story = TextAreaField("What people do there")
    picture = FileField("Picture", description="PNG or JPEG, at most 10 MB.")
    level = RadioField("Level", choices=[SelectChoice("1", "First"), SelectChoice("2", "Second")])
    topics = SelectMultipleField("Topics", choices=[SelectChoice("a", "Willow"), SelectChoice("b", "Clay")])
    agree = BooleanField("I have read it")


def _sink() -> tuple[str, int]:
    form = SinkForm()
    if request.method == "POST":
        form.validate()
        form.show_faults(
            InvalidError(
                "no",
                faults=[Fault("row 4, e-mail", "“x@” is not an address; write it like ana@example.org.")],
            )
        )
    return render_template_string(SINK, form=form), 422 if request.method == "POST" else 200


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    app.config.update(DEMO=True, FOR_TRIAL=True, INSECURE_LAN=True, WTF_CSRF_ENABLED=True)
    app.add_url_rule("/", "home", access.public(lambda: "in"))
    app.add_url_rule("/sink", "sink", access.public(_sink), methods=["GET", "POST"])
    app.add_url_rule("/sign-out", "sign_out", access.public(lambda: "out"), methods=["POST"])
    app.config["SIGN_OUT_ENDPOINT"] = "sign_out"
    for endpoint, label in (("home", "Check a badge"), ("sink", "What can be earned")):
        navigation.add(app, endpoint, label)
    app.add_url_rule("/cards", "cards", access.public(lambda: render_template_string(CARDS)))
    seal_shell(app)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def browser(chromium: object) -> object:
    return chromium


@pytest.fixture
def complaints_of_browser() -> list[str]:
    return []


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    "width", [320, pytest.param(390, marks=pytest.mark.slow), pytest.param(1280, marks=pytest.mark.slow)]
)
def test_all_pieces_pass_axe_fit_the_screen_and_break_no_policy(
    browser, address: str, width: int, scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = browser.new_page(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        extra_http_headers={"X-Person": "plain"},
    )
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.goto(f"{address}/sink")
    assert said == []
    page.click("button.button-primary[type=submit]")
    page.wait_for_selector(".complaints")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(SMALL_TARGETS) == []
    assert [text for text in said if "422" not in text] == []
    page.close()


def test_the_mistakes_get_the_focus_and_lead_to_their_fields_by_keyboard(browser, address: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}/sink")
    page.click("button.button-primary[type=submit]")
    page.wait_for_selector(".complaints")
    assert page.evaluate("document.activeElement.className") == "complaints"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id || location.hash.slice(1)") == "title"
    page.close()


def test_without_script_the_language_changes_and_the_page_stays(browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/sink")
    page.click("button[value=bg]")
    assert page.url == f"{address}/sink"
    assert page.locator("html").get_attribute("lang") == "bg"
    context.close()


def test_text_twice_as_large_still_fits(browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 640, "height": 900})
    page.goto(f"{address}/sink")
    page.evaluate("document.documentElement.style.setProperty('font-size', '200%')")
    assert page.evaluate("document.documentElement.scrollWidth") <= 640
    page.close()


def test_sixteen_claim_cards_are_two_sheets_of_paper(browser, address: str, app: Flask) -> None:
    page = browser.new_page()
    page.goto(f"{address}/cards")
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 2
    page.close()
