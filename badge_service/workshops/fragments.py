"""What workshops add to the pages of earlier rooms, by the names of the slots they fill."""

from collections.abc import Callable
from typing import Any, cast

from flask import render_template
from markupsafe import Markup

from badge_service.alliance.rules import Kind, State, may_move, may_plan
from badge_service.alliance.tables import Activity, Alliance
from badge_service.people.rules import Viewer
from badge_service.storage.session import now
from badge_service.web.unit_of_work import current_session
from badge_service.workshops import actions
from badge_service.workshops.actions.feedback import feedback_of
from badge_service.workshops.tables import Workshop


def taught(_viewer: Any, activity: Activity) -> Markup | None:
    """On an activity's public page: when a workshop meets, what to know beforehand, and what it teaches."""
    workshop = actions.workshop_of(current_session(), activity)
    if workshop is None:
        return None
    return _fragment("taught", workshop=workshop, versions=actions.taught_in(current_session(), activity))


def offered(_viewer: Any, alliance: Alliance) -> Markup | None:
    """On an alliance's page: the way to its topic calendar, and what can be earned in its coming workshops."""
    versions = actions.taught_in_alliance(current_session(), alliance)
    way = _fragment("calendar", alliance=alliance)
    return way + _fragment("offered", versions=versions) if versions else way


def way_to_workshop(viewer: Any, activity: Activity) -> Markup | None:
    """On an activity's page, for those who run it: the way to its class list, or to having one."""
    if not may_plan(cast(Viewer, viewer), activity.organisation_id):
        return None
    if actions.workshop_of(current_session(), activity) is not None:
        return _fragment("way", activity=activity)
    can_begin = activity.kind != Kind.WORKSHOP.value and activity.state != State.CANCELLED.value
    return _fragment("begin", activity=activity) if can_begin else None


def steps(viewer: Any, activity: Activity) -> Markup | None:
    """On the page of an activity with a class list, for those who run it: held, called off, planned again."""
    session = current_session()
    workshop = actions.workshop_of(session, activity)
    if workshop is None or not actions.may_manage(cast(Viewer, viewer), workshop):
        return None
    return _fragment(
        "steps",
        activity=activity,
        can_be_held=may_move(activity.state, State.HELD) and activity.starts_on <= now(session).date(),
        can_be_cancelled=may_move(activity.state, State.CANCELLED),
        can_be_planned=may_move(activity.state, State.PLANNED),
    )


def planning(_viewer: Any, _subject: Any) -> Markup | None:
    """Where activities are planned: a workshop is planned elsewhere."""
    return _fragment("planning")


def next_ones(viewer: Any, _subject: Any) -> Markup | None:
    """On the home of a signed-in person: their next workshops."""
    if not viewer.is_signed_in:
        return None
    workshops = actions.next_workshops(current_session(), cast(Viewer, viewer))
    return _fragment("next", workshops=workshops) if workshops else None


def taking_part(viewer: Any, _subject: Any) -> Markup | None:
    """On the home of a signed-in person: where they learn, with what they can do there."""
    places = actions.own_places(current_session(), cast(Viewer, viewer)) if viewer.is_signed_in else []
    return _fragment("own_places", places=places) if places else None


def _home(viewer: Any, subject: Any) -> Markup | None:
    found = [one for one in (next_ones(viewer, subject), taking_part(viewer, subject)) if one is not None]
    return Markup("").join(found) if found else None


def learners_say(viewer: Any, workshop: Workshop) -> Markup | None:
    """On a workshop's page, once it has begun: the way to what its learners are asked."""
    session, activity = current_session(), workshop.activity
    if activity.starts_on > now(session).date() or activity.state == State.CANCELLED.value:
        return None
    asked = feedback_of(session, cast(Viewer, viewer), workshop)
    going = next((one for one in asked if one.run.opened_at and not one.run.closed_at), None)
    return _fragment("feedback", activity=activity, asked=asked, open=going)


def _fragment(name: str, **values: Any) -> Markup:
    return Markup(render_template(f"workshops/fragments/{name}.html", **values))  # noqa: S704  our own template


SLOTS: dict[str, Callable[[Any, Any], Markup | None]] = {
    "activity.after": taught,
    "activity.next": way_to_workshop,
    "activity.plan": planning,
    "activity.steps": steps,
    "alliance.after": offered,
    "person.home": _home,
    "workshop.after": learners_say,
}
