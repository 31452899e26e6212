"""Lets learners earn something at a guest lecture, a meeting or a co-creation session: it gets a class list as a workshop has."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from badge_service.alliance import actions as alliance_actions
from badge_service.alliance.rules import Kind, State
from badge_service.alliance.tables import Activity
from badge_service.errors import ConflictError, Fault, InvalidError, NotFoundError
from badge_service.people.rules import Viewer
from badge_service.storage import audit
from badge_service.workshops.actions.finding import trainer_ids, workshop_of
from badge_service.workshops.actions.planning import teaching_faults
from badge_service.workshops.actions.seating import wait_for_turn
from badge_service.workshops.rules import TeachingPlan
from badge_service.workshops.tables import Workshop, WorkshopTrainer, WorkshopVersion


def find_to_teach(session: Session, viewer: Viewer, activity_token: str) -> tuple[Activity, Workshop | None]:
    """The viewer's activity that is no workshop, with its teaching side if it has one; raises NotFoundError."""
    activity = alliance_actions.find_own_activity(session, viewer, activity_token)
    if activity.kind == Kind.WORKSHOP.value:
        raise NotFoundError(_("A workshop says in its plan what it teaches."))
    return activity, workshop_of(session, activity)


def teach(session: Session, viewer: Viewer, activity_token: str, version_ids: Sequence[int]) -> Workshop:
    """Say what learners can earn at an activity that is no workshop; from then on it has a class list.

    Only published versions of its organisation's definitions; what was offered stays once it was held. The viewer is its
    trainer, other teachers of the organisation assess and award as everywhere. Twice the same changes nothing. Raises
    InvalidError with every fault, ConflictError for what was called off, NotFoundError for a foreign activity.
    """
    activity, _before = find_to_teach(session, viewer, activity_token)
    wait_for_turn(session, activity.id)
    workshop = workshop_of(session, activity)
    if workshop is not None:
        session.refresh(workshop, ["versions", "trainers"])  # as they stand after the wait
    if activity.state == State.CANCELLED.value:
        raise ConflictError(_("It was called off, so nothing can be earned there."), code="cancelled")
    trainers = trainer_ids(workshop) if workshop else {viewer.person_id or 0}
    plan = TeachingPlan(tuple(dict.fromkeys(version_ids)), tuple(trainers))
    _refuse(teaching_faults(session, activity.organisation_id, plan, workshop))
    if workshop is None:
        workshop = Workshop(activity=activity, iteration=1)
        workshop.trainers = [WorkshopTrainer(person_id=one) for one in trainers]
        session.add(workshop)
    kept = {entry.version_id: entry for entry in workshop.versions}
    if set(kept) != set(plan.version_ids):
        workshop.versions = [kept.get(one) or WorkshopVersion(version_id=one) for one in plan.version_ids]
        audit.record(session, viewer.acting_key(), "activity.teach", f"activity:{activity.token}")
    session.flush()
    session.refresh(workshop, ["versions", "trainers", "dates"])
    return workshop


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise InvalidError(_("Something needs correcting."), faults=faults)
