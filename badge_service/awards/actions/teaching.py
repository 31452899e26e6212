"""Finds what a teacher may assess and award: their workshop, the versions it teaches, the learners in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from badge_service.alliance.tables import Activity
from badge_service.awards.actions.grounds import Place
from badge_service.awards.actions.locking import lock_award
from badge_service.awards.tables import Award, AwardBatch, RecognitionCase
from badge_service.curriculum.tables import Definition, DefinitionVersion
from badge_service.errors import NotFoundError
from badge_service.people.rules import Role, Viewer
from badge_service.people.tables import Person
from badge_service.storage.session import now
from badge_service.workshops.actions import may_teach
from badge_service.workshops.tables import Enrolment, Workshop, WorkshopTrainer, WorkshopVersion


@dataclass(frozen=True)
class Learner:
    """One learner as the class list has them; `email` is where the claim link goes, if anywhere."""

    person_id: int
    number: int
    name: str
    email: str | None
    present: bool
    language: str


def find_taught(session: Session, viewer: Viewer, activity_token: str) -> Workshop:
    """The workshop, if the viewer assesses and awards in it; raises `NotFoundError` for foreign and unknown ones."""
    workshop = session.scalar(
        select(Workshop)
        .join(Activity, Activity.id == Workshop.activity_id)
        .where(Activity.token == activity_token)
    )
    if workshop is None:
        raise _no_workshop()
    require_taught(viewer, workshop)
    return workshop


def require_taught(viewer: Viewer, place: Place) -> None:
    """Raise `NotFoundError` for everybody who does not assess and award in this workshop or case."""
    if isinstance(place, RecognitionCase):
        if not may_assess(viewer, place):
            raise NotFoundError(_("There is no such case among yours."), code="case.missing")
    elif not may_teach(viewer, place):
        raise _no_workshop()


def may_assess(viewer: Viewer, case: RecognitionCase) -> bool:
    """Whether somebody is the named assessor of a case and still a teacher of its organisation; never its learner."""
    mine = viewer.person_id is not None and viewer.person_id == case.assessor_id
    return mine and viewer.person_id != case.person_id and viewer.has_role(Role.TEACHER, case.organisation_id)


def _no_workshop() -> NotFoundError:
    return NotFoundError(_("There is no such workshop among yours."), code="workshop.missing")


def find_taught_version(session: Session, workshop: Workshop, slug: str, version: str) -> DefinitionVersion:
    """The version that this workshop teaches; raises `NotFoundError`."""
    found = session.scalar(
        select(DefinitionVersion)
        .join(Definition, Definition.id == DefinitionVersion.definition_id)
        .join(WorkshopVersion, WorkshopVersion.version_id == DefinitionVersion.id)
        .where(WorkshopVersion.workshop_id == workshop.id)
        .where(Definition.slug == slug, DefinitionVersion.version == version)
    )
    if found is None:
        raise NotFoundError(_("This workshop does not teach that."), code="version.missing")
    return found


def taught_versions(session: Session, workshop: Workshop) -> Sequence[DefinitionVersion]:
    """The versions that a workshop teaches, by title."""
    return session.scalars(
        select(DefinitionVersion)
        .join(WorkshopVersion, WorkshopVersion.version_id == DefinitionVersion.id)
        .where(WorkshopVersion.workshop_id == workshop.id)
        .order_by(DefinitionVersion.title)
    ).all()


def learners_in(session: Session, place: Place) -> list[Learner]:
    """The enrolled learners in the order of their numbers, or the one of a case."""
    if isinstance(place, RecognitionCase):
        return [Learner(place.person_id, 1, place.name, place.email, True, place.person.language)]
    rows = session.execute(
        select(
            Enrolment.person_id,
            Enrolment.number,
            Enrolment.name,
            Enrolment.email,
            Enrolment.present,
            Person.language,
        )
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.workshop_id == place.id, Enrolment.removed_at.is_(None))
        .order_by(Enrolment.number)
    )
    return [Learner(*row) for row in rows]


def workshops_to_award(session: Session, viewer: Viewer) -> Sequence[Workshop]:
    """The viewer's workshops that have begun, with a learner who has no award yet, newest first."""
    mine = or_(
        Activity.organisation_id.in_(viewer.organisations_as(Role.TEACHER)),
        exists().where(
            WorkshopTrainer.workshop_id == Workshop.id, WorkshopTrainer.person_id == (viewer.person_id or 0)
        ),
    )
    awarded = exists().where(
        Award.activity_id == Workshop.activity_id,
        Award.person_id == Enrolment.person_id,
        Award.ended_at.is_(None),
    )
    open_ones = exists().where(
        Enrolment.workshop_id == Workshop.id, Enrolment.removed_at.is_(None), Enrolment.present, ~awarded
    )
    query = select(Workshop).join(Activity, Activity.id == Workshop.activity_id).where(mine, open_ones)
    begun = query.where(Activity.starts_on <= now(session).date(), Activity.state != "cancelled")
    return session.scalars(begun.order_by(Activity.ends_on.desc()).limit(10)).all()


def find_taught_batch(session: Session, viewer: Viewer, token: str) -> AwardBatch:
    """The batch, if the viewer teaches its workshop or administers its organisation; raises `NotFoundError`."""
    batch = session.scalar(select(AwardBatch).where(AwardBatch.token == token))
    if batch is None:
        raise NotFoundError(_("There is no such group of awards."), code="batch.missing")
    if not viewer.has_role(Role.ADMIN, batch.organisation_id):
        find_taught(session, viewer, batch.activity.token)
    return batch


def find_teachers_award(session: Session, viewer: Viewer, token: str) -> Award:
    """The award, for who teaches its workshop or administers its organisation; raises `NotFoundError`.

    A stacked badge belongs to no workshop: it is looked after by the teachers and LET leads of its organisation.
    """
    award = session.scalar(select(Award).where(Award.token == token))
    if award is None:
        raise NotFoundError(_("There is no such award."), code="award.missing")
    if viewer.has_role(Role.ADMIN, award.organisation_id):
        return award
    if award.activity is None:
        if award.organisation_id in viewer.organisations_as(Role.TEACHER, Role.LET_LEAD):
            return award
        raise NotFoundError(_("There is no such award."), code="award.missing")
    try:
        find_taught(session, viewer, award.activity.token)
    except NotFoundError:
        raise NotFoundError(_("There is no such award."), code="award.missing") from None
    return award


def hold_teachers_award(session: Session, viewer: Viewer, token: str) -> Award:
    """The same, for this transaction alone to change. It is asked first who it is: a stranger makes nobody wait."""
    award = find_teachers_award(session, viewer, token)
    lock_award(session, token)
    return award
