"""What this room adds to other pages: own alliances at home, needs on a definition, the plan on a team's desk."""

from collections.abc import Callable
from typing import Any, cast

from flask import render_template
from markupsafe import Markup

from badge_service.alliance import actions
from badge_service.people.rules import Role, Viewer
from badge_service.web.unit_of_work import current_session

NEXT_ONES = 3


def own_alliances(viewer: Any, _subject: Any) -> Markup | None:
    """Slot `person.home`: the alliances of a member or LET lead with their next activities; nothing for others."""
    if not (viewer.has_role(Role.MEMBER) or viewer.has_role(Role.LET_LEAD)):
        return None
    session = current_session()
    found = [
        (alliance, actions.activities_of(session, alliance).rows[:NEXT_ONES])
        for alliance in actions.alliances_of(session, cast(Viewer, viewer))
    ]
    return Markup(render_template("alliance/_own.html", alliances=found))  # noqa: S704  our own template


def answered_needs(_viewer: Any, version: Any) -> Markup | None:
    """Slot `definition.after`: which needs of industry a published version answers; nothing where it answers none."""
    needs = actions.needs_answered_by(current_session(), version.id) if version.published_at else []
    if not needs:
        return None
    return Markup(render_template("alliance/_answers.html", needs=needs))  # noqa: S704  our own template


def plan_of_team(_viewer: Any, let: Any) -> Markup | None:
    """Slot `team.after`: the way from a team's desk to its plan and co-creation sessions."""
    return Markup(render_template("alliance/_plan_of_team.html", let=let))  # noqa: S704  our own template


SLOTS: dict[str, Callable[[Any, Any], Markup | None]] = {
    "person.home": own_alliances,
    "definition.after": answered_needs,
    "team.after": plan_of_team,
}
