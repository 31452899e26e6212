"""Later rooms fill the places that earlier rooms' pages leave."""

from flask import Flask, render_template_string
from markupsafe import Markup

from badge_service.web import access, navigation, slots


def test_fillers_answer_in_order_for_this_viewer_and_this_subject(app: Flask) -> None:
    slots.register(app, "thing.after", lambda viewer, subject: Markup("<b>{}</b>").format(subject))
    slots.register(app, "thing.after", lambda viewer, subject: None)
    slots.register(
        app, "thing.after", lambda viewer, subject: Markup("<i>me</i>") if viewer.is_signed_in else None
    )
    template = '{{ slot("thing.after", "<x>") }}|{{ slot("empty") }}'
    with app.test_request_context("/", headers={"X-Person": "plain"}):
        assert render_template_string(template) == "<b>&lt;x&gt;</b>\n<i>me</i>|"
    with app.test_request_context("/"):
        assert render_template_string(template) == "<b>&lt;x&gt;</b>|"


def test_slots_of_one_app_are_not_another_ones(app: Flask) -> None:
    slots.register(app, "thing.after", lambda viewer, subject: Markup("x"))
    other = Flask("other", root_path=app.root_path)
    slots.init_slots(other)
    with other.test_request_context("/"):
        assert slots.slot("thing.after") == ""


def test_the_header_shows_each_viewer_their_links(app: Flask) -> None:
    for name in ("check", "home", "teach"):
        app.add_url_rule(f"/{name}", name, access.public(lambda: "in"))
    navigation.add(app, "check", "Check")
    navigation.add(app, "home", "Home", navigation.the_signed_in)
    navigation.add(app, "teach", "Teach", navigation.holders_of("teacher"))
    navigation.add(app, "not.there", "Nowhere")
    seen = {}
    for person in ("", "plain", "teacher"):
        with app.test_request_context("/check", headers={"X-Person": person}):
            seen[person] = [(label, here) for _address, label, here in navigation.links()]
    assert seen[""] == [("Check", "page")]
    assert seen["plain"] == [("Check", "page"), ("Home", "")]
    assert seen["teacher"] == [("Check", "page"), ("Home", ""), ("Teach", "")]


def test_a_link_is_marked_on_the_pages_it_is_the_way_to(app: Flask) -> None:
    for name in ("studio", "draft", "other"):
        app.add_url_rule(f"/{name}", name, access.public(lambda: "in"))
    navigation.add(app, "studio", "Studio", leads_to=lambda endpoint: endpoint == "draft")
    marks = {}
    for path in ("/studio", "/draft", "/other", "/nowhere"):
        with app.test_request_context(path):
            marks[path] = [here for _address, _label, here in navigation.links()]
    assert marks == {"/studio": ["page"], "/draft": ["true"], "/other": [""], "/nowhere": [""]}
