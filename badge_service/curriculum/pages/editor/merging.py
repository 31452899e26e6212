"""The page on which somebody chooses between two people's words, field by field, with everything typed still there."""

import json
from collections.abc import Mapping

from flask import render_template, request

from badge_service.curriculum.actions import StaleFieldsError
from badge_service.curriculum.rules.merging import opened_anew
from badge_service.curriculum.stale import differences

_LEFT_OUT = {"csrf_token", "revision", "opened", "do"}


def merge_page(error: StaleFieldsError, step: str, opened: Mapping[str, str]) -> str:
    """Both sides of each clash; sending it saves the choice, unless a third change comes in between."""
    typed = [(name, value) for name, values in request.form.lists() for value in values]
    return render_template(
        "curriculum/stale.html",
        version=error.saved,
        step=step,
        opened=json.dumps(opened_anew(opened, error.clashes)),
        differences=differences(error.clashes),
        fields=[
            (name, value) for name, value in typed if name not in _LEFT_OUT and not name.startswith("keep:")
        ],
    )
