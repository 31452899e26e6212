"""Forms name everything wrong at once, beside where it is, for eyes and ears."""

import pytest
from flask import Flask, render_template_string
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FileField, RadioField, SelectMultipleField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired

from badge_service.errors import Fault, InvalidError
from badge_service.web import access
from badge_service.web.forms import Form, small_number

TEMPLATE = """
{% from "web/forms.html" import complaints, field, checkbox, choices, submit %}
<form method="post">{{ form.hidden_tag() }}{{ complaints(form) }}
{{ field(form.title, help="What others read", autocomplete="off") }}{{ field(form.picture) }}
{{ checkbox(form.agree) }}{{ choices(form.level) }}{{ choices(form.topics) }}{{ submit("Save") }}</form>
"""


class ThingForm(Form):
    title = StringField("Title", [DataRequired(_l("Please give it a title."))])
    picture = FileField("Picture")
    agree = BooleanField("I agree")
    level = RadioField("Level", choices=[SelectChoice("1", "First"), SelectChoice("2", "Second")])
    topics = SelectMultipleField("Topics", choices=[SelectChoice("a", "Willow"), SelectChoice("b", "Clay")])


@pytest.fixture
def room(app: Flask) -> Flask:
    def view():
        form = ThingForm()
        if form.validate_on_submit():
            form.show_faults(
                InvalidError(
                    "wrong",
                    faults=[
                        Fault("title", "Somebody has this <title>."),
                        Fault("title", "It is too short."),
                        Fault("row 4, e-mail", "This is no address."),
                    ],
                )
            )
        return render_template_string(TEMPLATE, form=form), 422 if form.is_submitted() else 200

    app.add_url_rule("/thing", "thing", access.public(view), methods=["GET", "POST"])
    return app


def test_all_faults_of_an_action_are_shown_and_linked(room: Flask) -> None:
    page = room.test_client().post("/thing", data={"title": "x", "level": "2", "topics": ["a", "b"]}).text
    assert "3 things need correcting" in page
    assert '<a href="#title">Title: Somebody has this &lt;title&gt;.</a>' in page
    assert '<a href="#title">Title: It is too short.</a>' in page
    assert "<li>row 4, e-mail: This is no address.</li>" in page


def test_a_wrong_field_is_described_by_its_help_and_its_errors(room: Flask) -> None:
    page = room.test_client().post("/thing", data={"title": "", "level": "1"}).text
    title = page.split("<input aria-")[1].split(">")[0]
    assert 'describedby="title-help title-errors"' in title
    assert 'aria-invalid="true"' in title
    assert 'autocomplete="off"' in title
    assert "<p>Please give it a title.</p>" in page


def test_what_was_chosen_stays_chosen(room: Flask) -> None:
    page = room.test_client().post("/thing", data={"title": "x", "level": "2", "topics": ["b"]}).text
    assert '<input type="radio" id="level-2" name="level" value="2" checked>' in page
    assert '<input type="checkbox" id="topics-2" name="topics" value="b" checked>' in page
    assert '<input type="checkbox" id="topics-1" name="topics" value="a">' in page


def test_an_error_without_faults_stands_above_the_form(room: Flask) -> None:
    with room.test_request_context("/thing", method="POST"):
        form = ThingForm()
        form.show_faults(InvalidError("The file cannot be read."))
        assert form.complaints == [(None, "The file cannot be read.")]


def test_a_post_without_its_token_is_refused(room: Flask) -> None:
    room.config["WTF_CSRF_ENABLED"] = True
    client = room.test_client()
    assert client.post("/thing", data={"title": "x"}).status_code == 400
    page = client.get("/thing").text
    token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    assert client.post("/thing", data={"title": "x", "level": "1", "csrf_token": token}).status_code == 422


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("42", 42),
        ("999999999", 999999999),
        *((text, None) for text in ("1000000000", "9" * 5000, "", "-1", "²", "٣", "1.0", " 1")),
    ],
)
def test_only_a_number_of_at_most_nine_digits_is_read(text, number):
    assert small_number(text) == number
