"""Every page of a service without https says that it is not for use; a real one says nothing of the kind."""

import pytest
from flask import Flask, render_template_string

from badge_service.web import access

WORDS = "Demo, not for use"
PAGE = '{% extends "web/layout.html" %}{% block main %}{% endblock %}'


@pytest.mark.parametrize(
    ("config", "says", "made_up"),
    [
        ({"DEMO": True, "FOR_TRIAL": True}, True, True),
        ({"DEMO": False, "FOR_TRIAL": True}, True, False),
        ({"DEMO": False, "FOR_TRIAL": False}, False, False),
    ],
)
def test_the_banner_tells_what_kind_of_service_this_is(
    app: Flask, config: dict[str, bool], says: bool, made_up: bool
) -> None:
    app.config.update(config)
    app.add_url_rule("/page", view_func=access.public(lambda: render_template_string(PAGE)), endpoint="page")
    text = app.test_client().get("/page").text
    assert (WORDS in text) == says
    assert ("badges here are made up" in text) == made_up
