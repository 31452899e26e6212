"""Finds workshops: one by its address, the viewer's own in pages, and what is taught where."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from badge_service.alliance.rules import PLANNERS, State, may_plan
from badge_service.alliance.tables import Activity, Alliance
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.errors import NotFoundError
from badge_service.people.rules import Viewer
from badge_service.storage.session import now
from badge_service.web.paging import PAGE_SIZE, Listing
from badge_service.workshops.rules import teaches
from badge_service.workshops.tables import Workshop, WorkshopVersion


def find_workshop(session: Session, viewer: Viewer, activity_token: str) -> Workshop:
    """The workshop of this activity, for the planners of its organisation; raises NotFoundError."""
    query = select(Workshop).join(Activity, Activity.id == Workshop.activity_id)
    workshop = session.scalar(query.where(Activity.token == activity_token))
    if workshop is None:
        raise _nothing()
    require_managed(viewer, workshop)
    return workshop


def workshop_of(session: Session, activity: Activity) -> Workshop | None:
    """The workshop that an activity is, if it is one; says nothing about who may see its learners."""
    return session.scalar(select(Workshop).where(Workshop.activity_id == activity.id))


def may_teach(viewer: Viewer, workshop: Workshop) -> bool:
    """Whether somebody assesses and awards here: a teacher of its organisation, or a trainer who plans for it still."""
    return teaches(viewer, workshop.activity.organisation_id, trainer_ids(workshop))


def may_manage(viewer: Viewer, workshop: Workshop) -> bool:
    """Whether somebody sees and changes the class list: who plans for its organisation."""
    return may_plan(viewer, workshop.activity.organisation_id)


def require_managed(viewer: Viewer, workshop: Workshop) -> None:
    """Raise NotFoundError for everybody who has nothing to do with this workshop."""
    if not may_manage(viewer, workshop):
        raise _nothing()


def trainer_ids(workshop: Workshop) -> frozenset[int]:
    """The person ids of the trainers."""
    return frozenset(trainer.person_id for trainer in workshop.trainers)


def workshops_of(session: Session, viewer: Viewer, page: int = 1, *, past: bool = False) -> Listing[Workshop]:
    """One page of the workshops of the organisations that somebody plans for: by default those still open (next first).

    Open are planned ones, however long ago; past are held and cancelled ones, newest first.
    """
    is_open = Activity.state == State.PLANNED.value
    which = _own(viewer) & (~is_open if past else is_open)
    matching = select(Workshop).join(Activity, Activity.id == Workshop.activity_id).where(which)
    total = session.scalar(select(func.count()).select_from(matching.subquery())) or 0
    number = min(max(page, 1), max(1, -(-total // PAGE_SIZE)))
    order = (Activity.starts_on.desc(), Activity.id.desc()) if past else (Activity.starts_on, Activity.id)
    rows = session.scalars(matching.order_by(*order).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE))
    return Listing(tuple(rows), number, total)


def next_workshops(session: Session, viewer: Viewer, most: int = 3) -> list[Workshop]:
    """The next planned workshops of a person, and those whose day has passed without being marked held."""
    return list(workshops_of(session, viewer).rows[:most])


def taught_in(session: Session, activity: Activity) -> list[DefinitionVersion]:
    """The versions an activity teaches, by title; empty for what is no workshop."""
    query = (
        select(DefinitionVersion)
        .join(WorkshopVersion, WorkshopVersion.version_id == DefinitionVersion.id)
        .join(Workshop, Workshop.id == WorkshopVersion.workshop_id)
        .where(Workshop.activity_id == activity.id)
        .order_by(DefinitionVersion.title)
    )
    return list(session.scalars(query))


def taught_in_alliance(session: Session, alliance: Alliance) -> list[DefinitionVersion]:
    """The versions that workshops of an alliance teach which are planned and not over, by title."""
    query = (
        select(DefinitionVersion.id)
        .join(WorkshopVersion, WorkshopVersion.version_id == DefinitionVersion.id)
        .join(Workshop, Workshop.id == WorkshopVersion.workshop_id)
        .join(Activity, Activity.id == Workshop.activity_id)
        .where(
            Activity.alliance_id == alliance.id,
            Activity.state == State.PLANNED.value,
            Activity.ends_on >= now(session).date(),
        )
    )
    versions: Sequence[DefinitionVersion] = session.scalars(
        select(DefinitionVersion).where(DefinitionVersion.id.in_(query)).order_by(DefinitionVersion.title)
    ).all()
    return list(versions)


def _own(viewer: Viewer) -> ColumnElement[bool]:
    return Activity.organisation_id.in_(viewer.organisations_as(*PLANNERS))


def _nothing() -> NotFoundError:
    return NotFoundError(_("There is no workshop at this address among yours."))
