"""The action plan of a team: an action is planned, changed, moved on with its reason; every step is kept."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from badge_service.alliance.actions.alliances import alliances_of
from badge_service.alliance.rules import (
    UNFINISHED,
    ActionFacts,
    ActionState,
    action_faults,
    step_faults,
)
from badge_service.alliance.tables import Action, ActionStep, Alliance, AllianceMember
from badge_service.curriculum.actions import current_members, find_own_let
from badge_service.curriculum.tables import Let, LetMember
from badge_service.errors import Fault, InvalidError, NotFoundError
from badge_service.people.rules import Role, Viewer
from badge_service.storage import audit
from badge_service.storage.revisions import begin_change
from badge_service.storage.session import now, token
from badge_service.web.paging import Listing, page_of

MOST_PRINTED = 500
_UNFINISHED = [state.value for state in UNFINISHED]


def plan_action(session: Session, viewer: Viewer, let: Let, facts: ActionFacts) -> Action:
    """Put an action into the plan of a team; who started it, and in which role, is written once for ever.

    Raises InvalidError with every fault, NotFoundError for a foreign team.
    """
    actor = viewer.acting_key()
    own = find_own_let(session, viewer, let.slug)
    columns = _columns(session, viewer, own, facts)
    action = Action(
        token=token(session),
        let_id=own.id,
        let=own,
        state=ActionState.OPEN.value,
        initiated_by=actor,
        initiator_role=Role.LET_LEAD.value,
        created_at=now(session),
        **columns,
    )
    session.add(action)
    session.flush()
    _keep(session, actor, action, "", {})
    audit.record(session, actor, "action.plan", f"action:{action.token}", let=own.slug)
    return action


def edit_action(
    session: Session, viewer: Viewer, action: Action, facts: ActionFacts, revision: int
) -> Action:
    """Change what an action says; what stood there before is kept in its history.

    Raises as `plan_action`, and StaleError when somebody was faster.
    """
    own = find_own_let(session, viewer, action.let.slug)
    columns = _columns(session, viewer, own, facts, keep=action)
    begin_change(session, action, revision)
    changed = _changes(action, columns)
    for name, value in columns.items():
        setattr(action, name, value)
    session.flush()
    session.refresh(action, ["owner", "alliance"])
    if changed:
        _keep(session, viewer.acting_key(), action, "", changed)
        audit.record(
            session, viewer.acting_key(), "action.edit", f"action:{action.token}", fields=sorted(changed)
        )
    return action


def move_action(session: Session, viewer: Viewer, action: Action, to: str, reason: str = "") -> Action:
    """Move an action on; being there already changes nothing.

    Raises InvalidError for a step that does not exist and for dropping without a reason, NotFoundError.
    """
    find_own_let(session, viewer, action.let.slug)
    session.refresh(action, with_for_update={"of": Action})
    if action.state == to:
        return action
    faults = step_faults(action.state, to, reason)
    if faults:
        raise InvalidError(faults[0].message, code=faults[0].code, faults=faults)
    actor = viewer.acting_key()
    audit.record(session, actor, "action.state", f"action:{action.token}", before=action.state, after=to)
    action.state = to
    action.revision += 1
    _keep(session, actor, action, reason.strip(), {})
    return action


def find_own_action(session: Session, viewer: Viewer, let: Let, action_token: str) -> Action:
    """An action of the plan of a team that the viewer leads; raises NotFoundError."""
    own = find_own_let(session, viewer, let.slug)
    action = session.scalar(select(Action).where(Action.let_id == own.id, Action.token == action_token))
    if action is None:
        raise NotFoundError(_("There is no such action in this plan."), code="action.unknown")
    return action


def plan_of(session: Session, let: Let, page: int = 1, *, state: str = "") -> Listing[Action]:
    """One page of the plan of a team: unfinished actions first, by date; with `state` only those in it."""
    query = _ordered(select(Action).where(Action.let_id == let.id))
    return page_of(session, query.where(Action.state == state) if state else query, page)


def whole_plan(session: Session, let: Let) -> Sequence[Action]:
    """The plan of a team for paper and for a table: the first 500 actions, unfinished ones first."""
    return session.scalars(_ordered(select(Action).where(Action.let_id == let.id)).limit(MOST_PRINTED)).all()


def state_counts(session: Session, let: Let) -> dict[str, int]:
    """How many actions of a team are in which state."""
    query = select(Action.state, func.count()).where(Action.let_id == let.id).group_by(Action.state)
    return {str(state): int(count) for state, count in session.execute(query)}


def history_of(session: Session, action: Action) -> Sequence[ActionStep]:
    """Every step of an action, the first one first."""
    query = select(ActionStep).where(ActionStep.action_id == action.id).order_by(ActionStep.id)
    return session.scalars(query).all()


def actions_of_alliance(
    session: Session, viewer: Viewer, alliance: Alliance, page: int = 1
) -> Listing[Action]:
    """What teams do for an alliance, for people of organisations with a seat in it; raises NotFoundError for others."""
    if not has_seat(session, viewer, alliance):
        raise NotFoundError(_("There is no plan at this address."), code="plan.unknown")
    return page_of(session, _ordered(select(Action).where(Action.alliance_id == alliance.id)), page)


def has_seat(session: Session, viewer: Viewer, alliance: Alliance) -> bool:
    """Whether an organisation in which the viewer works, or for which the viewer sits there, is in the alliance."""
    mine = viewer.organisations_as(Role.MEMBER, Role.LET_LEAD, Role.TEACHER, Role.ADMIN)
    seat = select(AllianceMember.alliance_id).where(
        AllianceMember.alliance_id == alliance.id, AllianceMember.organisation_id.in_(mine)
    )
    return bool(mine) and session.scalar(seat.limit(1)) is not None


def _ordered(query: Select[Any]) -> Select[Any]:
    unfinished_first = case((Action.state.in_(_UNFINISHED), 0), else_=1)
    return query.order_by(unfinished_first, Action.due_on, Action.id)


def _columns(
    session: Session, viewer: Viewer, let: Let, facts: ActionFacts, keep: Action | None = None
) -> dict[str, Any]:
    """What an action stores; an owner or alliance that it has already stays allowed when others may no more be chosen."""
    faults = action_faults(facts, now(session).date())
    owner = _owner(session, let, facts.owner, keep)
    alliance = _alliance(session, viewer, facts.alliance, keep)
    if facts.owner and owner is None:
        faults.append(Fault("owner", _("Choose somebody of the team."), "owner"))
    if facts.alliance and alliance is None:
        faults.append(Fault("alliance", _("Choose an alliance in which your organisation sits."), "alliance"))
    if faults:
        raise InvalidError(_("Something needs correcting."), faults=faults)
    return {
        "track": facts.track,
        "title": facts.title.strip(),
        "goal": facts.goal.strip(),
        "due_on": facts.due_on,
        "owner_id": owner.id if owner else None,
        "owner_organisation": facts.owner_organisation.strip(),
        "alliance_id": alliance.id if alliance else None,
    }


def _owner(session: Session, let: Let, member_token: str, keep: Action | None) -> LetMember | None:
    members = current_members(session, let)
    if keep is not None and keep.owner is not None:
        members.append(keep.owner)
    return next((one for one in members if one.token == member_token), None)


def _alliance(session: Session, viewer: Viewer, slug: str, keep: Action | None) -> Alliance | None:
    if keep is not None and keep.alliance is not None and keep.alliance.slug == slug:
        return keep.alliance
    return next((one for one in alliances_of(session, viewer) if one.slug == slug), None)


def _changes(action: Action, columns: dict[str, Any]) -> dict[str, Any]:
    """What differs, before and after; of owners only that they differ, as the history can never be erased."""
    changed: dict[str, Any] = {}
    for name, after in columns.items():
        before = getattr(action, name)
        if before != after:
            secret = name in {"owner_id", "owner_organisation", "alliance_id"}
            changed[name] = [] if secret else [str(before), str(after)]
    return changed


def _keep(session: Session, actor: str, action: Action, reason: str, changed: dict[str, Any]) -> None:
    step = ActionStep(
        action_id=action.id, at=now(session), by=actor, state=action.state, reason=reason, changed=changed
    )
    session.add(step)
    session.flush()
