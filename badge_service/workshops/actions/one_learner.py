"""What a teacher writes down about one learner of a class list: as what they come, and that they were told of their place."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from badge_service.errors import InvalidError, NotFoundError
from badge_service.people.rules import Viewer
from badge_service.storage import audit
from badge_service.workshops.actions.finding import require_managed
from badge_service.workshops.rules.kinds import kind_faults
from badge_service.workshops.tables import Enrolment, Workshop

MOST_UNTOLD = 50


def untold_learners(session: Session, viewer: Viewer, workshop: Workshop) -> Sequence[Enrolment]:
    """Who moved up from the waiting list, has no address and was told by nobody yet, by number; raises NotFoundError."""
    require_managed(viewer, workshop)
    mine = (Enrolment.workshop_id == workshop.id, Enrolment.removed_at.is_(None))
    untold = select(Enrolment).where(*mine, Enrolment.untold_since.is_not(None))
    return session.scalars(untold.order_by(Enrolment.number).limit(MOST_UNTOLD)).all()


def note_told(session: Session, viewer: Viewer, workshop: Workshop, number: int) -> Enrolment:
    """Write down that this learner knows of their place; twice is once. Raises NotFoundError."""
    entry = _learner(session, viewer, workshop, number)
    if entry.untold_since is not None:
        entry.untold_since = None
        _note(session, viewer, workshop, "workshop.told", entry)
    return entry


def set_kind(session: Session, viewer: Viewer, workshop: Workshop, number: int, kind: str) -> Enrolment:
    """Say as what a learner comes (a `LearnerKind`); raises InvalidError for no such kind, NotFoundError."""
    entry = _learner(session, viewer, workshop, number)
    if faults := kind_faults(kind):
        raise InvalidError(faults[0].message, faults=faults)
    if entry.learner_kind != kind:
        entry.learner_kind = kind
        _note(session, viewer, workshop, "workshop.kind", entry, kind=kind)
    return entry


def _learner(session: Session, viewer: Viewer, workshop: Workshop, number: int) -> Enrolment:
    require_managed(viewer, workshop)
    mine = (Enrolment.workshop_id == workshop.id, Enrolment.removed_at.is_(None))
    entry = session.scalar(select(Enrolment).where(*mine, Enrolment.number == number))
    if entry is None:
        raise NotFoundError(_("There is no learner with this number."))
    return entry


def _note(
    session: Session, viewer: Viewer, workshop: Workshop, deed: str, entry: Enrolment, **facts: str
) -> None:
    session.flush()
    subject = f"activity:{workshop.activity.token}"
    audit.record(
        session, viewer.acting_key(), deed, subject, number=entry.number, person=entry.person.key, **facts
    )
