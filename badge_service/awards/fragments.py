"""What this room adds to the pages of earlier rooms, by the names of the slots it fills."""

from collections.abc import Callable
from typing import Any, cast

from flask import render_template
from markupsafe import Markup

from badge_service.alliance.tables import Activity
from badge_service.awards import actions
from badge_service.awards.actions.cases import count_cases, is_recognisable
from badge_service.awards.actions.handing_in import attends
from badge_service.awards.actions.other_mails import other_troubles
from badge_service.awards.actions.second_looks import count_looks
from badge_service.curriculum.rules import VersionState
from badge_service.curriculum.tables import DefinitionVersion, PathwayVersion
from badge_service.people.rules import Role, Viewer
from badge_service.people.tables import Organisation
from badge_service.web.surroundings import current_settings
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


def hand_in(viewer: Any, activity: Activity) -> Markup | None:
    """On a workshop's public page, for its signed-in learners: where evidence is handed in."""
    if not viewer.is_signed_in:
        return None
    session = current_session()
    workshop = workshops.workshop_of(session, activity)
    if workshop is None or not attends(session, cast(Viewer, viewer), workshop):
        return None
    versions = actions.taught_versions(session, workshop)
    return _fragment("hand_in", workshop=workshop, versions=versions) if versions else None


def late_claims(viewer: Any, workshop: Workshop) -> Markup | None:
    """In the form of late claims, for who teaches the workshop: their files into the evidence."""
    if not workshops.may_teach(cast(Viewer, viewer), workshop):
        return None
    versions = actions.taught_versions(current_session(), workshop)
    return _fragment("late_claims", activity=workshop.activity, versions=versions) if versions else None


def hand_in_there(viewer: Any, workshop: Workshop) -> Markup | None:
    """At home, beside a workshop in which somebody takes part: where evidence is handed in."""
    if not attends(current_session(), cast(Viewer, viewer), workshop):
        return None
    versions = actions.taught_versions(current_session(), workshop)
    return _fragment("hand_in_links", workshop=workshop, versions=versions) if versions else None


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


def to_decide(viewer: Any, _subject: Any) -> Markup | None:
    """On the home of a teacher or LET lead: fulfilled pathways that wait for a person."""
    if not (viewer.has_role(Role.TEACHER) or viewer.has_role(Role.LET_LEAD)):
        return None
    waiting = actions.count_to_decide(current_session(), cast(Viewer, viewer))
    return _fragment("fulfilled", waiting=waiting) if waiting else None


def to_confirm(viewer: Any, _subject: Any) -> Markup | None:
    """On the home of a teacher or administrator: what colleagues awarded beyond their number for the day."""
    if not viewer.is_signed_in:
        return None
    waiting = actions.to_confirm(current_session(), cast(Viewer, viewer))
    return _fragment("to_confirm", waiting=waiting) if waiting else None


def limits_link(viewer: Any, organisation: Organisation) -> Markup | None:
    """On an organisation's page, for its administrator: the numbers that limit awarding, and taking badges back."""
    if not (viewer.has_role(Role.OPERATOR) or viewer.has_role(Role.ADMIN, organisation.id)):
        return None
    return _fragment("limits_link", organisation=organisation)


def standing_decision(viewer: Any, pathway: PathwayVersion) -> Markup | None:
    """On a published pathway's page and its desk, for who may decide beforehand: to do so, or to switch it off."""
    session, known = current_session(), cast(Viewer, viewer)
    if pathway.badge_version_id is None or pathway.state != VersionState.PUBLISHED:
        return None
    if not actions.may_decide_beforehand(session, known, pathway):
        return None
    return _fragment("standing_decision", pathway=pathway, made=actions.find_standing(session, pathway))


def not_arrived(viewer: Any, _subject: Any) -> Markup | None:
    """On the home of a teacher or administrator: badges whose mail did not arrive, or that nobody answers."""
    if not (viewer.has_role(Role.TEACHER) or viewer.has_role(Role.ADMIN)):
        return None
    session, known = current_session(), cast(Viewer, viewer)
    count = actions.count_mail_troubles(session, known)
    others = len(other_troubles(session, known.organisations_as(Role.TEACHER, Role.ADMIN)))
    unclaimed = actions.unclaimed_awards(session, known, current_settings()).total
    if not (count or others or unclaimed):
        return None
    return _fragment("not_arrived", count=count, others=others, unclaimed=unclaimed)


def own_progress(viewer: Any, pathway: PathwayVersion) -> Markup | None:
    """On a pathway's page, for a signed-in person with a badge that counts: how far they are."""
    found = actions.progress_on(current_session(), cast(Viewer, viewer), pathway)
    if found is None or not (found.steps[0] or found.state):
        return None
    return _fragment("own_progress", one=found)


def cases_waiting(viewer: Any, _subject: Any) -> Markup | None:
    """On the home of a teacher: how many cases of prior learning wait for an assessor, or for them."""
    if not viewer.has_role(Role.TEACHER):
        return None
    count = count_cases(current_session(), cast(Viewer, viewer))
    return _fragment("cases_waiting", count=count) if count else None


def second_looks(viewer: Any, _subject: Any) -> Markup | None:
    """On the home of a teacher or administrator: second looks that wait, are overdue, or ask for a decision."""
    if not (viewer.has_role(Role.TEACHER) or viewer.has_role(Role.ADMIN)):
        return None
    waiting = count_looks(current_session(), cast(Viewer, viewer))
    if not (waiting.mine or waiting.overdue or waiting.disputed):
        return None
    return _fragment("second_looks", waiting=waiting)


def prior_learning(_viewer: Any, version: DefinitionVersion) -> Markup | None:
    """On the page of a micro-credential that can be recognised: the way to ask for it."""
    if not is_recognisable(current_session(), version):
        return None
    return _fragment("recognition", version=version)


def _fragment(name: str, **values: Any) -> Markup:
    return Markup(render_template(f"awards/_{name}.html", **values))  # noqa: S704  our own template


def _home(viewer: Any, subject: Any) -> Markup | None:
    fillers = (waiting, to_confirm, to_decide, cases_waiting, second_looks, not_arrived)
    found = [one for one in (filler(viewer, subject) for filler in fillers) if one is not None]
    return Markup("").join(found) if found else None


def from_elsewhere(viewer: Any, _subject: Any) -> Markup | None:
    """On the list of workshops, for who may bring in awards by a file: the way there, and to prior learning."""
    if not (viewer.has_role(Role.TEACHER) or viewer.has_role(Role.ADMIN)):
        return None
    return _fragment("from_elsewhere", teaches=viewer.has_role(Role.TEACHER))


SLOTS: dict[str, Callable[[Any, Any], Markup | None]] = {
    "organisation.after": limits_link,
    "workshop.next": way_to_award,
    "workshops.after": from_elsewhere,
    "activity.after": hand_in,
    "activity.next": way_from_activity,
    "check_in.late": late_claims,
    "person.home": _home,
    "place.next": hand_in_there,
    "definition.after": prior_learning,
    "pathway.after": standing_decision,
    "pathway.desk": standing_decision,
    "pathway.progress": own_progress,
}
