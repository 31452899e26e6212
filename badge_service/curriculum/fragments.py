"""What this room adds to other pages: a LET lead's open drafts at home, the own teams on the account page."""

from collections.abc import Callable
from typing import Any, cast

from flask import render_template
from markupsafe import Markup

from badge_service.curriculum import actions
from badge_service.people.rules import Role, Viewer
from badge_service.web.unit_of_work import current_session


def drafts(viewer: Any, _subject: Any) -> Markup | None:
    """Slot `person.home`: the drafts that a LET lead can write on; nothing for everybody else."""
    if not viewer.has_role(Role.LET_LEAD):
        return None
    found = actions.own_drafts(current_session(), cast(Viewer, viewer))
    return Markup(render_template("curriculum/_drafts.html", drafts=found))  # noqa: S704  our own template


def own_teams(viewer: Any, _subject: Any) -> Markup | None:
    """Slot `account.after`: where a member of a team decides whether the own name is public; nothing for others."""
    if not actions.own_memberships(current_session(), cast(Viewer, viewer)):
        return None
    return Markup(render_template("curriculum/_own_teams.html"))  # noqa: S704  our own template


SLOTS: dict[str, Callable[[Any, Any], Markup | None]] = {"account.after": own_teams, "person.home": drafts}
