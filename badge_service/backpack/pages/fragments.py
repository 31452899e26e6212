"""What the backpack adds to other rooms' pages through slots: the learner's corner at home, listed badges at a definition."""

from typing import Any

from flask import render_template
from markupsafe import Markup

from badge_service.backpack import actions
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.people.rules import Role
from badge_service.people.viewers import own_viewer
from badge_service.web.unit_of_work import current_session
from badge_service.web.viewer import Viewer


def home_badges(viewer: Viewer, _subject: Any) -> Markup | None:
    """Slot `person.home`: how many badges this person has and how many wait; nothing for who is no learner."""
    if not viewer.is_signed_in:
        return None
    kept, waiting = actions.waiting_count(current_session(), own_viewer())
    if not (kept or waiting or viewer.has_role(Role.LEARNER)):
        return None
    return Markup(render_template("backpack/_home.html", kept=kept, waiting=waiting))  # noqa: S704 (a template of ours, escaped)


def listed_at_definition(_viewer: Viewer, version: DefinitionVersion) -> Markup | None:
    """Slot `definition.after`: the badges of a definition whose learners chose to be found; nothing without any."""
    listed = actions.listed_badges(current_session(), version.definition_id)
    if not listed:
        return None
    return Markup(render_template("backpack/_listed.html", badges=listed))  # noqa: S704 (a template of ours, escaped)


SLOTS = {"person.home": home_badges, "definition.after": listed_at_definition}
