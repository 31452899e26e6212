"""What this room adds to the pages of earlier rooms, by the names of the slots it fills."""

from collections.abc import Callable
from typing import Any, cast

from flask import render_template
from markupsafe import Markup

from badge_service.alliance.tables import Activity
from badge_service.awards import actions
from badge_service.people.rules import Viewer
from badge_service.web.unit_of_work import current_session
from badge_service.workshops import actions as workshops
from badge_service.workshops.tables import Workshop


def way_to_award(viewer: Any, workshop: Workshop) -> Markup | None:
    """On a workshop's page, for who teaches it: the matrix of each micro-credential it teaches."""
    if not workshops.may_teach(cast(Viewer, viewer), workshop):
        return None
    versions = actions.taught_versions(current_session(), workshop)
    return _fragment("way", workshop=workshop, versions=versions) if versions else None


def way_from_activity(viewer: Any, activity: Activity) -> Markup | None:
    """On a workshop's public page, for who teaches it: the same."""
    workshop = workshops.workshop_of(current_session(), activity)
    return way_to_award(viewer, workshop) if workshop is not None else None


def waiting(viewer: Any, _subject: Any) -> Markup | None:
    """On the home of a signed-in person: badges waiting for their answer, and workshops that they can award."""
    if not viewer.is_signed_in:
        return None
    session, known = current_session(), cast(Viewer, viewer)
    badges = actions.waiting_for(session, known)
    to_award = [
        (workshop, actions.taught_versions(session, workshop))
        for workshop in actions.workshops_to_award(session, known)
    ]
    return _fragment("waiting", badges=badges, to_award=to_award) if badges or to_award else None


def _fragment(name: str, **values: Any) -> Markup:
    return Markup(render_template(f"awards/_{name}.html", **values))  # noqa: S704  our own template


SLOTS: dict[str, Callable[[Any, Any], Markup | None]] = {
    "workshop.next": way_to_award,
    "activity.next": way_from_activity,
    "person.home": waiting,
}
