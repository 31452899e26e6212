"""Names something that took place, such as a guest lecture, as evidence of what learners of a class list can do."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from badge_service.alliance.rules import State
from badge_service.alliance.tables import Activity
from badge_service.awards.actions.evidence import HandedIn, add_evidence, evidence_of
from badge_service.awards.actions.giving import signed_activity
from badge_service.awards.actions.grounds import take_turns
from badge_service.awards.actions.teaching import learners_in, require_taught
from badge_service.awards.rules import ACTIVITY, words_of_activity
from badge_service.awards.tables import Evidence
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.errors import Fault, InvalidError
from badge_service.people.rules import Viewer
from badge_service.settings import Settings
from badge_service.workshops.tables import Workshop

MOST_OFFERED = 60


def took_place(session: Session, viewer: Viewer, workshop: Workshop) -> Sequence[Activity]:
    """What was held by the same organisation or in the same alliance, newest first; raises `NotFoundError`."""
    require_taught(viewer, workshop)
    return session.scalars(_held(workshop).limit(MOST_OFFERED)).all()


def add_activity(
    session: Session,
    viewer: Viewer,
    settings: Settings,
    workshop: Workshop,
    version: DefinitionVersion,
    activity_token: str,
    person_id: int | None,
) -> Evidence:
    """Let a held activity stand in badges as evidence, by its public page, for one learner or (None) the whole group.

    What is said of it is taken from its page, in the language of the micro-credential. Raises `InvalidError` for what was
    not held or stands there already, `NotFoundError` for a foreign place.
    """
    require_taught(viewer, workshop)
    take_turns(session, workshop)
    activity = session.scalar(_held(workshop).where(Activity.token == activity_token))
    if activity is None:
        raise _refused(_("Choose something that has taken place."), "activity")
    facts = signed_activity(activity, settings)
    before = evidence_of(session, workshop, version)
    if any(one.url == facts.url and one.person_id in (None, person_id) for one in before):
        raise _refused(_("This is among the evidence already."), "twice")
    names = [learner.name for learner in learners_in(session, workshop)]
    title, text = words_of_activity(facts, activity.place, version.language, names)
    piece = HandedIn(title, ACTIVITY, text, facts.url, person_id=person_id, in_credential=True, own_page=True)
    return add_evidence(session, viewer, workshop, version, piece, settings.evidence_folder)


def _held(workshop: Workshop) -> Select[Activity]:
    own = workshop.activity
    near = or_(Activity.organisation_id == own.organisation_id, Activity.alliance_id == own.alliance_id)
    held = select(Activity).where(Activity.state == State.HELD.value, Activity.id != own.id, near)
    return held.order_by(Activity.starts_on.desc(), Activity.id.desc())


def _refused(message: str, code: str) -> InvalidError:
    return InvalidError(message, code="evidence", faults=[Fault("activity", message, code)])
