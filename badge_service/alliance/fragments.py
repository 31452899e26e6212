"""What this room adds to the home of a signed-in person: their alliances and what these do next."""

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


SLOTS: dict[str, Callable[[Any, Any], Markup | None]] = {"person.home": own_alliances}
