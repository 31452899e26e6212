"""The places of the studio that every page of a LET lead's desk links to."""

from typing import Any

from flask import Flask, current_app, url_for
from flask_babel import lazy_gettext as _l

from badge_service.curriculum.pages import blueprint
from badge_service.web.access import rule_of

TABS: list[tuple[str, Any]] = [
    ("curriculum.definitions", _l("Definitions")),
    ("curriculum.own_curricula", _l("Curricula")),
    ("curriculum.own_pathways", _l("Pathways")),
    ("curriculum.findings", _l("Findings")),
    ("curriculum.teams", _l("Team")),
    ("curriculum.frameworks", _l("Frameworks")),
]
"""Endpoint and words of this room's places, in the order of work."""
_EXTENSION = "desk_tabs"


def add_tab(app: Flask, endpoint: str, words: Any) -> None:
    """Append a place of a later room; called where rooms are wired."""
    app.extensions.setdefault(_EXTENSION, []).append((endpoint, words))


def is_studio(endpoint: str) -> bool:
    """Whether a page belongs to the studio: one of its places, or one that asks for a LET lead and nobody else."""
    places = [*TABS, *current_app.extensions.get(_EXTENSION, [])]
    rule = rule_of(current_app, endpoint) if endpoint in current_app.view_functions else None
    return endpoint in dict(places) or (rule is not None and rule.roles == ("let_lead",))


@blueprint.app_template_global()
def desk_tabs(here: str) -> list[tuple[str, str, bool]]:
    """What the macro `tabs` shows: {{ tabs(_("Studio"), desk_tabs("curriculum.teams")) }}."""
    places = [*TABS, *current_app.extensions.get(_EXTENSION, [])]
    return [(str(words), url_for(endpoint), endpoint == here) for endpoint, words in places]
