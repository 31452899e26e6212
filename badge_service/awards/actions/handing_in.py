"""What learners hand in themselves, in a workshop they are enrolled in or in their own case of prior learning."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from badge_service.alliance.tables import Activity
from badge_service.awards.actions.cases import require_open
from badge_service.awards.actions.evidence import HandedIn, close_piece, find_evidence, keep_piece
from badge_service.awards.actions.grounds import Place, ground_of
from badge_service.awards.actions.readiness import AWARDED, IN_BATCH, readiness_of
from badge_service.awards.tables import Evidence, RecognitionCase
from badge_service.curriculum.tables import DefinitionVersion
from badge_service.errors import ConflictError, InvalidError, NotFoundError
from badge_service.people.rules import Viewer
from badge_service.workshops.tables import Enrolment, Workshop

MOST_PIECES = 30


def find_attended(session: Session, viewer: Viewer, activity_token: str) -> Workshop:
    """The workshop, if the viewer is one of its learners; raises `NotFoundError`."""
    workshop = session.scalar(
        select(Workshop)
        .join(Activity, Activity.id == Workshop.activity_id)
        .where(Activity.token == activity_token)
    )
    if workshop is None or not _takes_part(session, viewer, workshop):
        raise NotFoundError(_("There is no such workshop among yours."), code="workshop.missing")
    return workshop


def attends(session: Session, viewer: Viewer, workshop: Workshop) -> bool:
    """Whether the viewer is a learner of this workshop, and so may hand something in."""
    return viewer.is_signed_in and _takes_part(session, viewer, workshop)


def hand_in(
    session: Session,
    viewer: Viewer,
    place: Place,
    version: DefinitionVersion,
    handed_in: HandedIn,
    folder: Path,
) -> Evidence:
    """Keep one piece of the viewer's own evidence; whether its words may stand in the badge is for the assessor to say.

    Raises `InvalidError` with every fault, `ConflictError` once it was decided, `NotFoundError` for who is no learner here.
    """
    _require_learner(session, viewer, place)
    _refuse_decided(session, viewer, place, version)
    mine = select(func.count()).select_from(Evidence).where(ground_of(place).of(Evidence))
    count = session.scalar(mine.where(Evidence.by_learner, Evidence.person_id == viewer.person_id)) or 0
    if count >= MOST_PIECES:
        message = _("You have handed in %(most)s pieces: that is the most.", most=MOST_PIECES)
        raise InvalidError(message, code="evidence.most")
    own = replace(handed_in, person_id=viewer.person_id, in_credential=False)
    return keep_piece(session, viewer, place, version, own, folder, by_learner=True)


def handed_in_by(
    session: Session, viewer: Viewer, place: Place, version: DefinitionVersion
) -> Sequence[Evidence]:
    """What the viewer has handed in here and not taken back, oldest first. Raises `NotFoundError`."""
    _require_learner(session, viewer, place)
    mine = select(Evidence).where(ground_of(place).of(Evidence), Evidence.version_id == version.id)
    mine = mine.where(Evidence.by_learner, Evidence.person_id == viewer.person_id)
    return session.scalars(mine.where(Evidence.withdrawn_at.is_(None)).order_by(Evidence.id)).all()


def find_own_piece(session: Session, viewer: Viewer, place: Place, evidence_token: str) -> Evidence:
    """One piece that the viewer handed in here; raises `NotFoundError`."""
    _require_learner(session, viewer, place)
    row = find_evidence(session, place, evidence_token)
    if not row.by_learner or row.person_id != viewer.person_id:
        raise NotFoundError(_("There is no such evidence."), code="evidence.missing")
    return row


def take_back(session: Session, viewer: Viewer, place: Place, evidence_token: str) -> None:
    """Take an own piece back; what was signed keeps its text and digest. The door deletes the file after its commit."""
    close_piece(
        session, viewer, ground_of(place).subject, find_own_piece(session, viewer, place, evidence_token)
    )


def _takes_part(session: Session, viewer: Viewer, place: Place) -> bool:
    if isinstance(place, RecognitionCase):
        return viewer.person_id == place.person_id
    mine = select(Enrolment.id).where(
        Enrolment.workshop_id == place.id,
        Enrolment.person_id == (viewer.person_id or 0),
        Enrolment.removed_at.is_(None),
    )
    return session.scalar(mine) is not None


def _require_learner(session: Session, viewer: Viewer, place: Place) -> None:
    viewer.acting_key()
    if not _takes_part(session, viewer, place):
        raise NotFoundError(_("There is no such evidence."), code="evidence.missing")


def _refuse_decided(session: Session, viewer: Viewer, place: Place, version: DefinitionVersion) -> None:
    if isinstance(place, RecognitionCase):
        require_open(place)
        return
    rows = readiness_of(session, place, version)
    row = next(row for row in rows if row.learner.person_id == viewer.person_id)
    if AWARDED in row.why or IN_BATCH in row.why:
        raise ConflictError(
            _("This badge was decided already, so nothing can be handed in for it any more."),
            code="evidence.decided",
        )
