"""Plans an activity, changes it, marks it held or cancelled, and finds it again, alone or in a list."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from badge_service.alliance.rules import (
    ActivityFacts,
    State,
    activity_faults,
    may_move,
    may_plan,
    planning_role,
)
from badge_service.alliance.tables import Activity, Alliance, AllianceMember
from badge_service.errors import ConflictError, Fault, InvalidError, NotFoundError
from badge_service.people.rules import Viewer
from badge_service.people.tables import Organisation
from badge_service.storage import audit
from badge_service.storage.session import now, token
from badge_service.web.paging import Listing, page_of


def create_activity(
    session: Session, viewer: Viewer, alliance: Alliance, organisation: Organisation, facts: ActivityFacts
) -> Activity:
    """Plan an activity of `organisation` in `alliance`; who started it, and in which role, is written once for ever.

    Raises NotFoundError for an organisation that is not the viewer's, InvalidError with every fault.
    """
    actor = viewer.acting_key()
    role = planning_role(viewer, organisation.id)
    if role is None:
        raise NotFoundError(_("There is no such organisation among yours."))
    faults = activity_faults(facts, now(session).date())
    if session.get(AllianceMember, (alliance.id, organisation.id)) is None:
        faults.append(Fault("host", _("This organisation has no seat in this alliance yet."), "no_member"))
    _refuse(faults)
    activity = Activity(
        token=token(session),
        alliance_id=alliance.id,
        organisation_id=organisation.id,
        state=State.PLANNED.value,
        initiated_by=actor,
        initiator_role=role.value,
        created_at=now(session),
        **_columns(facts),
    )
    session.add(activity)
    session.flush()
    audit.record(session, actor, "activity.create", f"activity:{activity.token}", role=role.value)
    return activity


def edit_activity(session: Session, viewer: Viewer, activity: Activity, facts: ActivityFacts) -> Activity:
    """Change what an activity says about itself; its kind stays, and so does who started it.

    Raises NotFoundError for a foreign activity, InvalidError with every fault.
    """
    _require_own(viewer, activity)
    faults = activity_faults(facts, now(session).date())
    if facts.kind != activity.kind:
        faults.append(Fault("kind", _("The kind of an activity stays what it was."), "kind"))
    _refuse(faults)
    new = _columns(facts)
    changed = sorted(name for name, value in new.items() if getattr(activity, name) != value)
    for name in changed:
        setattr(activity, name, new[name])
    if changed:
        audit.record(
            session, viewer.acting_key(), "activity.edit", f"activity:{activity.token}", fields=changed
        )
    return activity


def mark_held(session: Session, viewer: Viewer, activity: Activity) -> Activity:
    """Say that it took place, from its first day on; raises InvalidError before that, ConflictError if cancelled."""
    _require_own(viewer, activity)
    if activity.starts_on > now(session).date():
        raise InvalidError(
            _("This activity has not started yet, so it cannot have been held."),
            code="too_early",
            hint=_("If it was held earlier than planned, change its date first."),
        )
    return change_state(session, viewer, activity, State.HELD)


def cancel(session: Session, viewer: Viewer, activity: Activity) -> Activity:
    """Call a planned activity off; its page stays and says so. Raises ConflictError once it was held."""
    return change_state(session, viewer, activity, State.CANCELLED)


def plan_again(session: Session, viewer: Viewer, activity: Activity) -> Activity:
    """Take a cancellation back."""
    return change_state(session, viewer, activity, State.PLANNED)


def change_state(session: Session, viewer: Viewer, activity: Activity, to: State) -> Activity:
    """Move an activity on; being there already changes nothing. Raises ConflictError for a step that does not exist."""
    _require_own(viewer, activity)
    if activity.state == to.value:
        return activity
    if not may_move(activity.state, to):
        raise ConflictError(
            _("This step is not possible any more: somebody has changed the activity meanwhile."),
            code="state",
            hint=_("Open its page again and see where it stands."),
        )
    audit.record(
        session,
        viewer.acting_key(),
        "activity.state",
        f"activity:{activity.token}",
        before=activity.state,
        after=to.value,
    )
    activity.state = to.value
    return activity


def find_activity(session: Session, activity_token: str) -> Activity:
    """The activity at this public address; raises NotFoundError."""
    activity = session.scalar(select(Activity).where(Activity.token == activity_token))
    if activity is None:
        raise NotFoundError(_("There is no activity at this address."))
    return activity


def find_own_activity(session: Session, viewer: Viewer, activity_token: str) -> Activity:
    """The activity at this address if the viewer may change it; raises NotFoundError."""
    activity = find_activity(session, activity_token)
    _require_own(viewer, activity)
    return activity


def activities_of(
    session: Session, alliance: Alliance, page: int = 1, *, past: bool = False
) -> Listing[Activity]:
    """One page of what an alliance does: by default what is still to come (next first), or what is over (newest first).

    Planned and running activities are to come until their last day has passed or they are held or cancelled.
    """
    today = now(session).date()
    upcoming = (Activity.state == State.PLANNED.value) & (Activity.ends_on >= today)
    mine: ColumnElement[bool] = Activity.alliance_id == alliance.id
    which = mine & (~upcoming if past else upcoming)
    order = (Activity.starts_on.desc(), Activity.id.desc()) if past else (Activity.starts_on, Activity.id)
    return page_of(session, select(Activity).where(which).order_by(*order), page)


def _columns(facts: ActivityFacts) -> dict[str, Any]:
    return {
        "kind": facts.kind,
        "title": facts.title.strip(),
        "summary": facts.summary.strip(),
        "place": facts.place.strip(),
        "language": facts.language,
        "starts_on": facts.starts_on,
        "ends_on": facts.ends_on,
        "partners": [partner.strip() for partner in facts.partners],
        "qualities": sorted(set(facts.qualities)),
        "group_size": facts.group_size,
        "topics": sorted(set(facts.topics)),
    }


def _require_own(viewer: Viewer, activity: Activity) -> None:
    if not may_plan(viewer, activity.organisation_id):
        raise NotFoundError(_("There is no activity at this address among yours."))


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise InvalidError(_("Something needs correcting."), faults=faults)
