"""Lists for programs: the workshops of one organisation, and the class list of one, each from a known place on."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.alliance.tables import Activity
from badge_service.people.rules import Viewer
from badge_service.workshops.actions.finding import require_managed
from badge_service.workshops.tables import Enrolment, Workshop


def workshops_from(
    session: Session, organisation_id: int, after: str | None, most: int
) -> Sequence[Workshop] | None:
    """The workshops of an organisation in the order in which they were planned, those after the one with this token.

    None when `after` names none of them.
    """
    mine = select(Workshop).join(Activity, Activity.id == Workshop.activity_id)
    mine = mine.where(Activity.organisation_id == organisation_id)
    if after is not None:
        last = session.scalar(
            select(Activity.id).where(Activity.token == after, Activity.organisation_id == organisation_id)
        )
        if last is None:
            return None
        mine = mine.where(Activity.id > last)
    return session.scalars(mine.order_by(Activity.id).limit(most)).all()


def learners_from(
    session: Session, viewer: Viewer, workshop: Workshop, after: int, most: int
) -> Sequence[Enrolment]:
    """Who is enrolled, by number, from the number after `after`; raises NotFoundError for a foreign workshop."""
    require_managed(viewer, workshop)
    enrolled = select(Enrolment).where(
        Enrolment.workshop_id == workshop.id, Enrolment.removed_at.is_(None), Enrolment.number > after
    )
    return session.scalars(enrolled.order_by(Enrolment.number).limit(most)).all()
