"""Plans a workshop as an activity with what it teaches and who teaches it, and changes both."""

from collections.abc import Collection, Sequence

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.alliance import actions as alliance_actions
from badge_service.alliance.rules import PLANNERS, ActivityFacts, Kind, State, activity_faults
from badge_service.alliance.tables import Alliance
from badge_service.curriculum.actions import published_versions
from badge_service.curriculum.actions.catalogue import MOST_CHOICES
from badge_service.curriculum.tables import Definition, DefinitionVersion
from badge_service.errors import Fault, InvalidError
from badge_service.people.rules import Viewer
from badge_service.people.tables import Organisation, Person, RoleGrant
from badge_service.storage import audit
from badge_service.storage.session import now
from badge_service.workshops.actions.finding import require_managed, trainer_ids
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

    Only published versions of that organisation's definitions, and trainers from its people. Raises InvalidError with
    every fault of both sides, NotFoundError for an organisation that is not the viewer's.
    """
    faults = activity_faults(facts, now(session).date()) + _kind_faults(facts)
    faults += _teaching_faults(session, organisation.id, plan, frozenset(), frozenset())
    _refuse(faults)
    activity = alliance_actions.create_activity(session, viewer, alliance, organisation, facts)
    workshop = Workshop(activity=activity, iteration=plan.iteration, capacity=plan.capacity)
    session.add(workshop)
    _set_teaching(workshop, plan)
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
    taught = frozenset(entry.version_id for entry in workshop.versions)
    faults = activity_faults(facts, now(session).date()) + _kind_faults(facts)
    faults += _teaching_faults(session, activity.organisation_id, plan, taught, trainer_ids(workshop))
    if activity.state == State.HELD.value and taught - set(plan.version_ids):
        message = _("It was held: what it taught cannot be taken out any more, only added to.")
        faults.append(Fault("versions", message, "held"))
    _refuse(faults)
    alliance_actions.edit_activity(session, viewer, activity, facts)
    workshop.iteration, workshop.capacity = plan.iteration, plan.capacity
    _set_teaching(workshop, plan)
    session.flush()
    _refresh_teaching(session, workshop)
    audit.record(session, viewer.acting_key(), "workshop.edit", f"activity:{activity.token}")
    return workshop


def version_choices(
    session: Session,
    organisation_ids: Collection[int],
    also: Collection[int] = (),
    *,
    ticked: Sequence[int] = (),
    text: str = "",
) -> list[DefinitionVersion]:
    """What a form offers to teach: the newest published versions of these organisations, found by the words in `text`.

    At most as many as a form holds, and beside them those in `also` and those that are `ticked` and may be taught.
    """
    found = list(published_versions(session, sorted(organisation_ids), text=text))
    kept = {*also, *_teachable(session, organisation_ids, ticked)} - {version.id for version in found}
    more = select(DefinitionVersion).where(DefinitionVersion.id.in_(sorted(kept)))
    found += session.scalars(more)
    return sorted(found, key=lambda version: (version.title, -version.sort_key))


def _teachable(session: Session, organisation_ids: Collection[int], asked: Sequence[int]) -> frozenset[int]:
    """Those of the asked versions that these organisations have published."""
    known = [number for number in asked[:MOST_CHOICES] if 0 < number < 2**31]
    published = DefinitionVersion.published_at.is_not(None) & DefinitionVersion.withdrawn_at.is_(None)
    query = (
        select(DefinitionVersion.id)
        .join(Definition, Definition.id == DefinitionVersion.definition_id)
        .where(DefinitionVersion.id.in_(known), published, Definition.organisation_id.in_(organisation_ids))
    )
    return frozenset(session.scalars(query))


def trainer_choices(
    session: Session, organisation_ids: Collection[int], also: Collection[int] = ()
) -> list[Person]:
    """Who can teach for these organisations: their teachers, LET leads and administrators, and those in `also`."""
    theirs = select(RoleGrant.person_id).where(
        RoleGrant.organisation_id.in_(organisation_ids), RoleGrant.role.in_([role.value for role in PLANNERS])
    )
    wanted = Person.id.in_(theirs) | Person.id.in_(also)
    return list(
        session.scalars(select(Person).where(wanted, Person.erased_at.is_(None)).order_by(Person.name))
    )


def _teaching_faults(
    session: Session,
    organisation_id: int,
    plan: TeachingPlan,
    taught: frozenset[int],
    trainers: frozenset[int],
) -> list[Fault]:
    faults = plan_faults(plan)
    asked = sorted(set(plan.version_ids) - taught)
    if set(asked) - _teachable(session, [organisation_id], asked):
        message = _("One of these is no published micro-credential of this organisation. Choose again.")
        faults.append(Fault("versions", message, "version"))
    able = {person.id for person in trainer_choices(session, [organisation_id], trainers)}
    if set(plan.trainer_ids) - able:
        message = _("One of these people does not teach for this organisation. Choose again.")
        faults.append(Fault("trainers", message, "trainer"))
    return faults


def _kind_faults(facts: ActivityFacts) -> list[Fault]:
    if facts.kind == Kind.WORKSHOP.value:
        return []
    return [Fault("kind", _("Only a workshop teaches towards a micro-credential."), "kind")]


def _set_teaching(workshop: Workshop, plan: TeachingPlan) -> None:
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
    """Read both lists again in their lasting order, with versions and persons loaded."""
    session.refresh(workshop, ["versions", "trainers"])


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise InvalidError(_("Something needs correcting."), faults=faults)
