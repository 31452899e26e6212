"""Plans a workshop as an activity with what it teaches and who teaches it, and changes both."""

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from badge_service.alliance import actions as alliance_actions
from badge_service.alliance.rules import ActivityFacts, Kind, State, activity_faults
from badge_service.alliance.tables import Alliance
from badge_service.errors import Fault, InvalidError
from badge_service.people.rules import Viewer
from badge_service.people.tables import Organisation
from badge_service.storage import audit
from badge_service.storage.session import now
from badge_service.workshops.actions.dates import set_dates, spanning
from badge_service.workshops.actions.finding import require_managed, trainer_ids
from badge_service.workshops.actions.joining import move_up
from badge_service.workshops.actions.offering import (
    curriculum_choices,
    hub_choices,
    teachable,
    trainer_choices,
)
from badge_service.workshops.actions.presence import recount_presence
from badge_service.workshops.actions.seating import take_turns
from badge_service.workshops.rules import TeachingPlan, plan_faults
from badge_service.workshops.tables import Workshop, WorkshopTrainer, WorkshopVersion


def plan_workshop(
    session: Session,
    viewer: Viewer,
    alliance: Alliance,
    organisation: Organisation,
    facts: ActivityFacts,
    plan: TeachingPlan,
) -> Workshop:
    """Plan a workshop of `organisation`: an activity of kind workshop and its teaching side.

    Only published versions of that organisation's definitions, trainers from its people, a curriculum and a hub of the
    teams of its region. The days of the plan decide the first and the last day of the activity. Raises InvalidError with
    every fault of both sides, NotFoundError for an organisation that is not the viewer's.
    """
    facts = spanning(facts, plan.meetings)
    faults = activity_faults(facts, now(session).date()) + _kind_faults(facts)
    faults += teaching_faults(session, organisation.id, plan)
    _refuse(faults)
    activity = alliance_actions.create_activity(session, viewer, alliance, organisation, facts)
    workshop = Workshop(activity=activity)
    session.add(workshop)
    _set_teaching(workshop, facts, plan)
    session.flush()
    _refresh_teaching(session, workshop)
    audit.record(session, viewer.acting_key(), "workshop.plan", f"activity:{activity.token}")
    return workshop


def edit(
    session: Session, viewer: Viewer, workshop: Workshop, facts: ActivityFacts, plan: TeachingPlan
) -> Workshop:
    """Change a workshop; what it has taught cannot be taken out once it was held.

    Raises InvalidError with every fault, NotFoundError for people who do not plan for its organisation.
    """
    require_managed(viewer, workshop)
    activity = workshop.activity
    facts = spanning(facts, plan.meetings)
    faults = activity_faults(facts, now(session).date()) + _kind_faults(facts)
    faults += teaching_faults(session, activity.organisation_id, plan, workshop)
    _refuse(faults)
    alliance_actions.edit_activity(session, viewer, activity, facts)
    _set_teaching(workshop, facts, plan)
    session.flush()
    _refresh_teaching(session, workshop)
    recount_presence(session, workshop)  # its days may have changed
    audit.record(session, viewer.acting_key(), "workshop.edit", f"activity:{activity.token}")
    take_turns(session, workshop)
    move_up(session, workshop)
    return workshop


def teaching_faults(
    session: Session, organisation_id: int, plan: TeachingPlan, workshop: Workshop | None = None
) -> list[Fault]:
    """What is wrong with a plan; what `workshop` has already may stay, though it could not be chosen anew.

    What was taught where it was held must stay.
    """
    faults = plan_faults(plan)
    taught = {entry.version_id for entry in workshop.versions} if workshop else set()
    if workshop and workshop.activity.state == State.HELD.value and taught - set(plan.version_ids):
        message = _("It was held: what it taught cannot be taken out any more, only added to.")
        faults.append(Fault("versions", message, "held"))
    asked = sorted(set(plan.version_ids) - taught)
    if set(asked) - teachable(session, [organisation_id], asked):
        message = _("One of these is no published micro-credential of this organisation. Choose again.")
        faults.append(Fault("versions", message, "version"))
    able = trainer_choices(session, [organisation_id], trainer_ids(workshop) if workshop else ())
    if set(plan.trainer_ids) - {person.id for person in able}:
        message = _("One of these people does not teach for this organisation. Choose again.")
        faults.append(Fault("trainers", message, "trainer"))
    return faults + _place_faults(session, organisation_id, plan, workshop)


def _place_faults(
    session: Session, organisation_id: int, plan: TeachingPlan, workshop: Workshop | None
) -> list[Fault]:
    faults = []
    curricula = curriculum_choices(
        session, [organisation_id], workshop.curriculum_version_id if workshop else None
    )
    if plan.curriculum_version_id not in {None, *(one.id for one in curricula)}:
        message = _("This is no published curriculum of this organisation or its region. Choose again.")
        faults.append(Fault("curriculum", message, "curriculum"))
    hubs = hub_choices(session, [organisation_id], workshop.hub_id if workshop else None)
    if plan.hub_id not in {None, *(one.id for one in hubs)}:
        message = _("This is no open hub of a team of this organisation's region. Choose again.")
        faults.append(Fault("hub", message, "hub"))
    return faults


def _kind_faults(facts: ActivityFacts) -> list[Fault]:
    if facts.kind == Kind.WORKSHOP.value:
        return []
    return [Fault("kind", _("Only a workshop teaches towards a micro-credential."), "kind")]


def _set_teaching(workshop: Workshop, facts: ActivityFacts, plan: TeachingPlan) -> None:
    for name in ("iteration", "capacity", "curriculum_version_id", "hub_id"):
        setattr(workshop, name, getattr(plan, name))
    workshop.material_notes, workshop.accessibility_notes = plan.material_notes, plan.accessibility_notes
    set_dates(workshop, facts, plan.meetings)
    kept_versions = {entry.version_id: entry for entry in workshop.versions}
    workshop.versions = [
        kept_versions.get(version_id) or WorkshopVersion(version_id=version_id)
        for version_id in dict.fromkeys(plan.version_ids)
    ]
    kept_trainers = {entry.person_id: entry for entry in workshop.trainers}
    workshop.trainers = [
        kept_trainers.get(person_id) or WorkshopTrainer(person_id=person_id)
        for person_id in dict.fromkeys(plan.trainer_ids)
    ]


def _refresh_teaching(session: Session, workshop: Workshop) -> None:
    """Read the lists again in their lasting order, with versions and persons loaded."""
    session.refresh(workshop, ["versions", "trainers", "dates"])


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise InvalidError(_("Something needs correcting."), faults=faults)
